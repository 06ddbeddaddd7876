#include "cluster/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.h"

namespace scission {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

/// pi and one more host: the more blocks it runs the better, but only until they are measured.
class FakeWorld : public StudyWorld {
 public:
  std::map<std::string, std::string> machines;  ///< by host; else one each
  std::set<std::string> away;                   ///< cannot take part
  std::set<std::string> failing;                ///< drop out when they measure
  int segments_to_measure = 2;                  ///< rounds until the best plan is measured
  std::vector<std::string> calls;

  WorkerState State(const std::string& host) override {
    Note("ask " + host);
    return {away.contains(host) ? host + ": no route" : "", machines[host]};
  }
  void Benchmark(const std::string& host) override { Measure("benchmark " + host, host); }
  std::vector<std::string> MeasureLinks(const std::vector<std::string>& hosts) override {
    std::string text = "links of";
    for (const std::string& host : hosts) text += " " + host;
    Note(text);
    return broken_links_;
  }
  std::vector<Plan> MakePlans(const std::vector<std::string>& hosts) override {
    if (hosts.size() < 2) throw NoPlanError("nothing is left");
    Note("plan");
    Plan plan;
    plan.stages.resize(2);
    plan.stages[0].host = "pi";
    plan.stages[0].origin = SegmentOrigin::kMeasured;
    plan.stages[1].host = hosts.back();
    const bool is_measured = measured_[hosts.back()] >= segments_to_measure;
    plan.stages[1].origin = is_measured ? SegmentOrigin::kMeasured : SegmentOrigin::kFitted;
    return {plan};
  }
  void MeasureSegments(const std::string& host) override {
    Measure("measure " + host, host);
    ++measured_[host];
  }

  int most_at_once(const std::string& machine) { return most_[machine]; }
  int most_at_once() const { return most_of_all_; }

  std::vector<std::string> broken_links_;

 private:
  void Note(const std::string& call) {
    const std::lock_guard lock(mutex_);
    calls.push_back(call);
  }
  void Measure(const std::string& call, const std::string& host) {
    Note(call);
    {
      const std::lock_guard lock(mutex_);
      const std::string machine = machines[host].empty() ? host : machines[host];
      most_[machine] = std::max(most_[machine], ++running_[machine]);
      most_of_all_ = std::max(most_of_all_, ++running_of_all_);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const std::lock_guard lock(mutex_);
    --running_[machines[host].empty() ? host : machines[host]];
    --running_of_all_;
    if (failing.contains(host)) throw HostError(host, host + ": went away");
  }

  std::mutex mutex_;
  std::map<std::string, int> running_, most_, measured_;
  int running_of_all_ = 0;
  int most_of_all_ = 0;
};

StudyResult StudyWith(FakeWorld& world, const std::vector<std::string>& hosts) {
  return RunStudy(hosts, "pi", world, [](const std::string&) {});
}

TEST(Study, PlansAgainUntilTheBestPlanIsMeasured) {
  FakeWorld world;
  const StudyResult result = StudyWith(world, {"pi", "gpu"});
  EXPECT_TRUE(result.is_measured);
  EXPECT_EQ(result.rounds, 3);
  const std::vector<std::string> end(world.calls.end() - 6, world.calls.end());
  EXPECT_THAT(end,
              ElementsAre("links of pi gpu", "plan", "measure gpu", "plan", "measure gpu", "plan"));
  EXPECT_TRUE(result.losses.empty());
}

TEST(Study, EndsWherePlansDoNotSettle) {
  FakeWorld world;
  world.segments_to_measure = 1000;
  const StudyResult result = StudyWith(world, {"pi", "gpu"});
  EXPECT_FALSE(result.is_measured);
  EXPECT_EQ(result.rounds, kMaxStudyRounds);
}

TEST(Study, HostsOfOneMachineAreMeasuredInTurnAndOthersSideBySide) {
  FakeWorld world;
  world.machines = {{"pi", "one"}, {"edge", "one"}, {"gpu", "two"}};
  StudyWith(world, {"pi", "edge", "gpu"});
  EXPECT_EQ(world.most_at_once("one"), 1);
  EXPECT_EQ(world.most_at_once(), 2);
}

TEST(Study, GoesOnWithoutAHostThatDropsOut) {
  FakeWorld world;
  world.away = {"edge"};
  world.failing = {"tpu"};
  world.broken_links_ = {"pi to gpu: refused"};
  const StudyResult result = StudyWith(world, {"pi", "edge", "gpu", "tpu"});
  ASSERT_EQ(result.losses.size(), 2u);
  EXPECT_EQ(result.losses[0].host, "edge");
  EXPECT_EQ(result.losses[0].reason, "edge: no route");
  EXPECT_EQ(result.losses[1].reason, "tpu: went away");
  EXPECT_THAT(world.calls, Contains("links of pi gpu"));
  EXPECT_THAT(world.calls, Not(Contains("benchmark edge")));
  EXPECT_THAT(result.notes, ElementsAre("pi to gpu: refused"));
  EXPECT_EQ(result.plans.front().stages[1].host, "gpu");
}

TEST(Study, AHostThatDropsOutWhileItsSegmentsAreMeasuredIsPlannedAround) {
  struct LateFailure : FakeWorld {
    void MeasureSegments(const std::string& host) override {
      if (host == "gpu") throw HostError(host, "gpu: went away");
      FakeWorld::MeasureSegments(host);
    }
  } world;
  const StudyResult result = StudyWith(world, {"pi", "edge", "gpu"});
  EXPECT_TRUE(result.is_measured);
  EXPECT_EQ(result.plans.front().stages[1].host, "edge");
  EXPECT_EQ(result.losses.size(), 1u);
}

TEST(Study, CannotDoWithoutTheSource) {
  FakeWorld world;
  world.away = {"pi"};
  EXPECT_THROW(StudyWith(world, {"pi", "gpu"}), HostError);
  world.away = {"gpu"};
  EXPECT_THROW(StudyWith(world, {"pi", "gpu"}), NoPlanError);
}

}  // namespace
}  // namespace scission
