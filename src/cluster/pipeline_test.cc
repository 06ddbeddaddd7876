#include "cluster/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "plan/planner.h"
#include "plan/testing/profile_builder.h"

namespace scission {
namespace {

using ::testing::ElementsAre;

Hosts ThreeHosts() {
  Hosts hosts;
  hosts.file = "hosts.toml";
  hosts.hosts = {{.name = "pi", .address = "10.0.0.1:7001"},
                 {.name = "edge", .address = "10.0.0.2:7001"},
                 {.name = "gpu", .address = "10.0.0.3:7001"},
                 {.name = "off"}};
  return hosts;
}

Stage MakeStage(const std::string& host, int first, int last, double seconds, int threads = 0) {
  Stage stage;
  stage.host = host;
  stage.first_layer = first;
  stage.last_layer = last;
  stage.compute = Seconds(seconds);
  stage.threads = threads;
  return stage;
}

Plan TwoStages() {
  Plan plan;
  plan.source = "pi";
  plan.stages = {MakeStage("pi", 0, 6, 0.25, 2), MakeStage("gpu", 7, 25, 0.125)};
  plan.hops = {{"pi", "gpu", Bytes{100}, Seconds(0.5)}};
  return plan;
}

TEST(Pipeline, ServesEachStageUnderANameOfItsOwn) {
  const Pipeline pipeline = MakePipeline("m", TwoStages(), ThreeHosts());
  EXPECT_THAT(pipeline.StageNames(), ElementsAre("m", "m.1"));
  EXPECT_EQ(pipeline.hop_count(), 1u);
  EXPECT_EQ(pipeline.stages[0].kind, StageKind::kSegment);
  EXPECT_EQ(pipeline.stages[0].worker, "pi");
  EXPECT_EQ(pipeline.stages[0].address, "10.0.0.1:7001");
  EXPECT_EQ(pipeline.stages[0].layers, (LayerRange{0, 6}));
  EXPECT_EQ(pipeline.stages[0].threads, 2);
  EXPECT_EQ(pipeline.stages[1].layers, (LayerRange{7, 25}));
  EXPECT_EQ(pipeline.stages[1].threads, 0);
  EXPECT_EQ(pipeline.stages[1].planned, 1u);
}

TEST(Pipeline, BeginsWithARelayWhereTheSourceRunsNothing) {
  Plan plan = TwoStages();
  plan.stages = {MakeStage("gpu", 0, 25, 0.125)};
  const Pipeline pipeline = MakePipeline("m", plan, ThreeHosts());
  EXPECT_THAT(pipeline.StageNames(), ElementsAre("m", "m.1"));
  EXPECT_EQ(pipeline.stages[0].kind, StageKind::kRelay);
  EXPECT_EQ(pipeline.stages[0].host, "pi");
  EXPECT_EQ(pipeline.stages[0].planned, std::nullopt);
  EXPECT_EQ(pipeline.stages[1].host, "gpu");
  EXPECT_EQ(pipeline.stages[1].planned, 0u);
  EXPECT_EQ(ReturnHop(plan), nullptr);
}

TEST(Pipeline, TheWorkerBeforeAnInferenceServerCallsIt) {
  Hosts hosts = ThreeHosts();
  hosts.hosts[2].hosted = HostedSegment{"tail", 7, 25};
  const Pipeline pipeline = MakePipeline("m", TwoStages(), hosts);
  const PipelineStage& remote = pipeline.stages[1];
  EXPECT_EQ(remote.kind, StageKind::kRemote);
  EXPECT_EQ(remote.host, "gpu");
  EXPECT_EQ(remote.worker, "pi");
  EXPECT_EQ(remote.address, "10.0.0.1:7001");
  EXPECT_EQ(remote.remote_address, "10.0.0.3:7001");
  EXPECT_EQ(remote.remote_model, "tail");
  EXPECT_EQ(remote.planned, 1u);
  hosts.hosts[2].hosted->first_layer = 8;
  EXPECT_EQ(testing::ErrorOf([&] { MakePipeline("m", TwoStages(), hosts); }),
            "hosts.toml: 'gpu' hosts the layers 8 - 25, but the plan runs 7 - 25 there");
  hosts.hosts[0].hosted = HostedSegment{"head", 0, 6};
  EXPECT_THAT(testing::ErrorOf([&] { MakePipeline("m", TwoStages(), hosts); }),
              ::testing::HasSubstr("'pi', where the plan begins, is a server without a worker"));
}

TEST(Pipeline, NamesTheFileWhereAHostOrItsAddressIsMissing) {
  Plan plan = TwoStages();
  plan.stages[1].host = "moon";
  EXPECT_EQ(testing::ErrorOf([&] { MakePipeline("m", plan, ThreeHosts()); }),
            "hosts.toml: has no host 'moon', which the plan needs");
  plan.stages[1].host = "off";
  EXPECT_EQ(testing::ErrorOf([&] { MakePipeline("m", plan, ThreeHosts()); }),
            "hosts.toml: has no address of 'off', which the plan needs");
}

TEST(Pipeline, KnowsTheHopThatCarriesTheOutputBack) {
  Plan plan = TwoStages();
  EXPECT_EQ(ReturnHop(plan), nullptr);
  plan.hops.push_back({"gpu", "pi", Bytes{10}, Seconds(0.1)});
  ASSERT_NE(ReturnHop(plan), nullptr);
  EXPECT_EQ(ReturnHop(plan)->bytes, Bytes{10});
}

TEST(Pipeline, TheBottleneckIsTheBusiestHostOrLink) {
  Plan plan = TwoStages();
  EXPECT_EQ(Bottleneck(plan), Seconds(0.5));
  plan.hops[0].time = Seconds(0.01);
  EXPECT_EQ(Bottleneck(plan), Seconds(0.25));
  plan.stages.push_back(MakeStage("pi", 26, 30, 0.5));  // a host that comes back
  EXPECT_EQ(Bottleneck(plan), Seconds(0.75));
}

TEST(Pipeline, TheBottleneckIsThePlannersAlsoWhereALinkIsUsedTwice) {
  const auto with = [](const char* tier, const char* name, double even, double odd) {
    return testing::MakeProfile(tier, name,
                                {{0, 0, even, 8}, {1, 1, odd, 8}, {2, 2, even, 8}, {3, 3, odd, 8}});
  };
  const std::vector<Profile> profiles = {with("device", "pi", 0.125, 9),
                                         with("cloud", "gpu", 9, 0.125)};
  Problem problem = testing::MakeProblem(
      profiles, testing::MakeNetwork({{"pi", "gpu", 0.25, 1e9}, {"gpu", "pi", 0.25, 1e9}}), 8);
  problem.may_revisit = true;
  const Plan plan = BestPlans(problem, {}).front();
  ASSERT_EQ(plan.hops.size(), 3u);  // pi, gpu, pi, gpu
  EXPECT_EQ(Bottleneck(plan), plan.period);
  EXPECT_NEAR(plan.period.count(), 0.5, 1e-6);
}

TEST(Pipeline, TellsTheHostsOfAPlanEachOnceTheSourceFirst) {
  Plan plan = TwoStages();
  plan.stages.push_back(MakeStage("pi", 26, 30, 0.5));
  EXPECT_THAT(HostsOf(plan), ElementsAre("pi", "gpu"));
}

}  // namespace
}  // namespace scission
