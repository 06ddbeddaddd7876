#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "base/unfinished_files.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

std::string SystemMessage() { return std::strerror(errno); }

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

/// Opened without waiting, so that a FIFO that nobody writes to does not hang us.
int OpenRegular(const fs::path& path, struct stat& status) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) throw InputError(path.string(), "cannot be opened: " + SystemMessage());
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  const bool is_directory = S_ISDIR(status.st_mode);
  ::close(descriptor);
  throw InputError(path.string(), is_directory ? "is a directory, not a file" : "is not a file");
}

}  // namespace

std::string ReadFile(const fs::path& path, std::size_t max_bytes) {
  struct stat status {};
  const Descriptor file(OpenRegular(path, status));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) {
    throw InputError(path.string(), fmt::format("is too large: {} bytes, at most {} are read here",
                                                size, max_bytes));
  }
  std::string contents(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count = ::read(file.value(), contents.data() + filled, size - filled);
    if (count < 0) throw InputError(path.string(), "cannot be read: " + SystemMessage());
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  contents.resize(filled);
  return contents;
}

void RequireRegularFile(const fs::path& path) {
  struct stat status {};
  ::close(OpenRegular(path, status));
}

void CreateFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    throw InputError(folder.string(),
                     "cannot be made a folder" + (error ? ": " + error.message() : std::string()));
  }
}

AtomicFile::AtomicFile(const fs::path& path, unsigned mode)
    : path_(path), temporary_(path.string() + ".tmp" + std::to_string(::getpid())) {
  const auto existing = fs::status(path).type();
  if (existing == fs::file_type::directory) {
    throw InputError(path.string(), "is a directory, not a file");
  }
  if (existing != fs::file_type::not_found && existing != fs::file_type::regular) {
    throw InputError(path.string(), "is not a file that can be replaced");
  }
  ::unlink(temporary_.c_str());  // of a process of the same number that was killed
  unfinished_ = AddUnfinishedFile(temporary_.c_str());
  // Never through a link that somebody laid there.
  descriptor_ =
      ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (descriptor_ >= 0) return;
  Finished(unfinished_);
  Fail();
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
  }
  Finished(unfinished_);
}

void AtomicFile::Fail() {
  throw InputError(path_.string(), "cannot be written: " + SystemMessage());
}

void AtomicFile::Write(std::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(descriptor_, data.data(), data.size());
    if (count < 0) Fail();
    data.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::Commit() {
  if (::fsync(descriptor_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) Fail();
  ::close(descriptor_);
  descriptor_ = -1;
}

AtomicFolder::AtomicFolder(const fs::path& path) : path_(fs::weakly_canonical(path)) {
  if (path.empty()) throw InputError("the name of the folder is empty");
  if (!path_.has_filename()) path_ = path_.parent_path();  // "name/"
  if (fs::exists(path_)) {
    if (!fs::is_directory(path_)) throw InputError(path.string(), "is there and not a folder");
    if (!fs::is_empty(path_)) throw InputError(path.string(), "is there and not empty");
    // It is replaced, and whoever stands in it would stand in a folder that is no more.
    if (path_ == fs::current_path()) throw InputError(path.string(), "is the current folder");
  }
  temporary_ = path_.string() + ".tmp" + std::to_string(::getpid());
  std::error_code error;
  fs::remove_all(temporary_, error);  // of a process of the same number that was killed
  if (!fs::create_directory(temporary_, error)) {
    throw InputError(path.string(), "cannot be made a folder: " + error.message());
  }
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

void AtomicFolder::Commit() {
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw InputError(path_.string(), "cannot be written: " + SystemMessage());
  }
}

void WriteFileAtomically(const fs::path& path, std::string_view contents) {
  AtomicFile file(path);
  file.Write(contents);
  file.Commit();
}

TemporaryFolder::TemporaryFolder(const fs::path& parent) {
  std::string name =
      ((parent.empty() ? fs::temp_directory_path() : parent) / "scission-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw InputError(name, "cannot make a temporary folder: " + SystemMessage());
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace scission
