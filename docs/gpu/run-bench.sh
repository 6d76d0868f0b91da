#!/bin/sh
# Checks an NVIDIA GPU with this project's first-run tests, then times steps for 1, 8, 32 and 64 callers; see docs/gpu.md.
#
#   docs/gpu/run-bench.sh [--model DIR] [--python PYTHON] [--callers "1 8 32 64"] [--out DIR]
#
# --model    a model directory; default: random weights of the released sizes, written anew for each run (15 GB)
# --python   an interpreter whose environment has CUDA 13 and cuDNN 9 libraries, as wheels of PyTorch for CUDA 13 bring them
# --callers  how many conversations at once, one run for each number
# --out      where tables, JSON and logs go; default: gpu-bench
set -eu

model=""
python=""
callers="1 8 32 64"
out="gpu-bench"
while [ $# -gt 0 ]; do
    case "$1" in
        --model) model=$2 ;;
        --python) python=$2 ;;
        --callers) callers=$2 ;;
        --out) out=$2 ;;
        *)
            sed -n '2,11s/^# \{0,1\}//p' "$0"
            exit 2
            ;;
    esac
    shift 2
done

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mkdir -p "$out"
out=$(CDPATH='' cd -- "$out" && pwd)
cd "$root"

if [ -n "$python" ]; then
    wheels=$("$python" -c 'import glob, sysconfig; print(":".join(sorted(glob.glob(sysconfig.get_paths()["purelib"] + "/nvidia/*/lib"))))')
    LD_LIBRARY_PATH="$wheels${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export LD_LIBRARY_PATH
fi

{
    date -u
    nvidia-smi
    java -version 2>&1
    git rev-parse HEAD
} | tee "$out/machine.txt"

echo "== first-run checks =="
mvn -B -P gpu verify >"$out/checks.log" 2>&1 || {
    echo "The checks failed; the table below may mean nothing. See $out/checks.log"
    grep -E "ERROR|FAIL" "$out/checks.log" | head -20
}
grep -E "Tests run:.*(CudaTest|GpuTest)|microseconds a replay" "$out/checks.log" || true

what="--size full"
if [ -n "$model" ]; then
    what="--model $model"
fi
status=0
for n in $callers; do
    echo "== $n conversations =="
    # shellcheck disable=SC2086 # two words
    java -Xmx4g -jar examples/cli/target/moshivis.jar bench step $what --device cuda --precision bf16 \
        --window 3000 --image-tokens 1024 --conversations "$n" --warmup 100 --frames 500 2>"$out/step-$n.log" \
        | tee "$out/step-$n.txt" || status=1
    if grep -q "cannot be recorded" "$out/step-$n.log"; then
        echo "Ticks ran without CUDA graphs: see $out/step-$n.log"
        status=1
    fi
done
exit $status
