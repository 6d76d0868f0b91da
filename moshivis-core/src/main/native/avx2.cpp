// AVX2 with FMA and F16C: 16 lanes are two registers.
#include <immintrin.h>
#include "attention.h"
#include "dense.h"
#include "packing.h"
#include "panels.h"
#include "rows.h"

namespace moshivis {
namespace {

struct Avx2 {
    static constexpr int kRows = 2;
    static constexpr int kColumns = 4;
    static constexpr int kSums = 8;
    static constexpr int kTileRows = 6;
    struct F { __m256 a, b; };
    struct I { __m256i a, b; };

    static F zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
    static F set(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
    static F load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
    static __m256 wide(const uint16_t* p) {
        __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 16));
    }
    static F load(const uint16_t* p) { return {wide(p), wide(p + 8)}; }
    static __m256 wide(const int8_t* p) {
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
    }
    static F load(const int8_t* p) { return {wide(p), wide(p + 8)}; }
    static F half(const uint16_t* p) {
        return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
                _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 8)))};
    }
    static F mul(F x, F y) { return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
    static F add(F x, F y) { return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
    static F fma(F x, F y, F z) { return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)}; }
    static F toFloat(I x) { return {_mm256_cvtepi32_ps(x.a), _mm256_cvtepi32_ps(x.b)}; }
    static void store(float* p, F f) {
        _mm256_storeu_ps(p, f.a);
        _mm256_storeu_ps(p + 8, f.b);
    }
    static void prefetch(const void* p) { _mm_prefetch(static_cast<const char*>(p) + 2048, _MM_HINT_T0); }
    static float sum(F f) {
        __m256 eight = _mm256_add_ps(f.a, f.b);
        __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
        __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }

    static __m256i vector(const uint8_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static __m256i four(const int8_t* q) {
        int32_t columns;
        memcpy(&columns, q, sizeof columns);
        return _mm256_set1_epi32(columns);
    }

    // Sums of a unit fit 16 bits: 8 times 2 products of at most 15 x 127.
    template <int R, int BIAS>
    static void unit4(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        const __m256i low = _mm256_set1_epi8(15);
        __m256i a[R], b[R];
        UNROLL
        for (int r = 0; r < R; r++) {
            a[r] = b[r] = _mm256_setzero_si256();
        }
        UNROLL
        for (int i = 0; i < 4; i++) {
            prefetch(w + i * kVector);
            __m256i wa = vector(w + i * kVector);
            __m256i wb = vector(w + i * kVector + 32);
            UNROLL
            for (int r = 0; r < R; r++) {
                __m256i first = four(x.q[r] + 8 * i);
                __m256i second = four(x.q[r] + 8 * i + 4);
                a[r] = _mm256_add_epi16(a[r], _mm256_maddubs_epi16(_mm256_and_si256(wa, low), first));
                b[r] = _mm256_add_epi16(b[r], _mm256_maddubs_epi16(_mm256_and_si256(wb, low), first));
                a[r] = _mm256_add_epi16(a[r], _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(wa, 4), low), second));
                b[r] = _mm256_add_epi16(b[r], _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(wb, 4), low), second));
            }
        }
        const __m256i ones = _mm256_set1_epi16(1);
        UNROLL
        for (int r = 0; r < R; r++) {
            __m256i shift = _mm256_set1_epi32(-BIAS * *x.sum[r]);
            acc[r].a = _mm256_add_epi32(shift, _mm256_madd_epi16(a[r], ones));
            acc[r].b = _mm256_add_epi32(shift, _mm256_madd_epi16(b[r], ones));
        }
    }

    // |w| is at most 128 and |x| at most 127: two products fit 16 bits.
    static __m256i dot(__m256i acc, __m256i w, __m256i x) {
        __m256i products = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
        return _mm256_add_epi32(acc, _mm256_madd_epi16(products, _mm256_set1_epi16(1)));
    }

    template <int R>
    static void unit8(const uint8_t* w, const Cursor<R>& x, I (&acc)[R]) {
        UNROLL
        for (int r = 0; r < R; r++) {
            acc[r].a = acc[r].b = _mm256_setzero_si256();
        }
        UNROLL
        for (int i = 0; i < 8; i++) {
            prefetch(w + i * kVector);
            __m256i wa = vector(w + i * kVector);
            __m256i wb = vector(w + i * kVector + 32);
            UNROLL
            for (int r = 0; r < R; r++) {
                __m256i columns = four(x.q[r] + 4 * i);
                acc[r].a = dot(acc[r].a, wa, columns);
                acc[r].b = dot(acc[r].b, wb, columns);
            }
        }
    }
};

bool isSupported() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

} // namespace

extern const InstructionSet kAvx2 = {"avx2", isSupported, quantizeRow, packed<Avx2>, prepareFloats, dense<Avx2>, attend<Avx2>, packNumbers, packGroups,
        packPanels, panels<Avx2>, activate, normalize<Avx2>, gate, addGated<Avx2>};

} // namespace moshivis
