// Attention of one or few queries a row over keys and values that follow each other: a ring, a picture, a frame's own. Softmax in float32, in one
// pass over blocks of keys: sums are rescaled when a larger score comes. A (row, head) depends on nothing but its own keys.
#pragma once
#include "exponential.h"
#include "products.h"

namespace moshivis {
namespace {

constexpr int kBlock = 64; // keys at a time
constexpr int kKeys = 4;   // that meet a query at a time
constexpr int kMaxHead = 512;
constexpr float kNever = -3.4028235e38f; // the score of a key that is not there

inline void expBlock(float (&x)[kBlock]) {
    for (int i = 0; i < kBlock; i++) {
        x[i] = exponential(x[i]);
    }
}

// The largest number of a block; NaN if there is one.
inline float largestOf(const float (&x)[kBlock]) {
    float lanes[kLanes];
    memcpy(lanes, x, sizeof lanes);
    for (int i = kLanes; i < kBlock; i += kLanes) {
        for (int j = 0; j < kLanes; j++) {
            lanes[j] = x[i + j] > lanes[j] || x[i + j] != x[i + j] ? x[i + j] : lanes[j];
        }
    }
    float largest = lanes[0];
    for (float lane : lanes) {
        largest = lane > largest || lane != lane ? lane : largest;
    }
    return largest;
}

template <class V>
inline float sumOf(const float (&x)[kBlock]) {
    return V::sum(V::add(V::add(V::load(x), V::load(x + kLanes)), V::add(V::load(x + 2 * kLanes), V::load(x + 3 * kLanes))));
}

// Rotates pairs of neighbors by (cos, sin); rotations may be null.
inline void rotate(float* x, const float* rotations, int dim) {
    if (rotations == nullptr) {
        return;
    }
    for (int i = 0; i < dim; i += 2) {
        float re = x[i] * rotations[i] - x[i + 1] * rotations[i + 1];
        float im = x[i] * rotations[i + 1] + x[i + 1] * rotations[i];
        x[i] = re;
        x[i + 1] = im;
    }
}

// Writes a key or value into a cache of a type.
inline void remember(const float* x, int dim, void* cache, float* scales, int type, int64_t position) {
    if (type == kF32) {
        memcpy(static_cast<float*>(cache) + position * dim, x, dim * sizeof(float));
    } else if (type == kBf16) {
        for (int i = 0; i < dim; i++) {
            static_cast<uint16_t*>(cache)[position * dim + i] = toBf16(x[i]);
        }
    } else {
        float largest = 0;
        for (int i = 0; i < dim; i++) {
            float magnitude = x[i] < 0 ? -x[i] : x[i];
            largest = magnitude > largest || magnitude != magnitude ? magnitude : largest;
        }
        bool finite = largest <= 3.4028235e38f;
        float inverse = finite && largest >= kSmallest ? 127.0f / largest : 0.0f;
        for (int i = 0; i < dim; i++) {
            float shifted = (finite ? x[i] * inverse : 0.0f) + 12582912.0f;
            static_cast<int8_t*>(cache)[position * dim + i] = static_cast<int8_t>(bitsAs<int32_t>(shifted) - 0x4B400000);
        }
        scales[position] = finite ? inverse == 0 ? 0 : largest / 127.0f : bitsAs<float>(0x7FC00000);
    }
}

inline float number(float x) { return x; }
inline float number(uint16_t x) { return fromBf16(x); }
inline float number(int8_t x) { return x; }

// Asks for a row early: a block ends before the processor has noticed a sequence.
template <class T>
inline void fetch(const T* row, int dim) {
    for (size_t at = 0; at < dim * sizeof(T); at += 64) {
        __builtin_prefetch(reinterpret_cast<const char*>(row) + at);
    }
}

// scores[t] = query x keys[t], KEYS of them at a time.
template <class V, class T, int KEYS>
inline void score(const float* query, const T* keys, int dim, int whole, float* scores) {
    typename V::F sums[KEYS];
    UNROLL
    for (int t = 0; t < KEYS; t++) {
        sums[t] = V::zero();
    }
    for (int i = 0; i < whole; i += kLanes) {
        typename V::F q = V::load(query + i);
        UNROLL
        for (int t = 0; t < KEYS; t++) {
            sums[t] = V::fma(V::load(keys + t * dim + i), q, sums[t]);
        }
    }
    UNROLL
    for (int t = 0; t < KEYS; t++) {
        scores[t] = V::sum(sums[t]);
        for (int i = whole; i < dim; i++) {
            scores[t] += number(keys[t * dim + i]) * query[i];
        }
    }
}

// sums += scores x values, in as many columns as N registers have, from column i on while there are so many.
template <class V, class T, int N>
inline int accumulate(const float* scores, const T* values, int count, int dim, int i, float* sums) {
    for (; i + N * kLanes <= dim; i += N * kLanes) {
        typename V::F s[N];
        UNROLL
        for (int j = 0; j < N; j++) {
            s[j] = V::load(sums + i + j * kLanes);
        }
        for (int t = 0; t < count; t++) {
            const T* value = values + static_cast<int64_t>(t) * dim + i;
            typename V::F each = V::set(scores[t]);
            UNROLL
            for (int j = 0; j < N; j++) {
                s[j] = V::fma(V::load(value + j * kLanes), each, s[j]);
            }
        }
        UNROLL
        for (int j = 0; j < N; j++) {
            V::store(sums + i + j * kLanes, s[j]);
        }
    }
    return i;
}

template <class V, class T>
void accumulate(const float* scores, const T* values, int count, int dim, float* sums) {
    int i = accumulate<V, T, V::kColumns>(scores, values, count, dim, 0, sums);
    i = accumulate<V, T, (V::kColumns + 1) / 2>(scores, values, count, dim, i, sums);
    i = accumulate<V, T, 1>(scores, values, count, dim, i, sums);
    for (; i < dim; i++) {
        for (int t = 0; t < count; t++) {
            sums[i] += scores[t] * number(values[static_cast<int64_t>(t) * dim + i]);
        }
    }
}

// One query of a (row, head) over length keys from start on, around a ring. T: float, uint16_t (bfloat16) or int8_t with scales. query is scaled.
template <class V, class T>
void attendHead(
        const float* query, const T* keys, const T* values, const float* keyScales, const float* valueScales, int64_t start, int64_t length,
        int64_t ring, int dim, float* sums) {
    int whole = dim / kLanes * kLanes;
    float top = kNever;
    float weight = 0;
    memset(sums, 0, dim * sizeof(float));
    for (int64_t first = start, left = length; left > 0;) {
        int64_t most = left < ring - first ? left : ring - first;
        int count = static_cast<int>(most < kBlock ? most : kBlock);
        alignas(64) float scores[kBlock];
        int64_t following = first + count == ring ? 0 : first + count;
        int t = 0;
        for (; t + kKeys <= count; t += kKeys) {
            for (int each = t; each < t + kKeys; each++) {
                fetch(keys + (following + each) * dim, dim);
                fetch(values + (first + each) * dim, dim);
            }
            score<V, T, kKeys>(query, keys + (first + t) * dim, dim, whole, scores + t);
        }
        for (; t < count; t++) {
            score<V, T, 1>(query, keys + (first + t) * dim, dim, whole, scores + t);
        }
        for (t = 0; keyScales != nullptr && t < count; t++) {
            scores[t] *= keyScales[first + t];
        }
        for (t = count; t < kBlock; t++) {
            scores[t] = kNever;
        }
        float largest = largestOf(scores);
        float next = largest > top || largest != largest ? largest : top;
        for (t = 0; t < count; t++) {
            scores[t] -= next;
        }
        for (; t < kBlock; t++) {
            scores[t] = -1e30f;
        }
        expBlock(scores);
        if (next != top) {
            alignas(64) float factor[kBlock];
            for (int t = 0; t < kBlock; t++) {
                factor[t] = top - next;
            }
            expBlock(factor);
            weight *= factor[0];
            for (int i = 0; i < dim; i++) {
                sums[i] *= factor[0];
            }
            top = next;
        }
        weight += sumOf<V>(scores);
        for (int t = 0; valueScales != nullptr && t < count; t++) {
            scores[t] *= valueScales[first + t];
        }
        accumulate<V, T>(scores, values + first * dim, count, dim, sums);
        left -= count;
        first = following;
    }
    float inverse = 1.0f / weight;
    for (int i = 0; i < dim; i++) {
        sums[i] *= inverse;
    }
}

// A head of a row, at its place in the cache.
struct Head {
    int64_t row;
    int64_t column; // of its first number in queries and results
    uint8_t* keys;
    uint8_t* values;
    float* keyScales;
    float* valueScales;

