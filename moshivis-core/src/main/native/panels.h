// Products in float32 of many rows, above all convolutions: a weight that is in a register meets several rows of x. The matrix is cut into
// panels of 16 rows, the lanes; a panel is [in, 16], in float32, bfloat16 or float16, or in 8 bits with a scale for each row. Rows beyond
// the last are zero. A row's sum runs in one order, whatever rows are beside it.
#pragma once
#include "activations.h"

namespace moshivis {
namespace {

constexpr int64_t kColumnsAtOnce = 512;            // sums of so many products are added up: less rounding
constexpr int64_t kPanelBytesAtOnce = 256 << 10;   // stay in a second-level cache while all rows meet them

inline size_t panelBytes(int type, int64_t in) { return in * kLanes * bytesOf(type); }

template <class V, int TYPE>
inline typename V::F weights(const uint8_t* w) {
    if constexpr (TYPE == kF32) {
        return V::load(reinterpret_cast<const float*>(w));
    } else if constexpr (TYPE == kBf16) {
        return V::load(reinterpret_cast<const uint16_t*>(w));
    } else if constexpr (TYPE == kF16) {
        return V::half(reinterpret_cast<const uint16_t*>(w));
    } else {
        return V::load(reinterpret_cast<const int8_t*>(w));
    }
}

// sums: of count rows of the matrix from a first one; padded to whole lanes.
inline void finishRow(const PanelProduct& p, float* sums, int64_t row, int64_t first, int count, int padded) {
    if (p.scales != nullptr) {
        for (int i = 0; i < count; i++) {
            sums[i] *= p.scales[first + i];
        }
    }
    if (p.bias != nullptr) {
        for (int i = 0; i < count; i++) {
            sums[i] += p.bias[first + i];
        }
    }
    if (p.factors != nullptr) {
        for (int i = 0; i < count; i++) {
            sums[i] *= p.factors[first + i];
        }
    }
    if (p.residual != nullptr) {
        const float* residual = p.residual + row * p.out + first;
        for (int i = 0; i < count; i++) {
            sums[i] += residual[i];
        }
    }
    activateLanes(p.activation, sums, padded);
    memcpy(p.y + row * p.out + first, sums, count * sizeof(float));
}

// P panels by R rows of x, as many as there are registers for.
template <class V, int TYPE, int P, int R>
void tile(const PanelProduct& p, int64_t row, int64_t panel) {
    using F = typename V::F;
    constexpr int64_t bytes = TYPE == kF32 ? 4 : TYPE == kInt8 ? 1 : 2;
    const float* x[R];
    const uint8_t* w[P];
    alignas(64) float sums[R][P * kLanes];
    for (int r = 0; r < R; r++) {
        x[r] = p.x + (row + r) / p.rowsInBatch * p.batchStride + (row + r) % p.rowsInBatch * p.rowStride;
    }
    for (int j = 0; j < P; j++) {
        w[j] = p.matrix + (panel + j) * panelBytes(TYPE, p.in);
    }
    for (int64_t from = 0; from < p.in; from += kColumnsAtOnce) {
        int64_t to = p.in - from < kColumnsAtOnce ? p.in : from + kColumnsAtOnce;
        F acc[R][P];
        UNROLL
        for (int r = 0; r < R; r++) {
            UNROLL
            for (int j = 0; j < P; j++) {
                acc[r][j] = V::zero();
            }
        }
        for (int64_t c = from; c < to; c++) {
            F a[P];
            UNROLL
            for (int j = 0; j < P; j++) {
                const uint8_t* at = w[j] + c * kLanes * bytes;
                if (R <= 4) {
                    V::prefetch(at);
                }
                a[j] = weights<V, TYPE>(at);
            }
            UNROLL
            for (int r = 0; r < R; r++) {
                F number = V::set(x[r][c]);
                UNROLL
                for (int j = 0; j < P; j++) {
                    acc[r][j] = V::fma(a[j], number, acc[r][j]);
                }
            }
        }
        UNROLL
        for (int r = 0; r < R; r++) {
            UNROLL
            for (int j = 0; j < P; j++) {
                float* sum = sums[r] + j * kLanes;
                V::store(sum, from == 0 ? acc[r][j] : V::add(V::load(sum), acc[r][j]));
            }
        }
    }
    int64_t first = panel * kLanes;
    int count = static_cast<int>(p.out - first < P * kLanes ? p.out - first : P * kLanes);
    for (int r = 0; r < R; r++) {
        finishRow(p, sums[r], row + r, first, count, P * kLanes);
    }
}

template <class V>
constexpr int panelsFor(int rows) {
    int fit = (V::kSums - 1) / (rows + 1);
    return fit >= 4 ? 4 : fit >= 2 ? 2 : 1;
}

template <class V, int TYPE, int R>
void tiles(const PanelProduct& p, int64_t row, int64_t panel, int64_t to) {
    constexpr int P = panelsFor<V>(R);
    for (; panel + P <= to; panel += P) {
        tile<V, TYPE, P, R>(p, row, panel);
    }
    for (; panel < to; panel++) {
        tile<V, TYPE, 1, R>(p, row, panel);
    }
}

template <class V, int TYPE>
void panelsOf(const PanelProduct& p) {
    constexpr int R = V::kTileRows;
    int64_t fit = kPanelBytesAtOnce / static_cast<int64_t>(panelBytes(TYPE, p.in));
    int64_t atOnce = (fit < 4 ? 4 : fit) / 4 * 4;
    for (int64_t panel = p.fromPanel; panel < p.toPanel; panel += atOnce) {
        int64_t to = p.toPanel - panel < atOnce ? p.toPanel : panel + atOnce;
        int64_t row = p.fromRow;
        for (; row + R <= p.toRow; row += R) {
            tiles<V, TYPE, R>(p, row, panel, to);
        }
        for (; R > 4 && row + 4 <= p.toRow; row += 4) {
            tiles<V, TYPE, 4>(p, row, panel, to);
        }
        for (; R > 2 && row + 2 <= p.toRow; row += 2) {
            tiles<V, TYPE, 2>(p, row, panel, to);
        }
        for (; row < p.toRow; row++) {
            tiles<V, TYPE, 1>(p, row, panel, to);
        }
    }
}

template <class V>
void panels(const PanelProduct& p) {
    switch (p.type) {
        case kF32: return panelsOf<V, kF32>(p);
        case kBf16: return panelsOf<V, kBf16>(p);
        case kF16: return panelsOf<V, kF16>(p);
        default: return panelsOf<V, kInt8>(p);
    }
}

// Lays rows [rows, in] out from the first of a panel on. In 8 bits a row's largest magnitude is 127 scales; a row that is not finite gets NaN
// for its scale.
void packPanels(int type, const float* source, int64_t rows, int64_t in, float* scales, uint8_t* target) {
    memset(target, 0, (rows + kLanes - 1) / kLanes * panelBytes(type, in));
    for (int64_t r = 0; r < rows; r++) {
        const float* row = source + r * in;
        uint8_t* panel = target + r / kLanes * panelBytes(type, in);
        int64_t lane = r % kLanes;
        if (type == kF32) {
            for (int64_t c = 0; c < in; c++) {
                reinterpret_cast<float*>(panel)[c * kLanes + lane] = row[c];
            }
        } else if (type == kInt8) {
            int32_t largest = 0;
            for (int64_t c = 0; c < in; c++) {
                int32_t magnitude = bitsAs<int32_t>(row[c]) & 0x7FFFFFFF;
                largest = magnitude > largest ? magnitude : largest;
            }
            float most = bitsAs<float>(largest);
            bool finite = largest < 0x7F800000;
            float inverse = finite && most > 1.5e-36f ? 127.0f / most : 0.0f; // a smaller row has no inverse, and is zero
            for (int64_t c = 0; c < in; c++) {
                float shifted = (finite ? row[c] * inverse : 0.0f) + 12582912.0f; // the last bits are the nearest integer
                reinterpret_cast<int8_t*>(panel)[c * kLanes + lane] = static_cast<int8_t>(bitsAs<int32_t>(shifted) - 0x4B400000);
            }
            scales[r] = finite ? inverse == 0 ? 0 : most / 127.0f : bitsAs<float>(0x7FC00000);
        } else {
            for (int64_t c = 0; c < in; c++) {
                reinterpret_cast<uint16_t*>(panel)[c * kLanes + lane] = type == kBf16 ? toBf16(row[c]) : toF16(row[c]);
            }
        }
    }
}

void activate(int activation, const float* x, float* y, int64_t count) {
    constexpr int64_t kAtOnce = 256;
    for (int64_t i = 0; i < count; i += kAtOnce) {
        alignas(64) float lanes[kAtOnce];
        int n = static_cast<int>(count - i < kAtOnce ? count - i : kAtOnce);
        memcpy(lanes, x + i, n * sizeof(float));
        int whole = (n + kLanes - 1) / kLanes * kLanes;
        for (int j = n; j < whole; j++) {
            lanes[j] = 0;
        }
        activateLanes(activation, lanes, whole);
        memcpy(y + i, lanes, n * sizeof(float));
    }
}

} // namespace
} // namespace moshivis
