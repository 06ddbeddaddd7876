#include "image/image_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"

namespace scission {
namespace {

using ::testing::FloatNear;
using ::testing::Pointwise;

constexpr std::uint8_t kRed = 200;
constexpr std::uint8_t kGreen = 100;
constexpr std::uint8_t kBlue = 50;

/// Of 1 x 2: the colour above, then black.
const Picture kPicture{1, 2, {kRed, kGreen, kBlue, 0, 0, 0}};

void ExpectValues(Preprocessing mode, const std::vector<float>& expected) {
  EXPECT_THAT(Preprocess(kPicture, mode), Pointwise(FloatNear(1e-4f), expected)) << Name(mode);
}

TEST(Preprocess, DoesWhatEachModeOfKerasDoes) {
  // Worked out by hand: one pair a channel, the colour's value and black's.
  ExpectValues(Preprocessing::kNone, {0.78431f, 0, 0.39216f, 0, 0.19608f, 0});
  ExpectValues(Preprocessing::kCaffe, {-53.939f, -103.939f, -16.779f, -116.779f, 76.32f, -123.68f});
  ExpectValues(Preprocessing::kTf, {0.56863f, -1, -0.21569f, -1, -0.60784f, -1});
  ExpectValues(Preprocessing::kTorch,
               {1.30699f, -2.11790f, -0.28501f, -2.03571f, -0.93298f, -1.80444f});
}

TEST(Preprocessing, HasNamesThatReadBack) {
  for (const char* name : {"none", "caffe", "tf", "torch"}) {
    ASSERT_TRUE(ParsePreprocessing(name)) << name;
    EXPECT_STREQ(Name(*ParsePreprocessing(name)), name);
  }
  EXPECT_FALSE(ParsePreprocessing("Caffe"));
}

/// 24 bits a pixel, rows from below, padded to 4 bytes: the colours above over black.
std::string Bmp() {
  std::string file("BM\x3e\0\0\0\0\0\0\0\x36\0\0\0", 14);
  file += std::string("\x28\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\x18\0", 16) + std::string(24, '\0');
  file += std::string("\0\0\0\0", 4);
  file += {static_cast<char>(kBlue), static_cast<char>(kGreen), static_cast<char>(kRed), '\0'};
  return file;
}

TEST(ImageLayout, IsThatOfTheShape) {
  const ImageLayout first = ImageLayoutOf({2, 3, 224, 299}).value();
  EXPECT_TRUE(first.channels_first);
  EXPECT_EQ(std::vector<std::int64_t>({first.batch, first.height, first.width}),
            std::vector<std::int64_t>({2, 224, 299}));
  const ImageLayout last = ImageLayoutOf({1, 224, 299, 3}).value();
  EXPECT_FALSE(last.channels_first);
  EXPECT_EQ(std::vector<std::int64_t>({last.batch, last.height, last.width}),
            std::vector<std::int64_t>({1, 224, 299}));
  EXPECT_FALSE(ImageLayoutOf({1, 4, 8, 8}));
  EXPECT_FALSE(ImageLayoutOf({1, 3, 8}));
  EXPECT_FALSE(ImageLayoutOf({1, 3, 100'000, 8}));
}

TEST(ImageTensor, PutsEachValueWhereTheLayoutSays) {
  const std::vector<float> planes = Preprocess(kPicture, Preprocessing::kNone);
  const ImageLayout both{.batch = 2, .channels_first = true, .height = 1, .width = 2};
  std::vector<float> twice = planes;
  twice.insert(twice.end(), planes.begin(), planes.end());
  EXPECT_EQ(ImageTensor(kPicture, both, Preprocessing::kNone), twice);
  const ImageLayout last{.batch = 1, .channels_first = false, .height = 1, .width = 2};
  EXPECT_THAT(
      ImageTensor(kPicture, last, Preprocessing::kNone),
      Pointwise(FloatNear(1e-4f), std::vector<float>{0.78431f, 0.39216f, 0.19608f, 0, 0, 0}));
}

TEST(LoadImage, GivesPlanesOfTheModelsSize) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.bmp";
  WriteFileAtomically(file, Bmp());
  EXPECT_THAT(LoadImage(file, {.height = 2, .width = 1}, Preprocessing::kNone),
              Pointwise(FloatNear(1e-4f), Preprocess(kPicture, Preprocessing::kNone)));
  EXPECT_EQ(LoadImage(file, {.height = 224, .width = 299}, Preprocessing::kTf).size(),
            3u * 224 * 299);
}

std::string ErrorOf(const std::filesystem::path& file) {
  try {
    LoadImage(file, {.height = 8, .width = 8}, Preprocessing::kNone);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LoadImage, NamesTheFileInEveryError) {
  const TemporaryFolder folder;
  const auto fifo = folder.path() / "fifo";
  const auto page = folder.path() / "page.jpg";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  WriteFileAtomically(page, "<html>");
  EXPECT_EQ(ErrorOf("/no/such.png"), "/no/such.png: cannot be opened: No such file or directory");
  EXPECT_EQ(ErrorOf(folder.path()), folder.path().string() + ": is a directory, not a file");
  EXPECT_EQ(ErrorOf(fifo), fifo.string() + ": is not a file");
  EXPECT_EQ(ErrorOf(page), page.string() + ": is not a JPEG, PNG or BMP image");
}

}  // namespace
}  // namespace scission
