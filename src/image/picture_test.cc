#include "image/picture.h"

#include <gtest/gtest.h>

#include "base/error.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace scission {
namespace {

void Append(void* text, void* data, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(data), size);
}

/// Pixels that a decoder cannot guess.
std::vector<std::uint8_t> Pattern(int count) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 37 + i / 7));
  return bytes;
}

std::string Png(int width, int height, int channels) {
  std::string file;
  stbi_write_png_to_func(Append, &file, width, height, channels,
                         Pattern(width * height * channels).data(), width * channels);
  return file;
}

std::string Jpeg(int width, int height) {
  std::string file;
  const std::vector<std::uint8_t> grey(static_cast<std::size_t>(width) * height * 3, 90);
  stbi_write_jpg_to_func(Append, &file, width, height, 3, grey.data(), 95);
  return file;
}

std::string Bmp(int width, int height) {
  std::string file;
  stbi_write_bmp_to_func(Append, &file, width, height, 3, Pattern(width * height * 3).data());
  return file;
}

std::string ErrorOf(const std::string& bytes) {
  try {
    DecodePicture("f", bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(DecodePicture, ReadsPngBmpAndJpeg) {
  const Picture png = DecodePicture("f", Png(5, 3, 3));
  EXPECT_EQ(png.width, 5);
  EXPECT_EQ(png.height, 3);
  EXPECT_EQ(png.rgb, Pattern(5 * 3 * 3));
  EXPECT_EQ(DecodePicture("f", Bmp(5, 3)).rgb, Pattern(5 * 3 * 3));
  for (const int value : DecodePicture("f", Jpeg(20, 9)).rgb) EXPECT_NEAR(value, 90, 2);
}

TEST(DecodePicture, SpreadsGreyAndDropsAlpha) {
  const auto bytes = Pattern(8);
  EXPECT_EQ(DecodePicture("f", Png(2, 1, 1)).rgb,
            (std::vector{bytes[0], bytes[0], bytes[0], bytes[1], bytes[1], bytes[1]}));
  EXPECT_EQ(DecodePicture("f", Png(2, 1, 4)).rgb,
            (std::vector{bytes[0], bytes[1], bytes[2], bytes[4], bytes[5], bytes[6]}));
}

TEST(DecodePicture, RefusesWhatIsNoImage) {
  EXPECT_EQ(ErrorOf(""), "f: is empty, not an image");
  for (const std::string& bytes :
       {std::string("<!DOCTYPE html><html></html>"), std::string("BM"), std::string(1000, '\0'),
        std::string("GIF89a\x01\0\x01\0\0\0\0;", 14), std::string("P6 1 1 255 abc"),
        std::string("\x89PNG\r\n\x1a\n")}) {
    EXPECT_EQ(ErrorOf(bytes), "f: is not a JPEG, PNG or BMP image");
  }
}

TEST(DecodePicture, RefusesAJpegFileWithoutAPicture) {
  EXPECT_EQ(ErrorOf("\xff\xd8\xff\xe0"), "f: is an image that ends too early");
  EXPECT_EQ(ErrorOf("\xff\xd8\xff\xd9"),
            "f: is an image that cannot be decoded (JPEG datastream contains no image)");
}

TEST(DecodePicture, RefusesEveryFileThatIsCutShort) {
  for (const std::string& whole : {Png(30, 20, 3), Jpeg(40, 30), Bmp(7, 6)}) {
    for (std::size_t length = 0; length + 16 < whole.size(); ++length) {
      EXPECT_NE(ErrorOf(whole.substr(0, length)), "no error") << length << " of " << whole.size();
    }
  }
}

TEST(DecodePicture, RefusesHugeImagesBeforeDecoding) {
  std::string bmp = Bmp(1, 1);
  bmp.replace(18, 8, std::string("\x00\x00\x01\x00\x00\x00\x01\x00", 8));  // 65536 x 65536
  EXPECT_EQ(ErrorOf(bmp), "f: is an image of 65536 x 65536 pixels, at most 64 million are read");
}

TEST(DecodePicture, SurvivesDamage) {
  for (const std::string& whole : {Png(30, 20, 3), Jpeg(40, 30), Bmp(7, 6)}) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const int flip : {0x01, 0x80, 0xFF}) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ flip);
        ErrorOf(damaged);
      }
    }
  }
}

TEST(Resize, AveragesWhereItShrinksAndKeepsWhatFits) {
  Picture picture{2, 2, {}};
  for (const std::uint8_t value : {0, 200, 200, 0}) picture.rgb.insert(picture.rgb.end(), 3, value);
  EXPECT_EQ(Resize(picture, 2, 2).rgb, picture.rgb);
  const Picture small = Resize(picture, 1, 1);
  EXPECT_EQ(small.rgb, std::vector<std::uint8_t>(3, 100));
  const Picture large = Resize(small, 3, 5);
  EXPECT_EQ(large.height, 3);
  EXPECT_EQ(large.width, 5);
  EXPECT_EQ(large.rgb, std::vector<std::uint8_t>(45, 100));
}

}  // namespace
}  // namespace scission
