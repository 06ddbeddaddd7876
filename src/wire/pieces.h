// A message as it came from the network, in pieces that are shared and not copied.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <vector>

namespace scission {

class Pieces {
 public:
  Pieces() = default;
  explicit Pieces(const grpc::ByteBuffer& message);

  std::size_t size() const { return size_; }
  /// Copies the `bytes` bytes from `offset` on, which must be there, to `to`.
  void Copy(std::size_t offset, std::size_t bytes, char* to) const;
  /// The same as pieces that share the memory.
  std::vector<grpc::Slice> Part(std::size_t offset, std::size_t bytes) const;

 private:
  template <typename Function>
  void ForEach(std::size_t offset, std::size_t bytes, Function function) const;

  std::vector<grpc::Slice> slices_;
  std::size_t size_ = 0;
};

}  // namespace scission
