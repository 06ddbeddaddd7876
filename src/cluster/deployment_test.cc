#include "cluster/deployment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/fake_workers.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

/// relu - relu2 - relu3; x also goes straight into the last layer, sum.
Model FourLayers() {
  testing::OnnxBuilder builder;
  builder.Input("x", {1, 6}).Output("sum");
  builder.Node("Relu", "relu", {"x"});
  builder.Node("Relu", "relu2", {"relu"});
  builder.Node("Relu", "relu3", {"relu2"});
  builder.Node("Add", "sum", {"relu3", "relu2"});
  return builder.Make();
}

Pipeline OnThreeHosts() {
  Hosts hosts;
  hosts.hosts = {{.name = "pi", .address = "pi:1"},
                 {.name = "edge", .address = "edge:1"},
                 {.name = "gpu", .address = "gpu:1"}};
  Plan plan;
  plan.source = "pi";
  plan.stages = {{"edge", "edge", 0, 1, Seconds(1)}, {"gpu", "cloud", 2, 3, Seconds(1)}};
  plan.stages[1].threads = 3;
  plan.hops = {{"pi", "edge", Bytes{24}, Seconds(1)}, {"edge", "gpu", Bytes{24}, Seconds(1)}};
  return MakePipeline("m", plan, hosts);
}

class DeploymentTest : public ::testing::Test {
 protected:
  void Deploy(Deployment& deployment) { deployment.Load({Codec::kNone, Codec::kZstd}); }

  const Model model_ = FourLayers();
  SegmentFolder segments_{model_};
  testing::FakeWorkers workers_;
  const Say quiet_ = [](const std::string&) {};
};

TEST_F(DeploymentTest, LoadsFromTheLastStageToTheFirstAndUnloadsAtTheEnd) {
  {
    Deployment deployment(OnThreeHosts(), segments_, workers_, {}, quiet_);
    Deploy(deployment);
    EXPECT_THAT(workers_.calls,
                ElementsAre("edge: push layers-0-1.onnx", "gpu: push layers-2-3.onnx",
                            "gpu: load m.2", "edge: load m.1", "pi: load m"));
    workers_.calls.clear();
  }
  EXPECT_THAT(workers_.calls, ElementsAre("pi: unload m", "edge: unload m.1", "gpu: unload m.2"));
}

TEST_F(DeploymentTest, TellsEachStageItsWorkAndTheNext) {
  Deployment deployment(OnThreeHosts(), segments_, workers_, {.preprocessing = "tf"}, quiet_);
  Deploy(deployment);
  const v1::LoadRequest& entry = workers_.loaded.at("m");
  EXPECT_TRUE(entry.has_relay());
  EXPECT_EQ(entry.next().address(), "edge:1");
  EXPECT_EQ(entry.next().model(), "m.1");
  EXPECT_EQ(entry.next().host(), "edge");
  EXPECT_EQ(entry.next().codec(), "none");
  const v1::LoadRequest& first = workers_.loaded.at("m.1");
  EXPECT_EQ(first.segment().model_sha256(), "sha of layers-0-1.onnx");
  EXPECT_EQ(first.segment().data_name(), "");
  EXPECT_EQ(first.segment().preprocessing(), "tf");
  EXPECT_EQ(first.segment().threads(), 0);
  EXPECT_EQ(first.next().codec(), "zstd");
  const v1::LoadRequest& last = workers_.loaded.at("m.2");
  EXPECT_FALSE(last.has_next());
  EXPECT_EQ(last.segment().preprocessing(), "");
  EXPECT_EQ(last.segment().threads(), 3);
}

TEST_F(DeploymentTest, UnloadsWhatWasLoadedWhereAHostFails) {
  workers_.broken = {"edge"};
  try {
    Deployment deployment(OnThreeHosts(), segments_, workers_, {}, quiet_);
    Deploy(deployment);
    FAIL() << "the edge is broken";
  } catch (const HostError& error) {
    EXPECT_EQ(error.host(), "edge");
  }
  EXPECT_EQ(workers_.Count("pi: load m"), 0);
  EXPECT_TRUE(workers_.loaded.empty());
}

