// Makes packed matrices, 16 rows at a time. Compiled for each instruction set: its loops over units are vectors.
#pragma once
#include "kernels.h"
#include "memory.h"

namespace moshivis {
namespace {

constexpr int32_t kInfinity = 0x7F800000;

int32_t magnitudeBits(float x) { return bitsAs<int32_t>(x) & 0x7FFFFFFF; }

// The power of two that brings numbers up to largest into float16's range, with all of it for smaller ones.
float multiplierFor(float largest) {
    int exponent = magnitudeBits(largest) >> 23;
    int wanted = exponent - 14;
    return bitsAs<float>((wanted < 1 ? 1 : wanted) << 23);
}

// count: whole units
float largestOf(const float* x, int64_t count) {
    int32_t largest[kLanes] = {};
    for (int64_t i = 0; i < count; i += kLanes) {
        for (int j = 0; j < kLanes; j++) {
            int32_t bits = magnitudeBits(x[i + j]);
            largest[j] = bits > largest[j] ? bits : largest[j];
        }
    }
    int32_t most = 0;
    for (int j = 0; j < kLanes; j++) {
        most = largest[j] > most ? largest[j] : most;
    }
    return bitsAs<float>(most);
}

int32_t nearest(float x) { return bitsAs<int32_t>(x + 12582912.0f) - 0x4B400000; } // |x| below 2^22

int32_t clamp(int32_t x, int32_t low, int32_t high) { return x < low ? low : x > high ? high : x; }

// Writes the rows of a block into their lanes. Values are as products take them: 0 to 15, or signed bytes.
class BlockWriter {
public:
    BlockWriter(const Form& form, int64_t in, uint8_t* block) : form_(form), block_(block) {
        memset(block, 0, form.blockBytes(in));
    }

    // Goes on in a block that was begun.
    BlockWriter(const Form& form, uint8_t* block) : form_(form), block_(block) {}

    void multiplier(int lane, float value) { memcpy(block_ + 4 * lane, &value, 4); }

    void scale(int lane, int64_t group, float value) { half(lane, group, value, 0); }

    void offset(int lane, int64_t group, float value) { half(lane, group, value, kVector); }

    // The values of a unit, which begins at a column.
    void values(int lane, int64_t column, const int8_t (&q)[kUnit]) {
        uint8_t* unit = unitOf(column) + 4 * lane;
        uint32_t words[kUnit / 4];
        memcpy(words, q, sizeof words);
        if (form_.bits == 8) {
            for (int i = 0; i < 8; i++) {
                memcpy(unit + i * kVector, words + i, 4);
            }
        } else {
            for (int i = 0; i < 4; i++) {
                uint32_t pairs = words[2 * i] | words[2 * i + 1] << 4;
                memcpy(unit + i * kVector, &pairs, 4);
            }
        }
    }

private:
    uint8_t* tileOf(int64_t group) { return block_ + kVector + group / 2 * form_.tileBytes(); }

    void half(int lane, int64_t group, float value, size_t at) {
        uint16_t bits = toF16(value);
        memcpy(tileOf(group) + at + group % 2 * 32 + 2 * lane, &bits, 2);
    }

    uint8_t* unitOf(int64_t column) {
        int64_t unit = column / kUnit;
        if (form_.group == 0) {
            return block_ + kVector + unit * form_.unitBytes();
        }
        int64_t inTile = unit % (2 * form_.unitsInGroup());
        return tileOf(column / form_.group) + form_.scaleBytes() + inTile * form_.unitBytes();
    }

    const Form& form_;
    uint8_t* block_;
};

// A row of numbers on its way into a block.
class NumbersRow {
public:
    NumbersRow(const Form& form, int64_t in, BlockWriter& writer, int lane, const float* row)
            : form_(form), in_(in), writer_(writer), lane_(lane), row_(row) {}

    void write() {
        float largest = largestOf(row_, in_);
        if (magnitudeBits(largest) >= kInfinity) {
            writer_.multiplier(lane_, bitsAs<float>(0x7FC00000));
        } else if (form_.group == 0) {
            float scale = largest / 127.0f;
            writer_.multiplier(lane_, scale);
            round(0, in_, scale, 0, -127, 127);
        } else {
            groups(multiplierFor(largest / levels()));
        }
    }

private:
    float levels() const { return form_.bits == 4 ? 8.0f : 127.0f; }

    void groups(float multiplier) {
        writer_.multiplier(lane_, multiplier);
        for (int64_t from = 0; from < in_; from += form_.group) {
            int64_t to = from + form_.group < in_ ? from + form_.group : in_;
            float exact = form_.bits == 4 ? farthest(from, to) / -8.0f : largestOf(row_ + from, to - from) / 127.0f;
            float scale = exact / multiplier;
            writer_.scale(lane_, from / form_.group, scale);
            float stored = fromF16(toF16(scale)) * multiplier;
            form_.bits == 4 ? round(from, to, stored, 8, 0, 15) : round(from, to, stored, 0, -127, 127);
        }
    }

