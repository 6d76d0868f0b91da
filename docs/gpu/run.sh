#!/bin/sh
# Checks an NVIDIA GPU with this project's tests, then times frames of the full-size model and, where its packages are in the Python
# environment, of the PyTorch reference, from the folder that pack.sh made. Each step has a time limit and a log, and is done once: run it
# again after an interruption, and it goes on where it was. See docs/gpu.md.
#
#   sh run.sh [--python PYTHON] [--work DIR] [--model DIR] [--callers "1 8 32 64"] [--again STEP]
#
# --python   an interpreter whose environment has the wheels of CUDA 13 and cuDNN 9, as PyTorch for CUDA 13 brings them; default: python3
# --work     where everything is unpacked and written; default: work beside this script. The model takes 16 GB
# --model    a model directory; default: random weights of the released sizes, written once
# --callers  conversations at once, in bfloat16
# --again    a step to do once more, as log/ names them
#
# Ends with 0 if all steps passed, 1 if some did not, 3 if there is no device.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=python3
work=$here/work
model=""
callers="1 8 32 64"
while [ $# -gt 0 ]; do
    case "$1" in
        --python) python=$2 ;;
        --work) work=$2 ;;
        --model) model=$2 ;;
        --callers) callers=$2 ;;
        --again) again=$2 ;;
        *)
            sed -n '2,15s/^# \{0,1\}//p' "$0"
            exit 2
            ;;
    esac
    shift 2
done
mkdir -p "$work/log" "$work/done"
work=$(CDPATH='' cd -- "$work" && pwd)
[ -z "${again:-}" ] || rm -f "$work/done/$again"
failed=0

# step NAME SECONDS COMMAND...: runs a command once, with a limit, its output in log/NAME.txt
step() {
    name=$1
    limit=$2
    shift 2
    if [ -f "$work/done/$name" ]; then
        echo "$name: done before"
        return 0
    fi
    begun=$(date +%s)
    timeout -k 10 "$limit" "$@" >"$work/log/$name.txt" 2>&1
    status=$?
    took=$(($(date +%s) - begun))
    if [ $status -eq 0 ]; then
        touch "$work/done/$name"
        echo "$name: passed in $took s"
        return 0
    fi
    if [ $status -eq 124 ]; then
        echo "$name: stopped after $limit s, see log/$name.txt"
    else
        echo "$name: failed with $status after $took s, see log/$name.txt"
    fi
    tail -n 3 "$work/log/$name.txt" | sed 's/^/    /'
    failed=1
    return 1
}

unpack() {
    (cd "$here" && sha256sum --quiet -c SHA256SUMS) && mkdir -p "$work/pack" && cat "$here"/part.* | tar -C "$work/pack" -xf -
}
if [ ! -f "$work/done/unpack" ]; then
    if unpack >"$work/log/unpack.txt" 2>&1; then
        touch "$work/done/unpack"
        echo "unpack: passed"
    else
        echo "unpack: failed, see log/unpack.txt: copy the folder again"
        exit 1
    fi
fi

wheels=$("$python" -c 'import glob, sysconfig; print(":".join(sorted(glob.glob(sysconfig.get_paths()["purelib"] + "/nvidia/*/lib"))))' 2>/dev/null) || wheels=""
LD_LIBRARY_PATH="$wheels${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
java="$work/pack/runtime/bin/java"
settings="-Xmx4g -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.cachedir=$work/cache"

{ date -u; cat "$work/pack/revision"; nvidia-smi; } >"$work/log/machine.txt" 2>&1

# shellcheck disable=SC2086 # words
"$java" $settings -jar "$work/pack/app/moshivis.jar" diagnose --device cuda >"$work/log/device.txt" 2>&1 || {
    echo "no device: CUDA cannot be used here"
    grep -E "^(loaded from|devices|NVIDIA GPU|LibTorch|moshivis):" "$work/log/device.txt" | cut -c 1-400 | sed 's/^/    /'
    exit 3
}
echo "device: $(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | head -n 1)"

