#include "plan/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "plan/objective.h"

namespace scission {
namespace {

constexpr double kSame = 1e-11;
/// How many times worse than it is a parameter is tried.
constexpr double kFar = 1e6;

std::size_t Index(int i) { return static_cast<std::size_t>(i); }

/// A plan's cost as a function of the parameter x >= 0: constant + x * slope.
struct Line {
  double constant = 0;
  double slope = 0;

  double At(double x) const { return constant + x * slope; }
};

/// The cost of all plans as lines in one parameter.
class Lines {
 public:
  /// `slope` is what the objective gains for each unit of the parameter, which is `now`.
  Lines(const Problem& problem, const Query& query, const LinearCost& cost, LinearCost slope,
        double now, const Stop& stop)
      : problem_(problem),
        query_(query),
        constant_(Sum(cost, slope, -now)),
        slope_(std::move(slope)),
        now_(now),
        stop_(stop) {
    query_.result_count = 1;
  }

  Line Of(const Route& route) const {
    return {CostOf(problem_, constant_, route), CostOf(problem_, slope_, route)};
  }

  /// Where another plan than `best` becomes better, going from now to 0 or far upwards; nothing
  /// where none does. Steps from crossing to crossing of `best` with what is best there.
  std::optional<std::pair<double, Route>> Change(const Route& best, bool upwards) const {
    const Line line = Of(best);
    double x = upwards ? far() : 0;
    std::optional<std::pair<double, Route>> change;
    while (const auto rival = Best(x)) {
      const Line other = Of(*rival);
      if (!IsBelow(other, line, x) || other.slope == line.slope) break;
      x = (other.constant - line.constant) / (line.slope - other.slope);
      change = {x, *rival};
    }
    return change;
  }

 private:
  /// By more than rounding can do to what the plan costs today.
  bool IsBelow(const Line& a, const Line& b, double x) const {
    return a.At(x) < b.At(x) - kSame * std::max(std::abs(b.At(x)), std::abs(b.At(now_)));
  }

  double far() const { return kFar * (now_ > 0 ? now_ : 1); }

  /// Nothing where the search was stopped.
  std::optional<Route> Best(double x) const {
    const Routes best = BestRoutes(problem_, query_, Sum(constant_, slope_, x), stop_);
    if (best.bound || best.routes.empty()) return std::nullopt;
    return best.routes.front();
  }

  const Problem& problem_;
  Query query_;
  LinearCost constant_;
  LinearCost slope_;
  double now_;
  const Stop& stop_;
};

class Analysis {
 public:
  Analysis(const Problem& problem, const Query& query, const Stop& stop)
      : problem_(problem),
        query_(query),
        stop_(stop),
        cost_(ObjectiveCost(problem, query.objective)) {}

  std::vector<Sensitivity> Run(int max_hosts) {
    query_.result_count = 1;
    const auto found = BestByObjective(problem_, query_, stop_);
    if (found.routes.empty() || found.bound) return {};
    best_ = found.routes.front();
    std::set<std::pair<int, int>> links;
    const auto add = [&](int from, int to) {
      if (links.insert({from, to}).second) AddLink(from, to);
    };
    ForEachHop(problem_, best_, [&](int from, int to, const Packing&) {
      add(from, to);
      if (problem_.counts_replies()) add(to, from);
    });
    std::vector<int> hosts;
    for (const RouteStage& stage : best_.stages) AddOnce(hosts, stage.host);
    for (int host = 0; host < problem_.host_count(); ++host) AddOnce(hosts, host);
    hosts.resize(std::min(hosts.size(), Index(max_hosts)));
    for (const int host : hosts) AddHost(host);
    return std::move(all_);
  }

 private:
  static void AddOnce(std::vector<int>& hosts, int host) {
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
  }

  /// Costs nothing.
  LinearCost Zero() const { return Sum(cost_, cost_, -1); }

  double WeightOfLatency() const {
    for (const Objective::Term& term : query_.objective.terms) {
      if (term.metric == Metric::kLatency) return query_.objective.single() ? 1 : term.weight;
    }
    return 0;
  }

  /// Where answers are counted, this link also carries those of hops in the other direction.
  void AddLink(int from, int to) {
    const Link& link = *problem_.FindOneWay(from, to);
    const std::size_t place = Index(from) * problem_.hosts.size() + Index(to);
    const std::size_t reverse = Index(to) * problem_.hosts.size() + Index(from);
    const double answers = problem_.counts_replies() ? WeightOfLatency() : 0;
    LinearCost latency = Zero();
    latency.hop_fixed[place] = WeightOfLatency();
    latency.hop_fixed[reverse] += answers;
    Add(Parameter::kLinkLatency, from, to, latency, link.latency.count());
    LinearCost inverse_bandwidth = Zero();
    inverse_bandwidth.hop_per_byte[place] = WeightOfLatency();
    inverse_bandwidth.hop_fixed[reverse] += answers * problem_.ReplyOf(from).count;
    Add(Parameter::kLinkBandwidth, from, to, inverse_bandwidth, 1 / link.bytes_per_second);
  }

  void AddHost(int host) {
    LinearCost slowness = Zero();
    slowness.per_second[Index(host)] = cost_.per_second[Index(host)];
    Add(Parameter::kHostSpeed, host, -1, slowness, 1);
  }

  /// Bandwidth and speed are the inverse of the parameter of the lines.
  void Add(Parameter parameter, int from, int to, const LinearCost& slope, double now) {
    const bool is_inverse = parameter != Parameter::kLinkLatency;
    const auto in_unit = [&](double x) { return is_inverse ? 1 / x : x; };
    Sensitivity sensitivity{
        parameter, problem_.host(from).name, to < 0 ? "" : problem_.host(to).name, in_unit(now), {},
        {}};
    const Lines lines(problem_, query_, cost_, slope, now, stop_);
    for (const bool upwards : {false, true}) {
      const auto change = lines.Change(best_, upwards);
      if (!change) continue;
      auto& side = upwards == is_inverse ? sensitivity.below : sensitivity.above;
      side = BreakPoint{in_unit(change->first), MakePlan(problem_, change->second)};
    }
    all_.push_back(std::move(sensitivity));
  }

  const Problem& problem_;
  Query query_;
  const Stop& stop_;
  const LinearCost cost_;
  Route best_;
  std::vector<Sensitivity> all_;
};

}  // namespace

std::vector<Sensitivity> FindSensitivities(const Problem& problem, const Query& query,
                                           int max_hosts, const Stop& stop) {
  if (query.objective.single() == Metric::kPeriod || !problem.codecs.empty()) return {};
  return Analysis(problem, query, stop).Run(max_hosts);
}

}  // namespace scission
