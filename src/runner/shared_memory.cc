#include "runner/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace scission {
namespace {

[[noreturn]] void Fail() {
  throw std::runtime_error(std::string("cannot make shared memory: ") + std::strerror(errno));
}

}  // namespace

SharedMemory::SharedMemory(std::size_t size, std::size_t room)
    : descriptor_(::memfd_create("scission-slot", MFD_CLOEXEC | MFD_ALLOW_SEALING)), room_(room) {
  if (descriptor_ < 0) Fail();
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0 ||
      ::fcntl(descriptor_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
    ::close(descriptor_);
    Fail();
  }
  Map();
}

SharedMemory::SharedMemory(int descriptor, std::size_t size, std::size_t room)
    : descriptor_(descriptor), room_(room) {
  if (Size() < size) {
    ::close(descriptor_);
    throw std::runtime_error("shared memory is too small");
  }
  Map();
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, room_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      room_(std::exchange(other.room_, 0)),
      data_(std::exchange(other.data_, nullptr)) {}

std::size_t SharedMemory::Size() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

void SharedMemory::Grow(std::size_t size) {
  assert(size <= room_);
  if (Size() >= size) return;
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) Fail();
}

void SharedMemory::Map() {
  void* memory =
      ::mmap(nullptr, room_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor_, 0);
  if (memory == MAP_FAILED) {
    ::close(descriptor_);
    Fail();
  }
  data_ = static_cast<char*>(memory);
}

}  // namespace scission