# shellcheck disable=SC2086
step tests 420 "$java" $settings -Dgolden.dir="$work/pack/golden" \
    -cp "$work/pack/tests/classes:$work/pack/app/moshivis.jar:$work/pack/tests/*" org.junit.platform.console.ConsoleLauncher execute \
    --include-tag gpu --scan-class-path "$work/pack/tests/classes" --details tree --disable-banner
[ $failed -eq 0 ] || echo "The tests failed: the table below may mean nothing"

# measured NAME SECONDS COMMAND...: a step; the GPU's memory in use, each second, in log/NAME.memory
measured() {
    if [ ! -f "$work/done/$1" ]; then
        nvidia-smi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits -l 1 >"$work/log/$1.memory" 2>/dev/null &
        watcher=$!
    fi
    step "$@"
    result=$?
    [ -z "${watcher:-}" ] || kill "$watcher" 2>/dev/null
    watcher=""
    return $result
}

# bench NAME SECONDS FLAGS...
bench() {
    name=$1
    limit=$2
    shift 2
    # shellcheck disable=SC2086
    measured "$name" "$limit" "$java" $settings -jar "$work/pack/app/moshivis.jar" bench step --verbose --device cuda "$@"
}

# summary: a line for each measurement; milliseconds of a frame of all callers, nodes of the largest graph, the most memory in use
summary() {
    printf '%-24s %9s %9s %9s %9s\n' '' 'p50 ms' 'p99 ms' launches MiB
    for log in "$work"/log/tiny.txt "$work"/log/bf16-*.txt "$work"/log/q8-*.txt "$work"/log/q4-*.txt "$work"/log/reference.txt; do
        [ -f "$log" ] || continue
        name=$(basename "$log" .txt)
        if [ ! -f "$work/done/$name" ]; then
            printf '%-24s failed\n' "$name"
            continue
        fi
        memory=$(sort -n "$work/log/$name.memory" 2>/dev/null | tail -n 1)
        awk -v name="$name" -v memory="${memory:--}" '
            /^frame / { p50 = $3; p99 = $5 }
            /^reference frame:/ { p50 = $4; p99 = $6 }
            /recorded as a graph of/ { gsub(",", ""); if ($(NF - 1) + 0 > nodes + 0) nodes = $(NF - 1) }
            END { printf "%-24s %9s %9s %9s %9s\n", name, p50 == "" ? "-" : p50, p99 == "" ? "-" : p99, nodes == "" ? "-" : nodes, memory }' "$log"
    done
}

bench tiny 120 --size tiny --keep "$work/tiny" --frames 200
if [ -n "$model" ]; then
    what="--model $model"
else
    what="--size full --keep $work/full"
fi
full="--window 3000 --image-tokens 1024 --warmup 100 --frames 300"
# shellcheck disable=SC2086
for n in $callers; do
    bench "bf16-$n" 300 $what --precision bf16 $full --conversations "$n"
done
# shellcheck disable=SC2086
bench bf16-1-without-graphs 240 $what --precision bf16 $full --no-cuda-graphs
for bits in q8 q4; do
    for n in 1 32; do
        # shellcheck disable=SC2086
        bench "$bits-$n" 300 $what --precision bf16 --quantize "$bits" $full --conversations "$n"
    done
done
if "$python" -c 'import moshi, kyuteye' 2>/dev/null; then
    measured reference 420 "$python" "$here/reference.py" "${model:-$work/full}"
else
    echo "reference: left out, as its packages (moshi, kyuteye) are not in the environment of $python"
fi

{
    summary
    echo
    cat "$work/log/machine.txt"
    for log in "$work"/log/device.txt "$work"/log/tiny.txt "$work"/log/bf16-*.txt "$work"/log/q8-*.txt "$work"/log/q4-*.txt "$work"/log/reference.txt; do
        [ -f "$log" ] && printf '\n== %s ==\n' "$(basename "$log" .txt)" && cat "$log"
    done
} >"$work/results.txt" 2>/dev/null
summary
echo "all of it: $work/results.txt"
exit $failed
