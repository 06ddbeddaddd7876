// A file as memory.
#pragma once

#include <filesystem>
#include <string_view>

namespace scission {

/// A file mapped for reading. Its pages count as memory of this process only once they are read,
/// and the system can take them back.
class MappedFile {
 public:
  /// Throws InputError if `path` is a link, empty, or cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string_view data() const { return data_; }

  /// Hands all pages back; who reads them next gets them from the file again. May be called while
  /// other threads read.
  void ForgetPages() const;

 private:
  std::filesystem::path path_;
  std::string_view data_;
};

}  // namespace scission
