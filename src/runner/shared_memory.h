// Memory that two processes see.
#pragma once

#include <cstddef>

namespace scission {

/// An anonymous file, mapped; all zero at first, its pages come to be when they are written. It can
/// grow but not shrink, so whatever one process does to it, what the other reads is there. It lives
/// as long as one of them has it.
class SharedMemory {
 public:
  /// Makes one of `size` bytes, with room in this process's addresses to grow to `room`.
  SharedMemory(std::size_t size, std::size_t room);
  /// Takes over `descriptor`, which another process sent. Throws std::runtime_error if the file is
  /// smaller than `size`.
  SharedMemory(int descriptor, std::size_t size, std::size_t room);
  ~SharedMemory();
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) = delete;

  int descriptor() const { return descriptor_; }
  char* data() const { return data_; }

  /// As the file is now.
  std::size_t Size() const;
  /// Makes it at least `size` bytes, at most its room. Throws std::runtime_error where there is no
  /// memory.
  void Grow(std::size_t size);

 private:
  void Map();

  int descriptor_ = -1;
  std::size_t room_ = 0;
  char* data_ = nullptr;
};

}  // namespace scission
