// Writes a segment as an ONNX file, weight by weight.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "base/error.h"
#include "base/file.h"
#include "model/model.h"
#include "model/segment_writer.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// Field numbers and wire types of onnx.proto that the stream is made of.
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::uint32_t kModelGraph = (7 << 3) | kLengthDelimited;
constexpr std::uint32_t kGraphInitializer = (5 << 3) | kLengthDelimited;
constexpr std::uint32_t kTensorRawData = (9 << 3) | kLengthDelimited;

std::string TagAndLength(std::uint32_t tag, std::size_t length) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.WriteTag(tag);
    coded.WriteVarint64(length);
  }
  return bytes;
}

/// Everything of one initializer's message but its data.
std::string HeadOf(const Weight& weight) {
  onnx::TensorProto tensor;
  tensor.set_name(weight.spec.name);
  tensor.set_data_type(static_cast<int>(weight.spec.type));
  for (const std::int64_t size : weight.spec.shape) tensor.add_dims(size);
  return tensor.SerializeAsString() + TagAndLength(kTensorRawData, weight.data.size());
}

/// A ModelProto as a stream: the weights' data goes to the file from where it lies in memory.
class ModelStream {
 public:
  ModelStream(const ModelContents& contents, SegmentParts parts) {
    graph_ = parts.onnx.graph().SerializeAsString();
    parts.onnx.clear_graph();
    model_ = parts.onnx.SerializeAsString();
    graph_size_ = graph_.size();
    for (const int index : parts.weights) {
      const Weight& weight = contents.weights[static_cast<std::size_t>(index)];
      std::string head = HeadOf(weight);
      const std::size_t size = head.size() + weight.data.size();
      head = TagAndLength(kGraphInitializer, size) + head;
      graph_size_ += head.size() + weight.data.size();
      weights_.push_back({std::move(head), weight.data});
    }
  }

  std::size_t size() const { return model_.size() + graph_size_ + 16; }

  void WriteTo(AtomicFile& file) const {
    file.Write(model_);
    file.Write(TagAndLength(kModelGraph, graph_size_));
    file.Write(graph_);
    for (const auto& [head, data] : weights_) {
      file.Write(head);
      file.Write(data);
    }
  }

 private:
  struct Piece {
    std::string head;
    std::string_view data;
  };
  std::string model_;
  std::string graph_;
  std::size_t graph_size_ = 0;
  std::vector<Piece> weights_;
};

void WriteWithExternalData(const SegmentModel& segment, const fs::path& file) {
  AtomicFile data(file.string() + ".data");
  std::size_t written = 0;
  for (const WeightView& weight : segment.weights) {
    const std::size_t offset = AlignedOffset(written);
    data.Write(std::string(offset - written, '\0'));
    data.Write(weight.data);
    written = offset + weight.data.size();
  }
  data.Commit();
  WriteFileAtomically(file, segment.onnx);
}

}  // namespace

void WriteSegment(const Model& model, LayerRange range, const fs::path& file,
                  std::size_t max_onnx_bytes) {
  const ModelStream stream(model.contents(), MakeParts(model, range));
  if (stream.size() <= max_onnx_bytes) {
    AtomicFile output(file);
    stream.WriteTo(output);
    output.Commit();
    return;
  }
  const SegmentModel segment =
      ReferToWeights(model.contents(), MakeParts(model, range), file.filename().string() + ".data");
  WriteWithExternalData(segment, file);
}

}  // namespace scission
