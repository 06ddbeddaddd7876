#include "plan/query.h"

#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "plan/planner.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::MakeProblem;
using testing::MakeProfile;

Problem Example() {
  return MakeProblem(
      {MakeProfile("device", "pi", {{0, 5}, {6, 25}}),
       MakeProfile("edge", "2500", {{0, 5}, {6, 25}}), MakeProfile("edge", "7", {{0, 5}, {6, 25}}),
       MakeProfile("edge", "vm2Core", {{0, 5}, {6, 25}})},
      {}, 0);
}

std::vector<Constraint> ParseEdge(std::string_view text) {
  return ParseCriteria(Example(), "--edge", Example().HostsOf("edge"), text);
}

using testing::ErrorOf;

TEST(ParseCriteria, KnowsEveryKind) {
  const auto constraints = ParseEdge(" 3 , !10 ,vm2Core, !2500,-1 ,!-1,,2500 ");
  ASSERT_EQ(constraints.size(), 6u);
  EXPECT_EQ(std::get<LayerRule>(constraints[0].rule).layer, 3);
  EXPECT_TRUE(std::get<LayerRule>(constraints[0].rule).inside);
  EXPECT_EQ(std::get<LayerRule>(constraints[1].rule).layer, 10);
  EXPECT_FALSE(std::get<LayerRule>(constraints[1].rule).inside);
  EXPECT_EQ(constraints[1].option, "--edge");
  EXPECT_EQ(constraints[1].value, "!10");
  EXPECT_FALSE(std::get<HostRule>(constraints[2].rule).allowed);
  EXPECT_FALSE(std::get<UseRule>(constraints[3].rule).used);
  EXPECT_TRUE(std::get<UseRule>(constraints[4].rule).used);
  // Several names are alternatives, so they make one rule.
  EXPECT_EQ(std::get<HostRule>(constraints[5].rule).named, (std::vector<int>{1, 3}));
  EXPECT_TRUE(std::get<HostRule>(constraints[5].rule).allowed);
  EXPECT_EQ(constraints[5].value, "vm2Core,2500");
  EXPECT_EQ(constraints[5].hosts, (std::vector<int>{1, 2, 3}));
}

TEST(Renumbered, FollowsHostsToTheirNumbersAndLeavesOutThoseThatAreGone) {
  const Problem before = Example();
  const Problem now = MakeProblem(
      {MakeProfile("device", "vm2Core", {{0, 5}, {6, 25}}), MakeProfile("edge", "pi", {{0, 25}})},
      {}, 0);
  Query query;
  query.constraints = ParseEdge("vm2Core,2500");
  query.constraints.push_back(ParseExcludedLink(before, "", "vm2Core>pi"));
  query.constraints.push_back(ParseExcludedLink(before, "", "pi>7"));
  query.constraints.push_back({{1}, UseRule{true}, "--host", "2500"});
  const auto found = Renumbered(query, before, now).constraints;
  EXPECT_EQ(found.at(0).hosts, std::vector<int>{0});
  EXPECT_EQ(std::get<HostRule>(found.at(0).rule).named, std::vector<int>{0});
  EXPECT_EQ(found.at(1).hosts, std::vector<int>{0});
  EXPECT_EQ(std::get<LinkRule>(found.at(1).rule).to, 1);
  EXPECT_TRUE(found.at(2).hosts.empty());
  EXPECT_TRUE(found.at(3).hosts.empty());
  EXPECT_EQ(found.at(3).option, "--host");
  // The host that must run something is gone; of the others, all is met.
  EXPECT_TRUE(BestPlans(now, Renumbered(query, before, now)).empty());
  query.constraints.pop_back();
  EXPECT_EQ(BestPlans(now, Renumbered(query, before, now)).size(), 1u);
}

TEST(ParseCriteria, TakesAnEmptyTextForNone) {
  EXPECT_TRUE(ParseEdge("").empty());
  EXPECT_TRUE(ParseEdge(" , ").empty());
}

TEST(ParseCriteria, TakesANumberForALayerWhereThereIsSuchALayer) {
  const auto rule = [](const char* text) { return ParseEdge(text)[0].rule; };
  EXPECT_TRUE(std::holds_alternative<LayerRule>(rule("7")));
  EXPECT_TRUE(std::holds_alternative<HostRule>(rule("2500")));
  EXPECT_EQ(std::get<HostRule>(rule("name:7")).named[0], 2);
  EXPECT_FALSE(std::get<HostRule>(rule("!name: 7")).allowed);
}

