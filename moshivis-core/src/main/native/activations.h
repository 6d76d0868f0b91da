// Functions that a layer applies to each number, in loops that become vectors.
#pragma once
#include "exponential.h"
#include "kernels.h"

namespace moshivis {
namespace {

inline float elu(float x) {
    float negative = exponentialMinusOne(x > 0 ? 0 : x);
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
    float rest = p * t * (exponentialMinusOne(-magnitude * magnitude) + 1.0f); // 1 - erf of the magnitude
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
