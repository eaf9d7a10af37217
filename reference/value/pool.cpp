// What a pool asks of the kernel.
#include "reference/value/pool.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace assay {

void advise_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef __linux__
  // Whole pages, outward: that includes the allocator's header before the block.
  // Were it left out, the mapping would fall in two and realloc() could not move it.
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(block) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(block) + bytes + page - 1) / page * page;
  // It is advice: a kernel without large pages answers with an error.
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

}  // namespace assay
