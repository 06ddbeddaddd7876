#include "profile/pickle.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "profile/testing/pickle_writer.h"

namespace scission::pickle {
namespace {

using namespace std::string_literals;
using testing::BlockOp;
using testing::FloatOp;
using testing::IntOp;
using testing::ProfileFile;
using testing::TextOp;

std::string ErrorOf(const std::string& bytes) {
  Document document;
  try {
    Parse("f.dat", bytes, document);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

template <typename Data>
Data ValueOf(const std::string& bytes) {
  Document document;
  Parse("f.dat", bytes, document);
  return std::get<Data>(document.root().data);
}

std::string NumpyFloat(const std::string& type, const std::string& bytes) {
  return "cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n" + TextOp(type) + "\x89\x88\x87R(K\x03" +
         TextOp("<") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"s + "C" +
         std::string(1, static_cast<char>(bytes.size())) + bytes + "\x86R";
}

TEST(Pickle, ReadsEveryKindOfNumber) {
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02K\xff."), 255);
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02M\x01\x02."), 0x201);
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02J\xfe\xff\xff\xff."), -2);
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02\x8a\x05\0\0\0\0\x01."s), std::int64_t{1} << 32);
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02\x8a\x01\xff."), -1);
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x02\x8a\0."s), 0);
  EXPECT_EQ(ValueOf<double>("\x80\x02G\x3f\xf8\0\0\0\0\0\0."s), 1.5);
  EXPECT_EQ(ValueOf<double>("\x80\x03" + NumpyFloat("f8", "\0\0\0\0\0\0\xf8\x3f"s) + "."), 1.5);
  EXPECT_TRUE(ValueOf<bool>("\x80\x02\x88."));
}

TEST(Pickle, ReadsCollectionsAndSharedValues) {
  Document document;
  Parse("f.dat", "\x80\x04\x95\0\0\0\0\0\0\0\0]\x94(K\x01h\0e."s, document);
  const auto& items = std::get<List>(document.root().data).items;
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(std::get<std::int64_t>(items[0]->data), 1);
  EXPECT_EQ(items[1], &document.root());  // a list that holds itself is no trouble
}

TEST(Pickle, MemoizeCountsOnFromPut) {
  EXPECT_EQ(ValueOf<std::int64_t>("\x80\x04K\x05q\0K\x06\x94K\x07\x94h\x01."s), 6);
}

TEST(Pickle, RefusesForeignGlobalsAndNamesThem) {
  EXPECT_EQ(ErrorOf("\x80\x03"
                    "cos\nsystem\n(X\x02\0\0\0idtR."s),
            "f.dat: byte 2: refers to Python's os.system; a profile holds plain data only");
  EXPECT_EQ(ErrorOf("\x80\x04\x8c\x08"
                    "builtins\x8c\x04"
                    "eval\x93."s),
            "f.dat: byte 18: refers to Python's builtins.eval; a profile holds plain data only");
}

TEST(Pickle, RefusesForeignOpcodes) {
  EXPECT_EQ(ErrorOf("\x80\x03I1\n."), "f.dat: byte 2: opcode 0x49 has no place in a profile");
  EXPECT_EQ(ErrorOf("<html></html>"), "f.dat: byte 0: this is no Python pickle");
  EXPECT_EQ(ErrorOf("\x80\x09."), "f.dat: byte 0: pickle protocol 9 is not read");
}

TEST(Pickle, RefusesWhatMakesNoSense) {
  EXPECT_EQ(ErrorOf(""), "f.dat: is empty");
  EXPECT_EQ(ErrorOf("\x80\x03]"), "f.dat: byte 3: the file ends too early");
  EXPECT_EQ(ErrorOf("\x80\x03X\xff\xff\xff\xff"), "f.dat: byte 7: the file ends too early");
  EXPECT_EQ(ErrorOf("\x80\x03."), "f.dat: byte 2: takes a value that is not there");
  EXPECT_EQ(ErrorOf("\x80\x03K\x01(a"), "f.dat: byte 5: takes a value that is not there");
  EXPECT_EQ(ErrorOf("\x80\x03u"), "f.dat: byte 2: takes a mark that is not there");
  EXPECT_EQ(ErrorOf("\x80\x03K\x01K\x02"
                    "a."),
            "f.dat: byte 6: a value has the wrong type");
  EXPECT_EQ(ErrorOf("\x80\x03}(K\x01u."), "f.dat: byte 6: a key has no value");
  EXPECT_EQ(ErrorOf("\x80\x03h\x07."), "f.dat: byte 2: refers to a value that is not there");
  EXPECT_EQ(ErrorOf("\x80\x03]r\xff\xff\xff\xff."), "f.dat: byte 3: a memo index is too large");
  EXPECT_EQ(ErrorOf("\x80\x03\x8a\x09"), "f.dat: byte 2: an integer has more than 64 bits");
  EXPECT_EQ(ErrorOf("\x80\x03" + NumpyFloat("f4", "\0\0\0\0"s) + "."),
            "f.dat: byte 55: unknown numpy type");
}

TEST(Pickle, BoundsTheNumberOfValues) {
  EXPECT_EQ(ErrorOf("\x80\x03" + std::string(2'000'000, '}')),
            "f.dat: byte 1000002: holds too many values");
}

TEST(Pickle, SurvivesDamagedFiles) {
  const std::string good =
      ProfileFile({{"vgg19", {BlockOp(0, 1, FloatOp(0.5), 10), BlockOp(2, 2, IntOp(0), 4)}}}) +
      NumpyFloat("f8", std::string(8, '\0'));
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes =
        good.substr(0, static_cast<std::size_t>(random.Below(static_cast<int>(good.size()) + 1)));
    if (bytes.empty()) continue;
    for (int flips = random.Below(6); flips > 0; --flips) {
      bytes[static_cast<std::size_t>(random.Below(static_cast<int>(bytes.size())))] =
          static_cast<char>(random.Below(256));
    }
    ErrorOf(bytes);  // any other exception fails the test, and a crash does
  }
}

}  // namespace
}  // namespace scission::pickle
