// How long the planner takes for the five best plans, and how that grows with hosts and blocks.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/random.h"
#include "plan/planner.h"

namespace scission {
namespace {

/// What an instance is made of; everything else is random, the same every time.
struct Shape {
  int hosts = 0;
  int blocks = 0;
  bool has_tiers = false;   ///< links lead from a tier to a later one; else every host to every
  bool is_additive = true;  ///< else every segment was measured, and is no sum
  bool has_equal_hosts = false;
};

/// Hosts differ in speed, and a little in what they are good at.
ModelProfile RandomModel(const Shape& shape, Random& random) {
  const double speed = random.Uniform(0.5, 10);
  Random layers(4);
  ModelProfile model;
  model.model = "m";
  for (int i = 0; i < shape.blocks; ++i) {
    model.blocks.push_back({.first_layer = i, .last_layer = i, .output_bytes = {1e6 / (i + 1)}});
    model.ranges.push_back(
        {i, i, {Milliseconds(layers.Uniform(1, 10) * random.Uniform(0.8, 1.25) / speed)}});
  }
  for (int first = 0; first < shape.blocks && !shape.is_additive; ++first) {
    for (int last = first + 1; last < shape.blocks; ++last) {
      const double sum = 5.5 * (last - first + 1) / speed;
      model.ranges.push_back({first, last, {Milliseconds(sum * random.Uniform(0.5, 1))}});
    }
  }
  return model;
}

/// The hosts spread evenly over the tiers; the first one, a device, is the source.
Problem RandomProblem(const Shape& shape) {
  Random random(1);
  std::vector<Profile> profiles(static_cast<std::size_t>(shape.hosts));
  for (int i = 0; i < shape.hosts; ++i) {
    Profile& profile = profiles[static_cast<std::size_t>(i)];
    profile.host.name = fmt::format("h{}", i);
    profile.host.tier = kTiers[static_cast<std::size_t>(i) % kTiers.size()];
    Random same(2);
    profile.models = {RandomModel(shape, shape.has_equal_hosts ? same : random)};
  }
  std::vector<std::string> warnings;
  Problem problem = MakeProblem(SelectModel(profiles, "m", warnings), {}, Megabytes(0.15));
  for (auto& link : problem.links) {
    link = shape.has_equal_hosts
               ? Link{Milliseconds(1), 1e8}
               : Link{Milliseconds(random.Uniform(1, 50)), random.Uniform(1e5, 1e8)};
  }
  if (shape.has_tiers) {
    KeepTierOrder(problem);
  } else {
    SelectSource(problem, "h0");
  }
  return problem;
}

Constraint OnHost(int host, const Rule& rule) {
  Constraint constraint;
  constraint.hosts = {host};
  constraint.rule = rule;
  return constraint;
}

/// No host may compute for longer than a part of the whole, or send more than some of the cuts
/// allow: so plans need many stages.
Query WithLimits(const Problem& problem) {
  Random random(3);
  Query query;
  for (int host = 0; host < problem.host_count(); ++host) {
    const Seconds whole = problem.host(host).times.Time(0, problem.blocks.size() - 1);
    query.constraints.push_back(OnHost(host, TimeLimit{whole * random.Uniform(0.1, 0.5)}));
    query.constraints.push_back(OnHost(host, UploadLimit{Bytes{random.Uniform(2e3, 2e5)}}));
  }
  return query;
}

void Plan(benchmark::State& state, const Shape& shape, bool has_limits) {
  const Problem problem = RandomProblem(shape);
  const Query query = has_limits ? WithLimits(problem) : Query();
  for (auto _ : state) {
    const auto plans = BestPlans(problem, query);
    state.counters["plans"] = static_cast<double>(plans.size());
    state.counters["stages"] = plans.empty() ? 0 : static_cast<double>(plans.front().stages.size());
  }
}

void Register(const std::string& name, const Shape& shape, bool has_limits = false) {
  const std::string full_name = fmt::format("{}/{}x{}", name, shape.hosts, shape.blocks);
  benchmark::RegisterBenchmark(full_name.c_str(), [=](benchmark::State& state) {
    Plan(state, shape, has_limits);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  using scission::Register;
  Register("tiers", {.hosts = 5, .blocks = 92, .has_tiers = true});
  Register("tiers", {.hosts = 24, .blocks = 92, .has_tiers = true});
  for (const int hosts : {16, 50, 100, 200}) {
    for (const int blocks : {50, 100, 200})
      Register("complete", {.hosts = hosts, .blocks = blocks});
  }
  Register("complete", {.hosts = 1000, .blocks = 500});
  for (const int hosts : {5, 16, 100, 1000}) {
    Register("limits", {.hosts = hosts, .blocks = hosts == 1000 ? 500 : 200}, true);
  }
  Register("measured", {.hosts = 100, .blocks = 100, .is_additive = false});
  Register("alike", {.hosts = 100, .blocks = 100, .has_equal_hosts = true});
  Register("alike_limits", {.hosts = 100, .blocks = 100, .has_equal_hosts = true}, true);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
