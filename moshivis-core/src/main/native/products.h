// Products over the lanes of an instruction set V. A row's result does not depend on how many rows there are: its sums run in the same
// order. With fused multiply-add all instruction sets give the same numbers.
#pragma once
#include "kernels.h"

namespace moshivis {
namespace { // each instruction set is compiled with its own flags: nothing of it may be merged with another's

constexpr float kSmallest = 1.5046328e-36f; // 2^-119: its 127th still has an inverse

inline int32_t largestBits(const float* x) {
    int32_t largest = 0;
    for (int i = 0; i < kUnit; i++) {
        int32_t magnitude = bitsAs<int32_t>(x[i]) & 0x7FFFFFFF;
        largest = magnitude > largest ? magnitude : largest;
    }
    return largest;
}

// One unit of a row; false if it is not finite.
inline bool quantizeUnit(const float* x, int8_t* q, float* scale, int32_t* sum) {
    int32_t bits = largestBits(x);
    float largest = bitsAs<float>(bits);
    bool counts = largest >= kSmallest;
    float inverse = counts ? 127.0f / largest : 0.0f;
    int32_t total = 0;
    for (int i = 0; i < kUnit; i++) {
        float shifted = x[i] * inverse + 12582912.0f; // 1.5 * 2^23: the last bits are the nearest integer
        int32_t nearest = bitsAs<int32_t>(shifted) - 0x4B400000;
        q[i] = static_cast<int8_t>(nearest);
        total += nearest;
    }
    *scale = counts ? largest / 127.0f : 0.0f;
    *sum = total;
    return bits < 0x7F800000;
}

inline void widen(const void* x, int type, int64_t from, int64_t to, float* out) {
    if (type == kF32) {
        memcpy(out, static_cast<const float*>(x) + from, (to - from) * sizeof(float));
        return;
    }
    const uint16_t* halves = static_cast<const uint16_t*>(x) + from;
    for (int64_t i = 0; i < to - from; i++) {
        out[i] = fromBf16(halves[i]);
    }
}

void quantizeRow(const void* x, int type, int64_t in, uint8_t* out) {
    int64_t columns = paddedColumns(in);
    int64_t units = columns / kUnit;
    int8_t* q = reinterpret_cast<int8_t*>(out);
    float* scales = reinterpret_cast<float*>(out + columns);
    int32_t* sums = reinterpret_cast<int32_t*>(scales + units);
    memset(out, 0, Activations::rowBytes(columns));
    bool finite = true;
    for (int64_t u = 0; u * kUnit < in; u++) {
        alignas(64) float unit[kUnit];
        int64_t from = u * kUnit;
        if (from + kUnit <= in) {
            widen(x, type, from, from + kUnit, unit);
        } else {
            memset(unit, 0, sizeof unit);
            widen(x, type, from, in, unit);
        }
        finite &= quantizeUnit(unit, q + from, scales + u, sums + u);
    }
    if (!finite) {
        for (int64_t u = 0; u < units; u++) {
            scales[u] = bitsAs<float>(0x7FC00000);
        }
    }
}

inline void storeLanes(const float* lanes, void* y, int type, int64_t at, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (type == kF32) {
            static_cast<float*>(y)[at + i] = lanes[i];
        } else {
            static_cast<uint16_t*>(y)[at + i] = toBf16(lanes[i]);
        }
    }
}

// Some rows of activations, as a product walks along them.
template <int R>
struct Cursor {
    const int8_t* q[R];
    const float* scale[R];
    const int32_t* sum[R];

