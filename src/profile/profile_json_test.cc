#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Profile Example() {
  Profile profile;
  profile.host = {"pi \"4\"", "device",   "Cortex-A72", 4,
                  Bytes{4e9}, "ondemand", "Linux 6.1",  Milliseconds(2.5)};
  ModelProfile model;
  model.model = "vgg19";
  model.model_hash = "ab12";
  model.date = "2024-05-01T12:00:00Z";
  model.engine = "onnxruntime 1.30.0";
  model.provider = "cpu";
  model.threads = 4;
  model.batch_size = 2;
  model.input_bytes = Bytes{602112};
  model.load_time = Seconds(0.25);
  model.startup = {Milliseconds(0.25), 0.0625};
  model.blocks = {
      {0, 1, Bytes{12845056}, {"InputLayer", "Conv2D"}, 1792, Bytes{7168}, 3, 6, Bytes{13447168}},
      {2, 2, Bytes{4000}, {"Dense"}, 10, Bytes{40}, 1, 2}};
  model.blocks[0].codecs = {{"fp16", Bytes{6422528}, Milliseconds(2.5), Milliseconds(1.25)},
                            {"zstd", Bytes{9000000}, Milliseconds(30), Milliseconds(10)}};
  model.ranges = {{0, 1, {Seconds(0.5), Seconds(0.75), Seconds(0.625)}},
                  {2, 2, {Seconds(0)}},
                  {0, 2, {Seconds(1)}}};
  profile.models = {model};
  return profile;
}

