#!/usr/bin/env bash
# ./dev dist: the distribution archive target/pulse-VERSION.tar.gz, made of what ./pulse has built. The same sources and the
# same JDK give the same bytes. Needs GNU tar.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

version=$(./pulse version | sed 's/^pulse \([^ ]*\).*/\1/')
IFS= read -r run <target/pulse/current
classpath=$(<"target/pulse/$run/classpath")
name=pulse-$version
stage=target/dist/$name
rm -rf target/dist
mkdir -p "$stage"/{bin,lib,share/bash-completion/completions,share/zsh,share/systemd,share/doc}

for jar in ${classpath//:/ }; do
  cp "$jar" "$stage/lib/"
  echo "${jar##*/}"
done >"$stage/lib/classpath"
(cd "$stage/lib" && sha256sum -- *.jar | sha256sum | cut -c1-16) >"$stage/lib/build"
cp .dev/jdk.sh .dev/launch.sh packaging/archive.sh packaging/train "$stage/lib/"
cp packaging/pulse "$stage/bin/"
cp packaging/pulse.service packaging/pulse.env "$stage/share/systemd/"
cp README.md CHANGELOG.md SECURITY.md docs/install.md docs/cli.md docs/sizing.md "$stage/share/doc/"
./pulse completion bash >"$stage/share/bash-completion/completions/pulse"
./pulse completion zsh >"$stage/share/zsh/pulse.zsh"

when=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</project.build.outputTimestamp>.*:\1:p' pom.xml)
tar --create --sort=name --mtime="$when" --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --format=ustar \
  --directory target/dist "$name" | gzip -n -6 >"target/$name.tar.gz"
echo "target/$name.tar.gz"
