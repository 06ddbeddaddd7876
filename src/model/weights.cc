#include "model/weights.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "model/mapped_file.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// Refuses every path that could lead out of `folder`: a model must not be able to read, say, a
/// key file into a tensor that is then sent to another host.
fs::path CheckedPath(const std::string& location, const fs::path& folder,
                     const std::string& place) {
  const std::string shown = "external data '" + Printable(location) + "'";
  const fs::path relative(location);
  if (location.empty() || relative.is_absolute()) {
    throw InputError(place, shown + " is not a path relative to the model");
  }
  fs::path path = folder.empty() ? fs::path(".") : folder;
  for (const fs::path& part : relative) {
    if (part == "..") throw InputError(place, shown + " leads out of the model's folder");
    path /= part;
    if (fs::is_symlink(path)) throw InputError(place, shown + " is a symbolic link");
  }
  std::error_code error;
  if (!fs::is_regular_file(path, error)) throw InputError(place, shown + " is not there");
  if (fs::hard_link_count(path, error) > 1) throw InputError(place, shown + " is a hard link");
  return path;
}

/// The typed fields of TensorProto as raw bytes; protobuf widens small integers to 32 bits.
template <typename Stored, typename Field>
std::string Pack(const Field& field) {
  std::string packed(static_cast<std::size_t>(field.size()) * sizeof(Stored), '\0');
  char* out = packed.data();
  for (const auto value : field) {
    const auto narrow = static_cast<Stored>(value);
    std::memcpy(out, &narrow, sizeof(Stored));
    out += sizeof(Stored);
  }
  return packed;
}

std::string PackTypedData(const onnx::TensorProto& tensor) {
  switch (BitsPerElement(static_cast<ElementType>(tensor.data_type()))) {
    case 8:
      return Pack<std::uint8_t>(tensor.int32_data());
    case 16:
      return Pack<std::uint16_t>(tensor.int32_data());
    default:
      break;
  }
  switch (static_cast<ElementType>(tensor.data_type())) {
    case ElementType::kFloat:
    case ElementType::kComplex64:
      return Pack<float>(tensor.float_data());
    case ElementType::kInt32:
      return Pack<std::int32_t>(tensor.int32_data());
    case ElementType::kUint32:
      return Pack<std::uint32_t>(tensor.uint64_data());
    case ElementType::kInt64:
      return Pack<std::int64_t>(tensor.int64_data());
    case ElementType::kUint64:
      return Pack<std::uint64_t>(tensor.uint64_data());
    case ElementType::kInt4:
    case ElementType::kUint4:
      return Pack<std::uint8_t>(tensor.int32_data());
    default:
      return Pack<double>(tensor.double_data());
  }
}

/// Only initializers of the model's own graph may lie in files: engines resolve other places in
/// their own ways, and `CheckedPath` has to be the only door.
void RefuseHiddenExternalData(const onnx::GraphProto& graph, const std::string& place,
                              bool is_top) {
  const auto refuse = [&](const onnx::TensorProto& tensor) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    throw InputError(place, "tensor '" + Printable(tensor.name()) +
                                "' has external data, which only initializers of the graph may");
  };
  if (!is_top) {
    for (const auto& tensor : graph.initializer()) refuse(tensor);
  }
  for (const auto& sparse : graph.sparse_initializer()) {
    refuse(sparse.values());
    refuse(sparse.indices());
  }
  for (const auto& node : graph.node()) {
    for (const auto& attribute : node.attribute()) {
      refuse(attribute.t());
      for (const auto& tensor : attribute.tensors()) refuse(tensor);
      refuse(attribute.sparse_tensor().values());
      refuse(attribute.sparse_tensor().indices());
      RefuseHiddenExternalData(attribute.g(), place, false);
      for (const auto& inner : attribute.graphs()) RefuseHiddenExternalData(inner, place, false);
    }
  }
}

void RefuseHiddenExternalData(const onnx::ModelProto& model, const std::string& place) {
  RefuseHiddenExternalData(model.graph(), place, true);
  for (const auto& function : model.functions()) {
    onnx::GraphProto body;
    *body.mutable_node() = function.node();
    RefuseHiddenExternalData(body, place, false);
  }
}

/// Takes the weights out of one graph.
class Separator {
 public:
  Separator(ModelContents& contents, std::string place, fs::path folder, bool allow_missing_values)
      : contents_(contents),
        place_(std::move(place)),
        folder_(std::move(folder)),
        allow_missing_values_(allow_missing_values) {}

