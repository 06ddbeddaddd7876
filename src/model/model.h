// An ONNX model: its graph of layers, and what is needed to run any part of it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/graph.h"
#include "model/segment.h"

namespace scission {

/// Runs `segment` once with random inputs and returns what its outputs turned out to be; for
/// shapes that cannot be inferred. The engine provides one.
using ShapeTracer = std::function<std::vector<TensorSpec>(const SegmentModel& segment)>;

struct LoadOptions {
  /// Size of the free first dimension of the inputs (1 where not given). Given for a model whose
  /// first dimension is fixed at another size: an error.
  std::optional<std::int64_t> batch_size;
  /// Sizes of other free dimensions, by their name, or by INPUT:AXIS.
  std::map<std::string, std::int64_t> dimensions;
  /// Used for opsets that the inference library does not know, and for shapes it cannot infer.
  ShapeTracer trace_shapes;
  /// For a look at the graph alone: weights above a kilobyte may lack their values. Such a model
  /// can neither run nor be hashed or written.
  bool allow_missing_values = false;
};

struct ModelContents;  // the ONNX side; model/contents.h, for this module and the zoo

class Model {
 public:
  /// `name` is how the user refers to the model.
  Model(std::string name, Graph graph, std::shared_ptr<const ModelContents> contents);

  const std::string& name() const { return name_; }
  const Graph& graph() const { return graph_; }
  const ModelContents& contents() const { return *contents_; }

  /// Value of the model's metadata `key`; empty where there is none.
  std::string Metadata(const std::string& key) const;
  std::int64_t opset() const;
  /// First dimension of the first input; 1 for a scalar.
  std::int64_t batch_size() const;
  /// SHA-256 of graph and weights, with the free dimensions bound. O(weights).
  std::string Hash() const;

 private:
  std::string name_;
  Graph graph_;
  std::shared_ptr<const ModelContents> contents_;
};

/// What a model in `file` is called: the file's name without `.onnx`, in lower case.
std::string ModelNameOf(const std::filesystem::path& file);

/// Loads an ONNX file, with its external data if it has any. Throws InputError naming file and
/// place. A hostile file can crash the process in the ONNX library: call it in a child process
/// (base/child.h).
Model LoadModel(const std::filesystem::path& file, const LoadOptions& options = {});

}  // namespace scission