    Head(const Attention& a, int64_t each) : row(each / a.heads), column(each % a.heads * a.dim) {
        int64_t positions = each * a.capacity;
        keys = static_cast<uint8_t*>(a.keys) + positions * a.dim * bytesOf(a.cacheType);
        values = static_cast<uint8_t*>(a.values) + positions * a.dim * bytesOf(a.cacheType);
        keyScales = a.keyScales == nullptr ? nullptr : a.keyScales + positions;
        valueScales = a.valueScales == nullptr ? nullptr : a.valueScales + positions;
    }
};

// Numbers of a step, rotated as they are to be.
inline void readStep(const Attention& a, const void* source, const float* rotations, int64_t step, int64_t column, float* out) {
    widen(source, a.type, step * a.stride + column, step * a.stride + column + a.dim, out);
    rotate(out, rotations == nullptr ? nullptr : rotations + step * a.dim, a.dim);
}

inline void rememberSteps(const Attention& a, const Head& head) {
    alignas(64) float fresh[kMaxHead];
    for (int64_t step = head.row * a.steps; step < (head.row + 1) * a.steps; step++) {
        readStep(a, a.key, a.rotations, step, head.column, fresh);
        remember(fresh, a.dim, head.keys, head.keyScales, a.cacheType, a.positions[step]);
        readStep(a, a.value, nullptr, step, head.column, fresh);
        remember(fresh, a.dim, head.values, head.valueScales, a.cacheType, a.positions[step]);
    }
}

template <class V, class T>
void attendStep(const Attention& a, const Head& head, int64_t step, const float* query, float* sums) {
    attendHead<V>(
            query, reinterpret_cast<const T*>(head.keys), reinterpret_cast<const T*>(head.values), head.keyScales, head.valueScales,
            a.starts == nullptr ? 0 : a.starts[step], a.lengths[step], a.ring, a.dim, sums);
}

template <class V>
void attend(const Attention& a) {
    alignas(64) float query[kMaxHead];
    alignas(64) float sums[kMaxHead];
    for (int64_t each = a.from; each < a.to; each++) {
        Head head(a, each);
        if (a.key != nullptr) {
            rememberSteps(a, head);
        }
        for (int64_t step = head.row * a.steps; step < (head.row + 1) * a.steps; step++) {
            readStep(a, a.query, a.rotations, step, head.column, query);
            for (int i = 0; i < a.dim; i++) {
                query[i] *= a.scale;
            }
            switch (a.cacheType) {
                case kF32: attendStep<V, float>(a, head, step, query, sums); break;
                case kBf16: attendStep<V, uint16_t>(a, head, step, query, sums); break;
                default: attendStep<V, int8_t>(a, head, step, query, sums);
            }
            storeLanes(sums, a.y, a.type, step * a.heads * a.dim + head.column, a.dim);
        }
    }
}

} // namespace
} // namespace moshivis
