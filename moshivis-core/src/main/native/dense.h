// Products with matrices as they are, float32 or bfloat16, row by row. The lanes of two running sums are columns; x is padded with zeros.
#pragma once
#include "products.h"

namespace moshivis {
namespace {

constexpr int kStep = 2 * kLanes; // columns at a time

void prepareFloats(const void* x, int type, int64_t in, uint8_t* out) {
    float* floats = reinterpret_cast<float*>(out);
    memset(out, 0, denseRowBytes(in));
    widen(x, type, 0, in, floats);
}

// T: uint16_t (bfloat16) or float. x: float32 rows of denseRowBytes.
template <class V, int R, class T>
inline void denseRow(const DenseProduct& p, int first, int64_t row) {
    using F = typename V::F;
    const T* w = static_cast<const T*>(p.matrix) + row * p.in;
    const float* x[R];
    F even[R];
    F odd[R];
    size_t stride = denseRowBytes(p.in) / sizeof(float);
    UNROLL
    for (int r = 0; r < R; r++) {
        x[r] = static_cast<const float*>(p.x) + (first + r) * stride;
        even[r] = odd[r] = V::zero();
    }
    int64_t c = 0;
    for (; c + kStep <= p.in; c += kStep) {
        V::prefetch(w + c);
        if (sizeof(T) == 4) {
            V::prefetch(w + c + kLanes);
        }
        F a = V::load(w + c);
        F b = V::load(w + c + kLanes);
        UNROLL
        for (int r = 0; r < R; r++) {
            even[r] = V::fma(a, V::load(x[r] + c), even[r]);
            odd[r] = V::fma(b, V::load(x[r] + c + kLanes), odd[r]);
        }
    }
    if (c < p.in) {
        alignas(64) T rest[kStep] = {};
        memcpy(rest, w + c, (p.in - c) * sizeof(T));
        UNROLL
        for (int r = 0; r < R; r++) {
            even[r] = V::fma(V::load(rest), V::load(x[r] + c), even[r]);
            odd[r] = V::fma(V::load(rest + kLanes), V::load(x[r] + c + kLanes), odd[r]);
        }
    }
    UNROLL
    for (int r = 0; r < R; r++) {
        float sum = V::sum(V::add(even[r], odd[r])) + (p.bias == nullptr ? 0.0f : p.bias[row]);
        storeLanes(&sum, p.y, p.type, (first + r) * p.stride + row, 1);
    }
}

// Calls row(R, first) with R rows of x at a time, as many as V has registers for.
template <class V, template <class, int> class Row>
void denseRows(const DenseProduct& p) {
    for (int64_t row = p.from; row < p.to; row++) {
        int r = 0;
        for (; r + V::kRows <= p.rows; r += V::kRows) {
            Row<V, V::kRows>::run(p, r, row);
        }
        if (V::kRows > 2 && r + 2 <= p.rows) {
            Row<V, 2>::run(p, r, row);
            r += 2;
        }
        for (; r < p.rows; r++) {
            Row<V, 1>::run(p, r, row);
        }
    }
}

template <class V, int R>
struct F32Row {
    static void run(const DenseProduct& p, int first, int64_t row) { denseRow<V, R, float>(p, first, row); }
};

template <class V, int R>
struct Bf16Row {
    static void run(const DenseProduct& p, int first, int64_t row) { denseRow<V, R, uint16_t>(p, first, row); }
};

template <class V>
void dense(const DenseProduct& p) {
    p.type == kF32 ? denseRows<V, F32Row>(p) : denseRows<V, Bf16Row>(p);
}

} // namespace
} // namespace moshivis
