#include "kernels.h"

namespace moshivis {

extern const InstructionSet kPlain;
#if defined(__x86_64__)
extern const InstructionSet kAvx2, kAvx512, kAvx512Bf16;
const InstructionSet* const kInstructionSets[kInstructionSetCount] = {&kPlain, &kAvx2, &kAvx512, &kAvx512Bf16, nullptr};
#elif defined(__aarch64__)
extern const InstructionSet kNeon;
const InstructionSet* const kInstructionSets[kInstructionSetCount] = {&kPlain, nullptr, nullptr, nullptr, &kNeon};
#else
const InstructionSet* const kInstructionSets[kInstructionSetCount] = {&kPlain, nullptr, nullptr, nullptr, nullptr};
#endif

} // namespace moshivis
