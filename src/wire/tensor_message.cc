#include "wire/tensor_message.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "open_inference.pb.h"
#include "wire/datatype.h"
#include "wire/typed_contents.h"

namespace scission {
namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using WireFormat = google::protobuf::internal::WireFormatLite;

/// Of a tensor: how its contents are packed. Only stages of ours send it to each other.
constexpr const char* kCodecParameter = "scission_codec";

constexpr int kRawInputs = inference::ModelInferRequest::kRawInputContentsFieldNumber;
constexpr int kRawOutputs = inference::ModelInferResponse::kRawOutputContentsFieldNumber;

/// Small fields take a multiple of their bytes once they are taken apart.
constexpr std::size_t kMaxFields = 20'000;
constexpr std::size_t kMaxTensors = 4096;

struct Extent {
  std::size_t offset = 0;
  std::size_t bytes = 0;
};

[[noreturn]] void FailMalformed() { throw InputError("the message is not valid protobuf"); }

/// Splits a message into its raw contents, which stay where they are, and all else.
class Splitter {
 public:
  Splitter(const grpc::ByteBuffer& message, const Pieces& pieces, int raw_field)
      : buffer_(message), reader_(&buffer_), stream_(&reader_), pieces_(pieces) {
    stream_.SetTotalBytesLimit(std::numeric_limits<int>::max());
    while (const std::uint32_t tag = ReadTag()) Take(tag, raw_field);
    if (!stream_.ConsumedEntireMessage()) FailMalformed();
    KeepUpTo(pieces_.size());
  }

  std::string others;
  std::vector<Extent> raw;

 private:
  std::uint32_t ReadTag() {
    field_begin_ = Position();
    return stream_.ReadTag();
  }
  std::size_t Position() const { return static_cast<std::size_t>(stream_.CurrentPosition()); }

  void Take(std::uint32_t tag, int raw_field) {
    if (++fields_ > kMaxFields) throw InputError("the message has too many fields");
    const bool is_raw = WireFormat::GetTagFieldNumber(tag) == raw_field &&
                        WireFormat::GetTagWireType(tag) == WireFormat::WIRETYPE_LENGTH_DELIMITED;
    if (!is_raw) {
      if (!WireFormat::SkipField(&stream_, tag)) FailMalformed();
      return;
    }
    KeepUpTo(field_begin_);
    int bytes = 0;
    if (!stream_.ReadVarintSizeAsInt(&bytes)) FailMalformed();
    raw.push_back({Position(), static_cast<std::size_t>(bytes)});
    if (!stream_.Skip(bytes)) FailMalformed();
    kept_ = Position();
  }

  /// What lies between the last raw contents and `end`.
  void KeepUpTo(std::size_t end) {
    const std::size_t begin = others.size();
    others.resize(begin + end - kept_);
    pieces_.Copy(kept_, end - kept_, others.data() + begin);
    kept_ = end;
  }

  grpc::ByteBuffer buffer_;
  grpc::ProtoBufferReader reader_;
  CodedInputStream stream_;
  const Pieces& pieces_;
  std::size_t fields_ = 0;
  std::size_t field_begin_ = 0;
  std::size_t kept_ = 0;
};

template <typename Tensor>
Codec CodecOf(const Tensor& tensor, const std::string& place) {
  const auto found = tensor.parameters().find(kCodecParameter);
  if (found == tensor.parameters().end()) return Codec::kNone;
  return ParseCodec(place, found->second.string_param());
}

template <typename Tensor>
TensorSpec SpecOf(const Tensor& tensor, const std::string& place) {
  TensorSpec spec{tensor.name(), ElementTypeOf(tensor.datatype()), {}};
  if (spec.type == ElementType::kUnknown) {
    throw InputError(place, fmt::format("has the datatype '{}', which the protocol does not have",
                                        Printable(tensor.datatype(), 40)));
  }
  spec.shape.assign(tensor.shape().begin(), tensor.shape().end());
  ElementCount(spec.shape, place);
  return spec;
}

void RequireSize(const WireTensor& tensor, const std::string& place) {
  if (tensor.codec != Codec::kNone || BitsPerElement(tensor.spec.type) == 0) return;
  const auto expected = static_cast<std::size_t>(tensor.spec.ByteCount());
  if (tensor.bytes == expected) return;
  throw InputError(place,
                   fmt::format("has {} bytes, but {} {} takes {}", tensor.bytes,
                               DatatypeOf(tensor.spec.type), ToText(tensor.spec.shape), expected));
}

}  // namespace

