// For tests only: all plans of a random instance, written from the rules and not from the planner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/testing/random_instance.h"

namespace scission::testing {

struct NaiveStage {
  const RandomHost* host = nullptr;
  int first = 0;
  int last = 0;
};

struct NaivePlan {
  double value = 0;  ///< of the instance's objective
  double latency = 0;
  std::map<std::string, double> metrics;  ///< by name; "throughput" is the period
};

/// By recursion: all sequences of hosts, all cuts. Segments that were not measured must have their
/// sums (AddEstimates).
class Exhaustive {
 public:
  explicit Exhaustive(const RandomInstance& instance);

  /// Those that meet all constraints, by value (to some 9 digits), then latency.
  const std::vector<NaivePlan>& plans() const { return plans_; }

 private:
  struct NaiveHop {
    const RandomHost* from = nullptr;
    const RandomHost* to = nullptr;
    double bytes = 0;
  };

  void Extend(int next);
  void Complete();
  bool HasLink(const RandomHost& from, const RandomHost& to) const;
  std::vector<NaiveHop> Hops() const;
  std::vector<NaiveHop> Crossings() const;
  double HopTime(const NaiveHop& hop) const;
  double EntryTime() const;
  double StageTime(const NaiveStage& stage) const;
  double Compute(const std::string& tier) const;
  double Sent(const std::string& tier) const;
  std::map<std::string, double> Metrics() const;
  double Period() const;
  bool MeetsShape() const;
  bool MeetsMemory() const;
  bool MeetsAll() const;
  bool MeetsCriteria(const std::string& tier) const;
  bool MeetsLimits(const std::string& tier) const;

  const RandomInstance& instance_;
  const RandomHost* source_ = nullptr;
  std::vector<NaiveStage> stages_;
  std::vector<NaivePlan> plans_;
};

}  // namespace scission::testing
