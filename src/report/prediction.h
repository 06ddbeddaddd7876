// All that `predict` has to tell: plain data, which the other files here turn into text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/metric.h"
#include "plan/plan.h"
#include "plan/sensitivity.h"

namespace scission {

struct Prediction {
  std::string model;
  std::string model_hash;  ///< empty where it is not known
  std::string currency;    ///< of prices; may be empty
  Objective objective;
  bool counts_replies = false;  ///< hops carry the answer back, too
  std::vector<Plan> plans;      ///< best first; at least one
  std::optional<Plan> second;   ///< the second best, which `plans` need not have
  std::optional<Plan> unsplit;  ///< the best that runs on one host, if there is one
  /// Where the time was up: the objective of other plans is not below this.
  std::optional<double> bound;
  /// Not empty: `plans` are a Pareto front of these, by the first one.
  std::vector<Metric> front;
  bool is_front_complete = true;
  std::vector<Sensitivity> sensitivities;
  std::vector<std::string> options;  ///< what plans were asked for with, as `predict` takes them
};

}  // namespace scission
