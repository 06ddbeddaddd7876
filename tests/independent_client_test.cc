// A client that shares no code with us calls a pipeline of three workers: npm's gRPC, with the
// protocol's own description.
#include <gmock/gmock.h>

#include <cstring>

#include "engine/compare.h"
#include "engine/session.h"
#include "model/model.h"
#include "pipeline_fixture.h"

namespace scission::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class IndependentClient : public PipelineFixture {
 protected:
  void SetUp() override {
    StartAll();
    WritePlans({{"device", "edge", "cloud"}});
    const auto run = Run({"-r", "1", "--keep"});
    ASSERT_EQ(run.exit_code, 0) << run.standard_error;
    Random random(7);
    input_.spec = {"x", ElementType::kFloat, {kRows, kWidth}};
    input_.data.resize(sizeof(float) * kRows * kWidth);
    for (std::size_t i = 0; i < input_.data.size(); i += sizeof(float)) {
      const auto value = static_cast<float>(random.Uniform() * 2 - 1);
      std::memcpy(input_.data.data() + i, &value, sizeof(value));
    }
    WriteFileAtomically(folder_.path() / "x.bin", input_.data);
  }

  ProcessResult Infer(const std::string& model, const std::string& shape, const std::string& way) {
    const std::string source = SCISSION_SOURCE_DIR;
    return RunProcess({"/usr/bin/env", "node", source + "/tests/grpc_js/infer.mjs",
                       source + "/proto/open_inference.proto", AddressOf("device"), model, "x",
                       shape, (folder_.path() / "x.bin").string(), way});
  }

  TensorValue Expected() const {
    const Model model = LoadModel(folder_.path() / "chain.onnx");
    Session session(ExtractSegment(model, WholeOf(model.graph())), {});
    session.SetInputs({{"x", input_}});
    session.Run();
    TensorMap outputs;
    session.GetOutputs(outputs);
    return outputs.at("y11");
  }

  TensorValue input_;
};

TEST_F(IndependentClient, GetsTheWholeModelsAnswerFromThreeHosts) {
  const TensorValue expected = Expected();
  for (const char* way : {"raw", "typed"}) {
    const auto result = Infer("chain", "256x512", way);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    const Json told = Json::parse(result.standard_output);
    EXPECT_EQ(told["live"], true);
    EXPECT_EQ(told["ready"], true);
    EXPECT_EQ(told["model_ready"], true);
    EXPECT_EQ(told["server"], "scission");
    EXPECT_EQ(told["model_name"], "chain");
    EXPECT_EQ(told["id"], "from-js");
    EXPECT_EQ(told["metadata"]["inputs"][0]["name"], "x");
    EXPECT_EQ(told["metadata"]["outputs"][0]["name"], "y11");
    EXPECT_EQ(told["outputs"].dump(), R"([{"datatype":"FP32","name":"y11","shape":[256,512]}])");
    const TensorValue answer{expected.spec, ReadFile(folder_.path() / "x.bin.out")};
    EXPECT_EQ(Difference(expected, answer), std::nullopt) << way;
  }
}

TEST_F(IndependentClient, IsToldWhatIsWrong) {
  const auto shape = Infer("chain", "512x256", "raw");
  EXPECT_EQ(shape.exit_code, 1);
  EXPECT_THAT(shape.standard_error,
              HasSubstr("3: device: input 'x': is FP32 512x256, not FP32 256x512"));
  const auto negative = Infer("chain", "-1x512", "raw");
  EXPECT_THAT(negative.standard_error, HasSubstr("3: device: tensor 'x'"));
  const auto unknown = Infer("nobody", "256x512", "raw");
  EXPECT_THAT(unknown.standard_error, HasSubstr("5: device: there is no model 'nobody' here"));
}

}  // namespace
}  // namespace scission::testing
