// Functions that a layer applies to each number, in loops that become vectors.
#pragma once
#include "kernels.h"

namespace moshivis {
namespace {

constexpr float kLeast = -87.0f; // exp of less counts as zero

// exp(x) - 1 = 2^n (p - 1) + (2^n - 1), with a polynomial p of exp on [-ln 2 / 2, ln 2 / 2], to 1e-7. x is at most 0 or NaN.
inline float expMinusOne(float x) {
    float y = x < kLeast ? kLeast : x;
    float shifted = y * 1.44269504f + 12582912.0f;
    float n = shifted - 12582912.0f;
    float r = y - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691e-4f;
    p = p * r + 1.3981999e-3f;
    p = p * r + 8.3334519e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 1.6666665e-1f;
    p = p * r + 0.5f;
    p = p * r * r + r;
    float power = bitsAs<float>((bitsAs<int32_t>(shifted) - 0x4B400000 + 127) << 23);
    return p * power + (power - 1.0f);
}

inline float elu(float x) {
    float negative = expMinusOne(x > 0 ? 0 : x);
    return x > 0 ? x : negative;
}

// x times the normal distribution's function; the error function to 1.5e-7 by Abramowitz and Stegun, 7.1.26.
inline float gelu(float x) {
    float z = x * 0.70710678f;
    float magnitude = z < 0 ? -z : z;
    float t = 1.0f / (1.0f + 0.3275911f * magnitude);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    float rest = p * t * (expMinusOne(-magnitude * magnitude) + 1.0f); // 1 - erf of the magnitude
    return 0.5f * x * (x < 0 ? rest : 2.0f - rest);
}

// count: a multiple of kLanes
inline void activateLanes(int activation, float* x, int count) {
    if (activation == kElu) {
        for (int i = 0; i < count; i += kLanes) {
            for (int j = 0; j < kLanes; j++) {
                x[i + j] = elu(x[i + j]);
            }
        }
    } else if (activation == kGelu) {
        for (int i = 0; i < count; i += kLanes) {
            for (int j = 0; j < kLanes; j++) {
                x[i + j] = gelu(x[i + j]);
            }
        }
    }
}

} // namespace
} // namespace moshivis
