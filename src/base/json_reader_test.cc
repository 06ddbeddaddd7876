#include "base/json_reader.h"

#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using testing::ErrorOf;

TEST(JsonReader, ReadsAndNamesThePlaceOfErrors) {
  const auto document = JsonReader::Parse("f.json", R"({"a": [{"b": 3}, {"b": "x"}, {}]})");
  const JsonReader root("f.json", document);
  const auto items = root["a"].Items();
  EXPECT_EQ(items[0]["b"].Integer(0, 10), 3);
  EXPECT_EQ(items[1]["b"].Text(), "x");
  EXPECT_EQ(ErrorOf([&] { items[1]["b"].Number(0, 1); }), "f.json: a[1].b: must be a number");
  EXPECT_EQ(ErrorOf([&] { items[2]["b"]; }), "f.json: a[2]: 'b' is missing");
  EXPECT_EQ(ErrorOf([&] { items[0]["b"].Integer(4, 9); }), "f.json: a[0].b: 3 is outside 4 to 9");
  EXPECT_EQ(ErrorOf([&] { root.Items(); }), "f.json: must be an array");
}

TEST(JsonReader, ReadsManyNumbersAtOnce) {
  const auto document = JsonReader::Parse("f", R"({"a": [1, 2.5], "b": [1, "x"], "c": [1, -1]})");
  const JsonReader root("f", document);
  EXPECT_EQ(root["a"].Numbers(0, 9), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(ErrorOf([&] { root["b"].Numbers(0, 9); }), "f: b[1]: must be a number");
  EXPECT_EQ(ErrorOf([&] { root["c"].Numbers(0, 9); }), "f: c[1]: -1 is outside 0 to 9");
  EXPECT_EQ(ErrorOf([&] { root.Numbers(0, 9); }), "f: must be an array");
}

TEST(JsonReader, TakesNullForAbsent) {
  const auto document = JsonReader::Parse("f", R"({"a": null, "b": false})");
  const JsonReader root("f", document);
  EXPECT_FALSE(root.Has("a"));
  EXPECT_TRUE(root.Has("b"));
  EXPECT_FALSE(root.Has("c"));
  EXPECT_FALSE(root["b"].Boolean());
  EXPECT_FALSE(root["b"].Has("d"));
  EXPECT_EQ(ErrorOf([&] { root["a"].Boolean(); }), "f: a: must be true or false");
}

TEST(JsonReader, ChecksFormatAndVersion) {
  const auto check = [](const std::string& text) {
    const auto document = JsonReader::Parse("f", text);
    return ErrorOf([&] { JsonReader("f", document).RequireFormat("x", 2, "an X"); });
  };
  EXPECT_EQ(check(R"({"format": "x", "version": 1})"), "no error");
  EXPECT_EQ(check(R"({"format": "x", "version": 2})"), "no error");
  EXPECT_EQ(check(R"({"format": "x", "version": 3})"),
            "f: version: 3 is newer than this program, which reads version 2");
  EXPECT_EQ(check(R"({"format": "x"})"), "f: 'version' is missing");
  EXPECT_EQ(check(R"({"format": "y", "version": 1})"), "f: is not an X: \"format\" is not \"x\"");
  EXPECT_EQ(check("[]"), "f: is not an X: \"format\" is not \"x\"");
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  EXPECT_EQ(ErrorOf([] { JsonReader::Parse("f", "{\"a\": NaN}"); }),
            "f: is not valid JSON (byte 7)");
  EXPECT_EQ(ErrorOf([] { JsonReader::Parse("f", ""); }), "f: is not valid JSON (byte 1)");
}

TEST(JsonReader, RefusesAnIntegerThatDoesNotFit) {
  const auto document = JsonReader::Parse("f", "[18446744073709551615]");
  EXPECT_THROW(JsonReader("f", document).Items()[0].Integer(0, INT64_MAX), InputError);
}

}  // namespace
}  // namespace scission
