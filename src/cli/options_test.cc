#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A command with an argument of each kind.
struct Arguments {
  std::string model;
  std::filesystem::path folder;
  std::optional<std::string> tier;
  std::vector<std::string> hosts;
  std::vector<std::string> dimensions;
  std::string level = "normal";
  bool is_quiet = false;
  int repeats = 20;
  std::int64_t batch = 1;
  std::uint64_t seed = 0;
  double rate = 0.5;
};

class Options : public ::testing::Test {
 protected:
  Options() {
    set_.Add("MODEL", is_.model, "A model").Required();
    set_.Add("-o,--output", is_.folder, "Where to write").TypeName("DIR");
    const Option tier = set_.Add("--tier", is_.tier, "The tier");
    set_.Add("--host", is_.hosts, "A host").OneValueEach();
    set_.Add("--dim", is_.dimensions, "Sizes").Delimiter(',').OneValueEach();
    set_.Add("--effort", is_.level, "How much").ShowDefault().OneOf({"quick", "normal"});
    const Option quiet = set_.AddFlag("-q,--quiet", is_.is_quiet, "Say less");
    set_.Add("-r,--repeats", is_.repeats, "Samples\nof a range").ShowDefault().InRange(1, 100);
    set_.Add("--batch", is_.batch, "Inputs at once");
    set_.Add("--seed", is_.seed, "Of random numbers").Needs(tier);
    set_.Add("--rate", is_.rate, "A second")
        .TypeName("PER_SECOND")
        .InRange(0.5, 2.0)
        .Excludes(quiet);
    set_.Footer("\nExamples:\n  $ scission try m");
  }

  std::string Error(const std::vector<std::string>& words) {
    return testing::ErrorOf([&] { set_.Parse(words); });
  }

  /// What is printed where `word` asks for that alone.
  std::string Printed(const std::string& word) {
    ::testing::internal::CaptureStdout();
    EXPECT_FALSE(set_.Parse({word}));
    return ::testing::internal::GetCapturedStdout();
  }

  Arguments is_;
  OptionSet set_{"Tries a model.", "try"};
};

TEST_F(Options, GoToTheirVariables) {
  ASSERT_TRUE(set_.Parse({"-o", "out", "m.onnx", "--tier=edge", "-q", "-r", "7", "--batch=-3",
                          "--seed", "18446744073709551615"}));
  EXPECT_EQ(is_.model, "m.onnx");
  EXPECT_EQ(is_.folder, "out");
  EXPECT_EQ(is_.tier, "edge");
  EXPECT_TRUE(is_.is_quiet);
  EXPECT_EQ(is_.repeats, 7);
  EXPECT_EQ(is_.batch, -3);
  EXPECT_EQ(is_.seed, 18446744073709551615U);
}

TEST_F(Options, ThatAreNotGivenKeepTheirValues) {
  ASSERT_TRUE(set_.Parse({"m"}));
  EXPECT_EQ(is_.folder, "");
  EXPECT_EQ(is_.tier, std::nullopt);
  EXPECT_THAT(is_.hosts, IsEmpty());
  EXPECT_EQ(is_.level, "normal");
  EXPECT_FALSE(is_.is_quiet);
  EXPECT_EQ(is_.repeats, 20);
  EXPECT_EQ(is_.rate, 0.5);
}

TEST_F(Options, GivenTwiceTheLastOneCountsButListsGrow) {
  ASSERT_TRUE(set_.Parse({"--rate", "1", "--rate=2", "--host", "a", "--host=b", "m", "--dim",
                          "N=1,A=2", "--dim=B=3"}));
  EXPECT_EQ(is_.rate, 2);
  EXPECT_THAT(is_.hosts, ElementsAre("a", "b"));
  EXPECT_THAT(is_.dimensions, ElementsAre("N=1", "A=2", "B=3"));
  EXPECT_EQ(is_.model, "m");
}

TEST_F(Options, MayHaveEmptyValuesAndSuchAsEndLikeThem) {
  ASSERT_TRUE(set_.Parse({"--output=", "m"}));
  EXPECT_EQ(is_.folder, "");
  EXPECT_EQ(is_.model, "m");
  ASSERT_TRUE(set_.Parse({"--output=a=", "m"}));
  EXPECT_EQ(is_.folder, "a=");
}

TEST_F(Options, AreRefusedInALineThatNamesTheCommand) {
  const struct {
    std::vector<std::string> words;
    std::string error;
  } kCases[] = {
      {{}, "scission try: MODEL is required (--help shows the usage)"},
      {{"m", "n"},
       "scission try: The following argument was not expected: n (--help shows the usage)"},
      {{"m", "--fast"},
       "scission try: The following argument was not expected: --fast (--help shows the usage)"},
      {{"m", "-r", "x"}, "scission try: --repeats: Value x not in range"},
      {{"m", "--batch", "x"}, "scission try: Could not convert: --batch = x"},
      {{"m", "-r"}, "scission try: --repeats: 1 required"},
      {{"m", "-r", "101"}, "scission try: --repeats: Value 101 not in range"},
      {{"m", "--rate", "0.4"}, "scission try: --rate: Value 0.4 not in range"},
      {{"m", "--rate", "nan"}, "scission try: --rate: Value nan is not a number"},
      {{"m", "--rate", "-NaN"}, "scission try: --rate: Value -NaN is not a number"},
      {{"m", "--effort", "much"}, "scission try: --effort: much not in {quick,normal}"},
      {{"m", "--rate", "1", "-q"}, "scission try: --quiet excludes --rate"},
      {{"m", "--seed", "1"}, "scission try: --seed requires --tier"},
  };
  for (const auto& one : kCases) EXPECT_THAT(Error(one.words), HasSubstr(one.error));
}

TEST_F(Options, EndsOfARangeAreAllowed) {
  EXPECT_EQ(Error({"m", "-r", "1", "--rate", "0.5"}), "no error");
  EXPECT_EQ(Error({"m", "-r", "100", "--rate", "2"}), "no error");
}

TEST_F(Options, CanBeChangedByTheirNames) {
  set_.Get("--output").Required();
  EXPECT_THAT(Error({"m"}), HasSubstr("--output is required"));
}

TEST_F(Options, HelpShowsThemAsManualsDo) {
  const std::string help = Printed("--help");
  EXPECT_THAT(help, AllOf(HasSubstr("Tries a model.\n"), HasSubstr("Usage: scission try [OPTIONS]"),
                          HasSubstr("\nArguments:\n"), HasSubstr("  -o, --output DIR "),
                          HasSubstr("  -q, --quiet  "), HasSubstr("--rate PER_SECOND ")));
  EXPECT_THAT(help, AllOf(HasSubstr("  -r, --repeats N "), HasSubstr("(default 20)"),
                          HasSubstr("(default normal)"), HasSubstr("  $ scission try m")));
}

TEST_F(Options, AreListedForShellsWithAllTheirNames) {
  const std::string list = Printed("--list-options");
  EXPECT_THAT(list, AllOf(HasSubstr("-r\tSamples\n"), HasSubstr("--repeats\tSamples\n"),
                          HasSubstr("--tier\tThe tier\n"), HasSubstr("--help\tPrint")));
}

}  // namespace
}  // namespace scission
