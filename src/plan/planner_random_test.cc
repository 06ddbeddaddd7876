// The planner against an exhaustive search on random instances.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/random.h"
#include "plan/planner.h"
#include "plan/testing/exhaustive.h"
#include "plan/testing/profile_builder.h"
#include "plan/testing/random_instance.h"

namespace scission {
namespace {

using testing::kNone;
using testing::RandomHost;
using testing::RandomInstance;

/// What profiles and network do not tell.
void AddFacts(const RandomInstance& instance, Problem& problem) {
  problem.returns_output = instance.returns_output;
  problem.may_revisit = instance.may_revisit;
  problem.link_prices.resize(problem.links.size());
  for (const RandomHost& host : instance.hosts) {
    ProblemHost& known = problem.hosts[static_cast<std::size_t>(problem.FindHost(host.name))];
    known.startup = Seconds(host.startup);
    known.watts = host.watts;
    known.price_per_hour = host.price_per_hour;
    for (const double bytes : host.weights) known.weight_bytes.push_back({bytes});
    for (const double bytes : host.peak) known.peak_bytes.push_back({bytes});
  }
  for (const auto& [hosts, price] : instance.link_prices) {
    const auto link =
        static_cast<std::size_t>(problem.FindHost(hosts.first)) * problem.hosts.size() +
        static_cast<std::size_t>(problem.FindHost(hosts.second));
    problem.link_prices[link] = {price.joules_per_byte, price.price_per_byte};
  }
}

Problem ToProblem(const RandomInstance& instance) {
  std::vector<Profile> profiles;
  for (const RandomHost& host : instance.hosts) profiles.push_back(testing::ToProfile(host));
  Problem problem = testing::MakeProblem(profiles, instance.network, instance.input);
  problem.sources.clear();
  for (int number = 0; number < problem.host_count(); ++number) {
    for (const RandomHost& host : instance.hosts) {
      if (host.is_source && host.name == problem.host(number).name) {
        problem.sources.push_back(number);
      }
    }
  }
  AddFacts(instance, problem);
  return problem;
}

Query ToQuery(const RandomInstance& instance, const Problem& problem) {
  Query query;
  const auto add = [&](const std::vector<int>& hosts, const Rule& rule) {
    Constraint constraint;
    constraint.hosts = hosts;
    constraint.rule = rule;
    query.constraints.push_back(constraint);
  };
  std::vector<int> all(problem.hosts.size());
  std::iota(all.begin(), all.end(), 0);
  if (instance.max_stages != kNone) add({}, StageLimit{instance.max_stages});
  if (instance.min_layers != kNone) add(all, SegmentRule{.min_layers = instance.min_layers});
  if (instance.max_layers != kNone) add(all, SegmentRule{.max_layers = instance.max_layers});
  if (instance.private_layer != kNone) add({}, PrivateRule{instance.private_layer});
  for (const auto& [metric, limit] : instance.limits) {
    add({}, ObjectiveLimit{ParseObjective("", metric), limit * (1 + 1e-12)});
  }
  for (const RandomHost& host : instance.hosts) {
    if (host.memory != kNone) add({problem.FindHost(host.name)}, MemoryLimit{{host.memory}});
  }
  query.objective.terms.clear();
  for (const auto& [metric, weight] : instance.objective) {
    query.objective.terms.push_back({ParseObjective("", metric).terms[0].metric, weight});
  }
  if (instance.excluded_link) {
    const auto& [from, to] = *instance.excluded_link;
    add({problem.FindHost(from)}, LinkRule{problem.FindHost(to)});
  }
  for (const auto& [tier, texts] : instance.texts) {
    const std::vector<int> hosts = problem.HostsOf(tier);
    for (Constraint& constraint : ParseCriteria(problem, "--" + tier, hosts, texts.criteria)) {
      query.constraints.push_back(std::move(constraint));
    }
    if (!texts.upload.empty()) {
      query.constraints.push_back(ParseUploadLimit("--upload", hosts, texts.upload));
    }
    if (!texts.time.empty())
      query.constraints.push_back(ParseTimeLimit("--time", hosts, texts.time));
  }
  return query;
}

std::string Identity(const Plan& plan) {
  std::string text = plan.source;
  for (const Stage& stage : plan.stages) {
    text += fmt::format(" {} {}-{}", stage.host, stage.first_layer, stage.last_layer);
  }
  return text;
}

/// Whether there was a plan.
bool CompareOnce(Random& random, int hosts, int blocks) {
  RandomInstance instance = testing::MakeInstance(random, hosts, blocks);
  const Problem problem = ToProblem(instance);
  for (RandomHost& host : instance.hosts) testing::AddSums(host);
  Query query = ToQuery(instance, problem);
  query.result_count = 1 + static_cast<std::size_t>(random.Below(12));
  auto expected = testing::Exhaustive(instance).plans();
  expected.resize(std::min(expected.size(), query.result_count));

  const auto plans = BestPlans(problem, query);
  EXPECT_EQ(plans.size(), expected.size());
  std::set<std::string> identities;
  for (std::size_t i = 0; i < std::min(plans.size(), expected.size()); ++i) {
    EXPECT_NEAR(query.objective.ValueOf(plans[i]), expected[i].value, 1e-9);
    EXPECT_NEAR(plans[i].latency.count(), expected[i].latency, 1e-9);
    EXPECT_TRUE(identities.insert(Identity(plans[i])).second);
  }
  return !expected.empty();
}

/// Solved instances among `count` of up to so many hosts and blocks.
int Compare(Random& random, int count, int max_hosts, int max_blocks) {
  int solved = 0;
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    const int hosts = 1 + random.Below(max_hosts);
    solved += CompareOnce(random, hosts, 1 + random.Below(max_blocks)) ? 1 : 0;
  }
  return solved;
}

TEST(Planner, AgreesWithExhaustiveSearchOnSmallInstances) {
  Random random(7);
  EXPECT_GT(Compare(random, 20'000, 4, 5), 5000);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyHosts) {
  Random random(8);
  EXPECT_GT(Compare(random, 500, 6, 6), 100);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyBlocks) {
  Random random(9);
  EXPECT_GT(Compare(random, 500, 4, 12), 100);
}

TEST(Planner, AgreesWithExhaustiveSearchOnTheLargestInstances) {
  Random random(10);
  EXPECT_GT(Compare(random, 40, 6, 12), 5);
}

}  // namespace
}  // namespace scission
