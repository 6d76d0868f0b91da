// AVX-512 with VNNI and bfloat16: as avx512.cpp, but bfloat16 matrices meet x in bfloat16, two products an instruction.
#include "avx512.h"

namespace moshivis {

void packedAvx512(const PackedProduct& p); // avx512.cpp
void denseAvx512(const DenseProduct& p);
void attendAvx512(const Attention&);
void packNumbersAvx512(const Form&, int64_t, const void*, int, int64_t, int64_t, uint8_t*);
void packGroupsAvx512(const Form&, int64_t, const uint8_t*, const float*, const float*, int64_t, uint8_t*);
void packPanelsAvx512(int, const float*, int64_t, int64_t, float*, uint8_t*);
void panelsAvx512(const PanelProduct&);
void activateAvx512(int, const float*, float*, int64_t);
void normalizeAvx512(const Norm&);
void gateAvx512(const void*, int, int64_t, int64_t, void*);
void addGatedAvx512(const GatedSum&);

namespace {

void prepareOwnType(const void* x, int type, int64_t in, uint8_t* out) {
    if (type == kF32) {
        prepareFloats(x, type, in, out);
        return;
    }
    memset(out, 0, denseRowBytes(in));
    memcpy(out, x, in * sizeof(uint16_t));
}

template <class V, int R>
struct DotRow {
    static void run(const DenseProduct& p, int first, int64_t row) {
        const uint16_t* w = static_cast<const uint16_t*>(p.matrix) + row * p.in;
        const uint8_t* x[R];
        __m512 even[R], odd[R];
        UNROLL
        for (int r = 0; r < R; r++) {
            x[r] = static_cast<const uint8_t*>(p.x) + (first + r) * denseRowBytes(p.in);
            even[r] = odd[r] = _mm512_setzero_ps();
        }
        int64_t c = 0;
        for (; c + kDensePadding <= p.in; c += kDensePadding) {
            V::prefetch(w + c);
            V::prefetch(w + c + 32);
            step<R>(w + c, x, c, even, odd);
        }
        if (c < p.in) {
            alignas(64) uint16_t rest[kDensePadding] = {};
            memcpy(rest, w + c, (p.in - c) * sizeof(uint16_t));
            step<R>(rest, x, c, even, odd);
        }
        UNROLL
        for (int r = 0; r < R; r++) {
            float sum = V::sum(V::add(even[r], odd[r])) + (p.bias == nullptr ? 0.0f : p.bias[row]);
            storeLanes(&sum, p.y, p.type, (first + r) * p.stride + row, 1);
        }
    }

    template <int N>
    static void step(const uint16_t* w, const uint8_t* const (&x)[N], int64_t c, __m512 (&even)[N], __m512 (&odd)[N]) {
        __m512bh a = (__m512bh)_mm512_loadu_si512(w);
        __m512bh b = (__m512bh)_mm512_loadu_si512(w + 32);
        UNROLL
        for (int r = 0; r < N; r++) {
            even[r] = _mm512_dpbf16_ps(even[r], a, (__m512bh)_mm512_loadu_si512(x[r] + 2 * c));
            odd[r] = _mm512_dpbf16_ps(odd[r], b, (__m512bh)_mm512_loadu_si512(x[r] + 2 * c + 64));
        }
    }
};

void denseOwnType(const DenseProduct& p) {
    p.type == kF32 ? denseAvx512(p) : denseRows<Avx512, DotRow>(p);
}

bool isSupported() { return hasAvx512() && __builtin_cpu_supports("avx512bf16"); }

} // namespace

extern const InstructionSet kAvx512Bf16 = {
        "avx512-vnni-bf16", isSupported, quantizeRow, packedAvx512, prepareOwnType, denseOwnType, attendAvx512, packNumbersAvx512, packGroupsAvx512,
        packPanelsAvx512, panelsAvx512, activateAvx512, normalizeAvx512, gateAvx512, addGatedAvx512};

} // namespace moshivis
