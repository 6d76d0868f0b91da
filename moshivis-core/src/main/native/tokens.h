// Small work around the choice of tokens and codes, the same code on every processor.
#pragma once
#include <cstddef>
#include <cstdint>

namespace moshivis {

// y += x, rounded once.
struct Sum {
    const void* x;
    int type;                    // kF32 or kBf16, of y, too
    void* y;
    int64_t count;
};

// Of each row of logits a token among the most likely ones: that of the largest p / noise, with the softmax of logits / temperature for p
// and noise by rank. Takes part: the first, and each whose more likely ones are less than a mass together. Ranks are those of LibTorch's topk, which sorts by the standard library: tokens of one probability follow in its order.
struct Choice {
    const void* logits;          // [rows, entries]
    int type;                    // kF32 or kBf16
    const float* temperatures;   // [rows]
    const float* masses;         // [rows]; null for no limit
    const float* noise;          // [rows, ranks], above 0
    int64_t rows, entries, ranks;
    void* scratch;               // choiceBytes(entries), aligned to 8
    int64_t* tokens;             // [rows]
};

// The nearest vectors of a table: of each row of scores the place of its largest number, the first of equal ones, a NaN above all. rest -= vector.
struct Nearest {
    const float* scores;         // [rows, entries]
    int64_t rows, entries;       // at least one entry
    const float* table;          // [entries, dim]
    int64_t dim;
    float* rest;                 // [rows, dim]
    int64_t* ids;                // [rows] at a stride
    int64_t stride;
};

// y[s] = step present[s] + previous before[s], channel by channel.
struct Upsampling {
    const float* x;              // [1 + steps, channels], the previous step first
    int64_t steps, channels;
    const float* present;        // [ratio, channels]
    const float* before;
    int64_t ratio;
    float* y;                    // [steps, ratio, channels]
};

void add(const Sum&);

void subtractNearest(const Nearest&);

void upsample(const Upsampling&);

// x = max(x, 0), kF32 or kBf16; NaN stays.
void rectify(void* x, int type, int64_t count);

size_t choiceBytes(int64_t entries);

void choose(const Choice&);

// Copies rows of a table; a negative id gives zeros. Returns how many were copied: fewer than count before an id that is no row's.
int64_t lookUp(const uint8_t* table, int64_t rowBytes, int64_t entries, const int64_t* ids, int64_t count, uint8_t* y);

} // namespace moshivis
