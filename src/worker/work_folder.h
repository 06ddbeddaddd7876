// A worker's own files while it lives.
#pragma once

#include <filesystem>
#include <optional>

#include "base/file.h"
#include "worker/descriptor.h"

namespace scission {

/// A new folder in `parent` for this process alone, removed at the end. Those of processes that
/// were killed are removed when the next one makes its own. Throws InputError naming `parent`.
class WorkFolder {
 public:
  explicit WorkFolder(const std::filesystem::path& parent);

  const std::filesystem::path& path() const { return folder_->path(); }

 private:
  Descriptor lock_;                        ///< of the folder, as long as the process lives
  std::optional<TemporaryFolder> folder_;  ///< always there once it is made
};

}  // namespace scission
