#include "plan/conflict.h"

#include <gtest/gtest.h>

#include "plan/planner.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

/// A slow device and a fast cloud; 1 MB between the layers, 2 MB of input.
Problem DeviceAndCloud(const Network& network) {
  return MakeProblem({MakeProfile("device", "pi", {{0, 0, 1, 1e6}, {1, 1, 2, 4000}}),
                      MakeProfile("cloud", "gpu", {{0, 0, 0.1, 1e6}, {1, 1, 0.2, 4000}})},
                     network, 2e6);
}

const Network kLinked = MakeNetwork({{"pi", "gpu", 0.5, 1e6}});

std::string Explain(const Problem& problem, const Query& query) {
  EXPECT_TRUE(BestPlans(problem, query).empty());
  return ExplainNoPlan(problem, query, "network.csv");
}

Query WithCriteria(const Problem& problem, const std::vector<const char*>& criteria) {
  Query query;
  for (std::size_t tier = 0; tier < criteria.size(); ++tier) {
    for (auto& constraint : ParseCriteria(problem, std::string("--") + kTiers[tier],
                                          problem.HostsOf(kTiers[tier]), criteria[tier])) {
      query.constraints.push_back(constraint);
    }
  }
  return query;
}

TEST(ExplainNoPlan, NamesTheConstraintsOfWhichOneMustGo) {
  const Problem problem = DeviceAndCloud(kLinked);
  EXPECT_EQ(Explain(problem, WithCriteria(problem, {"0", "", "0"})),
            "no plan meets the constraints (--device 0 and --cloud 0 conflict), but one would "
            "without --device 0 (2.8000 s), or without --cloud 0 (2.7000 s)");
}

TEST(ExplainNoPlan, GivesTheSmallestLimitThatWorks) {
  const Problem problem = DeviceAndCloud(kLinked);
  Query query = WithCriteria(problem, {"", "", "1"});
  query.constraints.push_back(ParseUploadLimit("--device-upload", {0}, "0.5"));
  EXPECT_EQ(Explain(problem, query),
            "no plan meets the constraints (--cloud 1 and --device-upload 0.5 conflict), but one "
            "would without --cloud 1 (3.0000 s), or with "
            "--device-upload at least 1 (2.7000 s)");
  query.constraints.back() = ParseTimeLimit("--cloud-time", {1}, "0.15");
  EXPECT_EQ(Explain(problem, query),
            "no plan meets the constraints (--cloud 1 and --cloud-time 0.15 conflict), but one "
            "would without --cloud 1 (3.0000 s), or with "
            "--cloud-time at least 0.2 (2.7000 s)");
}

TEST(ExplainNoPlan, GivesAPercentageThatWorksAsItStands) {
  const Problem problem = DeviceAndCloud(kLinked);
  Query query = WithCriteria(problem, {"", "", "1"});
  query.constraints.push_back(ParseTimeLimit("--cloud-time", {1}, "1%"));
  const std::string text = Explain(problem, query);
  const auto start = text.find("at least ") + 9;
  const std::string limit = text.substr(start, text.find(' ', start) - start);
  query.constraints.back() = ParseTimeLimit("--cloud-time", {1}, limit);
  EXPECT_EQ(BestPlans(problem, query).size(), 1u) << limit;
}

TEST(ExplainNoPlan, TriesPairsWhereNoSingleConstraintIsInTheWay) {
  const Problem problem = DeviceAndCloud(kLinked);
  EXPECT_EQ(Explain(problem, WithCriteria(problem, {"-1,0", "", "-1,1"})),
            "no plan meets the constraints (--cloud -1 and --cloud 1 conflict), but one would "
            "without --device -1 and --cloud -1 (2.7000 s), or without --device -1 and --cloud 1 "
            "(3.0000 s), or without --device 0 "
            "and --cloud -1 (2.8000 s)");
}

TEST(ExplainNoPlan, KnowsRulesOfTheWholePlan) {
  const Problem problem = DeviceAndCloud(kLinked);
  Query query = WithCriteria(problem, {"!-1", "", "!-1"});
  query.constraints.push_back({{}, StageLimit{1}, "--max-hosts", "1"});
  query.constraints.push_back(ParsePrivateLayers(problem, "--private", "0"));
  EXPECT_EQ(
      Explain(problem, query),
      "no plan meets the constraints (--cloud !-1 and --max-hosts 1 and --private 0 conflict), "
      "but one would without --cloud !-1 (3.0000 s), or with --max-hosts at least 2 (2.7000 s)");
}

TEST(ExplainNoPlan, NamesAMissingLink) {
  const Problem problem = DeviceAndCloud(MakeNetwork({{"gpu", "pi", 0, 1}}));
  EXPECT_EQ(Explain(problem, WithCriteria(problem, {"-1"})),
            "no plan meets the constraints, but one would without --device -1 (3.0000 s), or with "
            "a link from pi to gpu, which network.csv does not have");
}

TEST(ExplainNoPlan, FindsASmallSetAmongMany) {
  const Problem problem = DeviceAndCloud(kLinked);
  EXPECT_EQ(Explain(problem, WithCriteria(problem, {"-1,0,1", "", "-1,0,1"})),
            "no plan meets the constraints (--cloud -1 and --cloud 1 conflict), but one would "
            "without --device 0 and --device 1 and --cloud -1 (2.8000 s)");
}

/// The line for a query whose one constraint is a limit; typed in, what it proposes gives a plan.
std::string Only(const Problem& problem, const Constraint& constraint) {
  Query query;
  query.constraints = {constraint};
  return Explain(problem, query);
}

TEST(ExplainNoPlan, GivesTheSmallestLimitOfAWholePlan) {
  const Problem problem = DeviceAndCloud(kLinked);  // 3, 2.7 or 2.8 s
  EXPECT_EQ(Only(problem, ParseObjectiveLimit("--max-latency", Metric::kLatency, "1")),
            "no plan meets the constraints, but one would with --max-latency at least 2.7 (2.7000 "
            "s)");
  EXPECT_EQ(Only(problem, ParseObjectiveLimit("--min-throughput", Metric::kPeriod, "1")),
            "no plan meets the constraints, but one would with --min-throughput at most "
            "0.6666666666666666 (2.7000 s)");
  Query query;
  query.constraints = {ParseObjectiveLimit("", Metric::kPeriod, "0.6666666666666666")};
  EXPECT_FALSE(BestPlans(problem, query).empty());
}

TEST(ExplainNoPlan, SaysWhereTheTimeWasUp) {
  const Problem problem = DeviceAndCloud(kLinked);
  EXPECT_EQ(
      ExplainNoPlan(problem, WithCriteria(problem, {"0", "", "0"}), "n.csv", [] { return true; }),
      "no plan meets the constraints; the time limit was reached before it was clear why");
}

TEST(ExplainNoPlan, GivesTheSmallestMemory) {
  Problem problem = DeviceAndCloud({});
  problem.hosts[0].weight_bytes = {{3e6}, {2e6}};
  problem.hosts[0].peak_bytes = {{1e6}, {0.5e6}};
  EXPECT_EQ(Only(problem, ParseMemoryLimit("--host-memory of pi", {0}, "1")),
            "no plan meets the constraints, but one would with --host-memory of pi at least 6 "
            "(3.0000 s), or with a link from pi to gpu, which network.csv does not have");
}

}  // namespace
}  // namespace scission
