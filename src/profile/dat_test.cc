#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "profile/profile_io.h"
#include "profile/testing/pickle_writer.h"

namespace scission {
namespace {

using testing::BlockOp;
using testing::FloatOp;
using testing::IntOp;
using testing::ProfileFile;

class DatProfile : public ::testing::Test {
 protected:
  std::filesystem::path Write(const std::string& bytes, const std::string& name) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  Profile Read(const std::string& bytes, const std::string& name = "edge-pi.dat") {
    return ReadDatProfile(Write(bytes, name));
  }

  /// The message without the folder's name.
  std::string ErrorOf(const std::string& bytes, const std::string& name = "edge-pi.dat") {
    try {
      Read(bytes, name);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(folder_.path().string().size() + 1);
    }
    return "no error";
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(DatProfile, TakesTierAndNameFromTheFileAndFiguresFromThePickle) {
  const Profile profile = Read(
      ProfileFile({{"VGG19", {BlockOp(0, 1, FloatOp(0.5), 12845184), BlockOp(2, 2, IntOp(0), 4)}}}),
      "Edge-6700k-2.0(GPU).dat");
  EXPECT_EQ(profile.host.tier, "edge");
  EXPECT_EQ(profile.host.name, "6700k-2.0(GPU)");
  ASSERT_EQ(profile.models.size(), 1u);
  const ModelProfile& model = profile.models[0];
  EXPECT_EQ(model.model, "vgg19");
  EXPECT_EQ(model.batch_size, 1);
  ASSERT_EQ(model.blocks.size(), 2u);
  EXPECT_EQ(model.blocks[0].first_layer, 0);
  EXPECT_EQ(model.blocks[0].last_layer, 1);
  EXPECT_EQ(model.blocks[0].output_bytes, Bytes{12845184});
  EXPECT_EQ(model.FindRange(0, 1)->Median(), Seconds(0.5));
  EXPECT_EQ(model.FindRange(2, 2)->Median(), Seconds(0));
}

TEST_F(DatProfile, RefusesTimesThatAreNone) {
  const auto with_time = [](double time) {
    return ProfileFile({{"m", {BlockOp(0, 0, FloatOp(time), 1)}}});
  };
  const std::string expected =
      "edge-pi.dat: model 'm': block 0: 'second_prediction' is not a finite time of 0 or more";
  EXPECT_EQ(ErrorOf(with_time(-1e-9)), expected);
  EXPECT_EQ(ErrorOf(with_time(std::nan(""))), expected);
  EXPECT_EQ(ErrorOf(with_time(std::numeric_limits<double>::infinity())), expected);
}

TEST_F(DatProfile, RefusesWhatIsNoProfile) {
  EXPECT_EQ(ErrorOf("\x80\x03]."),
            "edge-pi.dat: holds no measurements by model: its outermost value is not a dictionary "
            "from a model's name to its blocks");
  EXPECT_EQ(ErrorOf(ProfileFile({{"m", {}}})), "edge-pi.dat: model 'm': there are no blocks");
  EXPECT_EQ(ErrorOf(ProfileFile(
                {{"m", {BlockOp(0, 1, FloatOp(1), 1)}}, {"M", {BlockOp(0, 1, FloatOp(1), 1)}}})),
            "edge-pi.dat: model 'm' stands twice");
  EXPECT_EQ(
      ErrorOf(ProfileFile({{"m", {BlockOp(2, 9, FloatOp(1), 1), BlockOp(3, 9, FloatOp(1), 1)}}})),
      "edge-pi.dat: model 'm': the blocks are not contiguous: layer 3 follows layer 9");
  EXPECT_EQ(ErrorOf(ProfileFile({{"m", {BlockOp(0, 1, FloatOp(1), -1)}}})),
            "edge-pi.dat: model 'm': block 0: 'output_size' is not an integer from 0 to "
            "9007199254740992");
  EXPECT_EQ(ErrorOf(ProfileFile({{"m", {IntOp(1)}}})),
            "edge-pi.dat: model 'm': block 0: is not a LayerBenchmark");
}

TEST_F(DatProfile, NeedsATierAndANameInTheFileName) {
  EXPECT_EQ(ErrorOf("", "pi.dat"), "pi.dat: the file's name must be TIER-NAME.dat");
  EXPECT_EQ(ErrorOf("", "-pi.dat"), "-pi.dat: the file's name must be TIER-NAME.dat");
  EXPECT_EQ(ErrorOf("", "edge-.dat"), "edge-.dat: the file's name must be TIER-NAME.dat");
}

TEST_F(DatProfile, SurvivesDamagedFiles) {
  const std::string good = ProfileFile(
      {{"vgg19", {BlockOp(0, 1, FloatOp(0.5), 12845184), BlockOp(2, 2, FloatOp(0), 4)}}});
  Random random(2);
  int read = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string bytes = good;
    for (int flips = random.Below(3); flips >= 0; --flips) {
      bytes[static_cast<std::size_t>(random.Below(static_cast<int>(bytes.size())))] =
          static_cast<char>(random.Below(256));
    }
    read += ErrorOf(bytes) == "no error" ? 1 : 0;
  }
  EXPECT_GT(read, 0);  // some damage only changes a number
}

}  // namespace
}  // namespace scission
