#include "validate/plan_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/random_input.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::SizeIs;

/// relu - relu2 - relu3 of 6 floats
Model ThreeLayers() {
  testing::OnnxBuilder builder;
  builder.Input("x", {1, 6}).Output("relu3");
  builder.Node("Relu", "relu", {"x"});
  builder.Node("Relu", "relu2", {"relu"});
  builder.Node("Relu", "relu3", {"relu2"});
  return builder.Make();
}

PlanValidation Validate(const std::vector<Hop>& hops) {
  const Model model = ThreeLayers();
  const std::vector<StageToRun> stages = {{{"a", "device", 0, 1, Seconds(1)}, {.threads = 1}},
                                          {{"b", "edge", 2, 2, Seconds(2)}, {.threads = 2}}};
  return ValidatePlan(model, RandomInputs({model.graph().activations[0].spec}, 1), stages, hops, 3,
                      [](auto&&...) {});
}

TEST(ValidatePlan, RunsEveryStageAndHandsOverWhatCrosses) {
  const auto validation = Validate({{"a", "b", Bytes{24}, Seconds(4)}});
  ASSERT_THAT(validation.stages, SizeIs(2));
  EXPECT_EQ(validation.stages[1].stage.host, "b");
  EXPECT_GT(validation.stages[0].measured, Seconds(0));
  EXPECT_GT(validation.stages[1].measured, Seconds(0));
  ASSERT_THAT(validation.hops, SizeIs(1));
  EXPECT_EQ(validation.hops[0].sent, Bytes{24});
  EXPECT_GT(validation.hops[0].loopback, Seconds(0));
  EXPECT_EQ(validation.PlannedCompute(), Seconds(3));
  EXPECT_EQ(validation.MeasuredCompute(),
            validation.stages[0].measured + validation.stages[1].measured);
  EXPECT_EQ(validation.PlannedTransfer(), Seconds(4));
}

TEST(ValidatePlan, CarriesTheInputWhereTheSourceRunsNothing) {
  const auto validation =
      Validate({{"s", "a", Bytes{24}, Seconds(1)}, {"a", "b", Bytes{24}, Seconds(1)}});
  ASSERT_THAT(validation.hops, SizeIs(2));
  EXPECT_EQ(validation.hops[0].sent, Bytes{24});
}

TEST(ValidatePlan, CarriesTheOutputBackWhereItIsWanted) {
  const auto validation =
      Validate({{"a", "b", Bytes{24}, Seconds(1)}, {"b", "a", Bytes{24}, Seconds(2)}});
  ASSERT_THAT(validation.hops, SizeIs(2));
  EXPECT_GT(validation.hops[1].loopback, Seconds(0));
  EXPECT_EQ(validation.HopBefore(0), nullptr);
  EXPECT_EQ(validation.HopBefore(1), &validation.hops[0]);
  EXPECT_EQ(validation.HopBefore(2), &validation.hops[1]);
  EXPECT_THAT(Validate({{"s", "a", Bytes{24}, Seconds(1)},
                        {"a", "b", Bytes{24}, Seconds(1)},
                        {"b", "s", Bytes{24}, Seconds(1)}})
                  .hops,
              SizeIs(3));
}

}  // namespace
}  // namespace scission
