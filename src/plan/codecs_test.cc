#include "plan/codecs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "base/testing/error_of.h"
#include "plan/planner.h"
#include "plan/sensitivity.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::BlockSpec;
using testing::MakeNetwork;
using testing::MakeProfile;

/// `profiles` as a problem that may use `codecs`.
Problem MakeProblem(const std::vector<Profile>& profiles, const Network& network,
                    const std::vector<std::string>& codecs) {
  std::vector<std::string> warnings;
  const auto hosts = SelectModel(profiles, "m", warnings);
  Problem problem = scission::MakeProblem(hosts, network, Bytes{5000});
  AllowCodecs("--codecs", hosts, codecs, problem);
  return problem;
}

/// A device that is quick with the first block, and a cloud with the second; the cut has 1000
/// bytes. half halves them, in 0.1 s on the device and 0.05 s in the cloud; tiny makes 10, in a
/// second.
std::vector<Profile> DeviceAndCloud() {
  std::vector<Profile> profiles = {MakeProfile("device", "pi", {{0, 0, 1, 1000}, {1, 1, 90, 10}}),
                                   MakeProfile("cloud", "gpu", {{0, 0, 90, 1000}, {1, 1, 1, 10}})};
  profiles[0].models[0].blocks[0].codecs = {{"half", Bytes{500}, Seconds(0.1), Seconds(9)},
                                            {"tiny", Bytes{10}, Seconds(0.5), Seconds(9)}};
  profiles[1].models[0].blocks[0].codecs = {{"half", Bytes{500}, Seconds(9), Seconds(0.05)},
                                            {"tiny", Bytes{10}, Seconds(9), Seconds(0.5)}};
  return profiles;
}

Plan Best(double bytes_per_second, const std::vector<std::string>& codecs) {
  const Network network = MakeNetwork({{"pi", "gpu", 0.25, bytes_per_second}});
  return BestPlans(MakeProblem(DeviceAndCloud(), network, codecs), {}).at(0);
}