    Cursor(const Activations& x, int first) {
        UNROLL
        for (int r = 0; r < R; r++) {
            q[r] = x.values(first + r);
            scale[r] = x.scales(first + r);
            sum[r] = x.sums(first + r);
        }
    }
    void next() {
        UNROLL
        for (int r = 0; r < R; r++) {
            q[r] += kUnit;
            scale[r]++;
            sum[r]++;
        }
    }
};

// acc: sums of (q - BIAS) x over a unit
template <class V, int R, int BITS, int BIAS>
inline void unit(const uint8_t* w, const Cursor<R>& x, typename V::I (&acc)[R]) {
    if constexpr (BITS == 4) {
        V::template unit4<R, BIAS>(w, x, acc);
    } else {
        V::template unit8<R>(w, x, acc);
    }
}

// One group of 16 rows: f += scale * sum over units (+ offset * sum of x).
template <class V, int R, int BITS, bool AFFINE, int UNITS>
inline void group(const uint8_t* w, typename V::F s, typename V::F o, int units, Cursor<R>& x, typename V::F (&f)[R]) {
    constexpr size_t bytes = BITS == 4 ? 4 * kVector : 8 * kVector;
    constexpr int bias = BITS == 4 && !AFFINE ? 8 : 0;
    typename V::F g[R];
    float total[R];
    UNROLL
    for (int r = 0; r < R; r++) {
        g[r] = V::zero();
        total[r] = 0;
    }
    int count = UNITS > 0 ? UNITS : units;
    for (int u = 0; u < count; u++, w += bytes) {
        typename V::I acc[R];
        unit<V, R, BITS, bias>(w, x, acc);
        UNROLL
        for (int r = 0; r < R; r++) {
            g[r] = V::fma(V::toFloat(acc[r]), V::set(*x.scale[r]), g[r]);
            if (AFFINE) {
                total[r] += *x.scale[r] * static_cast<float>(*x.sum[r]);
            }
        }
        x.next();
    }
    UNROLL
    for (int r = 0; r < R; r++) {
        f[r] = V::fma(g[r], s, f[r]);
        if (AFFINE) {
            f[r] = V::fma(o, V::set(total[r]), f[r]);
        }
    }
}

template <class V, int R, int BITS, bool AFFINE, int UNITS>
void packedBlock(const PackedProduct& p, const uint8_t* w, int first, int64_t block) {
    using F = typename V::F;
    Cursor<R> x(p.x, first);
    F multiplier = V::load(reinterpret_cast<const float*>(w));
    w += kVector;
    F f[R];
    UNROLL
    for (int r = 0; r < R; r++) {
        f[r] = V::zero();
    }
    if (p.form.group == 0) {
        int units = static_cast<int>((p.in + kUnit - 1) / kUnit);
        group<V, R, BITS, AFFINE, 0>(w, multiplier, multiplier, units, x, f);
    } else {
        int units = p.form.unitsInGroup();
        size_t bytes = units * p.form.unitBytes();
        for (int64_t tile = p.form.tiles(p.in); tile > 0; tile--) {
            const uint16_t* scales = reinterpret_cast<const uint16_t*>(w);
            V::prefetch(w);
            w += p.form.scaleBytes();
            group<V, R, BITS, AFFINE, UNITS>(
                    w, V::half(scales), AFFINE ? V::half(scales + 2 * kLanes) : V::zero(), units, x, f);
            w += bytes;
            group<V, R, BITS, AFFINE, UNITS>(
                    w, V::half(scales + kLanes), AFFINE ? V::half(scales + 3 * kLanes) : V::zero(), units, x, f);
            w += bytes;
        }
        UNROLL
        for (int r = 0; r < R; r++) {
            f[r] = V::mul(f[r], multiplier);
        }
    }
    int64_t row = block * kLanes;
    int64_t count = p.out - row < kLanes ? p.out - row : kLanes;
    UNROLL
    for (int r = 0; r < R; r++) {
        alignas(64) float lanes[kLanes];
        V::store(lanes, f[r]);
        storeLanes(lanes, p.y, p.type, (first + r) * p.stride + row, count);
    }
}

// All rows of x meet a block while it is in the first caches.
template <class V, int BITS, bool AFFINE, int UNITS>
void packedBlocks(const PackedProduct& p) {
    size_t bytes = p.form.blockBytes(p.in);
    for (int64_t block = p.fromBlock; block < p.toBlock; block++) {
        const uint8_t* w = p.matrix + block * bytes;
        int r = 0;
        for (; r + V::kRows <= p.rows; r += V::kRows) {
            packedBlock<V, V::kRows, BITS, AFFINE, UNITS>(p, w, r, block);
        }
        if (V::kRows > 2 && r + 2 <= p.rows) {
            packedBlock<V, 2, BITS, AFFINE, UNITS>(p, w, r, block);
            r += 2;
        }
        for (; r < p.rows; r++) {
            packedBlock<V, 1, BITS, AFFINE, UNITS>(p, w, r, block);
        }
    }
}

template <class V, int BITS, bool AFFINE>
void packedForm(const PackedProduct& p) {
    if (p.form.group == kUnit) {
        packedBlocks<V, BITS, AFFINE, 1>(p);
    } else {
        packedBlocks<V, BITS, AFFINE, 0>(p);
    }
}

template <class V>
void packed(const PackedProduct& p) {
    if (p.form.bits == 4) {
        p.form.affine ? packedForm<V, 4, true>(p) : packedForm<V, 4, false>(p);
    } else {
        p.form.affine ? packedForm<V, 8, true>(p) : packedForm<V, 8, false>(p);
    }
}

} // namespace
} // namespace moshivis
