// Memory of packed matrices: aligned to cache lines, large ones in huge pages where the system has them.
#pragma once
#include <cstddef>

namespace moshivis {

void* allocate(size_t bytes); // null if there is none
void release(void* memory);

// Asks for huge pages where memory of others has none yet: all of it is going to be used.
void useSoon(void* memory, size_t bytes);

} // namespace moshivis
