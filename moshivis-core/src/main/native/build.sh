#!/bin/sh
# Builds the library for one platform: build.sh OUTPUT_FOLDER [PLATFORM [TEST]], such as build.sh target/classes/META-INF/native linux-arm64.
# Without PLATFORM: for this machine. With TEST, a C++ file with a main function, that program in place of the library. The compiler is $CXX, else the first of g++ and clang++, else for other platforms Debian's cross
# compilers. Does nothing if no source is newer than the library. Without a compiler it says so and succeeds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1

this_platform() {
    case $(uname -s) in
        Linux) system=linux ;;
        Darwin) system=macosx ;;
        MINGW* | MSYS* | CYGWIN*) system=windows ;;
        *) system=$(uname -s) ;;
    esac
    case $(uname -m) in
        x86_64 | amd64) echo $system-x86_64 ;;
        aarch64 | arm64) echo $system-arm64 ;;
        *) echo "$system-$(uname -m)" ;;
    esac
}

first_of() {
    for candidate in "$@"; do
        if command -v "$candidate" >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

own=$(this_platform)
platform=${2:-$own}
test=${3:-}
case $platform in
    *-x86_64) sets="avx2 avx512 avx512bf16" ;;
    *-arm64) sets=neon ;;
    *) sets= ;;
esac
case $platform in
    windows-*) library=moshivis.dll ;;
    macosx-*) library=libmoshivis.dylib ;;
    *) library=libmoshivis.so ;;
esac
[ -z "$test" ] || library=$(basename "$test" .cpp)
compiler=${CXX:-}
if [ -z "$compiler" ] && [ "$platform" = "$own" ]; then
    compiler=$(first_of g++ clang++)
elif [ -z "$compiler" ]; then
    case $platform in
        linux-arm64) compiler=$(first_of aarch64-linux-gnu-g++) ;;
        windows-x86_64) compiler=$(first_of x86_64-w64-mingw32-g++) ;;
    esac
fi
if [ -z "$compiler" ]; then
    echo "moshivis: found no C++ compiler for $platform (g++, clang++ or \$CXX): built without native kernels. Products will be LibTorch's," \
        "which take about twice as long at 4 bits; install g++ and build again to have them."
    exit 0
fi

target=$output/$platform/$library
if [ -f "$target" ] && [ -z "$(find "$here" $test -type f -newer "$target" | head -n 1)" ]; then
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c++17 -O2 -ftree-vectorize -Wall -Wextra -Werror -Wno-unknown-warning-option -Wno-maybe-uninitialized -Wno-uninitialized -fno-exceptions -fno-rtti -ffp-contract=off -fno-math-errno -fno-trapping-math -fvisibility=hidden"
case $platform in
    windows-*) flags="$flags -static" ;;
    *) flags="$flags -fPIC" ;;
esac

running=
compile() { # source, flags of its instruction set; the sources are compiled side by side
    "$compiler" $flags $2 -c "${3:-$here/$1.cpp}" -o "$work/$1.o" &
    running="$running $!"
}

compile dispatch ""
compile jni ""
compile memory ""
compile plain ""
compile tokens ""
for set in $sets; do
    case $set in
        avx2) compile $set "-mavx2 -mfma -mf16c" ;;
        avx512) compile $set "-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vnni -mfma -mf16c -mprefer-vector-width=512" ;;
        avx512bf16)
            compile $set "-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vnni -mavx512bf16 -mfma -mf16c -mprefer-vector-width=512"
            ;;
        neon) compile $set "-march=armv8.2-a+dotprod" ;;
    esac
done
[ -z "$test" ] || compile test "" "$test"
for compilation in $running; do
    wait "$compilation"
done
mkdir -p "$output/$platform"
case $platform:$test in
    macosx-*:?*) "$compiler" "$work"/*.o -o "$work/$library" ;;
    *:?*) "$compiler" -static "$work"/*.o -o "$work/$library" ;;
    macosx-*) "$compiler" -dynamiclib "$work"/*.o -o "$work/$library" ;;
    *) "$compiler" -shared -s -static-libgcc -static-libstdc++ "$work"/*.o -o "$work/$library" ;;
esac
mv "$work/$library" "$target"
echo "moshivis: native kernels for $platform, $(wc -c <"$target" | tr -d ' ') bytes, by $compiler"
