// A worker's own files while it lives.
#pragma once

#include <filesystem>

#include "worker/descriptor.h"

namespace scission {

/// A new folder in `parent` for this process alone, removed at the end. Those of processes that
/// were killed are removed when the next one makes its own. Throws InputError naming `parent`.
class WorkFolder {
 public:
  explicit WorkFolder(const std::filesystem::path& parent);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Descriptor lock_;  ///< of the folder, as long as the process lives
};

}  // namespace scission
