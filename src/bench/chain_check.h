// The proof that pieces of a model, one after the other, give what the whole gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/session.h"
#include "model/model.h"

namespace scission {

/// Compares the outputs of `whole`, which has run, with those in `values` (all activations that
/// cross the cuts, from the chain of `pieces`). Throws std::runtime_error naming the first piece
/// that gives something else.
void RequireSameOutputs(const Model& model, const Session& whole,
                        const std::vector<LayerRange>& pieces, const TensorMap& values,
                        const EngineOptions& options);

/// Names the first of `pieces` whose outputs in `values` differ from what the layers up to there
/// give as one model; nothing where all agree. Costs a session a piece.
std::optional<std::string> FirstWrongPiece(const Model& model,
                                           const std::vector<LayerRange>& pieces,
                                           const TensorMap& values, const EngineOptions& options);

}  // namespace scission
