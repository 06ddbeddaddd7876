// From a file to parsed ONNX.
#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "model/contents.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kProtobufLimit = 0x7FFFFFFF;

onnx::ModelProto Parse(const fs::path& file) {
  RequireRegularFile(file);
  const auto size = fs::file_size(file);
  if (size == 0) throw InputError(file.string(), "is empty");
  if (size > kProtobufLimit) {
    throw InputError(
        file.string(),
        "is larger than the 2 GiB that protobuf allows; ONNX keeps the weights of such "
        "models in external data files");
  }
  onnx::ModelProto proto;
  google::protobuf::io::FileInputStream stream(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  stream.SetCloseOnDelete(true);
  // Messages about broken files are ours, not protobuf's.
  google::protobuf::LogSilencer silence;
  google::protobuf::io::CodedInputStream coded(&stream);
  if (!proto.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    throw InputError(file.string(), "is not an ONNX model, or it is cut off");
  }
  if (!proto.has_graph() || proto.graph().node_size() == 0) {
    throw InputError(file.string(), "is not an ONNX model: it has no graph with nodes");
  }
  return proto;
}

}  // namespace

std::string ModelNameOf(const fs::path& file) {
  return ToLower(file.extension() == ".onnx" ? file.stem().string() : file.filename().string());
}

Model LoadModel(const fs::path& file, const LoadOptions& options) {
  onnx::ModelProto proto = Parse(file);
  return MakeModel(std::move(proto), ModelNameOf(file), file.string(), file.parent_path(), options);
}

}  // namespace scission
