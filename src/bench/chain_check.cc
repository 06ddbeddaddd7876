#include "bench/chain_check.h"

#include <fmt/format.h>

#include <stdexcept>

#include "engine/compare.h"

namespace scission {
namespace {

std::string Describe(const Graph& graph, LayerRange range) {
  return fmt::format("layers {}-{} ({} to {})", range.first, range.last,
                     graph.layers[static_cast<std::size_t>(range.first)].name,
                     graph.layers[static_cast<std::size_t>(range.last)].name);
}

/// The difference between two sets of outputs of a model.
std::optional<std::string> OutputDifference(const Graph& graph, const TensorMap& expected,
                                            const TensorMap& actual) {
  for (const int output : graph.outputs) {
    const std::string& name = graph.activations[static_cast<std::size_t>(output)].spec.name;
    const auto difference = Difference(expected.at(name), actual.at(name));
    if (difference) return fmt::format("output '{}': {}", name, *difference);
  }
  return std::nullopt;
}

}  // namespace

void RequireSameOutputs(const Model& model, const Session& whole,
                        const std::vector<LayerRange>& pieces, const TensorMap& values,
                        const EngineOptions& options) {
  TensorMap expected;
  whole.GetOutputs(expected);
  const auto difference = OutputDifference(model.graph(), expected, values);
  if (!difference) return;
  const auto piece = FirstWrongPiece(model, pieces, values, options);
  throw std::runtime_error(
      fmt::format("{}: the blocks do not give the whole model's output, from {} on: {}",
                  model.name(), piece.value_or("the last block"), *difference));
}

std::optional<std::string> FirstWrongPiece(const Model& model,
                                           const std::vector<LayerRange>& pieces,
                                           const TensorMap& values, const EngineOptions& options) {
  for (const LayerRange& piece : pieces) {
    const SegmentModel segment = ExtractSegment(model, {0, piece.last});
    Session session(segment, options);
    session.SetInputs(values);
    session.Run();
    TensorMap expected;
    session.GetOutputs(expected);
    for (const TensorSpec& output : segment.outputs) {
      if (Difference(expected.at(output.name), values.at(output.name))) {
        return Describe(model.graph(), piece);
      }
    }
  }
  return std::nullopt;
}

}  // namespace scission
