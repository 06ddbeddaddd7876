// Which models benchmark takes, and how often.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "benchmark_fixture.h"

namespace scission::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BenchmarkOptions : public BenchmarkFixture {
 protected:
  ProcessResult Benchmark(std::vector<std::string> options) const {
    options.insert(options.begin(), {"benchmark", "edge", "e", "--no-plots"});
    return Scission(options);
  }

  std::vector<std::string> MeasuredWith(std::vector<std::string> options) const {
    const auto result = Benchmark(std::move(options));
    EXPECT_TRUE(IsMeasured(result)) << result.standard_error;
    return ModelNames(ReadJson("edge-e.json"));
  }

  /// Nothing may have been measured either.
  std::string ErrorWith(std::vector<std::string> options) const {
    const auto result = Benchmark(std::move(options));
    EXPECT_EQ(result.exit_code, 2) << result.standard_output;
    EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
    EXPECT_FALSE(Exists("edge-e.json"));
    return result.standard_error;
  }
};

TEST_F(BenchmarkOptions, TakesAListOfModelsAndFiles) {
  WriteModel("Two.onnx", 2);
  EXPECT_THAT(MeasuredWith({"--models", "Two.onnx, MobileNetV2", "-r", "1"}),
              ElementsAre("two", "mobilenetv2"));
}

TEST_F(BenchmarkOptions, LeavesOutModels) {
  WriteModel("one.onnx", 1);
  WriteModel("two.onnx", 2);
  EXPECT_THAT(MeasuredWith({"one.onnx", "two.onnx", "-r", "1", "--exclude", "one.onnx,VGG19"}),
              ElementsAre("two"));
}

TEST_F(BenchmarkOptions, QuickTakesThreeSamples) {
  WriteModel("one.onnx", 1);
  MeasuredWith({"one.onnx", "--quick"});
  EXPECT_EQ(ReadJson("edge-e.json")["models"][0]["ranges"][1]["samples_ms"].size(), 3u);
}

TEST_F(BenchmarkOptions, AreRefusedInOneLineWhereTheyMakeNoSense) {
  WriteModel("one.onnx", 1);
  const char* unknown = "resnt50: there is no such file and no such built-in model; did you mean ";
  EXPECT_THAT(ErrorWith({"--models", "resnt50"}), HasSubstr(unknown));
  EXPECT_THAT(ErrorWith({"one.onnx", "resnt50"}), HasSubstr(unknown));
  EXPECT_THAT(ErrorWith({"--exclude", "mobilnetv2"}),
              HasSubstr("--exclude mobilnetv2: is neither among the models named nor built in; "
                        "did you mean 'mobilenetv2'?"));
  EXPECT_THAT(ErrorWith({"one.onnx", "--exclude", "one.onnx"}), HasSubstr("leaves no model"));
  EXPECT_THAT(ErrorWith({"one.onnx", "--models", "vgg19"}),
              HasSubstr("names the models, and so does 'one.onnx'"));
  EXPECT_THAT(ErrorWith({"--models", "one.onnx,,"}), HasSubstr("one comma between them"));
  EXPECT_THAT(ErrorWith({"--models="}), HasSubstr("one comma between them"));
  EXPECT_THAT(ErrorWith({"--models", "one.onnx,one.onnx"}), HasSubstr("would have the same name"));
  EXPECT_THAT(ErrorWith({"one.onnx", "--quick", "-r", "5"}), HasSubstr("excludes"));
  EXPECT_THAT(ErrorWith({"one.onnx", "-s", "maybe"}), HasSubstr("maybe"));
}

}  // namespace
}  // namespace scission::testing
