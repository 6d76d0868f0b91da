// Rounds rows to 8 bits in floating point (e4m3), each by its own largest magnitude, as Fp8Rounding does with LibTorch's operators: bit for
// bit, but for the signs of what is not a number. Compiled by NVRTC. No includes and no instruction of one GPU only, so that the tests run
// this very text on the CPU.

// float32 or, in its upper half, bfloat16.
static __device__ float number(const void *x, bool bfloat16, long long i) {
    return bfloat16 ? __uint_as_float((unsigned)((const unsigned short *)x)[i] << 16) : ((const float *)x)[i];
}

// To the nearest, halves to even ones. Beyond 464, half of the way to what would follow 448, there is nothing but "not a number".
static __device__ unsigned char e4m3(float number) {
    unsigned bits = __float_as_uint(number) & 0x7fffffff;
    unsigned sign = (__float_as_uint(number) >> 24) & 0x80;
    unsigned code;
    if (bits > 0x43e80000) {
        code = 0x7f;
    } else if (bits < 0x3c800000) { // below 2^-6: steps of 2^-9, which are those of numbers from 2^14 on
        code = __float_as_uint(__uint_as_float(bits) + 16384.0f) - 0x46800000;
    } else { // 3 of 23 bits stay; exponents count from -7 in place of -127
        code = ((bits + 0x7ffff + ((bits >> 20) & 1)) >> 20) - ((127 - 7) << 3);
    }
    return (unsigned char)(sign | code);
}

// A block for each row, of whole warps. Arguments have 64 bits each; bfloat16 is 1 or 0; in is the length of a row.
extern "C" __global__ void __launch_bounds__(1024)
    round_rows(const void *x, long long bfloat16, long long in, unsigned char *values, float *scales) {
    __shared__ unsigned largest; // as an integer: magnitudes have the order of their bits, and "not a number" is above all
    if (threadIdx.x == 0) {
        largest = 0;
    }
    __syncthreads();
    long long start = blockIdx.x * in;
    unsigned most = 0;
    for (long long i = threadIdx.x; i < in; i += blockDim.x) {
        unsigned bits = __float_as_uint(number(x, bfloat16, start + i)) & 0x7fffffff;
        most = bits > most ? bits : most;
    }
    most = __reduce_max_sync(0xffffffff, most);
    if (threadIdx.x % 32 == 0) {
        atomicMax(&largest, most);
    }
    __syncthreads();
    float scale = __uint_as_float(largest) * (1.0f / 448);
    scale = scale < 1e-30f ? 1e-30f : scale;
    if (threadIdx.x == 0) {
        scales[blockIdx.x] = scale;
    }
    for (long long i = threadIdx.x; i < in; i += blockDim.x) {
        values[start + i] = e4m3(number(x, bfloat16, start + i) / scale);
    }
}
