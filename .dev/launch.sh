# Starts the JVM for the launchers; to be sourced by a POSIX shell after jdk.sh, with the JDK found.
#
#   pulse_launch CLASSPATH ARCHIVE [ARGUMENT…]   becomes the JVM
#
# ARCHIVE holds classes as this JDK has parsed and checked them once (class data sharing). The JVM goes on without it where
# it is missing, or made by another JDK, or of other jars.

# Short commands are over before the full compiler and several collector threads would pay; servers run for weeks. What the
# JVM itself has to say goes to stderr, never to stdout.
pulse_short='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable -Djdk.console=java.base'
pulse_long='-XX:+ExitOnOutOfMemoryError -Xlog:disable -Xlog:all=error:stderr'

# The JVM reads its arguments in the locale's encoding; in one without UTF-8 a payload would lose its letters. Sets
# pulse_ascii to whether a person's terminal shows ASCII only.
pulse_set_locale() {
  pulse_ascii=false
  case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
    *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
    *)
      pulse_ascii=true
      [ -z "${LC_ALL-}" ] || LC_ALL=C.UTF-8
      export LC_CTYPE=C.UTF-8
      ;;
  esac
}

# Sets pulse_streams to the numbers of the standard streams that are terminals, pulse_size to its rows and columns.
pulse_ask_terminal() {
  pulse_streams=
  pulse_size=
  [ ! -t 0 ] || pulse_streams=0
  [ ! -t 2 ] || pulse_streams=${pulse_streams}2
  if [ -t 1 ]; then
    pulse_streams=${pulse_streams}1
    pulse_size=$(stty size <&1 2>/dev/null) || pulse_size=
  fi
}

pulse_launch() {
  pulse_classpath=$1
  pulse_archive=$2
  shift 2
  pulse_set_locale
  pulse_ask_terminal
  case ${1-} in
    dev | server | bench) pulse_flags=$pulse_long ;;
    *) pulse_flags=$pulse_short ;;
  esac
  # shellcheck disable=SC2046,SC2086 # options without blanks, one word each
  exec "$PULSE_JDK/bin/java" $pulse_flags $(pulse_quiet_jvm) -XX:SharedArchiveFile="$pulse_archive" \
    -Dpulse.terminal="$pulse_streams" -Dpulse.terminal.size="$pulse_size" -Dpulse.ascii="$pulse_ascii" \
    ${PULSE_JAVA_OPTS-} -cp "$pulse_classpath" dev.pulse.cli.Main "$@"
}

# pulse_train CLASSPATH ARCHIVE: makes the archive from a run that loads what calls to a server load.
pulse_train() {
  # shellcheck disable=SC2046,SC2086 # options without blanks, one word each
  "$PULSE_JDK/bin/java" $pulse_short $(pulse_quiet_jvm) -XX:ArchiveClassesAtExit="$2" -cp "$1" \
    dev.pulse.cli.Training </dev/null >/dev/null 2>&1
}