    // The number of the largest magnitude, with its sign.
    float farthest(int64_t from, int64_t to) const {
        float least[kLanes] = {};
        float most[kLanes] = {};
        for (int64_t i = from; i < to; i += kLanes) {
            for (int j = 0; j < kLanes; j++) {
                least[j] = row_[i + j] < least[j] ? row_[i + j] : least[j];
                most[j] = row_[i + j] > most[j] ? row_[i + j] : most[j];
            }
        }
        for (int j = 1; j < kLanes; j++) {
            least[0] = least[j] < least[0] ? least[j] : least[0];
            most[0] = most[j] > most[0] ? most[j] : most[0];
        }
        return -least[0] > most[0] ? least[0] : most[0];
    }

    void round(int64_t from, int64_t to, float scale, int middle, int low, int high) {
        float inverse = magnitudeBits(scale) < 0x00800000 ? 0.0f : 1.0f / scale;
        for (int64_t column = from; column < to; column += kUnit) {
            int32_t wide[kUnit];
            int8_t q[kUnit];
            for (int i = 0; i < kUnit; i++) {
                wide[i] = clamp(nearest(row_[column + i] * inverse) + middle, low, high);
            }
            for (int i = 0; i < kUnit; i++) {
                q[i] = static_cast<int8_t>(wide[i]);
            }
            writer_.values(lane_, column, q);
        }
    }

    const Form& form_;
    int64_t in_;
    BlockWriter& writer_;
    int lane_;
    const float* row_;
};

void readRow(const void* source, int type, int64_t from, int64_t count, float* row) {
    if (type == kF32) {
        memcpy(row, static_cast<const float*>(source) + from, count * sizeof(float));
    } else if (type == kBf16) {
        const uint16_t* halves = static_cast<const uint16_t*>(source) + from;
        int64_t i = 0;
        for (; i + kLanes <= count; i += kLanes) {
            for (int j = 0; j < kLanes; j++) {
                row[i + j] = fromBf16(halves[i + j]);
            }
        }
        for (; i < count; i++) {
            row[i] = fromBf16(halves[i]);
        }
    } else {
        for (int64_t i = 0; i < count; i++) {
            row[i] = read(source, type, from + i);
        }
    }
}

// Rows of numbers, rounded: in groups symmetrically, 4 bits by the number of the largest magnitude of each group, 8 bits by the largest
// magnitude of each group or row. form.affine is false. A row that is not finite gets a multiplier that is not.
void packNumbers(const Form& form, int64_t in, const void* source, int type, int64_t stride, int64_t rows, uint8_t* target) {
    int64_t columns = (in + kUnit - 1) / kUnit * kUnit;
    float* row = static_cast<float*>(allocate(columns * sizeof(float)));
    memset(row, 0, columns * sizeof(float));
    for (int64_t first = 0; first < rows; first += kLanes) {
        BlockWriter writer(form, in, target + first / kLanes * form.blockBytes(in));
        for (int lane = 0; lane < kLanes && first + lane < rows; lane++) {
            readRow(source, type, (first + lane) * stride, in, row);
            NumbersRow(form, columns, writer, lane, row).write();
        }
    }
    release(row);
}

// Rows of values that have been rounded before: value (r, c) is scales[r, g] * values[r, c] + offsets[r, g], g = c / form.group.
// values: unsigned, [rows, in]; scales and offsets: [rows, in / group]. If form.affine is false, offsets are not read: values have
// their middle, 8 or 128, for zero. Scales keep their 11 bits unless they are 2^29 times smaller than the row's largest.
void packGroups(
        const Form& form, int64_t in, const uint8_t* values, const float* scales, const float* offsets, int64_t rows, uint8_t* target) {
    int64_t groups = in / form.group;
    float middle = form.bits == 8 ? 128.0f : 0.0f; // bytes become signed
    for (int64_t row = 0; row < rows; row++) {
        int lane = static_cast<int>(row % kLanes);
        uint8_t* block = target + row / kLanes * form.blockBytes(in);
        BlockWriter writer = lane == 0 ? BlockWriter(form, in, block) : BlockWriter(form, block);
        const float* s = scales + row * groups;
        int32_t largest = 0;
        for (int64_t g = 0; g < groups; g++) {
            int32_t scale = magnitudeBits(s[g]);
            int32_t offset = form.affine ? magnitudeBits(offsets[row * groups + g] + middle * s[g]) : 0;
            largest = scale > largest ? scale : largest;
            largest = offset > largest ? offset : largest;
        }
        bool finite = largest < kInfinity;
        float multiplier = finite ? multiplierFor(bitsAs<float>(largest)) : bitsAs<float>(0x7FC00000);
        writer.multiplier(lane, multiplier);
        for (int64_t g = 0; finite && g < groups; g++) {
            writer.scale(lane, g, s[g] / multiplier);
            if (form.affine) {
                writer.offset(lane, g, (offsets[row * groups + g] + middle * s[g]) / multiplier);
            }
            for (int64_t column = g * form.group; column < (g + 1) * form.group; column += kUnit) {
                int8_t q[kUnit];
                for (int i = 0; i < kUnit; i++) {
                    uint8_t value = values[row * in + column + i];
                    q[i] = static_cast<int8_t>(form.bits == 8 ? value ^ 0x80 : value);
                }
                writer.values(lane, column, q);
            }
        }
    }
}

} // namespace
} // namespace moshivis
