#include "model/useful_cuts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace scission {
namespace {

/// What a layer is to an engine that fuses.
enum class Role {
  kOther,
  kConvolution,
  kNorm,
  kMatrixProduct,  ///< without a bias yet
  kGemm,           ///< with one
  kSum,            ///< of one activation: a bias
  kScale,          ///< of one activation
  kActivation,
  kPad,
  kPool,
  kPassThrough,  ///< copies at most
};

/// ONNX operators and Keras layers.
Role RoleOf(const std::string& type) {
  static const std::unordered_map<std::string_view, Role> kRoles = {
      {"Conv", Role::kConvolution},
      {"Conv2D", Role::kConvolution},
      {"DepthwiseConv2D", Role::kConvolution},
      {"SeparableConv2D", Role::kConvolution},
      {"BatchNormalization", Role::kNorm},
      {"MatMul", Role::kMatrixProduct},
      {"Gemm", Role::kGemm},
      {"Dense", Role::kGemm},
      {"Add", Role::kSum},
      {"Mul", Role::kScale},
      {"Relu", Role::kActivation},
      {"ReLU", Role::kActivation},
      {"Activation", Role::kActivation},
      {"Clip", Role::kActivation},
      {"Sigmoid", Role::kActivation},
      {"Tanh", Role::kActivation},
      {"LeakyRelu", Role::kActivation},
      {"LeakyReLU", Role::kActivation},
      {"HardSigmoid", Role::kActivation},
      {"Pad", Role::kPad},
      {"ZeroPadding2D", Role::kPad},
      {"MaxPool", Role::kPool},
      {"MaxPooling2D", Role::kPool},
      {"AveragePool", Role::kPool},
      {"AveragePooling2D", Role::kPool},
      {"Dropout", Role::kPassThrough},
      {"Identity", Role::kPassThrough},
      {"Flatten", Role::kPassThrough},
      {"Reshape", Role::kPassThrough},
      {"Squeeze", Role::kPassThrough},
      {"Unsqueeze", Role::kPassThrough},
  };
  const auto found = kRoles.find(type);
  return found == kRoles.end() ? Role::kOther : found->second;
}

/// Follows the layers in order and finds the activations that stay inside a kernel.
class Kernels {
 public:
  explicit Kernels(const Graph& graph)
      : graph_(graph),
        readers_(graph.activations.size()),
        kernel_of_(graph.activations.size(), Role::kOther),
        is_inside_(graph.activations.size()) {
    for (const Layer& layer : graph.layers) {
      for (const int input : layer.inputs) ++readers_[static_cast<std::size_t>(input)];
    }
    for (const Layer& layer : graph.layers) Visit(layer);
  }

  bool IsInside(int activation) const { return is_inside_[static_cast<std::size_t>(activation)]; }

 private:
  /// The kernel that `role` is part of if it reads what `kernel` makes; kOther where it begins one.
  static Role Joined(Role kernel, Role role, bool has_two_inputs) {
    if (role == Role::kPassThrough) return kernel == Role::kOther ? Role::kPassThrough : kernel;
    switch (kernel) {
      case Role::kConvolution:
        if (role == Role::kNorm || role == Role::kSum) return Role::kConvolution;
        if (role == Role::kScale && !has_two_inputs) return Role::kConvolution;
        return role == Role::kActivation ? Role::kActivation : Role::kOther;
      case Role::kMatrixProduct:
        return role == Role::kNorm || (role == Role::kSum && !has_two_inputs) ? Role::kGemm
                                                                              : Role::kOther;
      case Role::kGemm:
        return role == Role::kActivation ? Role::kActivation : Role::kOther;
      case Role::kPad:
        return role == Role::kConvolution || role == Role::kPool ? role : Role::kOther;
      default:
        return Role::kOther;
    }
  }

  /// What a layer makes that joins nothing before it. A batch norm alone runs as a convolution.
  static Role Begun(Role role) { return role == Role::kNorm ? Role::kConvolution : role; }

  void Visit(const Layer& layer) {
    const Role role = RoleOf(layer.type);
    Role kernel = Begun(role);
    const bool has_two_inputs = layer.inputs.size() > 1;
    for (const int input : layer.inputs) {
      const auto i = static_cast<std::size_t>(input);
      const Role joined = Joined(kernel_of_[i], role, has_two_inputs);
      if (joined == Role::kOther || !HasOneReader(input)) continue;
      is_inside_[i] = true;
      kernel = joined;
      break;  // a kernel has one beginning
    }
    for (const int output : layer.outputs) kernel_of_[static_cast<std::size_t>(output)] = kernel;
  }

  bool HasOneReader(int activation) const {
    const auto i = static_cast<std::size_t>(activation);
    const bool is_output = graph_.activations[i].last_use >= static_cast<int>(graph_.layers.size());
    return readers_[i] == 1 && !is_output && graph_.activations[i].producer >= 0;
  }

  const Graph& graph_;
  std::vector<int> readers_;
  std::vector<Role> kernel_of_;  ///< the kernel that makes each activation
  std::vector<bool> is_inside_;
};

}  // namespace

UsefulCuts FindUsefulCuts(const Graph& graph, const std::vector<Cut>& cuts) {
  const Kernels kernels(graph);
  UsefulCuts useful;
  std::vector<Cut> outside;
  for (const Cut& cut : cuts) {
    const bool is_inside = std::any_of(cut.activations.begin(), cut.activations.end(),
                                       [&](int i) { return kernels.IsInside(i); });
    if (is_inside) {
      ++useful.inside_kernels;
    } else {
      outside.push_back(cut);
    }
  }
  for (std::size_t i = 0; i < outside.size(); ++i) {
    const auto size = [&](std::size_t cut) { return SizeOf(graph, outside[cut].activations); };
    if (i > 0 && i + 1 < outside.size() && size(i - 1) < size(i) && size(i + 1) < size(i)) {
      ++useful.dominated;
    } else {
      useful.cuts.push_back(outside[i]);
    }
  }
  return useful;
}

}  // namespace scission
