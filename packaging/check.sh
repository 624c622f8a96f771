#!/usr/bin/env bash
# ./dev dist check: the archive as somebody meets it who has nothing else: unpacked into another folder, by links, as an
# ordinary user where this one may become another; and the files around it as far as they can be checked without an engine
# for containers. Builds the archive twice and compares.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

say() { echo "check: $*"; }
fail() { say "$*" >&2; exit 1; }

./packaging/dist.sh >/dev/null
file=$(echo target/pulse-*.tar.gz)
first=$(sha256sum <"$file")
./packaging/dist.sh >/dev/null
[ "$first" = "$(sha256sum <"$file")" ] || fail "two builds of the same sources differ"
say "$file, $(($(stat -c %s "$file") >> 20)) MiB, the same bytes twice"

work=$(mktemp -d)
server=
worker=
finish() {
  for process in $worker $server; do kill "$process" 2>/dev/null || :; done
  wait 2>/dev/null || :
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
mkdir "$work/a folder" "$work/bin" "$work/home"
tar -xzf "$file" -C "$work/a folder" --strip-components=1
ln -s "$work/a folder/bin/pulse" "$work/bin/pulse"

# Root tries it as somebody else: most servers do.
as=()
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  chown 5:60 "$work/home"
  as=(setpriv --reuid=5 --regid=60 --clear-groups)
fi
clean=("${as[@]}" env -i PATH="$PATH" HOME="$work/home" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"})
pulse() { "${clean[@]}" PULSE_ADDR="${addr-}" "$work/bin/pulse" "$@"; }
cd /

pulse version | grep -q '^pulse [0-9]' || fail "pulse version"
say "runs as user $("${as[@]}" id -u) from $(pulse version)"
find "$work/home" -name classes.jsa | grep -q . || find "$work/home" -name making | grep -q . || fail "no class archive is made"

mkfifo "$work/ready"
"${clean[@]}" "$work/bin/pulse" dev --http-addr 0 --grpc-addr 0 >"$work/ready" 2>"$work/log" &
server=$!
IFS= read -r -t 60 line <"$work/ready" || { cat "$work/log" >&2; fail "no ready line"; }
case $line in 'pulse ready http='*' grpc='*) ;; *) fail "unexpected: $line" ;; esac
addr=${line##*grpc=}
say "$line"

id=$(pulse submit check '{"n":1}')
[ "$(pulse jobs get "$id" --json | grep -c "\"id\":\"$id\"")" = 1 ] || fail "jobs get does not find $id"
# Not by the function: a signal would reach the shell that runs it, and not the worker.
"${clean[@]}" PULSE_ADDR="$addr" "$work/bin/pulse" work check --exec 'cat >/dev/null; echo "{\"done\":true}"' 2>/dev/null &
worker=$!
pulse jobs wait "$id" --timeout 30s | grep -q '^completed' || fail "job $id was not completed"
kill "$worker"
wait "$worker" || fail "the worker ended with $?"
worker=
say "submitted, worked and read job $id"

kill "$server"
wait "$server" || fail "the server ended with $?"
server=
say "stopped with exit 0"

cd - >/dev/null
unit=$work/pulse.service
sed "s:/opt/pulse:$work/bin/..:; s:$work/bin/../bin/pulse:$work/bin/pulse:" packaging/pulse.service >"$unit"
if command -v systemd-analyze >/dev/null; then
  problems=$(systemd-analyze verify "$unit" 2>&1 | grep -F pulse.service || :)
  [ -z "$problems" ] || fail "pulse.service: $problems"
  say "pulse.service passes systemd-analyze verify"
fi
# What an engine would refuse or regret, as far as the text tells.
grep -q '^USER 10001' packaging/Dockerfile || fail "the image runs as root"
grep -q '^HEALTHCHECK' packaging/Dockerfile || fail "the image tells nothing of its health"
! grep -nE '^FROM [^ ]+:latest|^FROM [^: ]+( |$)|^ADD ' packaging/Dockerfile || fail "an image without a version, or ADD"
sed -n 's/^COPY --from=build \([^ ]*\) .*/\1/p' packaging/Dockerfile | grep -qx /opt/pulse || fail "what the image copies is not what its build lays out"
say "Dockerfile: not root, health, versions; its own steps were run above"
say ok
