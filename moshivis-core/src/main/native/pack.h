// Makes packed matrices, 16 rows at a time.
#pragma once
#include "layout.h"

namespace moshivis {

// Rows of numbers, rounded: in groups symmetrically, 4 bits by the number of the largest magnitude of each group, 8 bits by the largest
// magnitude of each group or row. form.affine is false. A row that is not finite gets a multiplier that is not.
void packNumbers(const Form& form, int64_t in, const void* source, int type, int64_t stride, int64_t rows, uint8_t* target);

// Rows of values that have been rounded before: value (r, c) is scales[r, g] * values[r, c] + offsets[r, g], g = c / form.group.
// values: unsigned, [rows, in]; scales and offsets: [rows, in / group]. If form.affine is false, offsets are not read: values have
// their middle, 8 or 128, for zero. Scales keep their 11 bits unless they are 2^29 times smaller than the row's largest.
void packGroups(
        const Form& form, int64_t in, const uint8_t* values, const float* scales, const float* offsets, int64_t rows, uint8_t* target);

} // namespace moshivis
