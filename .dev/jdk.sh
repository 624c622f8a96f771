# Finds the JDK for the launcher and for ./dev; to be sourced by a POSIX shell.
#
#   pulse_find_jdk   sets PULSE_JDK (a folder with bin/java and bin/javac) and PULSE_JDK_MAJOR,
#                    or says on stderr what is missing and where it looked, and returns 1;
#                    with PULSE_JAVA_ONLY=yes bin/java is enough
#   pulse_quiet_jvm  prints the options that keep a JVM of that version from warning about libraries' native code
#
# JAVA_HOME and the java on the PATH are somebody's decision and win when they are new enough; of the rest the newest.
# Versions are read from the JDK's "release" file, because starting a JVM only to ask costs more than the whole search.

PULSE_JDK_MIN=${PULSE_JDK_MIN:-21}

# Prints the major version of the JDK in folder $1; prints nothing when it holds no JDK.
pulse_jdk_major() {
  [ -x "$1/bin/java" ] || return 0
  [ "${PULSE_JAVA_ONLY-}" = yes ] || [ -x "$1/bin/javac" ] || return 0
  pulse_version=
  if [ -r "$1/release" ]; then
    while IFS= read -r pulse_line || [ -n "$pulse_line" ]; do
      case $pulse_line in
        JAVA_VERSION=*)
          pulse_version=${pulse_line#JAVA_VERSION=}
          break
          ;;
      esac
    done <"$1/release"
  else
    pulse_version=$("$1/bin/java" -version 2>&1 | sed -n 's/^[^"]*version "\([^"]*\)".*/\1/p')
  fi
  pulse_version=${pulse_version#\"}
  pulse_version=${pulse_version%%[!0-9]*}
  printf '%s' "$pulse_version"
}

# Takes folder $1 when it holds a JDK that is new enough and newer than what was taken before; notes where we looked.
pulse_consider() {
  [ -d "$1" ] || return 0
  pulse_major=$(pulse_jdk_major "$1")
  [ -n "$pulse_major" ] || return 0
  case $PULSE_JDK_SEEN in
    *"  $1 "*) ;;
    *) PULSE_JDK_SEEN="$PULSE_JDK_SEEN
  $1 (version $pulse_major)" ;;
  esac
  if [ "$pulse_major" -ge "$PULSE_JDK_MIN" ] && [ "$pulse_major" -gt "$PULSE_JDK_MAJOR" ]; then
    PULSE_JDK=$1
    PULSE_JDK_MAJOR=$pulse_major
  fi
}

# Prints the JDK folder of the java on the PATH; nothing when there is none or it is a stub.
pulse_jdk_of_path() {
  pulse_java=$(command -v java) || return 0
  pulse_java=$(readlink -f "$pulse_java" 2>/dev/null) || return 0
  case $pulse_java in
    */bin/java) printf '%s' "${pulse_java%/bin/java}" ;;
  esac
}

pulse_find_jdk() {
  PULSE_JDK=
  PULSE_JDK_MAJOR=0
  PULSE_JDK_SEEN=
  if [ -n "${JAVA_HOME-}" ]; then
    pulse_consider "$JAVA_HOME"
  fi
  if [ -z "$PULSE_JDK" ]; then
    pulse_consider "$(pulse_jdk_of_path)"
  fi
  if [ -z "$PULSE_JDK" ]; then
    for pulse_dir in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/*jdk* /opt/* /opt/java/* \
      "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.gradle/jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
      pulse_consider "$pulse_dir"
    done
  fi
  if [ -z "$PULSE_JDK" ] && [ -x /usr/libexec/java_home ]; then
    pulse_consider "$(/usr/libexec/java_home -v "$PULSE_JDK_MIN+" 2>/dev/null)"
  fi
  if [ -n "$PULSE_JDK" ]; then
    return 0
  fi
  {
    echo "pulse: no JDK $PULSE_JDK_MIN or newer found."
    echo "Looked at JAVA_HOME (${JAVA_HOME:-not set}), the java on the PATH, /usr/lib/jvm, /usr/java, /usr/local, /opt,"
    echo "~/.sdkman/candidates/java, ~/.jdks, ~/.gradle/jdks and the macOS folders."
    if [ -n "$PULSE_JDK_SEEN" ]; then
      echo "Too old:$PULSE_JDK_SEEN"
    fi
    echo "Install a JDK, for example from https://adoptium.net, or set JAVA_HOME to one."
    [ "${PULSE_JAVA_ONLY-}" = yes ] || echo "A JRE without javac is not enough."
  } >&2
  return 1
}

# Newer JVMs warn on stderr when a library uses native code or sun.misc.Unsafe; older ones refuse to know the options.
# Not --enable-native-access: with it the JVM takes less from a class archive.
pulse_quiet_jvm() {
  if [ "$PULSE_JDK_MAJOR" -ge 24 ]; then
    printf '%s' '--illegal-native-access=allow '
  fi
  if [ "$PULSE_JDK_MAJOR" -ge 23 ]; then
    printf '%s' '--sun-misc-unsafe-memory-access=allow'
  fi
}