/// Common to requests and responses.
struct MessageParser {
  template <typename Tensors>
  static void TakeTensors(const Tensors& tensors, const std::vector<Extent>& raw,
                          TensorMessage& parsed) {
    const auto count = static_cast<std::size_t>(tensors.size());
    if (count > kMaxTensors) throw InputError(fmt::format("has more than {} tensors", kMaxTensors));
    if (!raw.empty() && raw.size() != count) {
      throw InputError(fmt::format("there are {} tensors, but {} raw contents", count, raw.size()));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto& tensor = tensors[static_cast<int>(i)];
      const std::string place = fmt::format("tensor '{}'", Printable(tensor.name(), 100));
      if (parsed.Find(tensor.name()) != nullptr) throw InputError(place, "stands twice");
      parsed.tensors.push_back(Take(tensor, raw.empty() ? nullptr : &raw[i], place));
    }
  }

  template <typename Tensor>
  static WireTensor Take(const Tensor& tensor, const Extent* raw, const std::string& place) {
    WireTensor taken;
    taken.spec = SpecOf(tensor, place);
    taken.codec = CodecOf(tensor, place);
    if (raw == nullptr) {
      taken.typed = TypedContents(tensor.contents(), taken.spec, place);
      taken.bytes = taken.typed.size();
    } else if (tensor.has_contents()) {
      throw InputError(place, "has both raw and typed contents");
    } else {
      taken.offset = raw->offset;
      taken.bytes = raw->bytes;
    }
    RequireSize(taken, place);
    return taken;
  }

  template <typename Message>
  static Message Parse(const grpc::ByteBuffer& buffer, int raw_field, TensorMessage& parsed,
                       std::vector<Extent>& raw) {
    parsed.pieces_ = Pieces(buffer);
    Splitter split(buffer, parsed.pieces_, raw_field);
    Message message;
    if (!message.ParseFromString(split.others)) FailMalformed();
    raw = std::move(split.raw);
    parsed.model = message.model_name();
    parsed.version = message.model_version();
    parsed.id = message.id();
    return message;
  }
};

TensorMessage TensorMessage::ParseRequest(const grpc::ByteBuffer& buffer) {
  TensorMessage parsed;
  std::vector<Extent> raw;
  const auto message =
      MessageParser::Parse<inference::ModelInferRequest>(buffer, kRawInputs, parsed, raw);
  MessageParser::TakeTensors(message.inputs(), raw, parsed);
  for (const auto& output : message.outputs()) parsed.requested.push_back(output.name());
  return parsed;
}

TensorMessage TensorMessage::ParseResponse(const grpc::ByteBuffer& buffer) {
  TensorMessage parsed;
  std::vector<Extent> raw;
  const auto message =
      MessageParser::Parse<inference::ModelInferResponse>(buffer, kRawOutputs, parsed, raw);
  MessageParser::TakeTensors(message.outputs(), raw, parsed);
  return parsed;
}

const WireTensor* TensorMessage::Find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const WireTensor& tensor) {
    return tensor.spec.name == name;
  });
  return found == tensors.end() ? nullptr : &*found;
}

void TensorMessage::Copy(const WireTensor& tensor, char* to, std::size_t skipped) const {
  if (!tensor.typed.empty()) {
    tensor.typed.copy(to, tensor.bytes - skipped, skipped);
  } else {
    pieces_.Copy(tensor.offset + skipped, tensor.bytes - skipped, to);
  }
}

