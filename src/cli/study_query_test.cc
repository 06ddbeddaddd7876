#include "cli/study_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

/// pi, a device; a and b, edges. Each has little memory, takes long to start, and costs.
Hosts ThreeWorkers() {
  Hosts hosts;
  hosts.file = "hosts.toml";
  for (const char* name : {"pi", "a", "b"}) {
    HostFacts facts;
    facts.name = name;
    facts.tier = facts.name == "pi" ? "device" : "edge";
    facts.watts = 5;
    facts.startup = Seconds(2);
    facts.memory = Bytes{1};
    hosts.hosts.push_back(facts);
  }
  return hosts;
}

class StudyQueryOf : public ::testing::Test {
 protected:
  StudyQuery Make() const {
    return MakeStudyQuery(options_, "m", {0, 9}, {"pi", "a", "b"}, ThreeWorkers());
  }
  std::string Error() const {
    try {
      return testing::ErrorOf([this] { Make(); });
    } catch (const NoPlanError& error) {
      return error.what();
    }
  }

  QueryOptions options_ = [] {
    QueryOptions options;
    options.source = "pi";
    options.counts_replies = true;
    for (const char* name : {"--host", "--host-upload", "--host-time", "--host-memory",
                             "--exclude-host", "--exclude-link"}) {
      options.of_hosts[name];
    }
    for (const char* name :
         {"--max-latency", "--min-throughput", "--max-bytes", "--max-energy", "--max-cost",
          "--max-hosts", "--min-segment", "--max-segment", "--private"}) {
      options.of_plans[name];
    }
    return options;
  }();
};

TEST_F(StudyQueryOf, HasTheHostsThatPlansMayUse) {
  EXPECT_THAT(Make().hosts, ElementsAre("pi", "a", "b"));
  options_.of_hosts["--exclude-host"] = {"a", "pi"};
  EXPECT_THAT(Make().hosts, ElementsAre("pi", "b"));  // the source has the input
}

TEST_F(StudyQueryOf, LimitsThatOnlyMeasuringCanTellOfAreNotJudged) {
  options_.of_plans["--max-latency"] = "1e-9";
  options_.of_plans["--min-throughput"] = "1e9";
  options_.of_plans["--max-energy"] = "0";
  options_.of_plans["--max-bytes"] = "0";
  options_.tiers[1] = {"!-1", "0", "1%"};
  options_.of_hosts["--host-time"] = {"pi: 0.001"};
  options_.objective = "energy";
  EXPECT_EQ(Error(), "no error");
  options_.tiers[0] = {"-1", "1e-6", ""};  // the size of the input is not known yet
  EXPECT_EQ(Error(), "no error");
}

TEST_F(StudyQueryOf, ConstraintsThatNoPlanCanMeetAreRefused) {
  options_.tiers[2].criteria = "!-1";
  EXPECT_EQ(Error(),
            "no plan meets the constraints (--cloud !-1 cannot be met), but one would without "
            "--cloud !-1");
  options_.tiers[2].criteria = "3";
  EXPECT_EQ(
      Error(),
      "no plan meets the constraints (--cloud 3 cannot be met), but one would without --cloud 3");
  options_.tiers[2].criteria = "";
  options_.tiers[0].criteria = "!-1";
  options_.tiers[1].criteria = "!-1";
  EXPECT_EQ(Error(), "no error");
  options_.of_plans["--max-hosts"] = "1";
  EXPECT_EQ(
      Error(),
      "no plan meets the constraints (--device !-1 and --edge !-1 and --max-hosts 1 conflict), but "
      "one would without --device !-1, or without --edge !-1, or with --max-hosts at least 2");
  options_.of_plans["--max-hosts"] = "2";
  options_.of_plans["--min-segment"] = "6";
  EXPECT_EQ(
      Error(),
      "no plan meets the constraints (--device !-1 and --edge !-1 and --min-segment 6 conflict), "
      "but one would without --device !-1, or without --edge !-1, or without --min-segment 6");
  options_.of_plans["--min-segment"] = "5";
  EXPECT_EQ(Error(), "no error");
  options_.of_hosts["--exclude-link"] = {"pi>a", "pi>b"};
  EXPECT_EQ(Error(),
            "no plan meets the constraints (--edge !-1 and --exclude-link pi>a and --exclude-link "
            "pi>b conflict), but one would without --edge !-1, or without --exclude-link pi>a, or "
            "without --exclude-link pi>b");
}

}  // namespace
}  // namespace scission
