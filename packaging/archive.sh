# The class path and the class archive of an unpacked Pulse; to be sourced by a POSIX shell after jdk.sh and launch.sh,
# with PULSE_HOME set and the JDK found.

# Sets classpath; the order is the build's, because a class archive holds for one order only.
pulse_read_classpath() {
  classpath=
  while IFS= read -r jar; do
    classpath=$classpath${classpath:+:}$PULSE_HOME/lib/$jar
  done <"$PULSE_HOME/lib/classpath"
}

# Sets archive to the class archive: the one that was made at the installation, else this user's own. Where there is none
# yet, a short command has it made beside it; nobody waits for it, and nothing is lost where it cannot be made. An own one
# stands for this build, this Java and this folder, because the JVM would take no other, or would take it for another.
pulse_find_archive() {
  archive=$PULSE_HOME/lib/classes.jsa
  [ ! -r "$archive" ] || return 0
  IFS= read -r build <"$PULSE_HOME/lib/build"
  cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/pulse/classes
  folder=$cache/$build/$(pulse_java_build)$PULSE_HOME
  archive=$folder/classes.jsa
  [ ! -r "$archive" ] || return 0
  case $1 in
    dev | server | bench) ;;
    *) (pulse_make_archive &) ;;
  esac
}

# One maker at a time: the folder "making" is made in one step, and stays where it failed, so that it is not tried with
# every command. The archive appears in one step, too.
pulse_make_archive() {
  umask 077
  mkdir -p "$folder" 2>/dev/null || return 0
  find "$cache" -mindepth 1 -maxdepth 1 -mtime +60 -exec rm -rf {} + 2>/dev/null
  find "$folder/making" -maxdepth 0 -mtime +1 -exec rmdir {} + 2>/dev/null
  mkdir "$folder/making" 2>/dev/null || return 0
  if pulse_train "$classpath" "$folder/new.jsa" && mv "$folder/new.jsa" "$archive"; then
    rmdir "$folder/making"
  else
    rm -f "$folder/new.jsa"
  fi
} </dev/null >/dev/null 2>&1

# The Java's own name of its build, for example 25.0.3+9-LTS.
pulse_java_build() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_RUNTIME_VERSION=* | JAVA_VERSION=*)
        line=${line#*=\"}
        name=${line%\"}
        case $name in *[!A-Za-z0-9.+_-]*) ;; *) found=$name ;; esac
        ;;
    esac
  done <"$PULSE_JDK/release"
  printf '%s' "${found:-$PULSE_JDK_MAJOR}"
} 2>/dev/null
