#include "model/testing/onnx_builder.h"

#include "model/contents.h"

namespace scission::testing {
namespace {

onnx::ValueInfoProto FloatValue(const std::string& name, const Shape& shape) {
  onnx::ValueInfoProto value;
  value.set_name(name);
  auto* type = value.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape();
  for (const std::int64_t size : shape) {
    auto* dimension = type->mutable_shape()->add_dim();
    if (size >= 0) {
      dimension->set_dim_value(size);
    } else {
      dimension->set_dim_param(size == -1 ? "N"
                                          : std::string(1, static_cast<char>('A' - 2 - size)));
    }
  }
  return value;
}

void FillRandom(onnx::TensorProto& tensor, const Shape& shape, Random& random, double scale) {
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  for (std::int64_t i = ElementCount(shape, "test"); i > 0; --i) {
    tensor.add_float_data(static_cast<float>(random.Uniform(-1, 1) * scale));
  }
}

/// Grows a graph of 4-dimensional tensors of one height and width.
class RandomGraph {
 public:
  RandomGraph(std::uint64_t seed, int node_count) : random_(seed) {
    builder_.Input("input", {-1, 3, kSize, kSize});
    values_.push_back({"input", 3});
    for (int i = 0; i < node_count; ++i) Grow();
    Finish();
  }
  onnx::ModelProto Take() { return std::move(builder_.proto()); }

 private:
  static constexpr int kSize = 6;
  struct Value {
    std::string name;
    std::int64_t channels;
  };

  std::string NewName(const std::string& op) { return op + std::to_string(++count_); }

  /// Mostly the newest value, so that the graph gets deep and has cuts.
  Value Pick() {
    const int back = random_.Below(4) > 0
                         ? 1
                         : 1 + random_.Below(std::min<int>(3, static_cast<int>(values_.size())));
    return values_[values_.size() - static_cast<std::size_t>(back)];
  }

  std::string Kernel(const std::string& name, const Shape& shape) {
    const double scale = 1.5 / static_cast<double>(shape[1]);
    switch (random_.Below(4)) {
      case 0: {
        auto& node = builder_.Node("Constant", name, {});
        auto* value = node.add_attribute();
        value->set_name("value");
        value->set_type(onnx::AttributeProto::TENSOR);
        FillRandom(*value->mutable_t(), shape, random_, scale);
        return name;
      }
      case 1: {
        const std::string dims = builder_.Integers(name + "_shape", shape);
        builder_.Node("ConstantOfShape", name + "_zero", {dims});
        builder_.Node("Add", name,
                      {name + "_zero", builder_.Weight(name + "_w", shape, random_, scale)});
        return name;
      }
      default:
        return builder_.Weight(name, shape, random_, scale);
    }
  }

  void Grow() {
    switch (random_.Below(8)) {
      case 0:
      case 1:
      case 2:
        return AddConv();
      case 3:
        return AddRelu();
      case 4:
      case 5:
        return AddJoin();
      case 6:
        return AddSplit();
      default:
        return AddIf();
    }
  }

  void AddConv() {
    const Value input = Pick();
    const std::int64_t channels = 2 + 2 * random_.Below(4);
    const std::string name = NewName("conv");
    auto& node = builder_.Node("Conv", name,
                               {input.name, Kernel(name + "_w", {channels, input.channels, 3, 3}),
                                builder_.Weight(name + "_b", {channels}, random_)});
    OnnxBuilder::SetInts(node, "pads", {1, 1, 1, 1});
    values_.push_back({name, channels});
  }

  void AddRelu() {
    const Value input = Pick();
    const std::string name = NewName("relu");
    builder_.Node("LeakyRelu", name, {input.name});
    values_.push_back({name, input.channels});
  }

  /// A residual addition where the channels agree, else a concatenation.
  void AddJoin() {
    const Value a = Pick();
    const Value b = Pick();
    const bool adds = a.channels == b.channels;
    const std::string name = NewName(adds ? "add" : "concat");
    auto& node = builder_.Node(adds ? "Add" : "Concat", name, {a.name, b.name});
    if (!adds) OnnxBuilder::SetInt(node, "axis", 1);
    values_.push_back({name, adds ? a.channels : a.channels + b.channels});
  }

