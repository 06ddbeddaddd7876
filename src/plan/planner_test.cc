#include "plan/planner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::BlockSpec;
using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::ElementsAre;

/// "a 0-1, b 2-5"
std::string Text(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Stage& stage : plan.stages) {
    texts.push_back(fmt::format("{} {}-{}", stage.host, stage.first_layer, stage.last_layer));
  }
  return Join(texts, ", ");
}

std::vector<std::string> Texts(const std::vector<Plan>& plans) {
  std::vector<std::string> texts;
  for (const Plan& plan : plans) texts.push_back(Text(plan));
  return texts;
}

const std::vector<Profile> kDeviceAndCloud = {
    MakeProfile("device", "pi", {{0, 0, 1, 1000}, {1, 1, 2, 10}}),
    MakeProfile("cloud", "gpu", {{0, 0, 0.1, 1000}, {1, 1, 0.2, 10}})};

TEST(Planner, KeepsEverythingLocalWhenTheLinkIsSlow) {
  const Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1}}), 3000);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("pi 0-1", "pi 0-0, gpu 1-1", "gpu 0-1"));
  EXPECT_EQ(plans[0].latency, Seconds(3));
  EXPECT_EQ(plans[0].sent, Bytes{0});
  EXPECT_TRUE(plans[0].hops.empty());
}

TEST(Planner, SendsTheInputAwayWhenTheLinkIsFast) {
  const Problem problem =
      MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0.5, 1e4}}), 3000);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("gpu 0-1", "pi 0-0, gpu 1-1", "pi 0-1"));
  EXPECT_EQ(plans[0].source, "pi");
  ASSERT_EQ(plans[0].hops.size(), 1u);
  EXPECT_EQ(plans[0].hops[0].bytes, Bytes{3000});
  EXPECT_EQ(plans[0].hops[0].time, Seconds(0.5) + Seconds(0.3));
  EXPECT_DOUBLE_EQ(plans[0].latency.count(), 0.3 + 0.8);
  EXPECT_DOUBLE_EQ(plans[1].latency.count(), 1 + 0.2 + 0.6);
}

TEST(Planner, DoesNotUseAMissingLink) {
  EXPECT_THAT(Texts(BestPlans(MakeProblem(kDeviceAndCloud, {}, 0), {})), ElementsAre("pi 0-1"));
}

TEST(Planner, StartsAnywhereWithoutADevice) {
  const Problem problem = MakeProblem({MakeProfile("edge", "a", {{0, 0, 1, 8}, {1, 1, 1, 8}}),
                                       MakeProfile("cloud", "b", {{0, 0, 2, 8}, {1, 1, 0.5, 8}})},
                                      MakeNetwork({{"a", "b", 0, 80}}), 1e9);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("a 0-0, b 1-1", "a 0-1", "b 0-1"));
  EXPECT_EQ(plans[0].source, "");
  EXPECT_EQ(plans[2].hops.size(), 0u);
}

TEST(Planner, TakesEveryDeviceForASource) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 1, 3}}), MakeProfile("device", "b", {{0, 1, 2}}),
                   MakeProfile("edge", "c", {{0, 1, 1}})},
                  MakeNetwork({{"a", "c", 1.5, 1e9}, {"b", "c", 0.5, 1e9}, {"a", "b", 0, 1e9}}), 0);
  const auto plans = BestPlans(problem, {});
  EXPECT_THAT(Texts(plans), ElementsAre("c 0-1", "b 0-1", "c 0-1", "a 0-1"));
  EXPECT_EQ(plans[0].source, "b");
  EXPECT_EQ(plans[2].source, "a");
}

TEST(Planner, TakesTheTimeOfAMeasuredRangeAsItIs) {
  std::vector<Profile> profiles = kDeviceAndCloud;
  profiles[0].models[0].ranges.push_back({0, 1, {Seconds(0.5)}});
  const auto plans = BestPlans(MakeProblem(profiles, {}, 0), {});
  EXPECT_EQ(plans[0].compute, Seconds(0.5));
  EXPECT_TRUE(plans[0].stages[0].measured);
}

TEST(Planner, OrdersEqualPlansByStagesThenHosts) {
  const Problem problem = MakeProblem(
      {MakeProfile("device", "a", {{0, 0}, {1, 1}}), MakeProfile("edge", "b", {{0, 0}, {1, 1}}),
       MakeProfile("edge", "c", {{0, 0}, {1, 1}})},
      MakeNetwork({{"a", "b"}, {"a", "c"}}), 0);
  Query query;
  EXPECT_THAT(Texts(BestPlans(problem, query)),
              ElementsAre("b 0-1", "c 0-1", "a 0-1", "a 0-0, b 1-1", "a 0-0, c 1-1"));
  query.result_count = 2;
  EXPECT_THAT(Texts(BestPlans(problem, query)), ElementsAre("b 0-1", "c 0-1"));
}

