// For tests of RunPlans: a cluster that answers at once, and two plans on it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#include "cluster/plan_run.h"
#include "cluster/testing/fake_workers.h"
#include "model/testing/onnx_builder.h"

namespace scission::testing {

inline Model ThreeLayers() {
  OnnxBuilder builder;
  builder.Input("x", {1, 2}).Output("relu3");
  builder.Node("Relu", "relu", {"x"});
  builder.Node("Relu", "relu2", {"relu"});
  builder.Node("Relu", "relu3", {"relu2"});
  return builder.Make();
}

inline TensorMap Output(float value) {
  TensorValue tensor{{"relu3", ElementType::kFloat, {1}}, std::string(sizeof(float), '\0')};
  std::memcpy(tensor.data.data(), &value, sizeof(float));
  return {{"relu3", tensor}};
}

/// pi runs layer 0, `host` the others.
inline Plan With(const std::string& host) {
  Plan plan;
  plan.source = "pi";
  plan.latency = Milliseconds(10);
  plan.stages = {{"pi", "device", 0, 0, Milliseconds(4)}, {host, "edge", 1, 2, Milliseconds(2)}};
  plan.hops = {{"pi", host, Bytes{8}, Milliseconds(4)}};
  return plan;
}

/// A cluster of pi, edge, gpu and spare, where each stage answers at once.
class PlanRunFixture : public ::testing::Test {
 protected:
  PlanRunFixture() {
    for (const char* name : {"pi", "edge", "gpu", "spare"}) {
      hosts_.hosts.push_back({.name = name, .address = std::string(name) + ":1"});
    }
    options_.load.requests = 10;
    options_.patience = Seconds(2);
    options_.lone_requests = 0;
  }

  RunReport Run() {
    RunWorld world{hosts_, segments_, workers_, nullptr, nullptr, [this] { return interrupted_; }};
    world.say = [this](const std::string& line) { said_.push_back(line); };
    world.connect = [this](const PipelineStage&) {
      return [this](Computes computes) { return Answer(computes); };
    };
    return RunPlans(plans_, Output(1), options_, world);
  }

  /// What the stages that are loaded would tell.
  InferenceAnswer Answer(Computes computes) {
    const int number = sent_++;
    if (before_) before_(number);
    InferenceAnswer answer;
    answer.outputs = Output(value_);
    const double pack = workers_.loaded.at("m").next().codec() == "fp16" ? 1 : 3;
    answer.timings = {{.host = "pi",
                       .stage = "m",
                       .compute = Milliseconds(5),
                       .pack = Milliseconds(pack),
                       .next = Milliseconds(8),
                       .total = Milliseconds(14)},
                      {.host = workers_.loaded.at("m").next().host(),
                       .stage = "m.1",
                       .compute = Milliseconds(3),
                       .total = Milliseconds(4)}};
    if (computes == Computes::kTwice) {
      twice_.push_back(number);
      for (StageTiming& timing : answer.timings) timing.alone = timing.compute / 2;
    }
    return answer;
  }

  Hosts hosts_;
  const Model model_ = ThreeLayers();
  SegmentFolder segments_{model_};
  FakeWorkers workers_;
  RunnablePlans plans_{"m", {With("edge"), With("gpu")}, nullptr};
  RunOptions options_;
  std::function<void(int)> before_;  ///< called with the number of each request sent
  std::atomic<int> sent_ = 0;
  std::vector<int> twice_;  ///< the numbers of those that were to be computed twice
  float value_ = 1;
  bool interrupted_ = false;
  std::vector<std::string> said_;
};

}  // namespace scission::testing
