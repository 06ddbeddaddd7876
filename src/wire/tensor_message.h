// ModelInferRequest and ModelInferResponse with their tensors left where they lie: a tensor of
// megabytes is neither copied when a message is taken apart nor when one is put together.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <string_view>
#include <vector>

#include "codec/codec.h"
#include "model/tensor.h"
#include "wire/pieces.h"

namespace scission {

/// A tensor of a message that was taken apart.
struct WireTensor {
  TensorSpec spec;  ///< type kString for BYTES
  Codec codec = Codec::kNone;
  // Of its contents, packed by `codec`, in the message.
  std::size_t offset = 0;
  std::size_t bytes = 0;
  std::string typed;  ///< the contents instead, where they came as numbers; else empty
};

/// A request or a response, taken apart.
class TensorMessage {
 public:
  /// Throws InputError where the message is malformed: no protobuf, unknown datatypes, shapes that
  /// are negative or overflow, contents that are missing, twice there, or (unless packed) not of
  /// the size that datatype and shape ask for.
  static TensorMessage ParseRequest(const grpc::ByteBuffer& message);
  static TensorMessage ParseResponse(const grpc::ByteBuffer& message);

  std::string model;
  std::string version;
  std::string id;
  std::vector<WireTensor> tensors;
  std::vector<std::string> requested;  ///< outputs, by name; none: all

  /// The tensor of this name, or null.
  const WireTensor* Find(std::string_view name) const;
  /// Copies the contents of one of `tensors`, but for the first `skipped` bytes, to `to`, which has
  /// room for the others.
  void Copy(const WireTensor& tensor, char* to, std::size_t skipped = 0) const;
  /// The contents as pieces that share the memory of the message.
  std::vector<grpc::Slice> Contents(const WireTensor& tensor) const;

 private:
  Pieces pieces_;

  friend struct MessageParser;
};

/// A tensor for a message that is put together.
struct OutgoingTensor {
  TensorSpec spec;
  Codec codec = Codec::kNone;
  std::vector<grpc::Slice> contents;  ///< packed by `codec`
};

/// The same tensor as other programs understand it, not packed. Throws InputError as Decode does.
OutgoingTensor Unpacked(OutgoingTensor tensor);

/// Of all tensors, as packed.
Bytes ContentsOf(const std::vector<OutgoingTensor>& tensors);

grpc::ByteBuffer MakeRequest(const std::string& model, const std::string& id,
                             const std::vector<OutgoingTensor>& tensors,
                             const std::vector<std::string>& requested = {});
grpc::ByteBuffer MakeResponse(const std::string& model, const std::string& id,
                              const std::vector<OutgoingTensor>& tensors);
/// `response` as the answer of `model` to the request `id`, whoever made it. Shares its memory.
grpc::ByteBuffer Readdress(const grpc::ByteBuffer& response, const std::string& model,
                           const std::string& id);

/// The path of the call, for generic stubs.
inline constexpr const char* kInferMethod = "/inference.GRPCInferenceService/ModelInfer";

}  // namespace scission