TEST(Planner, LimitsTheNumberOfStages) {
  const Problem problem = MakeProblem(kDeviceAndCloud, MakeNetwork({{"pi", "gpu", 0, 1}}), 3000);
  Query query;
  query.max_stages = 1;
  EXPECT_THAT(Texts(BestPlans(problem, query)), ElementsAre("pi 0-1", "gpu 0-1"));
}

// ---- Against an exhaustive search, written from the rules and not from the planner ----

struct Instance {
  std::vector<Profile> profiles;
  Network network;
  double input_bytes = 0;
  std::array<std::string, 3> criteria;
  std::array<std::string, 3> uploads;
  std::array<std::string, 3> times;
};

/// Few distinct values, so that ties, zeros and limits that are met exactly are common.
double Amount(Random& random, double unit) { return unit * random.Below(5); }

Profile RandomProfile(Random& random, const std::string& tier, int index, int block_count) {
  std::vector<BlockSpec> blocks;
  for (int block = 0; block < block_count; ++block) {
    blocks.push_back({2 * block, 2 * block + 1, Amount(random, 0.25), Amount(random, 500)});
  }
  Profile profile = MakeProfile(tier, fmt::format("{}{}", tier[0], index), blocks);
  for (int count = random.Below(3); count > 0; --count) {
    const int first = 2 * random.Below(block_count);
    const int last = 2 * block_count - 1 - 2 * random.Below(block_count);
    ModelProfile& model = profile.models[0];
    if (first > last || model.FindRange(first, last) != nullptr) continue;
    model.ranges.push_back({first, last, {Seconds(Amount(random, 0.25))}});
  }
  return profile;
}

std::string RandomCriteria(Random& random, const std::string& tier, int host_count, int layers) {
  std::vector<std::string> criteria;
  for (int count = random.Below(6) - 3; count > 0; --count) {
    const std::string negation = random.Below(2) == 0 ? "!" : "";
    const int kind = random.Below(host_count > 0 ? 3 : 2);
    criteria.push_back(negation + (kind == 0 ? "-1"
                                   : kind == 1
                                       ? std::to_string(random.Below(layers))
                                       : fmt::format("{}{}", tier[0], random.Below(host_count))));
  }
  return Join(criteria, ",");
}

Instance RandomInstance(Random& random) {
  Instance instance;
  const int block_count = 1 + random.Below(4);
  instance.input_bytes = Amount(random, 500);
  for (std::size_t tier = 0; tier < 3; ++tier) {
    const int host_count = tier == 0 ? random.Below(3) : random.Below(2) + (tier == 2 ? 1 : 0);
    for (int i = 0; i < host_count; ++i) {
      instance.profiles.push_back(RandomProfile(random, kTiers[tier], i, block_count));
    }
    instance.criteria[tier] = RandomCriteria(random, kTiers[tier], host_count, 2 * block_count);
    if (random.Below(6) == 0) instance.uploads[tier] = fmt::format("{}", Amount(random, 0.0005));
    if (random.Below(6) == 0) instance.times[tier] = fmt::format("{}", Amount(random, 0.25));
    if (random.Below(6) == 0) instance.times[tier] = fmt::format("{}%", Amount(random, 25));
  }
  for (const Profile& from : instance.profiles) {
    for (const Profile& to : instance.profiles) {
      if (random.Below(5) == 0) continue;
      instance.network.links[{from.host.name, to.host.name}] = {Seconds(Amount(random, 0.125)),
                                                                1000.0 * (1 + random.Below(3))};
    }
  }
  return instance;
}

/// What one tier does in an assignment of blocks to hosts.
struct NaiveUse {
  std::string host;  ///< empty: unused
  int first_layer = -1;
  int last_layer = -1;
  double sent = 0;
  double time = 0;
};

bool MeetsCriterion(const NaiveUse& use, const std::string& criterion) {
  const bool negated = criterion[0] == '!';
  const std::string word = criterion.substr(negated ? 1 : 0);
  if (word == "-1") return use.host.empty() != negated;
  if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
    const int layer = std::stoi(word);
    const bool inside = !use.host.empty() && use.first_layer <= layer && layer <= use.last_layer;
    return inside != negated;
  }
  return !negated || (!use.host.empty() && use.host != word);
}

bool MeetsCriteria(const NaiveUse& use, const std::string& criteria) {
  bool a_host_is_named = false;
  bool it_is_the_one = false;
  if (criteria.empty()) return true;
  for (const std::string& criterion : Split(criteria, ',')) {
    if (!MeetsCriterion(use, criterion)) return false;
    if (std::isalpha(static_cast<unsigned char>(criterion[0])) == 0) continue;
    a_host_is_named = true;
    it_is_the_one = it_is_the_one || criterion == use.host;
  }
  return !a_host_is_named || it_is_the_one;
}