  void AddSplit() {
    const Value input = Pick();
    if (input.channels < 2) return AddRelu();
    const std::int64_t left = input.channels / 2;
    const std::string name = NewName("split");
    auto& node = builder_.Node(
        "Split", name,
        {input.name, builder_.Integers(name + "_sizes", {left, input.channels - left})});
    node.add_output(name + "_b");
    OnnxBuilder::SetInt(node, "axis", 1);
    values_.push_back({name, left});
    values_.push_back({name + "_b", input.channels - left});
  }

  /// if (sum(input) > 0) captured * weight else captured - weight
  void AddIf() {
    const Value input = Pick();
    const Value captured = Pick();
    const std::string name = NewName("if");
    const std::string weight =
        builder_.Weight(name + "_w", {captured.channels, kSize, kSize}, random_);
    const std::string zero = builder_.Weight(name + "_zero", {}, random_, 0);
    auto& sum = builder_.Node("ReduceSum", name + "_sum", {input.name});
    OnnxBuilder::SetInt(sum, "keepdims", 0);
    builder_.Node("Greater", name + "_condition", {name + "_sum", zero});
    auto& node = builder_.Node("If", name, {name + "_condition"});
    for (const bool is_then : {true, false}) {
      auto* branch = node.add_attribute();
      branch->set_name(is_then ? "then_branch" : "else_branch");
      branch->set_type(onnx::AttributeProto::GRAPH);
      auto* graph = branch->mutable_g();
      graph->set_name(name + (is_then ? "_then" : "_else"));
      auto* inner = graph->add_node();
      inner->set_op_type(is_then ? "Mul" : "Sub");
      inner->add_input(captured.name);
      inner->add_input(weight);
      inner->add_output(graph->name() + "_out");
      *graph->add_output() = FloatValue(inner->output(0), {-1, captured.channels, kSize, kSize});
    }
    values_.push_back({name, captured.channels});
  }

  void Finish() {
    builder_.Node("GlobalAveragePool", "pool", {values_.back().name});
    builder_.Node("Flatten", "output", {"pool"});
    builder_.Output("output");
  }

  OnnxBuilder builder_;
  Random random_;
  std::vector<Value> values_;
  int count_ = 0;
};

}  // namespace

OnnxBuilder::OnnxBuilder(std::int64_t opset) {
  proto_.set_ir_version(8);
  proto_.add_opset_import()->set_version(opset);
  graph().set_name("test");
}

OnnxBuilder& OnnxBuilder::Input(const std::string& name, const Shape& shape) {
  *graph().add_input() = FloatValue(name, shape);
  return *this;
}

OnnxBuilder& OnnxBuilder::Output(const std::string& name) {
  auto* output = graph().add_output();
  output->set_name(name);
  output->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  return *this;
}

std::string OnnxBuilder::Weight(const std::string& name, const Shape& shape, Random& random,
                                double scale) {
  auto* tensor = graph().add_initializer();
  tensor->set_name(name);
  FillRandom(*tensor, shape, random, scale);
  return name;
}

std::string OnnxBuilder::Integers(const std::string& name,
                                  const std::vector<std::int64_t>& values) {
  auto* tensor = graph().add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::INT64);
  tensor->add_dims(static_cast<std::int64_t>(values.size()));
  for (const std::int64_t value : values) tensor->add_int64_data(value);
  return name;
}

onnx::NodeProto& OnnxBuilder::Node(const std::string& op, const std::string& name,
                                   const std::vector<std::string>& inputs) {
  auto* node = graph().add_node();
  node->set_op_type(op);
  node->set_name(name);
  for (const std::string& input : inputs) node->add_input(input);
  node->add_output(name);
  return *node;
}

void OnnxBuilder::SetInts(onnx::NodeProto& node, const std::string& name,
                          const std::vector<std::int64_t>& values) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute->add_ints(value);
}

void OnnxBuilder::SetInt(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

Model OnnxBuilder::Make(const LoadOptions& options) const {
  return MakeModel(proto_, "test", "test.onnx", "", options);
}

onnx::ModelProto RandomModel(std::uint64_t seed, int node_count) {
  return RandomGraph(seed, node_count).Take();
}

}  // namespace scission::testing
