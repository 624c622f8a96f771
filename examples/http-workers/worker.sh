#!/bin/sh
# worker.sh TYPE COMMAND…: runs COMMAND for each job of TYPE, its payload on standard input. Needs curl and python3 (for JSON).
set -u
type=$1 && shift
pulse() { # METHOD PATH BODY
  printf 'user = "%s:%s"\n' "${PULSE_USER-}" "${PULSE_PASSWORD-}" |
    curl -sS --fail-with-body -m 40 ${PULSE_USER:+-K -} -X "$1" "${PULSE_URL:-http://localhost:8080}$2" -d "$3"
}
field() { # NAME…: the way into the JSON on standard input
  python3 -c 'import functools as f, json, sys
v = f.reduce(lambda v, k: v[int(k)] if isinstance(v, list) else v[k], sys.argv[1:], json.load(sys.stdin))
print(v if isinstance(v, str) else json.dumps(v))' "$@" 2>/dev/null
}
trap 'pulse DELETE "/sessions/$session" "" >/dev/null; exit 0' TERM INT
while sleep 0.2; do
  session=$(pulse POST /sessions "{\"types\":[\"$type\"],\"lease_ttl\":\"30s\"}" | field session_id) || continue
  while claimed=$(pulse POST "/sessions/$session/claim" '{"wait":"20s"}'); do
    job=$(echo "$claimed" | field jobs 0) || continue # nothing to do in these 20 seconds
    id=$(echo "$job" | field id) token=$(echo "$job" | field token) outcome=fail
    while sleep 10; do pulse POST "/sessions/$session/heartbeat" "{\"held\":[\"$token\"]}"; done >/dev/null &
    echo "$job" | field payload | "$@" && outcome=ack
    until pulse POST "/sessions/$session/report" \
      "{\"reports\":[{\"id\":\"$id\",\"token\":\"$token\",\"outcome\":\"$outcome\"}]}"; do sleep 1; done
    kill $!
  done
done
