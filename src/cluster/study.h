// The whole method against live workers: measure the hosts and the links, plan, measure exactly
// what the best plans run, and plan again, until the best plan rests on measurements alone.
#pragma once

#include <string>
#include <vector>

#include "cluster/deployment.h"
#include "cluster/run_report.h"
#include "cluster/workers.h"
#include "plan/plan.h"

namespace scission {

/// The outside world of a study. What was measured is kept, so that a study that is done again
/// goes on where it ended. Members that take a host may be called for several hosts at once, and
/// throw HostError where the host drops out.
class StudyWorld {
 public:
  virtual ~StudyWorld() = default;

  /// Whether the host can take part, and which machine it is.
  virtual WorkerState State(const std::string& host) = 0;
  /// Measures the model on the host, unless that was done.
  virtual void Benchmark(const std::string& host) = 0;
  /// Measures the links between all of `hosts` that were not measured yet, one after the other.
  /// Returns a line for each that cannot be: plans do without it.
  virtual std::vector<std::string> MeasureLinks(const std::vector<std::string>& hosts) = 0;
  /// The best plans on `hosts`, best first, at least one; keeps them. Throws NoPlanError.
  virtual std::vector<Plan> MakePlans(const std::vector<std::string>& hosts) = 0;
  /// Measures the segments that the host runs in the plans made last and that were not measured as
  /// one range.
  virtual void MeasureSegments(const std::string& host) = 0;
};

struct StudyResult {
  std::vector<Plan> plans;   ///< best first
  int rounds = 0;            ///< of planning
  bool is_measured = false;  ///< the best plan rests on measured segments alone
  std::vector<HostLoss> losses;
  std::vector<std::string> notes;  ///< lines
};

/// Rounds of planning, at most.
inline constexpr int kMaxStudyRounds = 10;

/// Studies `hosts`. Those of one machine are measured one after the other, others side by side. A
/// host that drops out is named, and the study goes on without it; HostError is thrown where it is
/// `source`, and NoPlanError where no plan is left.
StudyResult RunStudy(std::vector<std::string> hosts, const std::string& source, StudyWorld& world,
                     const Say& say);

}  // namespace scission
