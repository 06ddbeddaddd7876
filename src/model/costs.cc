#include "model/costs.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

namespace scission {
namespace {

/// The facts about one node that its cost is made of.
class NodeFacts {
 public:
  NodeFacts(const onnx::NodeProto& node, const SpecMap& specs) : node_(node), specs_(specs) {}

  const std::string& op() const { return node_.op_type(); }
  /// Empty where the input is omitted or unknown.
  Shape Input(int index) const {
    return index < node_.input_size() ? ShapeOf(node_.input(index)) : Shape();
  }
  Shape Output() const { return node_.output_size() > 0 ? ShapeOf(node_.output(0)) : Shape(); }

  std::int64_t Integer(std::string_view name, std::int64_t fallback) const {
    for (const auto& attribute : node_.attribute()) {
      if (attribute.name() == name) return attribute.i();
    }
    return fallback;
  }
  Shape Integers(std::string_view name) const {
    for (const auto& attribute : node_.attribute()) {
      if (attribute.name() == name) return {attribute.ints().begin(), attribute.ints().end()};
    }
    return {};
  }

 private:
  Shape ShapeOf(const std::string& name) const {
    const auto found = specs_.find(name);
    return found == specs_.end() ? Shape() : found->second.shape;
  }

  const onnx::NodeProto& node_;
  const SpecMap& specs_;
};

/// Absurd models must not overflow: this is where counting ends.
constexpr std::int64_t kMost = std::int64_t{1} << 52;

std::int64_t Times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kMost : std::min(product, kMost);
}

std::int64_t Product(const Shape& shape, std::size_t from = 0) {
  return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(std::min(from, shape.size())),
                         shape.end(), std::int64_t{1}, Times);
}

/// Every output element is a sum over the weights of its channel.
std::int64_t ConvMacs(const NodeFacts& node, int weight_input) {
  return Times(Product(node.Output()), Product(node.Input(weight_input), 1));
}

/// Every input element meets the weights of its channel.
std::int64_t ConvTransposeMacs(const NodeFacts& node) {
  return Times(Product(node.Input(0)), Product(node.Input(1), 1));
}

std::int64_t GemmMacs(const NodeFacts& node) {
  const Shape a = node.Input(0);
  if (a.size() != 2) return 0;
  return Times(Product(node.Output()), a[node.Integer("transA", 0) != 0 ? 0 : 1]);
}

std::int64_t MatMulMacs(const NodeFacts& node) {
  const Shape a = node.Input(0);
  return a.empty() ? 0 : Times(Product(node.Output()), a.back());
}

/// Every step multiplies input and state with all of W and R.
std::int64_t RecurrentMacs(const NodeFacts& node) {
  const Shape x = node.Input(0);
  if (x.size() != 3) return 0;
  return Times(Times(x[0], x[1]), Product(node.Input(1)) + Product(node.Input(2)));
}

std::int64_t MacsOf(const NodeFacts& node) {
  static const std::map<std::string_view, std::int64_t (*)(const NodeFacts&)> kMacs = {
      {"Conv", [](const NodeFacts& n) { return ConvMacs(n, 1); }},
      {"ConvInteger", [](const NodeFacts& n) { return ConvMacs(n, 1); }},
      {"QLinearConv", [](const NodeFacts& n) { return ConvMacs(n, 3); }},
      {"ConvTranspose", ConvTransposeMacs},
      {"Gemm", GemmMacs},
      {"MatMul", MatMulMacs},
      {"MatMulInteger", MatMulMacs},
      {"QLinearMatMul", MatMulMacs},
      {"LSTM", RecurrentMacs},
      {"GRU", RecurrentMacs},
      {"RNN", RecurrentMacs},
  };
  const auto found = kMacs.find(node.op());
  return found == kMacs.end() ? 0 : found->second(node);
}

/// Operations per element of the output.
std::int64_t PerOutputElement(const NodeFacts& node) {
  static const std::set<std::string_view> kOne = {"Abs",         "Acos",
                                                  "Acosh",       "Add",
                                                  "And",         "Asin",
                                                  "Asinh",       "Atan",
                                                  "Atanh",       "Ceil",
                                                  "Celu",        "Clip",
                                                  "Cos",         "Cosh",
                                                  "Div",         "Elu",
                                                  "Equal",       "Erf",
                                                  "Exp",         "Floor",
                                                  "Greater",     "GreaterOrEqual",
                                                  "HardSigmoid", "HardSwish",
                                                  "LeakyRelu",   "Less",
                                                  "LessOrEqual", "Log",
                                                  "Max",         "Mean",
                                                  "Min",         "Mod",
                                                  "Mul",         "Neg",
                                                  "Not",         "Or",
                                                  "PRelu",       "Pow",
                                                  "Reciprocal",  "Relu",
                                                  "Round",       "Selu",
                                                  "Sigmoid",     "Sign",
                                                  "Sin",         "Sinh",
                                                  "Softplus",    "Softsign",
                                                  "Sqrt",        "Sub",
                                                  "Sum",         "Tan",
                                                  "Tanh",        "ThresholdedRelu",
                                                  "Where",       "Xor"};
  static const std::map<std::string_view, std::int64_t> kMore = {{"Softmax", 3},
                                                                 {"LogSoftmax", 3},
                                                                 {"BatchNormalization", 4},
                                                                 {"InstanceNormalization", 6},
                                                                 {"LayerNormalization", 6}};
  if (kOne.contains(node.op())) return 1;
  const auto more = kMore.find(node.op());
  return more == kMore.end() ? 0 : more->second;
}

bool ReducesItsInput(const NodeFacts& node) {
  return node.op().starts_with("Reduce") || node.op() == "GlobalAveragePool" ||
         node.op() == "GlobalMaxPool" || node.op() == "ArgMax" || node.op() == "ArgMin";
}

std::int64_t OtherFlops(const NodeFacts& node) {
  if (node.op() == "MaxPool" || node.op() == "AveragePool" || node.op() == "LpPool") {
    return Times(Product(node.Output()), Product(node.Integers("kernel_shape")));
  }
  if (node.op() == "LRN")
    return Times(Product(node.Output()),
                 2 * std::clamp<std::int64_t>(node.Integer("size", 1), 0, 1 << 20) + 3);
  if (ReducesItsInput(node)) return Product(node.Input(0));
  return Times(Product(node.Output()), PerOutputElement(node));
}

}  // namespace

NodeCost CostOf(const onnx::NodeProto& node, const SpecMap& specs) {
  if (!node.domain().empty()) return {};
  const NodeFacts facts(node, specs);
  const std::int64_t macs = MacsOf(facts);
  return {macs, macs > 0 ? 2 * macs : OtherFlops(facts)};
}

}  // namespace scission