TEST(Codecs, PackWhereThatIsQuicker) {
  const Plan slow = Best(1000, {"half"});  // 0.5 s less for 0.15 s
  ASSERT_EQ(slow.hops.size(), 1u);
  EXPECT_EQ(slow.hops[0].codec, "half");
  EXPECT_EQ(slow.hops[0].bytes, Bytes{500});
  EXPECT_DOUBLE_EQ(slow.hops[0].time.count(), 0.25 + 0.5 + 0.15);
  EXPECT_DOUBLE_EQ(slow.latency.count(), 2 + 0.9);
  EXPECT_DOUBLE_EQ(slow.compute.count(), 2);
  EXPECT_EQ(slow.sent, Bytes{500});
  const Plan fast = Best(10'000, {"half"});  // 0.05 s less for 0.15 s
  EXPECT_EQ(fast.hops[0].codec, "");
  EXPECT_EQ(fast.hops[0].bytes, Bytes{1000});
  EXPECT_DOUBLE_EQ(fast.latency.count(), 2 + 0.25 + 0.1);
}

TEST(Codecs, AreThoseThatAreAllowed) {
  EXPECT_EQ(Best(100, {"half", "tiny"}).hops[0].codec, "tiny");  // 0.1 + 1 against 5 + 0.15
  EXPECT_EQ(Best(100, {"half"}).hops[0].codec, "half");
  EXPECT_EQ(Best(100, {}).hops[0].codec, "");
}

TEST(Codecs, NeedFiguresOfBothEnds) {
  std::vector<Profile> profiles = DeviceAndCloud();
  profiles[1].models[0].blocks[0].codecs.clear();
  const Network network = MakeNetwork({{"pi", "gpu", 0, 1000}});
  EXPECT_EQ(BestPlans(MakeProblem(profiles, network, {"half"}), {}).at(0).hops.at(0).codec, "");
  profiles[0].models[0].blocks[0].codecs.clear();
  EXPECT_EQ(testing::ErrorOf([&] {
              MakeProblem(profiles, network, {"half", "tiny"});
            }),
            "--codecs: no profile tells what packing with half, tiny costs; measure it with "
            "benchmark --codecs");
}

TEST(Codecs, LeaveInputAndOutputAsTheyAre) {
  std::vector<Profile> profiles = DeviceAndCloud();
  for (Profile& profile : profiles) {
    profile.models[0].blocks[1].codecs = profile.models[0].blocks[0].codecs;
  }
  Problem problem = MakeProblem(profiles, MakeNetwork({{"pi", "gpu", 0, 1}, {"gpu", "pi", 0, 1}}),
                                {"half", "tiny"});
  problem.returns_output = true;
  Query query;
  query.constraints.push_back({{0}, UseRule{false}, "", ""});
  const Plan plan = BestPlans(problem, query).at(0);
  ASSERT_EQ(plan.hops.size(), 2u);
  EXPECT_EQ(plan.hops[0].bytes, Bytes{5000});
  EXPECT_EQ(plan.hops[1].bytes, Bytes{10});
  EXPECT_EQ(plan.hops[0].codec + plan.hops[1].codec, "");
}

TEST(Codecs, LowerWhatUploadAndPeriodLimitsSee) {
  Problem problem =
      MakeProblem(DeviceAndCloud(), MakeNetwork({{"pi", "gpu", 0.25, 1000}}), {"half"});
  Query query;
  query.constraints.push_back({{0}, UploadLimit{Bytes{500}}, "", ""});
  EXPECT_EQ(BestPlans(problem, query).at(0).stages.size(), 2u);
  query.constraints = {{{0}, UploadLimit{Bytes{499}}, "", ""}};
  EXPECT_EQ(BestPlans(problem, query).at(0).stages.size(), 1u);
  query.constraints = {{{}, ObjectiveLimit{ParseObjective("", "throughput"), 1.01}, "", ""}};
  EXPECT_EQ(BestPlans(problem, query).size(), 1u);  // stages of 1 s, a hop of 0.9 s, not 1.25
  problem.codecs.clear();
  EXPECT_EQ(BestPlans(problem, query).size(), 0u);
}

TEST(Codecs, HaveNoBreakPoints) {
  const Problem problem =
      MakeProblem(DeviceAndCloud(), MakeNetwork({{"pi", "gpu", 0.25, 1000}}), {"half"});
  EXPECT_TRUE(FindSensitivities(problem, {}, 2).empty());
}

// ---- Against all plans, their hops counted anew ----

Profile RandomProfile(Random& random, const std::string& tier, const std::string& name) {
  std::vector<BlockSpec> blocks;
  for (int i = 0; i < 4; ++i) blocks.push_back({i, i, random.Uniform(0.1, 2), 1000.0 * (4 - i)});
  Profile profile = MakeProfile(tier, name, blocks);
  for (Block& block : profile.models[0].blocks) {
    for (const char* codec : {"x", "y"}) {
      if (random.Below(4) == 0) continue;
      block.codecs.push_back({codec, Bytes{block.output_bytes.count * random.Uniform(0.1, 1)},
                              Seconds(random.Uniform(0, 0.5)), Seconds(random.Uniform(0, 0.5))});
    }
  }
  return profile;
}

const CodecFigures* Find(const Block& block, const std::string& codec) {
  for (const CodecFigures& figures : block.codecs) {
    if (figures.codec == codec) return &figures;
  }
  return nullptr;
}

/// The quickest way over a link of what is behind a block.
double Quickest(const Block& from, const Block& to, const Link& link) {
  double least = TransferTime(from.output_bytes, link).count();
  for (const char* codec : {"x", "y"}) {
    const CodecFigures* a = Find(from, codec);
    const CodecFigures* b = Find(to, codec);
    if (a == nullptr || b == nullptr) continue;
    least = std::min(least, (TransferTime(a->bytes, link) + a->encode + b->decode).count());
  }
  return least;
}

TEST(Codecs, GiveTheBestOfAllPlans) {
  Random random(5);
  int packed = 0;
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Profile> profiles = {RandomProfile(random, "device", "0"),
                                           RandomProfile(random, "edge", "1"),
                                           RandomProfile(random, "cloud", "2")};
    Network network;
    for (const char* from : {"0", "1", "2"}) {
      for (const char* to : {"0", "1", "2"}) {
        network.links[{from, to}] = {Seconds(random.Uniform(0, 0.1)), random.Uniform(500, 9000)};
      }
    }
    std::vector<double> expected;
    for (const Plan& plan : BestPlans(MakeProblem(profiles, network, {}), {.result_count = 1000})) {
      const Link& own = network.links[{plan.source, plan.source}];
      double sum = plan.compute.count() + TransferTime(Bytes{5000}, own).count();
      for (std::size_t s = 0; s < plan.stages.size(); ++s) {
        const std::string from = s == 0 ? plan.source : plan.stages[s - 1].host;
        const std::string to = plan.stages[s].host;
        const Link& link = network.links[{from, to}];
        if (s == 0 && from != to) sum += TransferTime(Bytes{5000}, link).count();
        if (s == 0) continue;
        const auto block = static_cast<std::size_t>(plan.stages[s].first_layer) - 1;
        sum += Quickest(profiles[std::stoul(from)].models[0].blocks[block],
                        profiles[std::stoul(to)].models[0].blocks[block], link);
      }
      expected.push_back(sum);
    }
    std::sort(expected.begin(), expected.end());
    std::vector<double> found;
    for (const Plan& plan :
         BestPlans(MakeProblem(profiles, network, {"x", "y"}), {.result_count = 1000})) {
      found.push_back(plan.latency.count());
      for (const Hop& hop : plan.hops) packed += hop.codec.empty() ? 0 : 1;
    }
    EXPECT_GT(found.size(), 10u);
    EXPECT_THAT(found, ::testing::Pointwise(::testing::DoubleNear(1e-9), expected));
  }
  EXPECT_GT(packed, 100);
}

}  // namespace
}  // namespace scission
