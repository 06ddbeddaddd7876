#include "model/shapes.h"

#include <fmt/format.h>
#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "model/node_inputs.h"
#include "model/segment.h"
#include "model/segment_writer.h"

namespace scission {
namespace {

constexpr std::int64_t kNewestInferredOpset = 17;

/// Binds the dimensions of the inputs one by one and keeps account of what was asked for.
class Binder {
 public:
  Binder(const LoadOptions& options, const std::string& place) : options_(options), place_(place) {}

  void Run(onnx::GraphProto& graph) {
    for (auto& input : *graph.mutable_input()) {
      if (!input.type().has_tensor_type()) {
        throw InputError(place_, "input '" + Printable(input.name()) + "' is not a tensor");
      }
      if (!input.type().tensor_type().has_shape()) {
        throw InputError(place_, "input '" + Printable(input.name()) + "' has no shape");
      }
    }
    BindBatch(graph);
    for (auto& input : *graph.mutable_input()) BindOthers(input);
    Report();
  }

 private:
  static bool IsFree(const onnx::TensorShapeProto::Dimension& dimension) {
    return !dimension.has_dim_value() || dimension.dim_value() < 0;
  }

  std::optional<std::int64_t> Asked(const std::string& name) {
    const auto found = options_.dimensions.find(name);
    if (found == options_.dimensions.end()) return std::nullopt;
    used_.insert(name);
    return found->second;
  }

  /// The batch is the free first dimension of the inputs, if they agree on its name; where they do
  /// not, those whose names say so.
  void BindBatch(onnx::GraphProto& graph) {
    std::vector<onnx::TensorShapeProto::Dimension*> free;
    std::set<std::string> names;
    for (auto& input : *graph.mutable_input()) {
      auto* shape = input.mutable_type()->mutable_tensor_type()->mutable_shape();
      if (shape->dim_size() == 0 || !IsFree(shape->dim(0))) continue;
      if (options_.dimensions.contains(input.name() + ":0")) continue;
      free.push_back(shape->mutable_dim(0));
      names.insert(shape->dim(0).dim_param());
    }
    bool has_batch = false;
    for (auto* dimension : free) {
      const std::string name = dimension->dim_param();
      if (names.size() > 1 && !IsNameOfBatch(name)) continue;
      has_batch = true;
      dimension->set_dim_value(Asked(name).value_or(options_.batch_size.value_or(1)));
      if (!name.empty()) by_name_.emplace(name, dimension->dim_value());
    }
    if (!has_batch) RequireFixedBatch(graph);
  }

  static bool IsNameOfBatch(const std::string& name) {
    const std::string lower = ToLower(name);
    return lower.empty() || lower == "n" || lower.find("batch") != std::string::npos;
  }

  void RequireFixedBatch(const onnx::GraphProto& graph) const {
    if (!options_.batch_size || graph.input_size() == 0) return;
    const auto& shape = graph.input(0).type().tensor_type().shape();
    if (shape.dim_size() > 0 && shape.dim(0).dim_value() == *options_.batch_size) return;
    throw InputError(place_, fmt::format("input '{}' has a fixed batch size of {}, not {}",
                                         Printable(graph.input(0).name()),
                                         shape.dim_size() > 0 ? shape.dim(0).dim_value() : 1,
                                         *options_.batch_size));
  }

  void BindOthers(onnx::ValueInfoProto& input) {
    auto* shape = input.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (int axis = 0; axis < shape->dim_size(); ++axis) {
      auto* dimension = shape->mutable_dim(axis);
      if (!IsFree(*dimension)) continue;
      const std::string name = dimension->dim_param();
      const std::string by_axis = fmt::format("{}:{}", input.name(), axis);
      std::optional<std::int64_t> size = Asked(by_axis);
      if (!size && !name.empty()) size = Asked(name);
      if (!size && by_name_.contains(name)) size = by_name_.at(name);
      if (size) {
        dimension->set_dim_value(*size);
      } else {
        missing_.insert(Printable(name.empty() ? by_axis : name));
      }
      known_.insert(Printable(name.empty() ? by_axis : name));
    }
  }

  void Report() const {
    if (!missing_.empty()) {
      throw InputError(place_, "has free dimensions: give their sizes with " +
                                   Join({missing_.begin(), missing_.end()}, "=N, ") + "=N (--dim)");
    }
    for (const auto& [name, size] : options_.dimensions) {
      if (used_.contains(name)) continue;
      throw InputError(
          place_,
          "has no free dimension '" + Printable(name) + "'" +
              (known_.empty() ? "" : "; it has " + Join({known_.begin(), known_.end()}, ", ")));
    }
  }

