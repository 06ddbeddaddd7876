#include "worker/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>

namespace scission {
namespace {

namespace fs = std::filesystem;

/// Absent (not open) where another process has it and `operation` does not wait.
Descriptor Locked(const fs::path& folder, int operation) {
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor.is_open() || ::flock(descriptor.value(), operation) != 0) return {};
  return descriptor;
}

void RemoveOrphans(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (Locked(entry.path(), LOCK_EX | LOCK_NB).is_open()) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& parent) {
  CreateFolder(parent);
  // So that no other process takes the new one for an orphan before it is locked.
  const Descriptor all = Locked(parent, LOCK_EX);
  RemoveOrphans(parent);
  folder_.emplace(parent);
  lock_ = Locked(path(), LOCK_EX | LOCK_NB);
}

}  // namespace scission