class JsonProfile : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "device-pi.json"; }

  std::string Text() {
    WriteProfile(Example(), path());
    return ReadFile(path());
  }

  std::string ErrorOf(const nlohmann::json& json) {
    WriteFileAtomically(path(), json.dump());
    try {
      ReadProfile(path());
    } catch (const InputError& error) {
      return std::string(error.what()).substr(folder_.path().string().size() + 1);
    }
    return "no error";
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(JsonProfile, ComesBackAsItWasWritten) {
  Text();
  const Profile read = ReadProfile(path());
  const Profile written = Example();
  EXPECT_EQ(read.host.name, written.host.name);
  EXPECT_EQ(read.host.tier, "device");
  EXPECT_EQ(read.host.cpu, "Cortex-A72");
  EXPECT_EQ(read.host.cores, 4);
  EXPECT_EQ(read.host.memory, Bytes{4e9});
  EXPECT_EQ(read.host.governor, "ondemand");
  EXPECT_EQ(read.host.os, "Linux 6.1");
  EXPECT_EQ(read.host.startup, Milliseconds(2.5));
  ASSERT_EQ(read.models.size(), 1u);
  const ModelProfile& model = read.models[0];
  ASSERT_TRUE(model.startup);
  EXPECT_EQ(model.startup->fixed, Milliseconds(0.25));
  EXPECT_EQ(model.startup->part, 0.0625);
  EXPECT_EQ(model.model, "vgg19");
  EXPECT_EQ(model.model_hash, "ab12");
  EXPECT_EQ(model.date, "2024-05-01T12:00:00Z");
  EXPECT_EQ(model.engine, "onnxruntime 1.30.0");
  EXPECT_EQ(model.provider, "cpu");
  EXPECT_EQ(model.threads, 4);
  EXPECT_EQ(model.batch_size, 2);
  EXPECT_EQ(model.input_bytes, Bytes{602112});
  EXPECT_EQ(model.load_time, Seconds(0.25));
  EXPECT_EQ(model.preprocess_time, std::nullopt);
  ASSERT_EQ(model.blocks.size(), 2u);
  EXPECT_EQ(model.blocks[0].output_bytes, Bytes{12845056});
  EXPECT_THAT(model.blocks[0].layer_types, ::testing::ElementsAre("InputLayer", "Conv2D"));
  EXPECT_EQ(model.blocks[0].parameters, 1792);
  EXPECT_EQ(model.blocks[0].weight_bytes, Bytes{7168});
  EXPECT_EQ(model.blocks[0].macs, 3);
  EXPECT_EQ(model.blocks[0].flops, 6);
  EXPECT_EQ(model.blocks[0].peak_activation_bytes, Bytes{13447168});
  EXPECT_EQ(model.blocks[1].peak_activation_bytes, std::nullopt);
  EXPECT_EQ(model.blocks[0].codecs, Example().models[0].blocks[0].codecs);
  EXPECT_EQ(model.blocks[0].codecs.size(), 2u);
  EXPECT_TRUE(model.blocks[1].codecs.empty());
  ASSERT_EQ(model.ranges.size(), 3u);
  EXPECT_THAT(model.ranges[0].samples,
              ::testing::ElementsAre(Seconds(0.5), Seconds(0.75), Seconds(0.625)));
}

TEST_F(JsonProfile, PutsEachRangeOnALineWithItsSummary) {
  EXPECT_THAT(Text(), HasSubstr("\n      {\"first_layer\":0,\"last_layer\":1,\"median_ms\":625.0,"
                                "\"p10_ms\":525.0,\"p90_ms\":725.0,\"samples_ms\":[500.0,750.0,"
                                "625.0]},\n"));
}

TEST_F(JsonProfile, SaysHowWellAMedianIsKnown) {
  Profile profile = Example();
  MeasuredRange& range = profile.models[0].ranges[2];
  range.samples.clear();
  for (const double second : {1, 2, 3, 4, 5, 6}) range.samples.emplace_back(second);
  WriteProfile(profile, path());
  EXPECT_THAT(ReadFile(path()), HasSubstr("\"interval_ms\":[1000.0,6000.0],\"samples_ms\":"));
  range.paces = {1, 2, 2, 1, 1.25, 1};
  range.precision = 0.25;
  range.is_unstable = true;
  WriteProfile(profile, path());
  EXPECT_THAT(ReadFile(path()),
              HasSubstr("\"interval_ms\":[2062.5,3437.5],\"samples_ms\":[1000.0,2000.0,3000.0,"
                        "4000.0,5000.0,6000.0],\"paces\":[1.0,2.0,2.0,1.0,1.25,1.0],"
                        "\"typical_ms\":2750.0,\"precision\":0.25,\"unstable\":true}\n"));
  const ModelProfile model = ReadProfile(path()).models[0];
  EXPECT_EQ(model.ranges[2].paces, range.paces);
  EXPECT_EQ(model.ranges[2].precision, 0.25);
  EXPECT_FALSE(model.ranges[1].precision.has_value());
  EXPECT_TRUE(model.ranges[2].is_unstable);
  EXPECT_THAT(model.ranges[1].paces, IsEmpty());
  EXPECT_FALSE(model.ranges[1].is_unstable);
}

TEST_F(JsonProfile, SaysHowFarAMeasurementCanBeTrusted) {
  Profile profile = Example();
  ModelProfile& model = profile.models[0];
  model.is_pinned = true;
  model.cuts_left_out = 7;
  model.stability = {0.25, 0.125, 3, 0.5, 2};
  model.repeatability = {12, 0.0625, 0.25};
  WriteProfile(profile, path());
  const ModelProfile read = ReadProfile(path()).models[0];
  EXPECT_TRUE(read.is_pinned);
  EXPECT_EQ(read.cuts_left_out, 7);
  EXPECT_EQ(read.stability->other_load, 0.25);
  EXPECT_EQ(read.stability->steal, 0.125);
  EXPECT_EQ(read.stability->throttled, 3);
  EXPECT_EQ(read.stability->frequency_drop, 0.5);
  EXPECT_EQ(read.stability->unstable_ranges, 2);
  EXPECT_EQ(read.repeatability->ranges, 12);
  EXPECT_EQ(read.repeatability->median, 0.0625);
  EXPECT_EQ(read.repeatability->percentile_95, 0.25);
  Text();
  EXPECT_FALSE(ReadProfile(path()).models[0].stability.has_value());
}

TEST_F(JsonProfile, TrustsTheSamplesAndNotTheirSummary) {
  auto json = nlohmann::json::parse(Text());
  json["models"][0]["ranges"][0]["median_ms"] = "nonsense";
  EXPECT_EQ(ErrorOf(json), "no error");
  EXPECT_EQ(ReadProfile(path()).models[0].ranges[0].Median(), Seconds(0.625));
}

TEST_F(JsonProfile, ReadsOnePaceOfAllSamples) {
  auto json = nlohmann::json::parse(Text());
  json["models"][0]["ranges"][0]["drift"] = 1.25;
  EXPECT_EQ(ErrorOf(json), "no error");
  EXPECT_EQ(ReadProfile(path()).models[0].ranges[0].TypicalTime(), Seconds(0.5));
}

TEST_F(JsonProfile, NamesThePlaceOfWhatIsWrong) {
  const auto good = nlohmann::json::parse(Text());
  const auto with = [&](const char* pointer, const nlohmann::json& value) {
    auto json = good;
    json[nlohmann::json::json_pointer(pointer)] = value;
    return ErrorOf(json);
  };
  EXPECT_EQ(with("/format", "x"),
            "device-pi.json: is not a profile: \"format\" is not \"scission-profile\"");
  EXPECT_EQ(with("/version", 2),
            "device-pi.json: version: 2 is newer than this program, which reads version 1");
  EXPECT_EQ(with("/host/name", ""), "device-pi.json: the host has no name");
  EXPECT_EQ(with("/models/0/ranges/0/samples_ms/1", -1),
            "device-pi.json: models[0].ranges[0].samples_ms[1]: -1 is outside 0 to 1000000000000");
  EXPECT_EQ(with("/models/0/ranges/0/samples_ms", nlohmann::json::array()),
            "device-pi.json: model 'vgg19': the range 0 to 1 has no samples");
  EXPECT_EQ(with("/models/0/ranges/0/paces", {1.5}),
            "device-pi.json: model 'vgg19': the range 0 to 1 has not as many paces as samples");
  EXPECT_EQ(with("/models/0/ranges/0/precision", -1),
            "device-pi.json: models[0].ranges[0].precision: -1 is outside 0 to 1000000000000");
  EXPECT_EQ(with("/models/0/blocks/1/first_layer", 1),
            "device-pi.json: model 'vgg19': the blocks are not contiguous: layer 1 follows layer "
            "1");
  EXPECT_EQ(with("/models/0/ranges/1/first_layer", 1),
            "device-pi.json: model 'vgg19': the range 1 to 2 does not begin and end with a block");
  EXPECT_EQ(with("/models/0/ranges/1/first_layer", 0),
            "device-pi.json: model 'vgg19': the range 0 to 2 stands twice");
  EXPECT_EQ(with("/models/0/blocks/1/peak_activation_bytes", -1),
            "device-pi.json: models[0].blocks[1].peak_activation_bytes: -1 is outside 0 to "
            "9007199254740992");
  EXPECT_EQ(with("/models/0/batch_size", 0),
            "device-pi.json: models[0].batch_size: 0 is outside 1 to 1000000");
}

TEST_F(JsonProfile, NeedsATimeForEveryBlock) {
  auto json = nlohmann::json::parse(Text());
  json["models"][0]["ranges"].erase(0);
  EXPECT_EQ(ErrorOf(json), "device-pi.json: model 'vgg19': the block 0 to 1 has no measured range");
}

}  // namespace
}  // namespace scission
