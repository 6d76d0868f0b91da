// Layouts that all instruction sets share. Everything is little-endian.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

// Before a loop whose arrays are to be registers.
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

namespace moshivis {

// A packed matrix is cut into blocks of 16 rows, the lanes of a product. A block is 16 float32 multipliers of its rows, then tiles. A
// tile is two groups of neighboring columns: 2 x 16 float16 scales, then 2 x 16 float16 offsets if the form is affine, then the values
// of both groups. A group is a number of units of 32 columns. A form without groups (group 0) has no scales beside the multipliers.
//   4 bits: a unit is 4 vectors of 64 bytes. Byte 4 l + k of vector i holds of row l the columns 8 i + k (low) and 8 i + 4 + k (high).
//   8 bits: a unit is 8 vectors of 64 bytes. Byte 4 l + k of vector i is of row l the column 4 i + k, signed.
// Value (r, c) is multiplier[r] * (scale * (q - 8) or scale * q + offset) in 4 bits, multiplier[r] * (scale * q + offset) in 8 bits.
constexpr int kLanes = 16;
constexpr int kUnit = 32;
constexpr size_t kVector = 64;

struct Form {
    int bits;      // 4 or 8
    int group;     // columns that share a scale, a multiple of 32; 0: a scale for each row
    bool affine;   // whether groups have offsets

    size_t unitBytes() const { return bits == 4 ? 4 * kVector : 8 * kVector; }
    int unitsInGroup() const { return group / kUnit; }
    size_t scaleBytes() const { return group == 0 ? 0 : affine ? 2 * kVector : kVector; }
    size_t tileBytes() const { return scaleBytes() + 2 * unitsInGroup() * unitBytes(); }
    int64_t tiles(int64_t in) const { return (in + 2 * group - 1) / (2 * group); }
    size_t blockBytes(int64_t in) const {
        size_t values = group == 0 ? (in + kUnit - 1) / kUnit * unitBytes() : tiles(in) * tileBytes();
        return kVector + values;
    }
};

// A row of activations, rounded to 8 bits in units of 32 columns: value (c) is scale[c / 32] * q[c]. Columns beyond the row's end are
// zero, up to a multiple of kPadding. Rows follow each other.
constexpr int64_t kPadding = 512; // two groups of 256

inline int64_t paddedColumns(int64_t in) { return (in + kPadding - 1) / kPadding * kPadding; }

struct Activations {
    int64_t columns; // padded
    const uint8_t* memory;

    static size_t rowBytes(int64_t columns) { return columns + columns / kUnit * (sizeof(float) + sizeof(int32_t)); }
    const int8_t* values(int row) const { return reinterpret_cast<const int8_t*>(memory + row * rowBytes(columns)); }
    const float* scales(int row) const { return reinterpret_cast<const float*>(values(row) + columns); }
    const int32_t* sums(int row) const { return reinterpret_cast<const int32_t*>(scales(row) + columns / kUnit); }
};

// Types of numbers outside packed matrices; the numbers of the Java side.
enum Type { kF32 = 0, kBf16 = 1, kF16 = 2, kInt8 = 3 };

inline size_t bytesOf(int type) { return type == kF32 ? 4 : type == kInt8 ? 1 : 2; }

template <class T, class S>
inline T bitsAs(S s) {
    static_assert(sizeof(T) == sizeof(S), "same size");
    T t;
    memcpy(&t, &s, sizeof t);
    return t;
}

inline float fromBf16(uint16_t b) { return bitsAs<float>(static_cast<uint32_t>(b) << 16); }

// To the nearest, ties to even; a NaN stays one.
inline uint16_t toBf16(float f) {
    uint32_t bits = bitsAs<uint32_t>(f);
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return static_cast<uint16_t>((bits & 0x7FFFFFFF) > 0x7F800000 ? bits >> 16 | 0x40 : rounded);
}

inline float fromF16(uint16_t h) {
    uint32_t sign = static_cast<uint32_t>(h & 0x8000) << 16;
    uint32_t rest = h & 0x7FFF;
    if (rest >= 0x7C00) {
        return bitsAs<float>(sign | 0x7F800000 | (rest & 0x3FF) << 13);
    }
    if (rest >= 0x400) {
        return bitsAs<float>(sign | ((rest << 13) + 0x38000000));
    }
    float magnitude = static_cast<float>(rest) * 5.9604644775390625e-8f; // 2^-24
    return sign ? -magnitude : magnitude;
}

// To the nearest, ties to even; beyond the range infinite.
inline uint16_t toF16(float f) {
    uint32_t bits = bitsAs<uint32_t>(f);
    uint16_t sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
    uint32_t rest = bits & 0x7FFFFFFF;
    if (rest > 0x7F800000) {
        return sign | 0x7E00;
    }
    if (rest >= 0x477FF000) { // rounds to 2^16 or is larger
        return sign | 0x7C00;
    }
    if (rest < 0x38800000) { // below the smallest normal: adding 0.5 leaves the steps of 2^-24 in the last bits
        return sign | static_cast<uint16_t>(bitsAs<uint32_t>(bitsAs<float>(rest) + 0.5f) - 0x3F000000);
    }
    return sign | static_cast<uint16_t>((rest - 0x38000000 + 0xFFF + (rest >> 13 & 1)) >> 13);
}

inline float read(const void* p, int type, int64_t at) {
    switch (type) {
        case kF32: return static_cast<const float*>(p)[at];
        case kBf16: return fromBf16(static_cast<const uint16_t*>(p)[at]);
        default: return fromF16(static_cast<const uint16_t*>(p)[at]);
    }
}

} // namespace moshivis
