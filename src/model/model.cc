#include "model/model.h"

#include <fmt/format.h>
#include <onnx/checker.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "model/contents.h"
#include "model/layers.h"
#include "model/metadata.h"
#include "model/node_inputs.h"
#include "model/shapes.h"
#include "model/structure.h"
#include "model/weights.h"

namespace scission {
namespace {

constexpr std::int64_t kOldestOpset = 7;

std::int64_t OpsetOf(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import()) {
    if (opset.domain().empty()) return opset.version();
  }
  return 0;
}

/// "ai.onnx" is another name of the default domain; here it has one.
void UseOneNameOfTheDefaultDomain(onnx::ModelProto& model) {
  const auto rename = [](auto& item) {
    if (item.domain() == "ai.onnx") item.set_domain("");
  };
  const auto rename_nodes = [&](auto& nodes) {
    for (onnx::NodeProto& node : nodes) ForEachNode(node, rename);
  };
  for (auto& opset : *model.mutable_opset_import()) rename(opset);
  rename_nodes(*model.mutable_graph()->mutable_node());
  for (auto& function : *model.mutable_functions()) {
    for (auto& opset : *function.mutable_opset_import()) rename(opset);
    rename_nodes(*function.mutable_node());
  }
}

void CheckVersion(const onnx::ModelProto& model, const std::string& place) {
  const std::int64_t opset = OpsetOf(model);
  if (model.opset_import().empty()) throw InputError(place, "names no operator set (opset)");
  if (opset != 0 && opset < kOldestOpset) {
    throw InputError(place, fmt::format("uses opset {}; {} is the oldest that can be used here",
                                        opset, kOldestOpset));
  }
}

/// Runs the ONNX library's checker where it knows all that the model uses, the weights standing in
/// as inputs.
void CheckWithOnnx(const ModelContents& contents, const std::string& place) {
  if (contents.skeleton.ir_version() > onnx::Version::IR_VERSION || !CanInfer(contents.skeleton)) {
    return;
  }
  onnx::ModelProto probe = contents.skeleton;
  for (const Weight& weight : contents.weights) AddInput(*probe.mutable_graph(), weight.spec);
  for (auto& output : *probe.mutable_graph()->mutable_output()) {
    // The checker asks for a shape here, engines do not.
    if (output.type().has_tensor_type()) {
      output.mutable_type()->mutable_tensor_type()->mutable_shape();
    }
  }
  try {
    onnx::checker::check_model(probe);
  } catch (const std::exception& error) {
    throw InputError(place, "is not valid ONNX: " + Printable(error.what()));
  }
}

}  // namespace

Model::Model(std::string name, Graph graph, std::shared_ptr<const ModelContents> contents)
    : name_(std::move(name)), graph_(std::move(graph)), contents_(std::move(contents)) {}

std::string Model::Metadata(const std::string& key) const {
  return MetadataOf(contents_->skeleton, key);
}

std::int64_t Model::opset() const { return OpsetOf(contents_->skeleton); }

std::int64_t Model::batch_size() const {
  if (graph_.inputs.empty()) return 1;
  const Shape& shape = graph_.activations[static_cast<std::size_t>(graph_.inputs[0])].spec.shape;
  return shape.empty() ? 1 : shape[0];
}

std::string Model::Hash() const {
  onnx::ModelProto graph;  // what is computed, not who made it
  *graph.mutable_opset_import() = contents_->skeleton.opset_import();
  *graph.mutable_functions() = contents_->skeleton.functions();
  const onnx::GraphProto& whole = contents_->skeleton.graph();
  *graph.mutable_graph()->mutable_node() = whole.node();
  *graph.mutable_graph()->mutable_input() = whole.input();
  *graph.mutable_graph()->mutable_output() = whole.output();
  *graph.mutable_graph()->mutable_initializer() = whole.initializer();
  *graph.mutable_graph()->mutable_sparse_initializer() = whole.sparse_initializer();
  std::vector<const Weight*> weights;
  for (const Weight& weight : contents_->weights) weights.push_back(&weight);
  std::sort(weights.begin(), weights.end(),
            [](const Weight* a, const Weight* b) { return a->spec.name < b->spec.name; });
  Sha256 hash;
  hash.Add(graph.SerializeAsString());
  for (const Weight* weight : weights) {
    hash.Add(fmt::format("{} {} {}\n", weight->spec.name, ToText(weight->spec.type),
                         ToText(weight->spec.shape)));
    hash.Add(weight->data);
  }
  return hash.Finish();
}

Model MakeModel(onnx::ModelProto proto, std::string name, const std::string& place,
                const std::filesystem::path& folder, const LoadOptions& options) {
  auto contents = std::make_shared<ModelContents>();
  contents->skeleton = std::move(proto);
  UseOneNameOfTheDefaultDomain(contents->skeleton);
  CheckVersion(contents->skeleton, place);
  SetWeightsApart(*contents, place, folder, options.allow_missing_values);
  const bool unchanged = CheckAndSort(*contents, place);
  CheckWithOnnx(*contents, place);
  BindDimensions(*contents, options, place);
  const SpecMap specs = LearnShapes(*contents, options, place);
  Graph graph = BuildGraph(*contents, specs, /*use_metadata=*/unchanged);
  return Model(std::move(name), std::move(graph), std::move(contents));
}

}  // namespace scission
