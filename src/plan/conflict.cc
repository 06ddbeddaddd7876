#include "plan/conflict.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "base/text.h"
#include "plan/least_limit.h"
#include "plan/planner.h"

namespace scission {
namespace {

constexpr std::size_t kMaxWaysOut = 3;

/// What can be left out, by number: a constraint of the query, or, as the last one, that missing
/// links cannot be used.
using Relaxation = std::vector<std::size_t>;

/// Missing links are slow, so that a plan uses as few of them as can be.
Problem WithAllLinks(Problem problem) {
  constexpr Seconds kSlow{1e6};
  const std::size_t hosts = problem.hosts.size();
  for (std::size_t i = 0; i < problem.links.size(); ++i) {
    const bool is_own = i / hosts == i % hosts;
    if (is_own || problem.links[i]) continue;
    problem.links[i] = Link{kSlow, std::numeric_limits<double>::infinity()};
  }
  return problem;
}

class Diagnosis {
 public:
  Diagnosis(const Problem& problem, const Query& query, const std::string& network_file,
            const Stop& stop)
      : problem_(problem),
        linked_problem_(WithAllLinks(problem)),
        query_(query),
        network_file_(network_file),
        stop_(stop),
        item_count_(query.constraints.size() + 1) {}

  std::string Explain() const {
    const std::vector<Relaxation> relaxations = FindRelaxations();
    const std::string conflict = DescribeConflict();
    if (stop_ && stop_()) {
      return "no plan meets the constraints; the time limit was reached before it was clear why";
    }
    std::vector<std::string> ways_out;
    for (const Relaxation& relaxation : relaxations) {
      if (ways_out.size() < kMaxWaysOut) ways_out.push_back(Describe(relaxation));
    }
    return fmt::format("no plan meets the constraints{}, but one would {}", conflict,
                       Join(ways_out, ", or "));
  }

 private:
  std::vector<Relaxation> FindRelaxations() const {
    std::vector<Relaxation> singles;
    for (std::size_t i = 0; i < item_count_; ++i) {
      if (BestWithout({i})) singles.push_back({i});
    }
    if (!singles.empty()) return singles;
    std::vector<Relaxation> pairs;
    for (std::size_t i = 0; i < item_count_ && pairs.size() < kMaxWaysOut; ++i) {
      for (std::size_t j = i + 1; j < item_count_; ++j) {
        if (BestWithout({i, j})) pairs.push_back({i, j});
      }
    }
    if (!pairs.empty()) return pairs;
    return {MinimalRelaxation()};
  }

  /// Puts back, one after the other, what can be put back.
  Relaxation MinimalRelaxation() const {
    Relaxation relaxation;
    for (std::size_t i = 0; i < item_count_; ++i) relaxation.push_back(i);
    for (std::size_t i = 0; i < item_count_; ++i) {
      Relaxation smaller = relaxation;
      std::erase(smaller, i);
      if (BestWithout(smaller)) relaxation = smaller;
    }
    return relaxation;
  }

  /// A minimal set of constraints that cannot be met together: without any one of them, the others
  /// can. Leaves out one after the other what is not needed for the conflict.
  std::vector<std::size_t> MinimalConflict() const {
    Relaxation left_out;
    std::vector<std::size_t> conflict;
    for (std::size_t i = 0; i < item_count_; ++i) {
      Relaxation more = left_out;
      more.push_back(i);
      if (BestWithout(more)) {
        conflict.push_back(i);
      } else {
        left_out = more;
      }
    }
    return conflict;
  }

  /// " (--device 0 and --cloud 0 conflict)"; nothing where there is one constraint only.
  std::string DescribeConflict() const {
    if (query_.constraints.size() < 2) return "";
    std::vector<std::string> names;
    for (const std::size_t item : MinimalConflict()) {
      names.push_back(item == query_.constraints.size() ? "the links of " + network_file_
                                                        : NameOf(item));
    }
    if (names.size() == 1) return fmt::format(" ({} cannot be met)", names.front());
    return fmt::format(" ({} conflict)", Join(names, " and "));
  }

  /// "--device 0"
  std::string NameOf(std::size_t item) const {
    return query_.constraints[item].option + " " + query_.constraints[item].value;
  }

  bool WithoutLinks(const Relaxation& relaxation) const {
    return !relaxation.empty() && relaxation.back() == query_.constraints.size();
  }

  const Problem& ProblemFor(const Relaxation& relaxation) const {
    return WithoutLinks(relaxation) ? linked_problem_ : problem_;
  }

  Query QueryWithout(const Relaxation& relaxation) const {
    Query query = query_;
    query.constraints.clear();
    for (std::size_t i = 0; i < query_.constraints.size(); ++i) {
      const bool is_out = std::find(relaxation.begin(), relaxation.end(), i) != relaxation.end();
      if (!is_out) query.constraints.push_back(query_.constraints[i]);
    }
    query.result_count = 1;
    return query;
  }

  std::optional<Plan> BestWithout(const Relaxation& relaxation) const {
    const auto plans = FindPlans(ProblemFor(relaxation), QueryWithout(relaxation), stop_).plans;
    if (plans.empty()) return std::nullopt;
    return plans.front();
  }

  /// How a plan comes about, and the latency of the best one.
  std::string Describe(const Relaxation& relaxation) const {
    if (relaxation.size() == 1 && !WithoutLinks(relaxation)) {
      const Constraint& constraint = query_.constraints[relaxation[0]];
      const Query rest = QueryWithout(relaxation);
      if (const auto least = FindLeastLimit(problem_, rest, constraint)) {
        return DescribeLimit(*least, rest);
      }
    }
    std::vector<std::string> left_out;
    for (const std::size_t item : relaxation) {
      if (item == query_.constraints.size()) continue;
      left_out.push_back(NameOf(item));
    }
    const Plan plan = *BestWithout(relaxation);
    std::string text = left_out.empty() ? "" : "without " + Join(left_out, " and ");
    if (!WithoutLinks(relaxation)) return text + LatencyOf(plan);
    if (!text.empty()) text += " and ";
    return text + DescribeMissingLinks(plan);
  }

  std::string DescribeLimit(const LeastLimit& least, Query query) const {
    query.constraints.push_back(least.constraint);
    const auto plans = BestPlans(problem_, query);
    return "with " + least.text + LatencyOf(plans.at(0));
  }

  /// Nothing where plans take no time: of the problem only the shape is known.
  static std::string LatencyOf(const Plan& plan) {
    if (plan.latency == Seconds(0)) return "";
    return fmt::format(" ({:.4f} s)", plan.latency.count());
  }

  std::string DescribeMissingLinks(const Plan& plan) const {
    std::vector<std::string> missing;
    const auto require = [&](const std::string& from, const std::string& to) {
      if (problem_.FindOneWay(problem_.FindHost(from), problem_.FindHost(to))) return;
      missing.push_back(fmt::format("from {} to {}", from, to));
    };
    for (const Hop& hop : plan.hops) {
      require(hop.from, hop.to);
      if (problem_.counts_replies()) require(hop.to, hop.from);
    }
    return fmt::format("with a link {}, which {} does not have", Join(missing, " and "),
                       network_file_);
  }

  const Problem& problem_;
  const Problem linked_problem_;
  const Query& query_;
  const std::string& network_file_;
  const Stop& stop_;
  const std::size_t item_count_;
};

}  // namespace

std::string ExplainNoPlan(const Problem& problem, const Query& query,
                          const std::string& network_file, const Stop& stop) {
  return Diagnosis(problem, query, network_file, stop).Explain();
}

}  // namespace scission
