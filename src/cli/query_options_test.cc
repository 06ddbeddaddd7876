#include "cli/query_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "base/text.h"
#include "cli/options.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::vector<std::string> kAll = {"--input=0.5",        "--source=pi",
                                       "--objective=energy", "--pareto=latency,bytes",
                                       "--codecs=fp16,zstd", "--time-limit=7",
                                       "--device=!-1",       "--device-upload=1",
                                       "--device-time=5%",   "--edge=-1",
                                       "--edge-upload=2",    "--edge-time=3",
                                       "--cloud=8,!9",       "--cloud-time=4",
                                       "--exclude-host=x",   "--exclude-host=a=",
                                       "--exclude-link=a>b", "--host=pi: -1",
                                       "--host-memory=a: 1", "--host-time=a: 5%",
                                       "--host-upload=a: 1", "--max-bytes=1",
                                       "--max-cost=2",       "--max-energy=3",
                                       "--max-hosts=2",      "--max-latency=1",
                                       "--max-segment=9",    "--min-segment=2",
                                       "--private=3",        "--min-throughput=0.1",
                                       "--revisit",          "--return-output",
                                       "--replies",          "--classic"};

TEST(QueryOptions, ComeBackFromTheirWords) {
  EXPECT_THAT(ToWords(FromWords("plan.json", kAll)), ::testing::UnorderedElementsAreArray(kAll));
  EXPECT_THAT(ToWords({}), IsEmpty());
  EXPECT_THAT(ToWords(FromWords("plan.json", {})), IsEmpty());
}

/// A new option must be kept, or be named here.
TEST(QueryOptions, AllThatChangeThePlansHaveWords) {
  QueryOptions options;
  OptionSet set("", "predict");
  AddQueryOptions(set, options);
  AddPredictOptions(set, options);
  ::testing::internal::CaptureStdout();
  set.Parse({"--list-options"});
  const std::string list = ::testing::internal::GetCapturedStdout();
  for (const std::string& line : Split(list, '\n')) {
    const std::string name = line.substr(0, line.find('\t'));
    if (!name.starts_with("--")) continue;
    if (name == "--help" || name == "--hosts" || name == "--result-count") continue;
    EXPECT_THAT(kAll, ::testing::Contains(::testing::AnyOf(name, StartsWith(name + "=")))) << name;
  }
}

TEST(QueryOptions, WordsThatAreNoneNameTheirFile) {
  const auto error = [](const std::string& word) {
    return testing::ErrorOf([&] { FromWords("plan.json", {word}); });
  };
  EXPECT_THAT(error("--fast"), StartsWith("plan.json: options: scission predict: "));
  EXPECT_THAT(error("--fast"), HasSubstr("not expected: --fast"));
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(error("--help"), "plan.json: options: ask for help");
  ::testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace scission
