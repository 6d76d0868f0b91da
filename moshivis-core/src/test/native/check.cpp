// The kernels of all instruction sets that a processor has against plain sums in double: run by .ci/kernels, also under an emulator. Prints
// what it checked; ends with 1 if anything differs. The Java tests check more, on one processor.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <utility>
#include <vector>
#include "../../main/native/kernels.h"
#include "../../main/native/memory.h"
#include "../../main/native/tokens.h"

using namespace moshivis;

namespace {

int failures = 0;
int checks = 0;
uint32_t state = 12345;

float random() { // sum of uniform numbers: nearly normal
    float sum = -6;
    for (int i = 0; i < 12; i++) {
        state = state * 1664525u + 1013904223u;
        sum += static_cast<float>(state >> 8) / 16777216.0f;
    }
    return sum;
}

std::vector<float> numbers(int64_t count) {
    std::vector<float> values(count);
    for (float& value : values) {
        value = random();
    }
    return values;
}

void expect(double found, double exact, double bound, const char* what, const char* set, int64_t out, int64_t in) {
    checks++;
    if (!(std::fabs(found - exact) <= bound)) {
        if (failures++ < 20) {
            printf("%s, %s, %d x %d: found %g, expected %g within %g\n", set, what, (int)out, (int)in, found, exact, bound);
        }
    }
}

// The numbers of a packed matrix, read back by the layout's own words.
std::vector<float> unpack(const Form& form, const uint8_t* packed, int64_t out, int64_t in) {
    std::vector<float> values(out * in);
    for (int64_t r = 0; r < out; r++) {
        const uint8_t* block = packed + r / kLanes * form.blockBytes(in);
        int lane = r % kLanes;
        float multiplier;
        memcpy(&multiplier, block + 4 * lane, 4);
        for (int64_t c = 0; c < in; c++) {
            int64_t unit = c / kUnit;
            const uint8_t* values32 = block + kVector + unit * form.unitBytes();
            float scale = 1;
            if (form.group > 0) {
                int64_t group = c / form.group;
                const uint8_t* tile = block + kVector + group / 2 * form.tileBytes();
                uint16_t half;
                memcpy(&half, tile + group % 2 * 32 + 2 * lane, 2);
                scale = fromF16(half);
                values32 = tile + form.scaleBytes() + unit % (2 * form.unitsInGroup()) * form.unitBytes();
            }
            int i = c % kUnit;
            int q = form.bits == 8 ? static_cast<int8_t>(values32[i / 4 * kVector + 4 * lane + i % 4])
                                   : (values32[i / 8 * kVector + 4 * lane + i % 4] >> (i % 8 < 4 ? 0 : 4) & 15) - 8;
            values[r * in + c] = multiplier * scale * q;
        }
    }
    return values;
}

void checkPacked(const InstructionSet& set, const Form& form, int64_t out, int64_t in) {
    std::vector<float> weights = numbers(out * in);
    std::vector<float> x = numbers(5 * in);
    int64_t blocks = (out + kLanes - 1) / kLanes;
    uint8_t* packed = static_cast<uint8_t*>(allocate(blocks * form.blockBytes(in)));
    set.packNumbers(form, in, weights.data(), kF32, in, out, packed);
    std::vector<float> kept = unpack(form, packed, out, in);
    size_t rowBytes = Activations::rowBytes(paddedColumns(in));
    uint8_t* rounded = static_cast<uint8_t*>(allocate(5 * rowBytes));
    for (int r = 0; r < 5; r++) {
        set.quantize(x.data() + r * in, kF32, in, rounded + r * rowBytes);
    }
    Activations activations{paddedColumns(in), rounded};
    for (int rows = 1; rows <= 5; rows++) {
        std::vector<float> y(rows * out, -1.0f);
        set.packed({form, packed, activations, rows, y.data(), out, kF32, in, out, 0, blocks});
        for (int r = 0; r < rows; r++) {
            for (int64_t o = 0; o < out; o++) {
                double exact = 0, size = 0;
                for (int64_t c = 0; c < in; c++) {
                    double product = (double)kept[o * in + c] * activations.values(r)[c] * activations.scales(r)[c / kUnit];
                    exact += product;
                    size += std::fabs(product);
                }
                expect(y[r * out + o], exact, 2e-6 * size + 1e-30, form.bits == 4 ? "4 bits" : "8 bits", set.name, out, in);
            }
        }
    }
    release(packed);
    release(rounded);
}

void checkDense(const InstructionSet& set, int type, int64_t out, int64_t in) {
    std::vector<float> weights = numbers(out * in), x = numbers(5 * in), bias = numbers(out);
    std::vector<uint16_t> halfWeights(out * in), halfX(5 * in);
    for (int64_t i = 0; type == kBf16 && i < out * in; i++) {
        halfWeights[i] = toBf16(weights[i]);
        weights[i] = fromBf16(halfWeights[i]);
    }
    for (int64_t i = 0; type == kBf16 && i < 5 * in; i++) {
        halfX[i] = toBf16(x[i]);
        x[i] = fromBf16(halfX[i]);
    }
    const void* w = type == kF32 ? static_cast<const void*>(weights.data()) : halfWeights.data();
    uint8_t* prepared = static_cast<uint8_t*>(allocate(5 * denseRowBytes(in)));
    for (int r = 0; r < 5; r++) {
        const void* row = type == kF32 ? static_cast<const void*>(x.data() + r * in) : halfX.data() + r * in;
        set.prepareDense(row, type, in, prepared + r * denseRowBytes(in));
    }
    std::vector<float> y(5 * out);
    set.dense({w, type, prepared, 5, bias.data(), y.data(), out, in, out, 0, out});
    for (int r = 0; r < 5; r++) {
        for (int64_t o = 0; o < out; o++) {
            double exact = bias[o], size = std::fabs(bias[o]);
            for (int64_t c = 0; c < in; c++) {
                exact += (double)weights[o * in + c] * x[r * in + c];
                size += std::fabs((double)weights[o * in + c] * x[r * in + c]);
            }
            float found = read(y.data(), type, r * out + o);
            double rounding = type == kF32 ? 0 : std::fabs(exact) / 256;
            expect(found, exact, 2e-6 * size + rounding, type == kF32 ? "float32" : "bfloat16", set.name, out, in);
        }
    }
    release(prepared);
}

// Windows that overlap, with all that may follow a product.
void checkPanels(const InstructionSet& set, int type, int64_t out, int64_t in) {
    const int rows = 15, step = 3;
    std::vector<float> weights = numbers(out * in), x = numbers(rows * step + in), bias = numbers(out), factors = numbers(out);
    std::vector<float> residual = numbers(rows * out), y(rows * out), scales(out);
    int64_t panels = (out + kLanes - 1) / kLanes;
    uint8_t* matrix = static_cast<uint8_t*>(allocate(panels * kLanes * in * bytesOf(type)));
    set.packPanels(type, weights.data(), out, in, scales.data(), matrix);
    set.panels(
            {matrix, type, type == kInt8 ? scales.data() : nullptr, x.data(), 0, step, rows, bias.data(), factors.data(), residual.data(),
             kElu, y.data(), in, out, 0, rows, 0, panels});
    for (int r = 0; r < rows; r++) {
        for (int64_t o = 0; o < out; o++) {
            double sum = bias[o], size = std::fabs(bias[o]);
            for (int64_t c = 0; c < in; c++) {
                int64_t at = o / kLanes * kLanes * in + c * kLanes + o % kLanes;
                double weight = type == kInt8 ? (double)reinterpret_cast<int8_t*>(matrix)[at] * scales[o] : read(matrix, type, at);
                sum += weight * x[r * step + c];
                size += std::fabs(weight * x[r * step + c]);
            }
            double exact = residual[r * out + o] + factors[o] * sum;
            expect(y[r * out + o], exact > 0 ? exact : std::expm1(exact), 2e-6 * (std::fabs(factors[o]) * size + 1), "panels", set.name, out, in);
        }
    }
    release(matrix);
}

// The number that a cache holds.
double held(const void* cache, const float* scales, int type, int64_t position, int dim, int i) {
    if (type == kInt8) {
        return (double)static_cast<const int8_t*>(cache)[position * dim + i] * scales[position];
    }
    return read(cache, type, position * dim + i);
}

// Two heads of one row: the step at the last position rotates, is remembered, and attends to all.
void checkAttention(const InstructionSet& set, int type, int dim, int64_t length) {
    const int heads = 2;
    std::vector<float> keys(heads * length * dim), values(keys.size()), keyScales(heads * length), valueScales(heads * length);
    std::vector<float> y(heads * dim), projected, rotations(dim);
    int64_t position = 0;
    for (; position < length; position++) {
        projected = numbers(3 * heads * dim);
        for (int i = 0; i < dim; i += 2) {
            float angle = random();
            rotations[i] = std::cos(angle);
            rotations[i + 1] = std::sin(angle);
        }
        int64_t seen = position + 1;
        float* scales = type == kInt8 ? keyScales.data() : nullptr;
        set.attend(
                {projected.data(), projected.data() + heads * dim, projected.data() + 2 * heads * dim, kF32, 3 * heads * dim,
                 rotations.data(), keys.data(), values.data(), scales, type == kInt8 ? valueScales.data() : nullptr, type, length, length,
                 &position, nullptr, &seen, 0.25f, y.data(), 1, heads, dim, 0, heads});
    }
    for (int head = 0; head < heads; head++) {
        const uint8_t* k = reinterpret_cast<uint8_t*>(keys.data()) + head * length * dim * bytesOf(type);
        const uint8_t* v = reinterpret_cast<uint8_t*>(values.data()) + head * length * dim * bytesOf(type);
        std::vector<double> weights(length);
        double most = -1e300, sum = 0;
        for (int64_t t = 0; t < length; t++) {
            for (int i = 0; i < dim; i += 2) {
                double a = projected[head * dim + i], b = projected[head * dim + i + 1];
                double c = rotations[i], s = rotations[i + 1];
                weights[t] += 0.25 * (a * c - b * s) * held(k, keyScales.data() + head * length, type, t, dim, i);
                weights[t] += 0.25 * (a * s + b * c) * held(k, keyScales.data() + head * length, type, t, dim, i + 1);
            }
            most = weights[t] > most ? weights[t] : most;
        }
        for (double& weight : weights) {
            weight = std::exp(weight - most);
            sum += weight;
        }
        for (int i = 0; i < dim; i++) {
            double exact = 0;
            for (int64_t t = 0; t < length; t++) {
                exact += weights[t] / sum * held(v, valueScales.data() + head * length, type, t, dim, i);
            }
            expect(y[head * dim + i], exact, 1e-5, type == kF32 ? "attention" : type == kBf16 ? "bf16 attention" : "int8 attention",
                    set.name, length, dim);
        }
    }
}

// Norms of two rows, and their gate.
void checkRows(const InstructionSet& set, int type, int64_t dim) {
    std::vector<float> x = numbers(2 * dim), weight = numbers(dim), bias = numbers(dim), y(2 * dim);
    std::vector<uint16_t> half(2 * dim);
    for (int64_t i = 0; type == kBf16 && i < 2 * dim; i++) {
        half[i] = toBf16(x[i]);
        x[i] = fromBf16(half[i]);
    }
    const void* rows = type == kF32 ? static_cast<const void*>(x.data()) : half.data();
    double rounding = type == kF32 ? 2e-6 : 1.0 / 256;
    for (int kind : {kMeanOfSquares, kVariance, kLayer}) {
        if (kind == kVariance && dim == 1) {
            continue;
        }
        set.normalize({kind, rows, type, dim, weight.data(), kind == kLayer ? bias.data() : nullptr, kF32, 1e-3f, y.data(), 2, dim});
        for (int r = 0; r < 2; r++) {
            double mean = 0, squares = 0;
            for (int64_t i = 0; kind != kMeanOfSquares && i < dim; i++) {
                mean += (double)x[r * dim + i] / dim;
            }
            for (int64_t i = 0; i < dim; i++) {
                squares += std::pow(x[r * dim + i] - mean, 2);
            }
            double scale = 1 / std::sqrt(squares / (kind == kVariance ? dim - 1 : dim) + 1e-3);
            for (int64_t i = 0; i < dim; i++) {
                double exact = (x[r * dim + i] - (kind == kLayer ? mean : 0)) * scale * weight[i] + (kind == kLayer ? bias[i] : 0);
                expect(read(y.data(), type, r * dim + i), exact, rounding * (std::fabs(exact) + 1), "norm", set.name, kind, dim);
            }
        }
    }
    set.gate(rows, type, 1, dim, y.data());
    for (int64_t i = 0; i < dim; i++) {
        double exact = x[i] / (1 + std::exp(-(double)x[i])) * x[dim + i];
        expect(read(y.data(), type, i), exact, rounding * std::fabs(exact) + 1e-12, "gate", set.name, 1, dim);
    }
    std::vector<float> sums(dim), mean(1);
    set.addGated({rows, rows, type, -1.0f, nullptr, sums.data(), mean.data(), 1, dim});
    double exactMean = 0;
    for (int64_t i = 0; i < dim; i++) {
        double open = 1 / (1 + std::exp(1 - (double)x[i]));
        exactMean += open / dim;
        expect(read(sums.data(), type, i), x[i] * open, rounding * std::fabs(x[i] * open) + 1e-12, "gated sum", set.name, 1, dim);
    }
    expect(read(mean.data(), type, 0), exactMean, rounding, "mean of gates", set.name, 1, dim);
}

std::vector<uint16_t> bf16(const std::vector<float>& x) {
    std::vector<uint16_t> halves;
    for (float number : x) {
        halves.push_back(toBf16(number));
    }
    return halves;
}

// The choice of tokens against one that sorts all of them; ties are the Java tests' concern.
void checkChoice(int64_t entries, int64_t ranks, float mass) {
    std::vector<float> x = numbers(entries);
    float temperature = 0.7f;
    std::vector<std::pair<double, int64_t>> all(entries);
    double whole = 0;
    for (int64_t i = 0; i < entries; i++) {
        all[i] = {std::exp(x[i] / (double)temperature), i};
        whole += all[i].first;
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<float> noise(ranks);
    int64_t expected = all[0].second;
    double most = 0, before = 0;
    for (int64_t i = 0; i < ranks; i++) {
        noise[i] = std::fabs(random()) + 0.01f;
        if ((i == 0 || before < mass * whole) && all[i].first / noise[i] > most) {
            most = all[i].first / noise[i];
            expected = all[i].second;
        }
        before += all[i].first;
    }
    std::vector<uint64_t> scratch(choiceBytes(entries) / sizeof(uint64_t) + 1);
    int64_t token = -1;
    choose({x.data(), kF32, &temperature, &mass, noise.data(), 1, entries, ranks, scratch.data(), &token});
    expect(token, expected, 0, "choice", "all", 1, entries);
}

void checkSum(int64_t count) {
    std::vector<float> x = numbers(count), y = numbers(count);
    std::vector<uint16_t> halves = bf16(x), sums = bf16(y);
    std::vector<float> floats = y;
    add({x.data(), kF32, floats.data(), count});
    add({halves.data(), kBf16, sums.data(), count});
    for (int64_t i = 0; i < count; i++) {
        expect(floats[i], x[i] + y[i], 0, "sum", "all", 1, count);
        expect(sums[i], toBf16(fromBf16(halves[i]) + fromBf16(toBf16(y[i]))), 0, "sum in bfloat16", "all", 1, count);
    }
}

void checkRectifier(int64_t count) {
    std::vector<float> x = numbers(count);
    std::vector<uint16_t> halves = bf16(x);
    std::vector<float> floats = x;
    std::vector<uint16_t> rectified = halves;
    rectify(floats.data(), kF32, count);
    rectify(rectified.data(), kBf16, count);
    for (int64_t i = 0; i < count; i++) {
        expect(floats[i], x[i] > 0 ? x[i] : 0, 0, "rectifier", "all", 1, count);
        expect(fromBf16(rectified[i]), x[i] > 0 ? fromBf16(halves[i]) : 0, 0, "rectifier in bfloat16", "all", 1, count);
    }
}

void checkNearest(int64_t entries, int64_t dim) {
    std::vector<float> scores = numbers(2 * entries), table = numbers(entries * dim), rest = numbers(2 * dim), left = rest;
    scores[entries - 1] = scores[0] = 9;          // the first of equal ones
    scores[entries + entries / 2] = std::nanf(""); // above all
    std::vector<int64_t> ids(4, -1);
    subtractNearest({scores.data(), 2, entries, table.data(), dim, left.data(), ids.data(), 2});
    const int64_t expected[] = {0, entries / 2};
    for (int64_t row = 0; row < 2; row++) {
        expect(ids[2 * row], expected[row], 0, "nearest", "all", 2, entries);
        expect(ids[2 * row + 1], -1, 0, "beside the nearest", "all", 2, entries);
        for (int64_t i = 0; i < dim; i++) {
            float vector = table[expected[row] * dim + i];
            expect(left[row * dim + i], rest[row * dim + i] - vector, 0, "rest", "all", 2, dim);
        }
    }
}

void checkUpsampling(int64_t steps, int64_t channels, int64_t ratio) {
    std::vector<float> x = numbers((1 + steps) * channels), present = numbers(ratio * channels), before = numbers(ratio * channels);
    std::vector<float> y(steps * ratio * channels);
    upsample({x.data(), steps, channels, present.data(), before.data(), ratio, y.data()});
    for (int64_t i = 0; i < steps * ratio * channels; i++) {
        int64_t c = i % channels, s = i / channels % ratio, t = i / channels / ratio;
        float now = x[(t + 1) * channels + c] * present[s * channels + c], then = x[t * channels + c] * before[s * channels + c];
        expect(y[i], now + then, 0, "upsampling", "all", steps, channels);
    }
}

void check(const InstructionSet& set) {
    for (int type : {kF32, kBf16, kInt8}) {
        checkAttention(set, type, 2, 1);
        checkAttention(set, type, 24, 70);
        checkAttention(set, type, 64, 64);
        checkAttention(set, type, 144, 131);
    }
    const int64_t sizes[][2] = {{1, 1}, {15, 33}, {16, 64}, {17, 250}, {48, 512}, {5, 1029}};
    const Form forms[] = {{8, 0, false}, {4, 32, false}, {4, 64, false}, {4, 128, false}, {8, 32, false}, {8, 64, false}};
    for (const auto& size : sizes) {
        for (const Form& form : forms) {
            checkPacked(set, form, size[0], size[1]);
        }
        checkDense(set, kF32, size[0], size[1]);
        checkDense(set, kBf16, size[0], size[1]);
        checkRows(set, kF32, size[1]);
        checkRows(set, kBf16, size[1]);
        for (int type : {kF32, kBf16, kF16, kInt8}) {
            checkPanels(set, type, size[0], size[1]);
        }
    }
}

} // namespace

// Arguments: the instruction sets that must be there, so that an emulator that lacks one does not pass by skipping it.
int main(int count, char** names) {
    int missing = count - 1;
    for (float mass : {2.0f, 0.6f, 0.0f}) {
        checkChoice(7, 7, mass);
        checkChoice(2048, 250, mass);
        checkChoice(5000, 25, mass);
    }
    checkSum(37);
    checkRectifier(37);
    checkNearest(2048, 256);
    checkNearest(19, 3);
    checkUpsampling(2, 37, 3);
    for (int i = 0; i < kInstructionSetCount; i++) {
        const InstructionSet* set = kInstructionSets[i];
        if (set == nullptr || !set->isSupported()) {
            continue;
        }
        check(*set);
        printf("%s ", set->name);
        for (int n = 1; n < count; n++) {
            missing -= strcmp(set->name, names[n]) == 0;
        }
    }
    printf(": %d numbers checked, %d wrong, %d instruction sets missing\n", checks, failures, missing);
    return failures > 0 || missing > 0;
}
