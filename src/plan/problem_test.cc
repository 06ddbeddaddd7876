#include "plan/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

using ::testing::ElementsAre;

using testing::ErrorOf;

TEST(SelectModel, OrdersHostsByTierAndIgnoresCase) {
  const std::vector<Profile> profiles = {MakeProfile("cloud", "c", {{0, 1}}),
                                         MakeProfile("device", "a", {{0, 1}}),
                                         MakeProfile("edge", "b", {{0, 1}})};
  std::vector<std::string> warnings;
  const auto hosts = SelectModel(profiles, "M", warnings);
  ASSERT_EQ(hosts.size(), 3u);
  EXPECT_EQ(hosts[0].profile->host.name, "a");
  EXPECT_EQ(hosts[2].profile->host.name, "c");
  EXPECT_THAT(warnings, ElementsAre());
}

TEST(SelectModel, PutsOtherTiersLast) {
  const std::vector<Profile> profiles = {MakeProfile("fog", "a", {{0, 1}}),
                                         MakeProfile("cloud", "b", {{0, 1}}),
                                         MakeProfile("attic", "c", {{0, 1}})};
  const Problem problem = MakeProblem(profiles, {}, 0);
  EXPECT_EQ(problem.HostNames({0, 1, 2}), (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(problem.HostsOf("fog"), std::vector<int>{1});
}

TEST(SelectModel, LeavesHostsWithoutTheModelOutWithAWarning) {
  std::vector<Profile> profiles = {MakeProfile("device", "a", {{0, 1}}),
                                   MakeProfile("cloud", "c", {{0, 1}})};
  profiles[1].models[0].model = "other";
  std::vector<std::string> warnings;
  EXPECT_EQ(SelectModel(profiles, "m", warnings).size(), 1u);
  EXPECT_THAT(warnings, ElementsAre("cloud-c: the model 'm' is not in it; host 'c' is left out"));
}

TEST(SelectSource, TakesTheDevicesOrTheHostThatIsNamed) {
  Problem problem =
      MakeProblem({MakeProfile("edge", "b", {{0, 1}}), MakeProfile("device", "a", {{0, 1}}),
                   MakeProfile("device", "c", {{0, 1}})},
                  {}, 0);
  SelectSource(problem, "");
  EXPECT_THAT(problem.sources, ElementsAre(0, 1));
  SelectSource(problem, "b");
  EXPECT_THAT(problem.sources, ElementsAre(2));
}

TEST(SelectSource, ListsTheHostsWhereNoneIsMeant) {
  Problem problem = MakeProblem(
      {MakeProfile("edge", "vm2Core", {{0, 1}}), MakeProfile("cloud", "b", {{0, 1}})}, {}, 0);
  EXPECT_EQ(ErrorOf([&] { SelectSource(problem, ""); }),
            "--source: is needed, as no host is of the tier device; the hosts are vm2Core, b");
  EXPECT_EQ(ErrorOf([&] { SelectSource(problem, "vm2core"); }),
            "--source: there is no host 'vm2core' (did you mean 'vm2Core'?); the hosts are "
            "vm2Core, b");
}

TEST(KeepTierOrder, LeavesLinksToALaterTier) {
  const std::vector<std::string> tiers = {"device", "edge", "edge", "cloud", "fog"};
  std::vector<Profile> profiles;
  Network network;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    profiles.push_back(MakeProfile(tiers[i], std::string(1, static_cast<char>('a' + i)), {{0, 1}}));
  }
  for (const Profile& from : profiles) {
    for (const Profile& to : profiles) {
      if (&from != &to) network.links[{from.host.name, to.host.name}] = {};
    }
  }
  Problem problem = MakeProblem(profiles, network, 0);
  KeepTierOrder(problem);
  std::vector<std::string> links;
  for (int from = 0; from < 5; ++from) {
    for (int to = 0; to < 5; ++to) {
      if (problem.FindLink(from, to)) {
        links.push_back(problem.host(from).name + problem.host(to).name);
      }
    }
  }
  EXPECT_THAT(links, ElementsAre("ab", "ac", "ad", "bd", "cd"));
}

TEST(SelectModel, WarnsOfDifferentModelFiles) {
  std::vector<Profile> profiles = {MakeProfile("device", "a", {{0, 1}}),
                                   MakeProfile("edge", "b", {{0, 1}}),
                                   MakeProfile("edge", "c", {{0, 1}})};
  profiles[0].models[0].model_hash = "1";
  profiles[2].models[0].model_hash = "2";
  std::vector<std::string> warnings;
  EXPECT_EQ(SelectModel(profiles, "m", warnings).size(), 3u);
  EXPECT_THAT(warnings, ElementsAre("device-a and edge-c measured different files of 'm' (their "
                                    "hashes differ)"));
}

TEST(MakeProblem, HasTheHashThatTheKnowingHostsAgreeOn) {
  std::vector<Profile> profiles = {MakeProfile("device", "a", {{0, 1}}),
                                   MakeProfile("edge", "b", {{0, 1}}),
                                   MakeProfile("cloud", "c", {{0, 1}})};
  EXPECT_EQ(MakeProblem(profiles, {}, 0).model_hash, "");
  profiles[0].models[0].model_hash = "1";
  profiles[1].models[0].model_hash = "1";
  EXPECT_EQ(MakeProblem(profiles, {}, 0).model_hash, "1");
  profiles[2].models[0].model_hash = "2";
  EXPECT_EQ(MakeProblem(profiles, {}, 0).model_hash, "");
}

TEST(SelectModel, SuggestsAModelThatIsThere) {
  std::vector<Profile> profiles = {MakeProfile("device", "a", {{0, 1}})};
  profiles[0].models[0].model = "vgg19";
  std::vector<std::string> warnings;
  EXPECT_EQ(ErrorOf([&] { SelectModel(profiles, "vgg91", warnings); }),
            "no profile has the model 'vgg91'; there are: vgg19");
  EXPECT_EQ(ErrorOf([&] { SelectModel(profiles, "vg19", warnings); }),
            "no profile has the model 'vg19' (did you mean 'vgg19'?); there are: vgg19");
}

TEST(MakeProblem, KeepsTheCutsThatAllHostsHave) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 0, 1, 10}, {1, 2, 2, 20}, {3, 5, 4, 30}}),
                   MakeProfile("edge", "b", {{0, 2, 8, 21}, {3, 4, 16, 31}, {5, 5, 32, 41}})},
                  {}, 7);
  ASSERT_EQ(problem.block_count(), 2);
  EXPECT_EQ(problem.blocks[0].first_layer, 0);
  EXPECT_EQ(problem.blocks[0].last_layer, 2);
  EXPECT_EQ(problem.blocks[1].first_layer, 3);
  EXPECT_EQ(problem.blocks[1].last_layer, 5);
  EXPECT_EQ(problem.hosts[0].times.Time(0, 0), Seconds(3));
  EXPECT_EQ(problem.hosts[1].times.Time(1, 1), Seconds(48));
  // Each host sends what its own profile says.
  EXPECT_THAT(problem.hosts[0].output_bytes, ElementsAre(Bytes{20}, Bytes{30}));
  EXPECT_THAT(problem.hosts[1].output_bytes, ElementsAre(Bytes{21}, Bytes{41}));
  EXPECT_EQ(problem.input, Bytes{7});
}

