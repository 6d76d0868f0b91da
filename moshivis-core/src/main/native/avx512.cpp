#include "avx512.h"

namespace moshivis {

void packedAvx512(const PackedProduct& p) { packed<Avx512>(p); }

void denseAvx512(const DenseProduct& p) { dense<Avx512>(p); }

extern const InstructionSet kAvx512 = {
        "avx512-vnni", hasAvx512, quantizeRow, packedAvx512, prepareFloats, denseAvx512};

} // namespace moshivis
