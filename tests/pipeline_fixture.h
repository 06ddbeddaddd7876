// For end-to-end tests: a chain of layers, and plans that run it on the workers device, edge and
// cloud.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster_fixture.h"
#include "model/testing/onnx_builder.h"

namespace scission::testing {

class PipelineFixture : public ClusterFixture {
 protected:
  static constexpr int kLayers = 12;
  static constexpr int kWidth = 512;
  static constexpr int kRows = 256;  ///< a tensor of half a megabyte crosses each cut

  /// chain.onnx: products of matrices, some 20 to 50 ms on one thread.
  PipelineFixture() {
    Random random(1);
    OnnxBuilder builder;
    builder.Input("x", {kRows, kWidth}).Output("y11");
    std::string last = "x";
    for (int i = 0; i < kLayers; ++i) {
      const std::string weight =
          builder.Weight("w" + std::to_string(i), {kWidth, kWidth}, random, 0.07);
      last = builder.Node("MatMul", "y" + std::to_string(i), {last, weight}).output(0);
    }
    WriteFileAtomically(folder_.path() / "chain.onnx", builder.proto().SerializeAsString());
  }

  void StartAll() {
    for (const char* name : {"device", "edge", "cloud"}) StartWorker(name);
    WriteHosts();
  }

  /// A plan that gives `hosts` equal parts of the layers, the first of them the source.
  static nlohmann::json PlanOf(const std::vector<std::string>& hosts) {
    nlohmann::json plan = {{"source", hosts.front()}, {"latency_ms", 30.0}};
    plan["stages"] = nlohmann::json::array();
    plan["hops"] = nlohmann::json::array();
    const int length = kLayers / static_cast<int>(hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const int first = static_cast<int>(i) * length;
      plan["stages"].push_back({{"host", hosts[i]},
                                {"tier", hosts[i]},
                                {"first_layer", first},
                                {"last_layer", first + length - 1},
                                {"compute_ms", 10.0},
                                {"measured_as_one", true}});
      if (i > 0) {
        plan["hops"].push_back({{"from", hosts[i - 1]},
                                {"to", hosts[i]},
                                {"bytes", 4 * kRows * kWidth},
                                {"time_ms", 1.0}});
      }
    }
    return plan;
  }

  /// plan.json with these plans, best first.
  void WritePlans(const std::vector<std::vector<std::string>>& plans) const {
    nlohmann::json file = {{"format", "scission-plans"}, {"version", 1}, {"model", "chain"}};
    for (const auto& hosts : plans) file["plans"].push_back(PlanOf(hosts));
    WriteFileAtomically(folder_.path() / "plan.json", file.dump());
  }

  /// 20 requests, where `more` says neither how many nor for how long.
  static std::vector<std::string> RunCommand(const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {"run",        "plan.json", "chain.onnx", "--hosts",
                                        "hosts.toml", "--format",  "json"};
    const auto says = [&](const char* option) {
      return std::find(more.begin(), more.end(), option) != more.end();
    };
    if (!says("-r") && !says("--duration")) command.insert(command.end(), {"-r", "20"});
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }

  ProcessResult Run(const std::vector<std::string>& more = {}) const {
    return Scission(RunCommand(more));
  }

  /// The same beside the test.
  std::unique_ptr<BackgroundProcess> BeginRun(const std::vector<std::string>& more) const {
    std::vector<std::string> command = RunCommand(more);
    command.insert(command.begin(), Program());
    return std::make_unique<BackgroundProcess>(command, folder_.path());
  }

  /// What a run printed.
  static nlohmann::json ReportOf(const ProcessResult& result) {
    return nlohmann::json::parse(result.standard_output);
  }
};

}  // namespace scission::testing