TEST(MakeProblem, AddsWhatTheModelsRunsTakeBehindAPauseToTheHostsOwn) {
  Profile profile = MakeProfile("device", "a", {{0, 1}});
  profile.host.startup = Milliseconds(2);
  profile.models[0].startup = {Milliseconds(0.25), 0.5};
  const ProblemHost host = MakeProblem({profile}, {}, 0).hosts[0];
  EXPECT_EQ(host.startup, Milliseconds(2) + Milliseconds(0.25));
  EXPECT_EQ(host.StageTime(0, 0), host.startup + host.SegmentTime(0, 0) * 1.5);
}

TEST(MakeProblem, KnowsTheLinksByDirection) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "a", {{0, 1}}), MakeProfile("edge", "b", {{0, 1}})},
                  MakeNetwork({{"a", "b", 0.5, 100}}), 0);
  EXPECT_EQ(problem.FindLink(0, 1)->latency, Seconds(0.5));
  EXPECT_FALSE(problem.FindLink(1, 0));
}

TEST(MakeProblem, NamesBothFilesWhereTheModelsDiffer) {
  EXPECT_EQ(ErrorOf([] {
              MakeProblem({MakeProfile("device", "a", {{0, 5}}),
                           MakeProfile("edge", "b", {{0, 3}, {4, 6}})},
                          {}, 0);
            }),
            "edge-b: model 'm': has the layers 0 to 6, but 0 to 5 in device-a");
  std::vector<Profile> profiles = {MakeProfile("device", "a", {{0, 5}}),
                                   MakeProfile("edge", "b", {{0, 5}})};
  profiles[1].models[0].batch_size = 8;
  EXPECT_EQ(ErrorOf([&] { MakeProblem(profiles, {}, 0); }),
            "edge-b: model 'm': was measured with batch size 8, but with 1 in device-a");
}

}  // namespace
}  // namespace scission