  const LoadOptions& options_;
  const std::string& place_;
  std::map<std::string, std::int64_t> by_name_;
  std::set<std::string> used_;
  std::set<std::string> known_;
  std::set<std::string> missing_;
};

std::optional<TensorSpec> SpecOf(const onnx::ValueInfoProto& value) {
  if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape())
    return std::nullopt;
  const auto& type = value.type().tensor_type();
  TensorSpec spec{value.name(), static_cast<ElementType>(type.elem_type()), {}};
  for (const auto& dimension : type.shape().dim()) {
    if (!dimension.has_dim_value() || dimension.dim_value() < 0) return std::nullopt;
    spec.shape.push_back(dimension.dim_value());
  }
  return spec;
}

void SetSpec(onnx::ValueInfoProto& value, const TensorSpec& spec) {
  value.set_name(spec.name);
  if (spec.type == ElementType::kUnknown) return;
  auto* type = value.mutable_type()->mutable_tensor_type();
  type->set_elem_type(static_cast<int>(spec.type));
  type->mutable_shape()->clear_dim();
  for (const std::int64_t size : spec.shape) type->mutable_shape()->add_dim()->set_dim_value(size);
}

/// Runs the ONNX library's inference on the skeleton, the weights standing in as inputs.
onnx::ModelProto Infer(const ModelContents& contents, const std::string& place) {
  onnx::ModelProto probe = contents.skeleton;
  for (const Weight& weight : contents.weights) AddInput(*probe.mutable_graph(), weight.spec);
  try {
    const onnx::ShapeInferenceOptions options(/*check_type=*/false, /*strict_mode=*/0,
                                              /*data_prop=*/true);
    onnx::shape_inference::InferShapes(probe, onnx::OpSchemaRegistry::Instance(), options);
  } catch (const std::exception& error) {
    throw InputError(place, "shape inference fails: " + Printable(error.what()));
  }
  return probe;
}

/// Node outputs that some node or the model's user reads; shapes of others do not matter.
std::vector<std::string> NodeOutputs(const onnx::GraphProto& graph) {
  std::unordered_set<std::string> read;
  for (const auto& output : graph.output()) read.insert(output.name());
  for (const auto& node : graph.node()) {
    const std::vector<std::string> names = ValuesRead(node);
    read.insert(names.begin(), names.end());
  }
  std::vector<std::string> names;
  for (const auto& node : graph.node()) {
    std::copy_if(node.output().begin(), node.output().end(), std::back_inserter(names),
                 [&](const std::string& name) { return read.contains(name); });
  }
  return names;
}

void AddInferred(const ModelContents& contents, const std::string& place, SpecMap& specs) {
  const onnx::ModelProto inferred = Infer(contents, place);
  for (const auto* values : {&inferred.graph().value_info(), &inferred.graph().output()}) {
    for (const auto& value : *values) {
      if (auto spec = SpecOf(value)) specs.insert_or_assign(value.name(), std::move(*spec));
    }
  }
}

/// Makes every value an output, runs the model once and looks.
void AddTraced(const ModelContents& contents, const LoadOptions& options, const std::string& place,
               SpecMap& specs) {
  try {
    for (TensorSpec& spec : options.trace_shapes(TracingModel(contents))) {
      specs.insert_or_assign(spec.name, spec);
    }
  } catch (const InputError& error) {  // the engine does not know the file
    throw InputError(place, error.what());
  }
}

void WriteInto(onnx::GraphProto& graph, const SpecMap& specs) {
  std::set<std::string> outputs;
  for (auto& output : *graph.mutable_output()) {
    outputs.insert(output.name());
    if (specs.contains(output.name())) SetSpec(output, specs.at(output.name()));
  }
  for (const std::string& name : NodeOutputs(graph)) {
    const auto found = specs.find(name);
    if (found == specs.end() || outputs.contains(name)) continue;
    if (found->second.type != ElementType::kUnknown)
      SetSpec(*graph.add_value_info(), found->second);
  }
}

}  // namespace

bool CanInfer(const onnx::ModelProto& model) {
  return std::all_of(model.opset_import().begin(), model.opset_import().end(),
                     [](const auto& opset) {
                       if (opset.domain() == "ai.onnx.ml") return true;
                       return opset.domain().empty() && opset.version() <= kNewestInferredOpset;
                     });
}

void AddInput(onnx::GraphProto& graph, const TensorSpec& spec) {
  SetSpec(*graph.add_input(), spec);
}

void BindDimensions(ModelContents& contents, const LoadOptions& options, const std::string& place) {
  Binder(options, place).Run(*contents.skeleton.mutable_graph());
}

SpecMap LearnShapes(ModelContents& contents, const LoadOptions& options, const std::string& place) {
  onnx::GraphProto& graph = *contents.skeleton.mutable_graph();
  // What the file says may hold for other sizes of the free dimensions.
  graph.clear_value_info();
  for (auto& output : *graph.mutable_output()) {
    if (output.type().has_tensor_type())
      output.mutable_type()->mutable_tensor_type()->clear_shape();
  }
  SpecMap specs;
  if (CanInfer(contents.skeleton)) AddInferred(contents, place, specs);
  for (const auto& input : graph.input()) specs[input.name()] = SpecOf(input).value();
  for (const auto& tensor : graph.initializer()) {
    specs[tensor.name()] = {tensor.name(),
                            static_cast<ElementType>(tensor.data_type()),
                            {tensor.dims().begin(), tensor.dims().end()}};
  }
  for (const Weight& weight : contents.weights) specs[weight.spec.name] = weight.spec;

  const auto is_unknown = [&](const std::string& name) { return !specs.contains(name); };
  std::vector<std::string> names = NodeOutputs(graph);
  if (options.trace_shapes && std::any_of(names.begin(), names.end(), is_unknown)) {
    AddTraced(contents, options, place, specs);
  }
  const auto unknown = std::find_if(names.begin(), names.end(), is_unknown);
  if (unknown != names.end()) {
    throw InputError(place, "the shape of '" + Printable(*unknown) + "' cannot be inferred");
  }
  for (const auto& [name, spec] : specs)
    ElementCount(spec.shape, place + ": tensor '" + name + "'");
  WriteInto(graph, specs);
  return specs;
}

}  // namespace scission
