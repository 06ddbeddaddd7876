#include "model/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace scission {

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    throw InputError(path.string(), "cannot be read: " + std::string(std::strerror(errno)));
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* memory =
      size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
  ::close(descriptor);
  if (memory == MAP_FAILED) throw InputError(path.string(), "cannot be mapped into memory");
  data_ = {static_cast<const char*>(memory), size};
}

MappedFile::~MappedFile() { ::munmap(const_cast<char*>(data_.data()), data_.size()); }

void MappedFile::ForgetPages() const {
  ::madvise(const_cast<char*>(data_.data()), data_.size(), MADV_DONTNEED);
}

}  // namespace scission
