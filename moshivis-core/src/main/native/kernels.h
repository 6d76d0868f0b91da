// What each instruction set provides. Addresses need no alignment beyond that of their elements unless it is said.
#pragma once
#include "layout.h"

namespace moshivis {

struct PackedProduct {
    Form form;
    const uint8_t* matrix; // aligned to 64 bytes
    Activations x;
    int rows;              // of x
    void* y;               // [rows, stride] of type
    int64_t stride;
    int type;              // kF32 or kBf16
    int64_t in, out;
    int64_t fromBlock, toBlock;
};

struct DenseProduct {
    const void* matrix;    // [out, in], kF32 or kBf16, dense
    int type;              // of matrix, x and y
    const void* x;         // as prepareDense wrote it
    int rows;
    const float* bias;     // [out] or null
    void* y;               // [rows, stride]
    int64_t stride;
    int64_t in, out;
    int64_t from, to;      // rows of the matrix
};

struct Attention {
    const void* query;           // [rows, steps, heads * dim] of type, steps at a stride; key and value as well
    const void* key;             // of the new steps; null if nothing is written
    const void* value;
    int type;                    // kF32 or kBf16, of y, too
    int64_t stride;
    const float* rotations;      // [rows, steps, dim / 2, 2] cosines and sines; null for none
    void* keys;                  // [rows, heads, capacity, dim] of cacheType
    void* values;
    float* keyScales;            // [rows, heads, capacity], kInt8 only; else null
    float* valueScales;
    int cacheType;               // kF32, kBf16 or kInt8
    int64_t capacity;
    int64_t ring;                // keys before this one follow the last again; at most capacity
    const int64_t* positions;    // [rows, steps], where the new step goes
    const int64_t* starts;       // [rows, steps], the first key that a step sees; null for 0
    const int64_t* lengths;      // [rows, steps], how many keys it sees, at least 1
    float scale;                 // of scores
    void* y;                     // [rows, steps, heads * dim]
    int64_t steps;               // all are written before any attends
    int64_t heads;
    int dim;                     // even, at most 512
    int64_t from, to;            // of rows * heads
};

enum Activation { kNone = 0, kElu = 1, kGelu = 2 };

// x may be windows over time, whose rows overlap. y = activation(residual + factors * (matrix x + bias)).
struct PanelProduct {
    const uint8_t* matrix;       // see panels.h
    int type;                    // kF32, kBf16, kF16 or kInt8
    const float* scales;         // [out], of the rows of a matrix in kInt8; else null
    const float* x;              // [batches, rowsInBatch] at strides, in elements
    int64_t batchStride, rowStride, rowsInBatch;
    const float* bias;           // [out]; or null
    const float* factors;        // [out]; or null
    const float* residual;       // [rows, out]; or null
    int activation;
    float* y;                    // [rows, out]
    int64_t in, out;
    int64_t fromRow, toRow;      // of batches * rowsInBatch
    int64_t fromPanel, toPanel;
};

enum NormKind { kMeanOfSquares = 0, kVariance = 1, kLayer = 2 };

// y = x weight / sqrt(epsilon + v), with the mean of squares or the variance (divided by dim - 1, not centered) for v; or the layer norm.
struct Norm {
    int kind;
    const void* x;               // [rows, dim], rows at a stride
    int type;                    // kF32 or kBf16, of y, too
    int64_t stride;
    const void* weight;          // [dim] of weightType
    const void* bias;            // the same; or null
    int weightType;              // kF32 or kBf16
    float epsilon;
    void* y;                     // [rows, dim]
    int64_t rows, dim;
};

// y += x sigmoid(gates + shift); means of the sigmoids.
struct GatedSum {
    const void* gates;           // [rows, dim], kF32 or kBf16, as all others
    const void* x;
    int type;
    float shift;
    const uint8_t* used;         // [rows], 0 where y stays and the mean is 0; null if all count
    void* y;
    void* means;                 // [rows]
    int64_t rows, dim;
};

struct InstructionSet {
    const char* name;
    bool (*isSupported)();
    // Rounds a row of x to 8 bits. A row that is not finite becomes NaN as a whole; magnitudes below 2^-119 become zero.
    void (*quantize)(const void* x, int type, int64_t in, uint8_t* out);
    void (*packed)(const PackedProduct&);
    // Lays a row of x out for dense(): zeros to a multiple of 64 columns; 4 bytes a column are enough.
    void (*prepareDense)(const void* x, int type, int64_t in, uint8_t* out);
    void (*dense)(const DenseProduct&);
    void (*attend)(const Attention&);
    // See packing.h.
    void (*packNumbers)(const Form&, int64_t in, const void* source, int type, int64_t stride, int64_t rows, uint8_t* target);
    void (*packGroups)(
            const Form&, int64_t in, const uint8_t* values, const float* scales, const float* offsets, int64_t rows, uint8_t* target);
    // See panels.h.
    void (*packPanels)(int type, const float* source, int64_t rows, int64_t in, float* scales, uint8_t* target);
    void (*panels)(const PanelProduct&);
    void (*activate)(int activation, const float* x, float* y, int64_t count);
    // See rows.h.
    void (*normalize)(const Norm&);
    void (*gate)(const void* x, int type, int64_t rows, int64_t hidden, void* y);
    void (*addGated)(const GatedSum&);
};

constexpr int64_t kDensePadding = 64;

inline size_t denseRowBytes(int64_t in) { return (in + kDensePadding - 1) / kDensePadding * kDensePadding * 4; }

// plain, avx2, avx512-vnni, avx512-vnni-bf16, neon-dotprod, as the Java side counts them; null where this library has none.
constexpr int kInstructionSetCount = 5;
extern const InstructionSet* const kInstructionSets[kInstructionSetCount];

} // namespace moshivis
