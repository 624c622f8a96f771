# One build at a time, shared by the launcher and ./dev; to be sourced by a POSIX shell after jdk.sh, with
# PULSE_ROOT set to the folder of the sources.

PULSE_OUT=$PULSE_ROOT/target/pulse

# Takes the lock on this folder's build; waits for whoever holds it. The lock is a symbolic link to the holder's process
# id: made in one step, and readable by those who wait, so that a lock left by a killed build is recognised.
pulse_lock() {
  mkdir -p "$PULSE_OUT" || return 1
  pulse_waiting=
  until ln -s "$$" "$PULSE_OUT/lock" 2>/dev/null; do
    pulse_holder=$(readlink "$PULSE_OUT/lock") || continue
    if ! kill -0 "$pulse_holder" 2>/dev/null; then
      rm -f "$PULSE_OUT/lock"
      continue
    fi
    if [ -z "$pulse_waiting" ]; then
      echo "pulse: waiting for the build of process $pulse_holder" >&2
      pulse_waiting=1
    fi
    sleep 1
  done
  trap pulse_unlock EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

pulse_unlock() {
  rm -f "$PULSE_OUT/lock"
  trap - EXIT HUP INT TERM
}

# Maven on the JDK that was found.
pulse_maven() {
  JAVA_HOME=$PULSE_JDK MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC $(pulse_quiet_jvm) ${MAVEN_OPTS-}" "$PULSE_ROOT/mvnw" -B -f "$PULSE_ROOT/pom.xml" "$@"
}
