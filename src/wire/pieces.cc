#include "wire/pieces.h"

#include <grpc/slice.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <stdexcept>

namespace scission {

Pieces::Pieces(const grpc::ByteBuffer& message) {
  if (!message.Valid()) return;
  if (!message.Dump(&slices_).ok()) throw std::runtime_error("a message cannot be read");
  for (const grpc::Slice& slice : slices_) size_ += slice.size();
}

/// Calls `function(slice, from, count)` for the parts of slices that the range covers.
template <typename Function>
void Pieces::ForEach(std::size_t offset, std::size_t bytes, Function function) const {
  assert(offset + bytes <= size_);
  for (const grpc::Slice& slice : slices_) {
    if (bytes == 0) return;
    if (offset >= slice.size()) {
      offset -= slice.size();
      continue;
    }
    const std::size_t count = std::min(bytes, slice.size() - offset);
    function(slice, offset, count);
    bytes -= count;
    offset = 0;
  }
}

void Pieces::Copy(std::size_t offset, std::size_t bytes, char* to) const {
  ForEach(offset, bytes, [&](const grpc::Slice& slice, std::size_t from, std::size_t count) {
    std::memcpy(to, slice.begin() + from, count);
    to += count;
  });
}

std::vector<grpc::Slice> Pieces::Part(std::size_t offset, std::size_t bytes) const {
  std::vector<grpc::Slice> part;
  ForEach(offset, bytes, [&](const grpc::Slice& slice, std::size_t from, std::size_t count) {
    const grpc_slice whole = slice.c_slice();
    part.emplace_back(grpc_slice_sub(whole, from, from + count), grpc::Slice::STEAL_REF);
    grpc_slice_unref(whole);
  });
  return part;
}

}  // namespace scission