bool MeetsLimits(const NaiveUse& use, double total, const std::string& upload,
                 const std::string& time) {
  if (!upload.empty() && use.sent > std::stod(upload) * 1e6 + 1e-6) return false;
  if (time.empty()) return true;
  const double limit = std::stod(time);
  return time.back() == '%' ? use.time * 100 <= limit * total + 1e-9 : use.time <= limit;
}

/// The latency of the plan in which block b runs on profiles[hosts[b]], or nothing if it is none.
std::optional<double> NaiveLatency(const Instance& instance, const std::vector<std::size_t>& hosts,
                                   const Profile* source) {
  std::array<NaiveUse, 3> uses;
  double transfer = 0;
  double total = 0;
  const Profile* at = source;
  double data = instance.input_bytes;
  int last_tier = -1;
  if (source != nullptr) uses[0].sent = data;
  for (std::size_t block = 0; block < hosts.size();) {
    std::size_t end = block;
    while (end < hosts.size() && hosts[end] == hosts[block]) ++end;
    const Profile& host = instance.profiles[hosts[block]];
    const int tier =
        static_cast<int>(std::find(kTiers.begin(), kTiers.end(), host.host.tier) - kTiers.begin());
    if (tier <= last_tier) return std::nullopt;
    if (tier == 0 && source != &host) return std::nullopt;
    last_tier = tier;
    const auto& blocks = host.models[0].blocks;
    if (at != nullptr && at != &host) {
      const Link* link = instance.network.Find(at->host.name, host.host.name);
      if (link == nullptr) return std::nullopt;
      transfer += link->latency.count() + data / link->bytes_per_second;
    }
    data = blocks[end - 1].output_bytes.count;
    const double time =
        SegmentTime(host.models[0], blocks[block].first_layer, blocks[end - 1].last_layer).count();
    uses[static_cast<std::size_t>(tier)] = {host.host.name, blocks[block].first_layer,
                                            blocks[end - 1].last_layer,
                                            end == hosts.size() ? 0 : data, time};
    total += time;
    at = &host;
    block = end;
  }
  for (std::size_t tier = 0; tier < 3; ++tier) {
    if (!MeetsCriteria(uses[tier], instance.criteria[tier])) return std::nullopt;
    if (!MeetsLimits(uses[tier], total, instance.uploads[tier], instance.times[tier])) {
      return std::nullopt;
    }
  }
  return total + transfer;
}

/// Latencies of all plans, in order: every assignment of every block to every host is tried.
std::vector<double> NaiveLatencies(const Instance& instance) {
  std::vector<const Profile*> sources;
  for (const Profile& profile : instance.profiles) {
    if (profile.host.tier == "device") sources.push_back(&profile);
  }
  if (sources.empty()) sources.push_back(nullptr);
  std::vector<double> latencies;
  std::vector<std::size_t> hosts(instance.profiles[0].models[0].blocks.size());
  while (true) {
    for (const Profile* source : sources) {
      if (const auto latency = NaiveLatency(instance, hosts, source)) {
        latencies.push_back(*latency);
      }
    }
    auto digit = hosts.begin();
    while (digit != hosts.end() && ++*digit == instance.profiles.size()) *digit++ = 0;
    if (digit == hosts.end()) break;
  }
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

Query MakeQuery(const Instance& instance, const Problem& problem) {
  Query query;
  for (int tier = 0; tier < 3; ++tier) {
    const auto i = static_cast<std::size_t>(tier);
    for (auto& constraint : ParseCriteria(problem, tier, instance.criteria[i])) {
      query.constraints.push_back(constraint);
    }
    if (!instance.uploads[i].empty()) {
      query.constraints.push_back(ParseUploadLimit(tier, instance.uploads[i]));
    }
    if (!instance.times[i].empty()) {
      query.constraints.push_back(ParseTimeLimit(tier, instance.times[i]));
    }
  }
  return query;
}

std::string Identity(const Plan& plan) { return plan.source + ": " + Text(plan); }

TEST(Planner, AgreesWithExhaustiveSearchOnRandomInstances) {
  Random random(7);
  int solved = 0;
  for (int round = 0; round < 10'000; ++round) {
    const Instance instance = RandomInstance(random);
    const Problem problem = MakeProblem(instance.profiles, instance.network, instance.input_bytes);
    Query query = MakeQuery(instance, problem);
    query.result_count = 1 + static_cast<std::size_t>(random.Below(12));
    auto expected = NaiveLatencies(instance);
    solved += expected.empty() ? 0 : 1;
    expected.resize(std::min(expected.size(), query.result_count));

    const auto plans = BestPlans(problem, query);
    ASSERT_EQ(plans.size(), expected.size()) << "round " << round;
    std::set<std::string> identities;
    for (std::size_t i = 0; i < plans.size(); ++i) {
      ASSERT_NEAR(plans[i].latency.count(), expected[i], 1e-12) << "round " << round;
      ASSERT_TRUE(identities.insert(Identity(plans[i])).second) << "round " << round;
    }
  }
  EXPECT_GT(solved, 3000);
}

}  // namespace
}  // namespace scission
