// exp of numbers that are at most 0, in loops that become vectors.
#pragma once
#include "layout.h"

namespace moshivis {
namespace { // each instruction set is compiled with its own flags: nothing of it may be merged with another's

constexpr float kLeast = -87.0f; // exp of less counts as zero

// exp(x) = power * (1 + rest), by a polynomial on [-ln 2 / 2, ln 2 / 2], to 1e-7. x is at most 0 or NaN; less than kLeast counts as kLeast.
struct Exponential {
    float rest, power;

    explicit Exponential(float x) {
        float y = x < kLeast ? kLeast : x;
        float shifted = y * 1.44269504f + 12582912.0f; // 1.5 * 2^23: the last bits are the nearest integer
        float n = shifted - 12582912.0f;
        float r = y - n * 0.693359375f + n * 2.12194440e-4f;
        float p = 1.9875691e-4f;
        p = p * r + 1.3981999e-3f;
        p = p * r + 8.3334519e-3f;
        p = p * r + 4.1665796e-2f;
        p = p * r + 1.6666665e-1f;
        p = p * r + 0.5f;
        rest = p * r * r + r;
        power = bitsAs<float>((bitsAs<int32_t>(shifted) - 0x4B400000 + 127) << 23);
    }
};

inline float exponential(float x) {
    Exponential e(x);
    float result = (e.rest + 1.0f) * e.power;
    return x < kLeast ? 0.0f : result;
}

inline float exponentialMinusOne(float x) {
    Exponential e(x);
    return e.rest * e.power + (e.power - 1.0f);
}

} // namespace
} // namespace moshivis
