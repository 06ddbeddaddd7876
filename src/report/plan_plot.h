// The picture of a plan.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/problem.h"

namespace scission {

/// One bar of the picture, from left to right.
struct PlanBar {
  std::string label;  ///< the layers of a block, or "to HOST" of a transfer
  double time_ms = 0;
  std::string host;  ///< empty: a transfer
};

/// The blocks of `plan`, with its transfers between them where they happen.
std::vector<PlanBar> PlanBars(const Problem& problem, const Plan& plan);

/// Writes `path`.png and `path`.svg: a bar for each block, coloured by host, and for each transfer,
/// on a logarithmic scale in ms. Throws InputError as DrawPictures does.
void PlotPlan(const Problem& problem, const Plan& plan, const std::filesystem::path& path);

}  // namespace scission