  void Run() {
    auto* graph = contents_.skeleton.mutable_graph();
    google::protobuf::RepeatedPtrField<onnx::TensorProto> inline_tensors;
    for (onnx::TensorProto& tensor : *graph->mutable_initializer()) {
      if (tensor.data_type() == onnx::TensorProto::STRING) {
        *inline_tensors.Add() = std::move(tensor);
        continue;
      }
      Weight weight = Read(tensor);
      if (static_cast<std::size_t>(weight.spec.ByteCount()) > kInlineWeightBytes) {
        Keep(std::move(weight));
      } else {
        tensor.clear_external_data();
        tensor.clear_data_location();
        tensor.set_raw_data(std::string(weight.data));
        *inline_tensors.Add() = std::move(tensor);
      }
    }
    graph->mutable_initializer()->Swap(&inline_tensors);
  }

 private:
  Weight Read(onnx::TensorProto& tensor) {
    const std::string place = place_ + ": initializer '" + Printable(tensor.name()) + "'";
    Weight weight;
    weight.spec = {tensor.name(),
                   static_cast<ElementType>(tensor.data_type()),
                   {tensor.dims().begin(), tensor.dims().end()}};
    if (BitsPerElement(weight.spec.type) == 0) {
      throw InputError(place, fmt::format("has an unknown data type {}", tensor.data_type()));
    }
    ElementCount(weight.spec.shape, place);
    if (tensor.data_location() == onnx::TensorProto::EXTERNAL) {
      ReadExternal(tensor, weight, place);
    } else {
      auto data = std::make_shared<std::string>();
      if (tensor.has_raw_data()) {
        data.reset(tensor.release_raw_data());
      } else {
        *data = PackTypedData(tensor);
        ClearTypedData(tensor);
      }
      weight.data = *data;
      weight.owner = std::move(data);
    }
    const auto expected = static_cast<std::size_t>(weight.spec.ByteCount());
    const bool may_be_missing = allow_missing_values_ && expected > kInlineWeightBytes;
    if (weight.data.size() != expected && !(weight.data.empty() && may_be_missing)) {
      throw InputError(place, fmt::format("has {} bytes of data, its shape {} asks for {}",
                                          weight.data.size(), ToText(weight.spec.shape), expected));
    }
    return weight;
  }

  static void ClearTypedData(onnx::TensorProto& tensor) {
    tensor.clear_float_data();
    tensor.clear_int32_data();
    tensor.clear_int64_data();
    tensor.clear_double_data();
    tensor.clear_uint64_data();
  }

  void ReadExternal(const onnx::TensorProto& tensor, Weight& weight, const std::string& place) {
    std::map<std::string, std::string> entries;
    for (const auto& entry : tensor.external_data()) entries[entry.key()] = entry.value();
    const auto file = Open(entries["location"], place);
    const auto needed = static_cast<std::size_t>(weight.spec.ByteCount());
    const auto offset = ParseInteger(entries["offset"].empty() ? "0" : entries["offset"]);
    const auto length =
        ParseInteger(entries["length"].empty() ? std::to_string(needed) : entries["length"]);
    const auto size = static_cast<long long>(file->data().size());
    if (!offset || !length || *offset < 0 || *length < 0 || *offset > size ||
        *length > size - *offset) {
      throw InputError(
          place, "lies outside its external data file '" + Printable(entries["location"]) + "'");
    }
    weight.data =
        file->data().substr(static_cast<std::size_t>(*offset), static_cast<std::size_t>(*length));
    weight.owner = file;
  }

  std::shared_ptr<const MappedFile> Open(const std::string& location, const std::string& place) {
    auto& file = files_[location];
    if (!file) file = std::make_shared<const MappedFile>(CheckedPath(location, folder_, place));
    return file;
  }

  void Keep(Weight weight) {
    contents_.weight_index.emplace(weight.spec.name, static_cast<int>(contents_.weights.size()));
    contents_.weights.push_back(std::move(weight));
  }

  ModelContents& contents_;
  std::string place_;
  fs::path folder_;
  bool allow_missing_values_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

}  // namespace

void SetWeightsApart(ModelContents& contents, const std::string& place, const fs::path& folder,
                     bool allow_missing_values) {
  RefuseHiddenExternalData(contents.skeleton, place);
  Separator(contents, place, folder, allow_missing_values).Run();
}

}  // namespace scission
