#!/bin/sh
# Packs everything that a bare machine with an NVIDIA GPU needs to check and time this project: a Java runtime, all jars with LibTorch for
# CUDA, the tests that are tagged gpu, and the runner run.sh. See docs/gpu.md.
#
#   docs/gpu/pack.sh [OUT]
#
# OUT  a folder outside of the project; default: gpu-pack beside the checkout. It gets run.sh, reference.py, SHA256SUMS and parts of at most
#      55 MiB each, about 700 MB together. Needs Linux on x86-64, a JDK 17 with its jmods, Maven and GNU tar.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
out=${1:-$root/../gpu-pack}
mkdir -p "$out"
out=$(CDPATH='' cd -- "$out" && pwd)
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$root"

echo "building"
launcher=org.junit.platform:junit-platform-console-standalone:1.13.4
mvn -q -B -N dependency:copy -Dartifact="$launcher" -DoutputDirectory="$work/pack/tests"
mvn -q -B -P gpu -DskipTests -pl examples/cli -am package dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test-classpath.txt

echo "collecting"
mkdir -p "$work/pack/app" "$work/pack/tests/classes" "$work/pack/golden/e2e"
cp -R examples/cli/target/moshivis.jar examples/cli/target/lib "$work/pack/app"
for module in moshivis-core examples/cli; do
    cp -R "$module/target/test-classes/." "$work/pack/tests/classes"
    tr ':' '\n' <"$module/target/test-classpath.txt" | grep '\.jar$' | while read -r jar; do
        name=$(basename "$jar")
        [ -f "$work/pack/app/lib/$name" ] || [ -f "$work/pack/tests/$name" ] || cp "$jar" "$work/pack/tests"
    done
done
cp moshivis-core/src/test/golden/e2e/input.png "$work/pack/golden/e2e"
jlink --add-modules java.se,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.net,jdk.random,jdk.unsupported,jdk.zipfs \
    --strip-debug --no-header-files --no-man-pages --output "$work/pack/runtime"
git rev-parse HEAD >"$work/pack/revision"

echo "splitting"
rm -f "$out"/part.*
tar -C "$work/pack" -cf - . | split -b 55M -d -a 3 - "$out/part."
cp docs/gpu/run.sh docs/gpu/reference.py "$out"
(cd "$out" && sha256sum part.* run.sh reference.py >SHA256SUMS)
echo "packed: $out, $(ls "$out"/part.* | wc -l) parts; copy the folder to a machine with a GPU and run sh run.sh there"