TEST(ParseCriteria, NamesWhatDoesNotExist) {
  const auto error = [](const char* text) { return ErrorOf([&] { ParseEdge(text); }); };
  EXPECT_EQ(error("26"), "--edge: there is no layer 26; m has the layers 0 to 25");
  EXPECT_EQ(error("!-2"), "--edge: there is no layer -2; m has the layers 0 to 25");
  EXPECT_EQ(error("vm2core"),
            "--edge: there is no host 'vm2core' (did you mean 'vm2Core'?); there is "
            "2500, 7, vm2Core");
  EXPECT_EQ(error("x-1"), "--edge: there is no host 'x-1'; there is 2500, 7, vm2Core");
  EXPECT_EQ(ErrorOf([] { ParseCriteria(Example(), "--cloud", {}, "gpu"); }),
            "--cloud: there is no host 'gpu'; no host with the model is of this tier");
}

TEST(ParseLimits, TakeMegabytesSecondsAndPercent) {
  const auto upload = [](const std::string& tier, const char* text) {
    return ParseUploadLimit("--" + tier + "-upload", {0}, text);
  };
  const auto time = [](const std::string& tier, const char* text) {
    return ParseTimeLimit("--" + tier + "-time", {0}, text);
  };
  EXPECT_EQ(std::get<UploadLimit>(upload("device", " 0.401536 ").rule).limit, Bytes{401536});
  EXPECT_EQ(upload("device", "1").hosts, std::vector<int>{0});
  EXPECT_EQ(std::get<TimeLimit>(time("device", "0.25").rule).limit, Seconds(0.25));
  EXPECT_EQ(std::get<TimeShareLimit>(time("device", "12.5%").rule).percent, 12.5);
  EXPECT_EQ(ErrorOf([&] { upload("device", "-1"); }),
            "--device-upload: '-1' is not a number of MB from 0 to 1e12");
  EXPECT_EQ(ErrorOf([&] { time("cloud", "2 min"); }),
            "--cloud-time: '2 min' is not a number of seconds, or a percentage, from 0 to 1e12");
  EXPECT_EQ(ErrorOf([&] { time("cloud", "nan%"); }),
            "--cloud-time: 'nan' is not a number of seconds, or a percentage, from 0 to 1e12");
}

TEST(ParseExcludedLink, TakesTwoHosts) {
  const Constraint constraint = ParseExcludedLink(Example(), "--exclude-link", " pi > vm2Core");
  EXPECT_EQ(constraint.hosts, std::vector<int>{0});
  EXPECT_EQ(std::get<LinkRule>(constraint.rule).to, 3);
  const auto error = [](const char* text) {
    return ErrorOf([&] { ParseExcludedLink(Example(), "--exclude-link", text); });
  };
  EXPECT_EQ(error("pi"), "--exclude-link: 'pi' is not FROM>TO");
  EXPECT_EQ(error("pi>server"),
            "--exclude-link: there is no host 'server'; there is pi, 2500, 7, vm2Core");
}

TEST(ParsePrivateLayers, TakesALayer) {
  const Constraint constraint = ParsePrivateLayers(Example(), "--private", "5");
  EXPECT_EQ(std::get<PrivateRule>(constraint.rule).last_layer, 5);
  EXPECT_EQ(ErrorOf([] { ParsePrivateLayers(Example(), "--private", "26"); }),
            "--private: there is no layer '26'; m has the layers 0 to 25");
}

TEST(ParseCount, TakesWholeNumbersAboveZero) {
  EXPECT_EQ(ParseCount("--max-hosts", " 3"), 3);
  for (const char* text : {"0", "-1", "1.5", "", "99999999999"}) {
    EXPECT_EQ(ErrorOf([&] { ParseCount("--max-hosts", text); }),
              "--max-hosts: '" + std::string(text) + "' is not a whole number above 0");
  }
}

TEST(ParseMegabytes, IsExactForEveryWholeNumberOfBytes) {
  for (int bytes = 1; bytes < 20'000'000; bytes += 7'919) {
    const Bytes read = ParseMegabytes("-i", std::to_string(bytes) + "e-6");
    EXPECT_EQ(read.count, bytes);
  }
}

}  // namespace
}  // namespace scission
