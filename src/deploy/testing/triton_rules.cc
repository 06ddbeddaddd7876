#include "deploy/testing/triton_rules.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <set>

#include "base/file.h"

namespace scission::testing {
namespace {

using triton::ModelConfig;

/// A tensor as both sides tell it.
struct Signature {
  int type = 0;
  std::vector<std::int64_t> dims;
  bool operator==(const Signature&) const = default;
};
using Signatures = std::map<std::string, Signature>;

/// onnx.TensorProto.DataType to Triton's, by the table in its user guide.
int TritonType(int onnx_type) {
  static const std::map<int, int> kTypes = {{onnx::TensorProto::BOOL, triton::TYPE_BOOL},
                                            {onnx::TensorProto::UINT8, triton::TYPE_UINT8},
                                            {onnx::TensorProto::UINT16, triton::TYPE_UINT16},
                                            {onnx::TensorProto::UINT32, triton::TYPE_UINT32},
                                            {onnx::TensorProto::UINT64, triton::TYPE_UINT64},
                                            {onnx::TensorProto::INT8, triton::TYPE_INT8},
                                            {onnx::TensorProto::INT16, triton::TYPE_INT16},
                                            {onnx::TensorProto::INT32, triton::TYPE_INT32},
                                            {onnx::TensorProto::INT64, triton::TYPE_INT64},
                                            {onnx::TensorProto::FLOAT16, triton::TYPE_FP16},
                                            {onnx::TensorProto::FLOAT, triton::TYPE_FP32},
                                            {onnx::TensorProto::DOUBLE, triton::TYPE_FP64},
                                            {onnx::TensorProto::STRING, triton::TYPE_STRING}};
  return kTypes.contains(onnx_type) ? kTypes.at(onnx_type) : triton::TYPE_INVALID;
}

template <typename Tensors>
Signatures OfConfig(const Tensors& tensors) {
  Signatures signatures;
  for (const auto& tensor : tensors) {
    signatures[tensor.name()] = {tensor.data_type(), {tensor.dims().begin(), tensor.dims().end()}};
  }
  return signatures;
}

/// As the ONNX Runtime backend compares them: rank 0 with [ 1 ], an unknown size with -1.
template <typename Values>
Signatures OfFile(const Values& values) {
  Signatures signatures;
  for (const auto& value : values) {
    const auto& type = value.type().tensor_type();
    Signature& signature = signatures[value.name()];
    signature.type = TritonType(type.elem_type());
    for (const auto& dim : type.shape().dim()) {
      signature.dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
    }
    if (signature.dims.empty()) signature.dims = {1};
  }
  return signatures;
}

class Checker {
 public:
  explicit Checker(const std::map<std::string, TritonModel>& models) : models_(models) {}

  std::vector<std::string> Check() {
    for (const auto& [name, model] : models_) {
      place_ = name;
      Require(model.config.name() == name, "the name is not the folder's");
      Require(model.config.max_batch_size() == 0, "max_batch_size is not 0");
      CheckTensors(model.config.input());
      CheckTensors(model.config.output());
      if (model.config.has_ensemble_scheduling()) {
        CheckEnsemble(model.config);
        Require(model.file.empty(), "an ensemble has no file");
      } else {
        CheckModel(model);
      }
    }
    return broken_;
  }

 private:
  void Require(bool holds, const std::string& message) {
    if (!holds) broken_.push_back(place_ + ": " + message);
  }

  template <typename Tensors>
  void CheckTensors(const Tensors& tensors) {
    std::set<std::string> names;
    for (const auto& tensor : tensors) {
      Require(!tensor.name().empty(), "must specify 'name'");
      Require(names.insert(tensor.name()).second, "a tensor stands twice");
      Require(tensor.data_type() != triton::TYPE_INVALID, "must specify 'data_type'");
      Require(tensor.dims_size() > 0, "must specify 'dims'");
      for (const auto dim : tensor.dims()) {
        Require(dim >= 1 || dim == -1, "dimension must be integer >= 1, or -1");
      }
      Require(!tensor.has_reshape() || tensor.reshape().shape_size() > 0,
              "cannot have empty reshape for non-batching model");
    }
  }

