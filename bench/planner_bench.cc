// How long the planner takes for the five best plans, and how that grows with hosts and blocks.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>

#include "base/random.h"
#include "plan/pareto.h"
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
  bool is_free = false;  ///< each host has times of its own for each block, whatever its speed
};

/// What is asked for.
struct Question {
  std::string objective = "latency";
  bool has_limits = false;
  bool may_revisit = false;
  bool returns_output = false;
};

/// Hosts differ in speed, and a little in what they are good at.
ModelProfile RandomModel(const Shape& shape, Random& random) {
  const double speed = random.Uniform(0.5, 10);
  Random layers(4);
  ModelProfile model;
  model.model = "m";
  for (int i = 0; i < shape.blocks; ++i) {
    model.blocks.push_back({.first_layer = i, .last_layer = i, .output_bytes = {1e6 / (i + 1)}});
    const double layer = layers.Uniform(1, 10);
    const double time =
        shape.is_free ? random.Uniform(0.1, 10) : layer * random.Uniform(0.8, 1.25) / speed;
    model.ranges.push_back({i, i, {Milliseconds(time)}});
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

void AddPrices(Problem& problem) {
  Random random(5);
  for (ProblemHost& host : problem.hosts) {
    host.watts = random.Uniform(1, 200);
    host.price_per_hour = random.Uniform(0.01, 1);
  }
  for (std::size_t i = 0; i < problem.links.size(); ++i) {
    problem.link_facts.push_back({random.Uniform(1e-8, 1e-6), random.Uniform(1e-11, 1e-10)});
  }
}

/// A search that takes longer is given up, and says so.
Stop AfterAMinute() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  return [end] { return std::chrono::steady_clock::now() > end; };
}

void Plan(benchmark::State& state, const Shape& shape, const Question& question) {
  Problem problem = RandomProblem(shape);
  problem.may_revisit = question.may_revisit;
  problem.returns_output = question.returns_output;
  AddPrices(problem);
  Query query = question.has_limits ? WithLimits(problem) : Query();
  query.objective = ParseObjective("", question.objective);
  for (auto _ : state) {
    const auto plans = FindPlans(problem, query, AfterAMinute());
    if (plans.bound) state.SkipWithError("not proven within a minute");
    state.counters["plans"] = static_cast<double>(plans.plans.size());
    state.counters["stages"] =
        plans.plans.empty() ? 0 : static_cast<double>(plans.plans.front().stages.size());
  }
}

/// All points of the front of latency and energy.
void FindFront(benchmark::State& state, const Shape& shape) {
  Problem problem = RandomProblem(shape);
  AddPrices(problem);
  for (auto _ : state) {
    const Front front =
        ParetoFront(problem, {}, {Metric::kLatency, Metric::kEnergy}, 1000, AfterAMinute());
    if (!front.is_complete) state.SkipWithError("not complete");
    state.counters["plans"] = static_cast<double>(front.plans.size());
  }
}

std::string TitleOf(const std::string& name, const Shape& shape) {
  return fmt::format("{}/{}x{}", name, shape.hosts, shape.blocks);
}

void Register(const std::string& name, const Shape& shape, const Question& question = {}) {
  benchmark::RegisterBenchmark(TitleOf(name, shape).c_str(), [=](benchmark::State& state) {
    Plan(state, shape, question);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  using scission::Register;
  using scission::Shape;
  Register("tiers", {.hosts = 5, .blocks = 92, .has_tiers = true});
  Register("tiers", {.hosts = 24, .blocks = 92, .has_tiers = true});
  for (const int hosts : {16, 50, 100, 200}) {
    for (const int blocks : {50, 100, 200, 500})
      Register("complete", {.hosts = hosts, .blocks = blocks});
  }
  Register("complete", {.hosts = 1000, .blocks = 500});
  for (const int hosts : {5, 16, 100, 1000}) {
    Register("limits", {.hosts = hosts, .blocks = hosts == 1000 ? 500 : 200}, {.has_limits = true});
  }
  Register("measured", {.hosts = 100, .blocks = 100, .is_additive = false});
  Register("alike", {.hosts = 100, .blocks = 100, .has_equal_hosts = true});
  Register("alike_limits", {.hosts = 100, .blocks = 100, .has_equal_hosts = true},
           {.has_limits = true});
  Register("free", {.hosts = 10, .blocks = 100, .is_free = true});
  Register("free", {.hosts = 100, .blocks = 100, .is_free = true});
  const Shape tiers{.hosts = 24, .blocks = 92, .has_tiers = true};
  const Shape complete{.hosts = 16, .blocks = 200};
  for (const char* objective : {"throughput", "bytes", "energy", "cost", "latency=1,energy=0.1"}) {
    Register(objective, tiers, {.objective = objective});
    Register(objective, complete, {.objective = objective});
  }
  Register("revisit", complete, {.may_revisit = true});
  Register("return_output", complete, {.returns_output = true});
  for (const Shape& shape : {tiers, complete}) {
    benchmark::RegisterBenchmark(scission::TitleOf("pareto", shape).c_str(),
                                 [=](benchmark::State& state) { FindFront(state, shape); })
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
