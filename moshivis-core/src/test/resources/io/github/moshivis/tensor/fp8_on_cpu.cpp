// Runs fp8.cu on the CPU: what CUDA has and C++ has not, and a program that reads rows and writes what they are rounded to.
//
//   fp8_on_cpu bfloat16 rows in threads <x >values,scales
//
// Each thread of a block has a stack of its own, and they take turns at barriers only, in one order and then in the opposite one. Threads
// that do not meet at the same barriers end the program with 1. Blocks run one after another.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ucontext.h>
#include <vector>

#define __device__
#define __global__
#define __shared__ static
#define __launch_bounds__(threads)

struct Index {
    unsigned x;
};
static Index threadIdx, blockIdx, blockDim;

static ucontext_t scheduler, threads[1024];
static bool ended[1024];
static unsigned lanes[1024];

static void __syncthreads() {
    swapcontext(&threads[threadIdx.x], &scheduler);
}

// The largest of a warp. Meets all of the block, where CUDA would meet the warp.
static unsigned __reduce_max_sync(unsigned, unsigned value) {
    lanes[threadIdx.x] = value;
    __syncthreads();
    unsigned first = threadIdx.x / 32 * 32, most = 0;
    for (unsigned i = first; i < first + 32; i++) {
        most = lanes[i] > most ? lanes[i] : most;
    }
    __syncthreads();
    return most;
}

static void atomicMax(unsigned *address, unsigned value) {
    *address = value > *address ? value : *address;
}

static float __uint_as_float(unsigned bits) {
    float number;
    memcpy(&number, &bits, 4);
    return number;
}

static unsigned __float_as_uint(float number) {
    unsigned bits;
    memcpy(&bits, &number, 4);
    return bits;
}

#include "fp8.cu"

static std::vector<char> x, values;
static std::vector<float> scales;
static bool bfloat16;
static long long in;

static void run_thread() {
    round_rows(x.data(), bfloat16, in, (unsigned char *)values.data(), scales.data());
    ended[threadIdx.x] = true;
}

static void run_block(unsigned block, std::vector<std::vector<char>> &stacks) {
    blockIdx.x = block;
    unsigned count = blockDim.x;
    for (unsigned i = 0; i < count; i++) {
        getcontext(&threads[i]);
        threads[i].uc_stack.ss_sp = stacks[i].data();
        threads[i].uc_stack.ss_size = stacks[i].size();
        threads[i].uc_link = &scheduler;
        makecontext(&threads[i], run_thread, 0);
        ended[i] = false;
    }
    unsigned over = 0;
    for (bool backwards = false; over == 0; backwards = !backwards) {
        for (unsigned i = 0; i < count; i++) {
            threadIdx.x = backwards ? count - 1 - i : i;
            swapcontext(&scheduler, &threads[threadIdx.x]);
            over += ended[threadIdx.x];
        }
    }
    if (over != count) {
        fprintf(stderr, "%u of %u threads ended where the others met at a barrier\n", over, count);
        exit(1);
    }
}

int main(int, char **arguments) {
    bfloat16 = atoi(arguments[1]);
    size_t rows = atoi(arguments[2]);
    in = atoi(arguments[3]);
    blockDim.x = atoi(arguments[4]);
    x.resize(rows * in * (bfloat16 ? 2 : 4));
    values.resize(rows * in);
    scales.resize(rows);
    if (fread(x.data(), 1, x.size(), stdin) != x.size()) {
        fprintf(stderr, "expected %zu bytes\n", x.size());
        return 1;
    }
    std::vector<std::vector<char>> stacks(blockDim.x, std::vector<char>(1 << 16));
    for (unsigned block = 0; block < rows; block++) {
        run_block(block, stacks);
    }
    fwrite(values.data(), 1, values.size(), stdout);
    fwrite(scales.data(), 4, scales.size(), stdout);
    return 0;
}
