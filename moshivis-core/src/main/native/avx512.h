// AVX-512 with VNNI: 16 lanes are one register.
#pragma once
#include <immintrin.h>
#include "attention.h"
#include "dense.h"

namespace moshivis {
namespace {

struct Avx512 {
    static constexpr int kRows = 4;
    static constexpr int kColumns = 8;
    static constexpr int kSums = 32;
    static constexpr int kTileRows = 12;
    using F = __m512;
    using I = __m512i;

    static F zero() { return _mm512_setzero_ps(); }
    static F set(float x) { return _mm512_set1_ps(x); }
    static F load(const float* p) { return _mm512_loadu_ps(p); }
    static F load(const uint16_t* p) {
        __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
    }
    static F load(const int8_t* p) {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    static F half(const uint16_t* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static F mul(F x, F y) { return _mm512_mul_ps(x, y); }
    static F add(F x, F y) { return _mm512_add_ps(x, y); }
    static F fma(F x, F y, F z) { return _mm512_fmadd_ps(x, y, z); }
    static F toFloat(I x) { return _mm512_cvtepi32_ps(x); }
    static void store(float* p, F f) { _mm512_storeu_ps(p, f); }
    static void prefetch(const void* p) { _mm_prefetch(static_cast<const char*>(p) + 4096, _MM_HINT_T0); }
    static float sum(F f) {
        __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(f), _mm512_extractf32x8_ps(f, 1));
        __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
        __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }

    static I vector(const uint8_t* p) { return _mm512_loadu_si512(p); }
    static I four(const int8_t* q) {
        int32_t columns;
        memcpy(&columns, q, sizeof columns);
        return _mm512_set1_epi32(columns);
    }

    template <int R, int BIAS>
    static void unit4(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        const I low = _mm512_set1_epi8(15);
        I second[R];
        UNROLL
        for (int r = 0; r < R; r++) {
            acc[r] = _mm512_set1_epi32(-BIAS * *x.sum[r]);
            second[r] = _mm512_setzero_si512();
        }
        UNROLL
        for (int i = 0; i < 4; i++) {
            prefetch(w + i * kVector);
            I pairs = vector(w + i * kVector);
            I lows = _mm512_and_si512(pairs, low);
            I highs = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), low);
            UNROLL
            for (int r = 0; r < R; r++) {
                acc[r] = _mm512_dpbusd_epi32(acc[r], lows, four(x.q[r] + 8 * i));
                second[r] = _mm512_dpbusd_epi32(second[r], highs, four(x.q[r] + 8 * i + 4));
            }
        }
        UNROLL
        for (int r = 0; r < R; r++) {
            acc[r] = _mm512_add_epi32(acc[r], second[r]);
        }
    }

    // The instruction takes one unsigned factor: weights are shifted by 128, which the sum of x takes off again.
    template <int R>
    static void unit8(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        const I sign = _mm512_set1_epi8(-128);
        I second[R];
        UNROLL
        for (int r = 0; r < R; r++) {
            acc[r] = _mm512_set1_epi32(-128 * *x.sum[r]);
            second[r] = _mm512_setzero_si512();
        }
        UNROLL
        for (int i = 0; i < 8; i += 2) {
            prefetch(w + i * kVector);
            prefetch(w + (i + 1) * kVector);
            I first = _mm512_xor_si512(vector(w + i * kVector), sign);
            I next = _mm512_xor_si512(vector(w + (i + 1) * kVector), sign);
            UNROLL
            for (int r = 0; r < R; r++) {
                acc[r] = _mm512_dpbusd_epi32(acc[r], first, four(x.q[r] + 4 * i));
                second[r] = _mm512_dpbusd_epi32(second[r], next, four(x.q[r] + 4 * i + 4));
            }
        }
        UNROLL
        for (int r = 0; r < R; r++) {
            acc[r] = _mm512_add_epi32(acc[r], second[r]);
        }
    }
};

inline bool hasAvx512() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma")
            && __builtin_cpu_supports("f16c");
}

} // namespace
} // namespace moshivis