std::vector<grpc::Slice> TensorMessage::Contents(const WireTensor& tensor) const {
  if (!tensor.typed.empty()) return {grpc::Slice(tensor.typed)};
  return pieces_.Part(tensor.offset, tensor.bytes);
}

namespace {

/// The tag and length that stand before raw contents.
grpc::Slice RawHead(int field, std::size_t bytes) {
  std::uint8_t head[16];
  const std::uint32_t tag = WireFormat::MakeTag(field, WireFormat::WIRETYPE_LENGTH_DELIMITED);
  std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(tag, head);
  end = CodedOutputStream::WriteVarint64ToArray(bytes, end);
  return {head, static_cast<std::size_t>(end - head)};
}

template <typename Tensor>
void Describe(const OutgoingTensor& outgoing, Tensor& tensor) {
  tensor.set_name(outgoing.spec.name);
  tensor.set_datatype(std::string(DatatypeOf(outgoing.spec.type)));
  for (const std::int64_t size : outgoing.spec.shape) tensor.add_shape(size);
  if (outgoing.codec == Codec::kNone) return;
  (*tensor.mutable_parameters())[kCodecParameter].set_string_param(ToText(outgoing.codec));
}

grpc::ByteBuffer Join(const std::string& head, int raw_field,
                      const std::vector<OutgoingTensor>& tensors) {
  std::vector<grpc::Slice> slices = {grpc::Slice(head)};
  for (const OutgoingTensor& tensor : tensors) {
    std::size_t bytes = 0;
    for (const grpc::Slice& slice : tensor.contents) bytes += slice.size();
    slices.push_back(RawHead(raw_field, bytes));
    slices.insert(slices.end(), tensor.contents.begin(), tensor.contents.end());
  }
  return {slices.data(), slices.size()};
}

}  // namespace

OutgoingTensor Unpacked(OutgoingTensor tensor) {
  if (tensor.codec == Codec::kNone) return tensor;
  std::string packed;
  for (const grpc::Slice& slice : tensor.contents) {
    packed.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  std::string values(static_cast<std::size_t>(tensor.spec.ByteCount()), '\0');
  Decode(tensor.codec, tensor.spec.type, packed, values.data(), values.size());
  tensor.contents = {grpc::Slice(values)};
  tensor.codec = Codec::kNone;
  return tensor;
}

Bytes ContentsOf(const std::vector<OutgoingTensor>& tensors) {
  Bytes bytes;
  for (const OutgoingTensor& tensor : tensors) {
    for (const grpc::Slice& slice : tensor.contents) {
      bytes += Bytes{static_cast<double>(slice.size())};
    }
  }
  return bytes;
}

grpc::ByteBuffer MakeRequest(const std::string& model, const std::string& id,
                             const std::vector<OutgoingTensor>& tensors,
                             const std::vector<std::string>& requested) {
  inference::ModelInferRequest head;
  head.set_model_name(model);
  head.set_id(id);
  for (const OutgoingTensor& tensor : tensors) Describe(tensor, *head.add_inputs());
  for (const std::string& name : requested) head.add_outputs()->set_name(name);
  return Join(head.SerializeAsString(), kRawInputs, tensors);
}

grpc::ByteBuffer MakeResponse(const std::string& model, const std::string& id,
                              const std::vector<OutgoingTensor>& tensors) {
  inference::ModelInferResponse head;
  head.set_model_name(model);
  head.set_id(id);
  for (const OutgoingTensor& tensor : tensors) Describe(tensor, *head.add_outputs());
  return Join(head.SerializeAsString(), kRawOutputs, tensors);
}

grpc::ByteBuffer Readdress(const grpc::ByteBuffer& response, const std::string& model,
                           const std::string& id) {
  // A field that comes again counts in place of what came before.
  inference::ModelInferResponse head;
  head.set_model_name(model);
  head.set_id(id);
  const Pieces pieces(response);
  std::vector<grpc::Slice> slices = pieces.Part(0, pieces.size());
  slices.emplace_back(head.SerializeAsString());
  return {slices.data(), slices.size()};
}

}  // namespace scission
