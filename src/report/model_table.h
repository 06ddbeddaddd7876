// A model's layers for people and programs.
#pragma once

#include <string>

#include "model/cuts.h"
#include "model/model.h"

namespace scission {

/// A row a layer; cuts stand in the column `cut_tensors`. docs/formats.md describes the columns.
std::string LayersText(const Model& model, const std::vector<Cut>& cuts);
std::string LayersCsv(const Model& model, const std::vector<Cut>& cuts);
/// The layers, and besides them the cuts with their tensors and the blocks between them.
std::string LayersJson(const Model& model, const std::vector<Cut>& cuts);

}  // namespace scission
