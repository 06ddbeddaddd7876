// What plans are judged by.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"

namespace scission {

enum class Metric {
  kLatency,  ///< seconds from the input to the output
  kPeriod,   ///< seconds from one result to the next in a stream: the slowest stage or link
  kBytes,    ///< sent
  kEnergy,   ///< joules
  kCost,     ///< money
};

inline constexpr std::array kMetrics = {Metric::kLatency, Metric::kPeriod, Metric::kBytes,
                                        Metric::kEnergy, Metric::kCost};

/// The user's word: "latency", "throughput" (for the period), "bytes", "energy", "cost".
const char* NameOf(Metric metric);

/// A second, byte, joule or unit of money in what a weight counts: bytes count as MB.
double WeightUnit(Metric metric);

/// In seconds, bytes, joules or units of money.
double ValueOf(const Totals& totals, Metric metric);

/// The same with its unit, for people; the period as its inverse: "0.2785 s", "3.59 /s".
std::string MetricText(Metric metric, double value, const std::string& currency = "");

/// A sum of metrics, each times its weight, or the period alone. Lower is better.
struct Objective {
  struct Term {
    Metric metric = Metric::kLatency;
    double weight = 1;  ///< above 0, for each second, MB, joule or unit of money

    bool operator==(const Term&) const = default;
  };
  std::vector<Term> terms = {Term()};  ///< at least one, no metric twice

  /// The metric, where there is one term only.
  std::optional<Metric> single() const {
    return terms.size() == 1 ? std::optional(terms.front().metric) : std::nullopt;
  }
  /// In the unit of the metric, or where there are several, the weighted sum.
  double ValueOf(const Totals& totals) const;
  /// "latency", "latency=1,energy=0.5"
  std::string text() const;
};

/// "latency", "throughput", "bytes", "energy", "cost", or a weighted sum such as
/// "latency=1,energy=0.5". Throws InputError naming `option`.
Objective ParseObjective(const std::string& option, std::string_view text);

/// Two metrics or more, "latency,energy". Throws InputError naming `option`.
std::vector<Metric> ParseMetrics(const std::string& option, std::string_view text);

}  // namespace scission
