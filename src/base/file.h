// Files as untrusted input, and as output that is never half-written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace scission {

/// The whole of a regular file. Throws InputError naming `path` if it is missing, a directory, a
/// FIFO or device, unreadable, or larger than `max_bytes`.
std::string ReadFile(const std::filesystem::path& path, std::size_t max_bytes = 64u << 20);

/// Throws InputError unless `path` is a regular file that can be opened.
void RequireRegularFile(const std::filesystem::path& path);

/// Creates `folder` and its parents. Throws InputError naming it where that is not possible.
void CreateFolder(const std::filesystem::path& folder);

/// A file that appears under its name only when complete: written beside it under a temporary
/// name, renamed by Commit(). Without Commit() nothing stays. Throws InputError naming `path` if
/// it cannot be written, or is there and not a regular file.
class AtomicFile {
 public:
  /// `mode`: who may do what with it from the first moment on, less the umask.
  explicit AtomicFile(const std::filesystem::path& path, unsigned mode = 0644);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(std::string_view data);
  void Commit();
  /// Where the data lies until Commit(); for writers that want a name.
  const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  [[noreturn]] void Fail();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  int unfinished_ = -1;
};

/// A folder that appears under its name only when complete: filled under a temporary name beside
/// it, renamed by Commit(). Without Commit() nothing stays. Throws InputError naming `path` if it
/// cannot be made, or is there and not an empty folder.
class AtomicFolder {
 public:
  explicit AtomicFolder(const std::filesystem::path& path);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  void Commit();
  /// Where to put the files until Commit().
  const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

void WriteFileAtomically(const std::filesystem::path& path, std::string_view contents);

/// A new empty folder in `parent`, or in the system's temporary folder where that is empty; removed
/// with all in it at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace scission