TEST_F(DeploymentTest, TheLoadThatFailedIsTakenBackToo) {
  struct FailingLoad : testing::FakeWorkers {
    void Load(const std::string& host, const std::string& address,
              const v1::LoadRequest& request) override {
      FakeWorkers::Load(host, address, request);
      if (host == "edge") throw HostError(host, "edge: the answer was lost");
    }
  } workers;
  {
    Deployment deployment(OnThreeHosts(), segments_, workers, {}, quiet_);
    EXPECT_THROW(Deploy(deployment), HostError);
  }
  EXPECT_EQ(workers.Count("edge: unload m.1"), 1);
  EXPECT_EQ(workers.Count("gpu: unload m.2"), 1);
  EXPECT_EQ(workers.Count("pi: unload m"), 0);
  EXPECT_TRUE(workers.loaded.empty());
}

/// The gpu is a server of another kind, which the edge calls.
Pipeline WithServer() {
  Hosts hosts;
  hosts.hosts = {{.name = "edge", .address = "edge:1"}, {.name = "gpu", .address = "gpu:1"}};
  hosts.hosts[1].hosted = HostedSegment{"theirs", 2, 3};
  Plan plan;
  plan.source = "edge";
  plan.stages = {{"edge", "edge", 0, 1, Seconds(1)}, {"gpu", "cloud", 2, 3, Seconds(1)}};
  plan.hops = {{"edge", "gpu", Bytes{24}, Seconds(1)}};
  return MakePipeline("m", plan, hosts);
}

TEST_F(DeploymentTest, NamesTheServerOfAnotherKind) {
  Deployment deployment(WithServer(), segments_, workers_, {}, quiet_);
  deployment.Load({Codec::kNone});
  const v1::Remote& remote = workers_.loaded.at("m.1").remote();
  EXPECT_EQ(remote.address(), "gpu:1");
  EXPECT_EQ(remote.model(), "theirs");
  EXPECT_EQ(remote.host(), "gpu");
}

TEST_F(DeploymentTest, AServerOfAnotherKindIsAtFaultWhereItsCallerIsWell) {
  struct WithoutServer : testing::FakeWorkers {
    void Load(const std::string& host, const std::string& address,
              const v1::LoadRequest& request) override {
      if (request.has_remote()) throw HostError(host, "edge: gpu: connection refused");
      FakeWorkers::Load(host, address, request);
    }
  } workers;
  const auto culprit = [&] {
    try {
      Deployment deployment(WithServer(), segments_, workers, {}, quiet_);
      deployment.Load({Codec::kNone});
    } catch (const HostError& error) {
      EXPECT_STREQ(error.what(), "edge: gpu: connection refused");
      return error.host();
    }
    return std::string("nobody");
  };
  EXPECT_EQ(culprit(), "gpu");
  workers.ill = {"edge"};
  EXPECT_EQ(culprit(), "edge");
}

TEST_F(DeploymentTest, KeepsThePipelineWhereItIsAskedTo) {
  {
    Deployment deployment(OnThreeHosts(), segments_, workers_, {}, quiet_);
    Deploy(deployment);
    deployment.Keep();
  }
  EXPECT_EQ(workers_.loaded.size(), 3u);
}

TEST_F(DeploymentTest, LoadsAnewOnlyStagesWhoseCodecChanges) {
  Deployment deployment(OnThreeHosts(), segments_, workers_, {}, quiet_);
  Deploy(deployment);
  workers_.calls.clear();
  deployment.ChangeCodecs({Codec::kNone, Codec::kFp16});
  EXPECT_THAT(workers_.calls, ElementsAre("edge: load m.1"));
  EXPECT_EQ(workers_.loaded.at("m.1").next().codec(), "fp16");
}

TEST_F(DeploymentTest, HandsOnTensorsThatOnlyPassBy) {
  Hosts hosts;
  hosts.hosts = {{.name = "a", .address = "a:1"},
                 {.name = "b", .address = "b:1"},
                 {.name = "c", .address = "c:1"}};
  Plan plan;
  plan.source = "a";
  plan.stages = {
      {"a", "x", 0, 1, Seconds(1)}, {"b", "x", 2, 2, Seconds(1)}, {"c", "x", 3, 3, Seconds(1)}};
  plan.hops = {{"a", "b", Bytes{24}, Seconds(1)}, {"b", "c", Bytes{48}, Seconds(1)}};
  Deployment deployment(MakePipeline("m", plan, hosts), segments_, workers_, {}, quiet_);
  Deploy(deployment);
  EXPECT_EQ(workers_.loaded.at("m").outputs_size(), 0);
  EXPECT_THAT(workers_.loaded.at("m.1").outputs(), ElementsAre("relu3", "relu2"));
  EXPECT_EQ(workers_.loaded.at("m.2").outputs_size(), 0);
}

}  // namespace
}  // namespace scission
