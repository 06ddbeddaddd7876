#include "wire/message_memory.h"

#include <malloc.h>

namespace scission {
namespace {

constexpr int kLargestKept = 32 << 20;  // glibc takes no more
constexpr int kMostKept = 256 << 20;
/// Each keeps memory of its own.
constexpr int kArenas = 2;

}  // namespace

void KeepMemoryOfMessages() {
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_MMAP_THRESHOLD, kLargestKept);
  mallopt(M_TRIM_THRESHOLD, kMostKept);
}

void ReturnMemoryOfMessages() { malloc_trim(0); }

}  // namespace scission
