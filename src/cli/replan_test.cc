#include "cli/replan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

using ::testing::HasSubstr;

/// Five layers; each gives 1000 bytes, or 500 as fp16, which takes no time.
Profile ProfileOf(const std::string& tier, const std::string& name, double seconds) {
  Profile profile;
  profile.host.name = name;
  profile.host.tier = tier;
  ModelProfile model;
  model.model = "m";
  model.input_bytes = Bytes{1000};
  for (int layer = 0; layer < 5; ++layer) {
    model.blocks.push_back({.first_layer = layer, .last_layer = layer});
    model.blocks.back().output_bytes = Bytes{1000};
    model.blocks.back().codecs = {{"fp16", Bytes{500}, Seconds(1e-9), Seconds(1e-9)}};
    model.ranges.push_back({layer, layer, {Seconds(seconds)}});
  }
  model.ranges.push_back({0, 4, {Seconds(5 * seconds)}});
  profile.models = {model};
  return profile;
}

/// pi is slow, vm faster, gpu and big fast; links take a second for 1000 bytes.
class PlanAnewFrom : public ::testing::Test {
 protected:
  PlanAnewFrom() {
    std::string network = "source,destination,latency_ms,bandwidth_mbps\n";
    for (const char* from : {"pi", "vm", "gpu", "big"}) {
      for (const char* to : {"pi", "vm", "gpu", "big"}) {
        if (from != std::string_view(to)) network += std::string(from) + "," + to + ",0,0.008\n";
      }
      hosts_.hosts.push_back({.name = from, .address = std::string(from) + ":1"});
    }
    hosts_.file = "hosts.toml";
    WriteFileAtomically(folder_.path() / "network.csv", network);
    Keep(ProfileOf("device", "pi", 2));
    Keep(ProfileOf("edge", "vm", 0.5));
    Keep(ProfileOf("cloud", "gpu", 0.1));
    Keep(ProfileOf("cloud", "big", 0.2));
    file_.inputs.push_back(folder_.path() / "network.csv");
    file_.path = "plan.json";
    file_.plans = {{.model = "m", .stages = {{.host = "gpu", .first_layer = 0, .last_layer = 4}}}};
    file_.plans[0].hops = {{"pi", "gpu", Bytes{1000}, Seconds(1)}};
    file_.options.emplace();
  }

  void Keep(const Profile& profile) {
    file_.inputs.push_back(folder_.path() /
                           (profile.host.tier + "-" + profile.host.name + ".json"));
    WriteProfile(profile, file_.inputs.back());
  }

  /// Of a new plan: "pi 0-3, vm 4-4"; why there is none.
  std::string Anew(const std::set<std::string>& without) {
    reason_.clear();
    plan_ = PlanAnew(file_, hosts_, without, reason_);
    EXPECT_EQ(plan_.has_value(), reason_.empty());
    if (!plan_) return reason_;
    std::string text;
    for (const Stage& stage : plan_->stages) {
      text += (text.empty() ? "" : ", ") + stage.host + " " + std::to_string(stage.first_layer) +
              "-" + std::to_string(stage.last_layer);
    }
    return text;
  }

  TemporaryFolder folder_;
  PlansFile file_;
  Hosts hosts_;
  std::optional<Plan> plan_;
  std::string reason_;
};

TEST_F(PlanAnewFrom, IsTheBestWithoutTheLostHosts) {
  EXPECT_EQ(Anew({"gpu"}), "big 0-4");
  EXPECT_EQ(plan_->source, "pi");
  EXPECT_NEAR(plan_->latency.count(), 1 + 5 * 0.2, 1e-9);
  EXPECT_EQ(Anew({"gpu", "big"}), "vm 0-4");
  EXPECT_EQ(Anew({"gpu", "big", "vm"}), "pi 0-4");
}

TEST_F(PlanAnewFrom, UsesNoHostWithoutAnAddress) {
  hosts_.hosts[3].address.clear();
  EXPECT_EQ(Anew({"gpu"}), "vm 0-4");
  hosts_.hosts.resize(1);
  EXPECT_EQ(Anew({"gpu"}), "pi 0-4");
}

TEST_F(PlanAnewFrom, FollowsTheOptionsOfTheOldOne) {
  file_.options = {"--input=0.1"};  // 100 s to send it
  EXPECT_EQ(Anew({"gpu"}), "pi 0-0, big 1-4");
  file_.options = {"--input=0.1", "--codecs=fp16"};
  EXPECT_EQ(Anew({"gpu"}), "pi 0-0, big 1-4");
  EXPECT_EQ(plan_->hops.at(0).codec, "fp16");
  EXPECT_EQ(plan_->hops.at(0).bytes, Bytes{500});
  file_.options = {"--replies"};
  EXPECT_EQ(Anew({"gpu"}), "big 0-4");
  EXPECT_NEAR(plan_->latency.count(), 2 + 5 * 0.2, 1e-9);
  file_.options = {"--objective=bytes"};
  EXPECT_EQ(Anew({"gpu"}), "pi 0-4");
  file_.options = {"--pareto=bytes,latency"};
  EXPECT_EQ(Anew({"gpu"}), "pi 0-4");
  file_.options = {"--host=pi: 1", "--edge=!-1", "--revisit"};
  EXPECT_EQ(Anew({"gpu"}), "vm 0-0, pi 1-1, big 2-4");
}

TEST_F(PlanAnewFrom, KeepsConstraintsAndThoseOfALostHostHoldAsOfOneThatRunsNothing) {
  file_.options = {"--private=2", "--host-time=gpu: 1", "--exclude-link=gpu>vm",
                   "--exclude-host=gpu"};
  EXPECT_EQ(Anew({"gpu"}), "pi 0-2, big 3-4");
  file_.options = {"--cloud=!-1"};
  EXPECT_EQ(Anew({"gpu"}), "big 0-4");
  EXPECT_THAT(Anew({"gpu", "big"}),
              HasSubstr("--cloud !-1 and --exclude-host gpu and --exclude-host big conflict"));
  file_.options = {"--max-latency=1.9"};
  EXPECT_THAT(Anew({"gpu"}), HasSubstr("--max-latency"));
}

TEST_F(PlanAnewFrom, SaysWhyThereIsNone) {
  EXPECT_EQ(Anew({"pi"}), "the input is on pi");
  file_.options = {"--fast"};
  EXPECT_THAT(Anew({"gpu"}), HasSubstr("plan.json: options: "));
  file_.options = {"--objective=energy"};
  EXPECT_THAT(Anew({"gpu"}), HasSubstr("--objective: needs the watts"));
  file_.options.reset();
  EXPECT_THAT(Anew({"gpu"}), HasSubstr("written by an older program"));
  file_.options.emplace();
  file_.inputs.clear();
  EXPECT_THAT(Anew({"gpu"}), HasSubstr("not written by predict --save"));
}

}  // namespace
}  // namespace scission
