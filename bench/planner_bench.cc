// How long the planner takes: hosts spread evenly over the three tiers, the five best plans.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/random.h"
#include "plan/planner.h"

namespace scission {
namespace {

/// A host with random times, each block a layer.
Profile RandomProfile(const std::string& tier, const std::string& name, int blocks,
                      Random& random) {
  const double speed = random.Uniform(0.5, 4);
  ModelProfile model;
  model.model = "m";
  for (int i = 0; i < blocks; ++i) {
    model.blocks.push_back({.first_layer = i, .last_layer = i, .output_bytes = {1e6 / (i + 1)}});
    model.ranges.push_back({i, i, {Milliseconds(random.Uniform(1, 10) / speed)}});
  }
  Profile profile;
  profile.host.name = name;
  profile.host.tier = tier;
  profile.models = {model};
  return profile;
}

void FiveBestPlans(benchmark::State& state) {
  const int per_tier = static_cast<int>(state.range(0));
  Random random(1);
  std::vector<Profile> profiles;
  for (const char* tier : kTiers) {
    for (int i = 0; i < per_tier; ++i) {
      profiles.push_back(RandomProfile(tier, fmt::format("{}{}", tier, i),
                                       static_cast<int>(state.range(1)), random));
    }
  }
  Network network;
  for (const Profile& from : profiles) {
    for (const Profile& to : profiles) {
      network.links[{from.host.name, to.host.name}] = {Milliseconds(random.Uniform(1, 50)),
                                                       random.Uniform(1e5, 1e8)};
    }
  }
  std::vector<std::string> warnings;
  const Problem problem =
      MakeProblem(SelectModel(profiles, "m", warnings), network, Megabytes(0.15));
  for (auto _ : state) benchmark::DoNotOptimize(BestPlans(problem, Query()));
}
BENCHMARK(FiveBestPlans)
    ->ArgNames({"hosts_per_tier", "blocks"})
    ->Args({2, 92})
    ->Args({4, 92})
    ->Args({8, 92})
    ->Args({8, 200})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scission
