// Appends the ONNX nodes of one layer to a graph.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "zoo/layer_graph.h"
#include "zoo/weights.h"

namespace onnx {
class GraphProto;
class TensorProto;
}  // namespace onnx

namespace scission {

using Integers = std::vector<std::int64_t>;
using Attributes = std::vector<std::pair<const char*, std::variant<std::int64_t, float, Integers>>>;

/// Nodes and constants are named `<layer>/<what>`; the output of the layer's last node is named
/// after the layer, as soon as the layer is finished.
class NodeWriter {
 public:
  /// `inputs` are the names of the layer's input tensors. `graph` must outlive the writer. Without
  /// a `seed`, weights above a kilobyte get no values.
  NodeWriter(onnx::GraphProto& graph, std::string layer, std::vector<std::string> inputs,
             std::optional<std::uint64_t> seed);

  const std::vector<std::string>& inputs() const { return inputs_; }
  const std::string& input() const { return inputs_.front(); }

  /// A node with one output, whose name is returned.
  std::string Node(const std::string& op, const std::vector<std::string>& inputs,
                   const Attributes& attributes = {});

  /// Constants; the name of the tensor is returned. What Weights() makes are the layer's
  /// parameters; numbers that belong to the architecture are scalars (rank 0), integers, or
  /// Fixed(), the same `value` everywhere.
  std::string Weights(const std::string& what, const Integers& shape, UniformRange range);
  std::string Fixed(const std::string& what, const Integers& shape, float value);
  std::string Scalar(const std::string& what, float value);
  std::string IntegerList(const std::string& what, const Integers& values);

  /// Names of the constants that Fixed() made.
  const std::vector<std::string>& fixed() const { return fixed_; }

  /// Names the layer's output; the number of nodes is returned.
  int Finish();

 private:
  onnx::TensorProto& AddConstant(const std::string& what);
  onnx::TensorProto& AddFloats(const std::string& what, const Integers& shape);

  onnx::GraphProto& graph_;
  std::string layer_;
  std::vector<std::string> inputs_;
  std::optional<std::uint64_t> seed_;
  int nodes_before_;
  std::map<std::string, int> op_counts_;
  std::vector<std::string> fixed_;
};

}  // namespace scission
