#include "memory.h"
#include <cstdint>
#include <cstdlib>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace moshivis {
namespace {

constexpr size_t kCacheLine = 64;
constexpr size_t kHugePage = size_t{2} << 20;

} // namespace

void* allocate(size_t bytes) {
    size_t alignment = bytes >= 2 * kHugePage ? kHugePage : kCacheLine;
    size_t rounded = (bytes + alignment - 1) / alignment * alignment;
#if defined(_WIN32)
    return _aligned_malloc(rounded, alignment);
#else
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, rounded) != 0) {
        return nullptr;
    }
#if defined(__linux__)
    if (alignment == kHugePage) {
        madvise(memory, rounded, MADV_HUGEPAGE); // a hint: small pages work as well
    }
#endif
    return memory;
#endif
}

void useSoon(void* memory, size_t bytes) {
#if defined(__linux__)
    uintptr_t first = (reinterpret_cast<uintptr_t>(memory) + kHugePage - 1) / kHugePage * kHugePage;
    uintptr_t end = (reinterpret_cast<uintptr_t>(memory) + bytes) / kHugePage * kHugePage;
    if (end > first) {
        madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
    }
#else
    (void)memory;
    (void)bytes;
#endif
}

void release(void* memory) {
#if defined(_WIN32)
    _aligned_free(memory);
#else
    free(memory);
#endif
}

} // namespace moshivis
