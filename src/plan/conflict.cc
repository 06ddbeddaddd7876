#include "plan/conflict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "base/text.h"
#include "plan/planner.h"
#include "plan/search.h"

namespace scission {
namespace {

constexpr std::size_t kMaxWaysOut = 3;

/// What can be left out, by number: a constraint of the query, or, as the last one, that missing
/// links cannot be used.
using Relaxation = std::vector<std::size_t>;

/// Missing links are slow, so that a plan uses as few of them as can be.
Problem WithAllLinks(Problem problem) {
  constexpr Seconds kSlow{1e6};
  for (auto& link : problem.links) {
    if (!link) link = Link{kSlow, std::numeric_limits<double>::infinity()};
  }
  return problem;
}

/// The smallest percentage that a share of the compute time obeys.
double Percentage(Seconds compute, Seconds total) {
  double percent = total.count() > 0 ? compute * 100 / total : 0;
  while (compute * 100 > total * percent) {
    percent = std::nextafter(percent, std::numeric_limits<double>::infinity());
  }
  return percent;
}

bool IsLimit(const Rule& rule) {
  return std::holds_alternative<UploadLimit>(rule) || std::holds_alternative<TimeLimit>(rule) ||
         std::holds_alternative<TimeShareLimit>(rule);
}

class Diagnosis {
 public:
  Diagnosis(const Problem& problem, const Query& query, const std::string& network_file)
      : problem_(problem),
        linked_problem_(WithAllLinks(problem)),
        query_(query),
        network_file_(network_file),
        item_count_(query.constraints.size() + 1) {}

  std::string Explain() const {
    std::vector<std::string> ways_out;
    for (const Relaxation& relaxation : FindRelaxations()) {
      if (ways_out.size() < kMaxWaysOut) ways_out.push_back(Describe(relaxation));
    }
    return "no plan meets the constraints, but one would " + Join(ways_out, ", or ");
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
    const auto plans = BestPlans(ProblemFor(relaxation), QueryWithout(relaxation));
    if (plans.empty()) return std::nullopt;
    return plans.front();
  }

  /// How a plan comes about, and the latency of the best one.
  std::string Describe(const Relaxation& relaxation) const {
    if (relaxation.size() == 1 && !WithoutLinks(relaxation)) {
      const Constraint& constraint = query_.constraints[relaxation[0]];
      if (IsLimit(constraint.rule)) return DescribeLimit(constraint, relaxation);
    }
    std::vector<std::string> left_out;
    for (const std::size_t item : relaxation) {
      if (item == query_.constraints.size()) continue;
      left_out.push_back(query_.constraints[item].option + " " + query_.constraints[item].value);
    }
    const Plan plan = *BestWithout(relaxation);
    std::string text = left_out.empty() ? "" : "without " + Join(left_out, " and ");
    if (!WithoutLinks(relaxation)) return text + fmt::format(" ({:.4f} s)", plan.latency.count());
    if (!text.empty()) text += " and ";
    return text + DescribeMissingLinks(plan);
  }

  /// Exact: typed in as it stands, the value gives a plan, and no smaller one does.
  std::string DescribeLimit(Constraint constraint, const Relaxation& relaxation) const {
    Query query = QueryWithout(relaxation);
    double amount = 0;  // in the unit of the command line
    if (std::holds_alternative<UploadLimit>(constraint.rule)) {
      const Bytes least = LeastUse(query, UploadCost(problem_, constraint.hosts), constraint).sent;
      amount = ToMegabytes(least);
      constraint.rule = UploadLimit{least};
    } else if (std::holds_alternative<TimeLimit>(constraint.rule)) {
      const LinearCost cost = ComputeCost(problem_, constraint.hosts);
      const Seconds least = LeastUse(query, cost, constraint).compute;
      amount = least.count();
      constraint.rule = TimeLimit{least};
    } else {
      amount = LeastPercentage(query, constraint.hosts);
      constraint.rule = TimeShareLimit{amount};
    }
    query.constraints.push_back(constraint);
    const bool is_share = std::holds_alternative<TimeShareLimit>(constraint.rule);
    return fmt::format("with {} at least {}{} ({:.4f} s)", constraint.option, amount,
                       is_share ? "%" : "", BestPlans(problem_, query).at(0).latency.count());
  }

  HostsUse LeastUse(const Query& query, const LinearCost& cost,
                    const Constraint& constraint) const {
    return UseOf(problem_, BestRoutes(problem_, query, cost).routes.at(0), constraint.hosts);
  }

  /// Dinkelbach's method: a smaller share than `percent` makes "time of the hosts - percent of the
  /// time of all" negative, so minimise that until no plan does. Each step is the optimum of a
  /// linear cost, and few are needed.
  double LeastPercentage(const Query& query, const std::vector<int>& hosts) const {
    const auto percentage = [&](const LinearCost& cost) {
      const Route route = BestRoutes(problem_, query, cost).routes.at(0);
      return Percentage(UseOf(problem_, route, hosts).compute, TotalsOf(problem_, route).compute);
    };
    double least = percentage(ComputeCost(problem_, hosts));
    while (true) {
      const double next = percentage(ComputeCost(problem_, hosts, least / 100));
      if (next >= least) return least;
      least = next;
    }
  }

  std::string DescribeMissingLinks(const Plan& plan) const {
    std::vector<std::string> missing;
    for (const Hop& hop : plan.hops) {
      if (IsMissing(hop)) missing.push_back(fmt::format("from {} to {}", hop.from, hop.to));
    }
    return fmt::format("with a link {}, which {} does not have", Join(missing, " and "),
                       network_file_);
  }

  bool IsMissing(const Hop& hop) const {
    return !problem_.FindLink(problem_.FindHost(hop.from), problem_.FindHost(hop.to));
  }

  const Problem& problem_;
  const Problem linked_problem_;
  const Query& query_;
  const std::string& network_file_;
  const std::size_t item_count_;
};

}  // namespace

std::string ExplainNoPlan(const Problem& problem, const Query& query,
                          const std::string& network_file) {
  return Diagnosis(problem, query, network_file).Explain();
}

}  // namespace scission