  void CheckModel(const TritonModel& model) {
    const ModelConfig& config = model.config;
    Require(config.platform() == "onnxruntime_onnx" && config.backend() == "onnxruntime",
            "unexpected 'platform' and 'backend' pair");
    Require(config.instance_group_size() == 1 && config.instance_group(0).count() == 1 &&
                config.instance_group(0).kind() == triton::InstanceGroup::KIND_CPU,
            "not one instance on the CPU");
    Require(!model.file.empty(), "unable to find 'model.onnx'");
    if (model.file.empty()) return;
    onnx::ModelProto onnx;
    Require(onnx.ParseFromString(ReadFile(model.file)), "the model does not parse");
    Require(OfConfig(config.input()) == OfFile(onnx.graph().input()), "inputs are not the file's");
    Require(OfConfig(config.output()) == OfFile(onnx.graph().output()),
            "outputs are not the file's");
  }

  void CheckEnsemble(const ModelConfig& config) {
    Require(config.platform() == "ensemble" && config.backend().empty(),
            "must have platform 'ensemble' and empty backend");
    Require(config.instance_group_size() == 0, "instance group should not be specified");
    Require(config.ensemble_scheduling().step_size() > 0, "must specify 'step'");
    tensors_ = OfConfig(config.input());
    read_.clear();
    std::set<std::string> written;
    for (const auto& step : config.ensemble_scheduling().step()) CheckStep(step, written);
    const Signatures outputs = OfConfig(config.output());
    Require(!outputs.empty(), "must have outputs");
    for (const auto& [name, signature] : outputs) {
      Require(written.contains(name), "output '" + name + "' is not written");
      Require(tensors_[name] == signature, "output '" + name + "': inconsistent type or shape");
    }
    for (const auto& [name, signature] : tensors_) {
      Require(read_.contains(name) || outputs.contains(name), "tensor '" + name + "' is unused");
    }
  }

  /// Steps run when their inputs are there; ours stand in that order.
  void CheckStep(const triton::Ensembling::Step& step, std::set<std::string>& written) {
    Require(step.model_version() == -1, "a required version is not loaded");
    if (!models_.contains(step.model_name())) return Require(false, "a step has no model");
    Require(!step.input_map().empty(), "must specify 'input_map'");
    Require(!step.output_map().empty(), "must specify 'output_map'");
    const ModelConfig& model = models_.at(step.model_name()).config;
    const Signatures inputs = OfConfig(model.input());
    const Signatures outputs = OfConfig(model.output());
    for (const auto& [key, value] : step.input_map()) {
      Require(inputs.contains(key), "mapping to non-existing input " + key);
      Require(tensors_.contains(value), "tensor '" + value + "' is not written before it is read");
      Require(inputs.contains(key) && tensors_[value] == inputs.at(key),
              "tensor '" + value + "': inconsistent type or shape");
      read_.insert(value);
    }
    for (const auto& [name, signature] : inputs) {
      Require(step.input_map().contains(name), "input " + name + " is not mapped");
    }
    for (const auto& [key, value] : step.output_map()) {
      Require(outputs.contains(key), "mapped from non-existing output " + key);
      Require(!tensors_.contains(value), "tensor '" + value + "' can appear only once");
      written.insert(value);
      if (outputs.contains(key)) tensors_[value] = outputs.at(key);
    }
  }

  const std::map<std::string, TritonModel>& models_;
  std::vector<std::string> broken_;
  std::string place_;
  Signatures tensors_;  ///< of the ensemble, as they become known
  std::set<std::string> read_;
};

}  // namespace

std::vector<std::string> BrokenTritonRules(const std::map<std::string, TritonModel>& models) {
  return Checker(models).Check();
}

}  // namespace scission::testing
