#include "plan/pareto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/random.h"
#include "plan/testing/exhaustive.h"
#include "plan/testing/profile_builder.h"
#include "plan/testing/random_problem.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using testing::MakeNetwork;
using testing::MakeProblem;
using testing::MakeProfile;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

TEST(ParetoFront, TradesLatencyForBytes) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "pi", {{0, 0, 1, 500}, {1, 1, 2, 200}, {2, 2, 9, 1}}),
                   MakeProfile("cloud", "gpu", {{0, 0, 0, 500}, {1, 1, 0, 200}, {2, 2, 0, 1}})},
                  MakeNetwork({{"pi", "gpu", 1, 1000}}), 1000);
  const Front front = ParetoFront(problem, {}, {Metric::kLatency, Metric::kBytes}, kNoLimit);
  EXPECT_TRUE(front.is_complete);
  std::vector<std::pair<double, double>> points;
  for (const Plan& plan : front.plans) points.emplace_back(plan.latency.count(), plan.sent.count);
  EXPECT_THAT(points, ElementsAre(std::pair(2.0, 1000.0), std::pair(2.5, 500.0),
                                  std::pair(4.2, 200.0), std::pair(12.0, 0.0)));
  EXPECT_FALSE(ParetoFront(problem, {}, {Metric::kLatency, Metric::kBytes}, 2).is_complete);
}

TEST(ParetoFront, StopsWhenAsked) {
  const Problem problem =
      MakeProblem({MakeProfile("device", "pi", {{0, 0, 1, 1}})}, MakeNetwork({}), 1);
  Query query;
  query.constraints.push_back({{}, ObjectiveLimit{{}, 0.5}, "--max-latency", "0.5"});
  const Front front = ParetoFront(problem, query, {Metric::kLatency, Metric::kBytes}, kNoLimit);
  EXPECT_TRUE(front.plans.empty());
  EXPECT_TRUE(front.is_complete);
}

using Point = std::vector<double>;

Point PointOf(const testing::NaivePlan& plan, const std::vector<Metric>& metrics) {
  Point point;
  for (const Metric metric : metrics) point.push_back(plan.metrics.at(NameOf(metric)));
  return point;
}

bool IsAtMost(const Point& a, const Point& b) {
  constexpr double kSame = 1e-7;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i] + kSame * std::max(1.0, b[i])) return false;
  }
  return true;
}

/// Every point of the front is one that nothing else dominates, and for every plan there is a point
/// that is no worse.
void CompareOnce(Random& random, const std::vector<Metric>& metrics) {
  testing::RandomInstance instance = testing::MakeInstance(random, 1 + random.Below(4), 4);
  const Problem problem = testing::ToProblem(instance);
  for (auto& host : instance.hosts) testing::AddEstimates(host);
  const testing::Exhaustive all(instance);
  const Front front = ParetoFront(problem, testing::ToQuery(instance, problem), metrics, kNoLimit);
  EXPECT_TRUE(front.is_complete);
  EXPECT_EQ(front.plans.empty(), all.plans().empty());
  std::vector<Point> points;
  for (const Plan& plan : front.plans) {
    Point point;
    for (const Metric metric : metrics) point.push_back(ValueOf(plan, metric));
    points.push_back(point);
  }
  for (const auto& plan : all.plans()) {
    const Point known = PointOf(plan, metrics);
    EXPECT_TRUE(std::any_of(points.begin(), points.end(),
                            [&](const Point& point) { return IsAtMost(point, known); }));
    for (const Point& point : points) {
      EXPECT_TRUE(!IsAtMost(known, point) || IsAtMost(point, known));
    }
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < points.size(); ++j) {
      EXPECT_TRUE(i == j || !IsAtMost(points[i], points[j]));
    }
  }
}

TEST(ParetoFront, IsTheOneOfAllPlans) {
  Random random(11);
  const std::vector<std::vector<Metric>> choices = {
      {Metric::kLatency, Metric::kEnergy},
      {Metric::kBytes, Metric::kLatency},
      {Metric::kPeriod, Metric::kLatency},
      {Metric::kLatency, Metric::kEnergy, Metric::kBytes},
      {Metric::kCost, Metric::kPeriod, Metric::kLatency}};
  for (int i = 0; i < 1500 / testing::kSlowness && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    CompareOnce(random, choices[static_cast<std::size_t>(i) % choices.size()]);
  }
}

}  // namespace
}  // namespace scission
