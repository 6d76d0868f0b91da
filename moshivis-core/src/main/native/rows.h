// Operators on whole rows between products: norms, and the gates of feed-forward networks. In float32, rounded once. A row depends on nothing
// but its own numbers, whose sums run in one order.
#pragma once
#include <cmath>
#include "exponential.h"
#include "products.h"

namespace moshivis {
namespace {

constexpr int kNumbersAtOnce = 256; // numbers, a multiple of kLanes

// The sum of (x - center), or of its squares.
template <class V, bool SQUARES, class T>
float sumRow(const T* x, int64_t dim, float center) {
    using F = typename V::F;
    F shift = V::set(-center);
    F sums[2] = {V::zero(), V::zero()};
    int64_t i = 0;
    for (int odd = 0; i + kLanes <= dim; i += kLanes, odd ^= 1) {
        F value = V::add(V::load(x + i), shift);
        sums[odd] = SQUARES ? V::fma(value, value, sums[odd]) : V::add(sums[odd], value);
    }
    float sum = V::sum(V::add(sums[0], sums[1]));
    for (; i < dim; i++) {
        float value = read(x, sizeof(T) == 4 ? kF32 : kBf16, i) - center;
        sum += SQUARES ? value * value : value;
    }
    return sum;
}

inline void narrow(const float* x, void* y, int type, int64_t at, int64_t count) {
    if (type == kF32) {
        memcpy(static_cast<float*>(y) + at, x, count * sizeof(float));
        return;
    }
    uint16_t rounded[kNumbersAtOnce];
    for (int i = 0; i < kNumbersAtOnce; i++) {
        rounded[i] = toBf16(x[i]);
    }
    memcpy(static_cast<uint16_t*>(y) + at, rounded, count * sizeof(uint16_t));
}

template <class V, class T>
void normalizeRow(const Norm& n, const T* x, int64_t row) {
    float mean = n.kind == kMeanOfSquares ? 0.0f : sumRow<V, false>(x, n.dim, 0) / n.dim;
    float variance = sumRow<V, true>(x, n.dim, mean) / (n.kind == kVariance ? n.dim - 1 : n.dim);
    float scale = 1.0f / std::sqrt(variance + n.epsilon);
    float center = n.kind == kLayer ? mean : 0.0f;
    alignas(64) float values[kNumbersAtOnce] = {};
    alignas(64) float weights[kNumbersAtOnce] = {};
    alignas(64) float biases[kNumbersAtOnce] = {};
    for (int64_t from = 0; from < n.dim; from += kNumbersAtOnce) {
        int64_t to = n.dim - from < kNumbersAtOnce ? n.dim : from + kNumbersAtOnce;
        widen(x, n.type, from, to, values);
        widen(n.weight, n.weightType, from, to, weights);
        if (n.bias != nullptr) {
            widen(n.bias, n.weightType, from, to, biases);
        }
        for (int i = 0; i < kNumbersAtOnce; i++) {
            values[i] = (values[i] - center) * (weights[i] * scale) + biases[i];
        }
        narrow(values, n.y, n.type, row * n.dim + from, to - from);
    }
}

template <class V>
void normalize(const Norm& n) {
    for (int64_t row = 0; row < n.rows; row++) {
        if (n.type == kF32) {
            normalizeRow<V>(n, static_cast<const float*>(n.x) + row * n.stride, row);
        } else {
            normalizeRow<V>(n, static_cast<const uint16_t*>(n.x) + row * n.stride, row);
        }
    }
}

inline float sigmoid(float x) {
    float small = exponential(x < 0 ? x : -x);
    return (x < 0 ? small : 1.0f) / (1.0f + small);
}

// y = a sigmoid(a) b for rows [a; b] of x.
void gate(const void* x, int type, int64_t rows, int64_t hidden, void* y) {
    alignas(64) float a[kNumbersAtOnce] = {};
    alignas(64) float b[kNumbersAtOnce] = {};
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t from = 0; from < hidden; from += kNumbersAtOnce) {
            int64_t count = hidden - from < kNumbersAtOnce ? hidden - from : kNumbersAtOnce;
            int64_t at = 2 * row * hidden + from;
            widen(x, type, at, at + count, a);
            widen(x, type, at + hidden, at + hidden + count, b);
            for (int i = 0; i < kNumbersAtOnce; i++) {
                a[i] = a[i] * sigmoid(a[i]) * b[i];
            }
            narrow(a, y, type, row * hidden + from, count);
        }
    }
}

template <class V>
void addGated(const GatedSum& g) {
    alignas(64) float open[kNumbersAtOnce] = {};
    alignas(64) float x[kNumbersAtOnce] = {};
    alignas(64) float y[kNumbersAtOnce] = {};
    for (int64_t row = 0; row < g.rows; row++) {
        typename V::F sums = V::zero();
        bool used = g.used == nullptr || g.used[row] != 0;
        for (int64_t from = 0; used && from < g.dim; from += kNumbersAtOnce) {
            int64_t count = g.dim - from < kNumbersAtOnce ? g.dim - from : kNumbersAtOnce;
            int64_t at = row * g.dim + from;
            widen(g.gates, g.type, at, at + count, open);
            widen(g.x, g.type, at, at + count, x);
            widen(g.y, g.type, at, at + count, y);
            for (int i = 0; i < kNumbersAtOnce; i++) {
                open[i] = sigmoid(open[i] + g.shift);
                y[i] += x[i] * open[i];
            }
            memset(open + count, 0, (kNumbersAtOnce - count) * sizeof(float));
            for (int i = 0; i < kNumbersAtOnce; i += kLanes) {
                sums = V::add(sums, V::load(open + i));
            }
            narrow(y, g.y, g.type, at, count);
        }
        float mean = V::sum(sums) / g.dim;
        storeLanes(&mean, g.means, g.type, row, 1);
    }
}

} // namespace
} // namespace moshivis
