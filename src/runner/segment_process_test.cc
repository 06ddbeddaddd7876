// What a process gives is what a session in this process gives.
#include "runner/segment_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/testing/run_chain.h"
#include "image/image_input.h"
#include "model/model.h"
#include "model/testing/onnx_builder.h"
#include "runner/testing/served_models.h"
#include "runner/testing/serving.h"

namespace scission {
namespace {

using testing::BytesOf;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;
using testing::Put;
using testing::Serve;
using testing::Soon;
using testing::Take;
using testing::ValuesOf;

/// A model with one float input and one float output, in a process and here.
struct Served {
  explicit Served(const onnx::ModelProto& proto, SegmentProcessOptions options = {})
      : model(LoadModel(testing::WriteModel(folder, proto), {.trace_shapes = TraceShapes})),
        process(With(std::move(options), folder.path() / "model.onnx"), Soon()) {}

  static SegmentProcessOptions With(SegmentProcessOptions options,
                                    const std::filesystem::path& file) {
    options.model = file;
    options.engine.threads = 1;
    return options;
  }

  std::string Input(std::uint64_t seed) const {
    return RandomInputs(process.inputs(), seed).at(process.inputs()[0].name).data;
  }

  /// The output on this input, by a session in this process.
  TensorValue Expected(const std::string& input) const {
    const TensorMap values = {{process.inputs()[0].name, {process.inputs()[0], input}}};
    return testing::RunChain(model, {WholeOf(model.graph())}, values).at(process.outputs()[0].name);
  }

  TemporaryFolder folder;
  Model model;
  SegmentProcess process;
};

TEST(SegmentProcess, EqualsASessionElementByElement) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Served served(testing::RandomModel(seed, 14));
    for (const std::uint64_t input_seed : {1, 2}) {
      const std::string input = served.Input(input_seed);
      EXPECT_EQ(Difference(served.Expected(input), Serve(served.process, input)), std::nullopt)
          << seed;
    }
  }
}

TEST(SegmentProcess, TakesARequestWhileAnotherRuns) {
  Served served(testing::RandomModel(4, 14), {.slots = 2});
  const std::vector<std::string> inputs = {served.Input(1), served.Input(2)};
  EXPECT_NE(Difference(served.Expected(inputs[0]), served.Expected(inputs[1])), std::nullopt);
  for (int repeat = 0; repeat < 3; ++repeat) {
    for (const int slot : {1, 0}) {
      const std::string& input = inputs[static_cast<std::size_t>(slot)];
      served.process.Start(slot, {Put(served.process, slot, 0, input)}, Codec::kNone, Soon());
    }
    for (const int slot : {1, 0}) {
      const RunOutcome outcome = served.process.Wait(Soon());
      EXPECT_EQ(Difference(served.Expected(inputs[static_cast<std::size_t>(slot)]),
                           Take(served.process, slot, outcome)),
                std::nullopt);
      EXPECT_GT(outcome.compute.count(), 0);
    }
  }
}

TEST(SegmentProcess, UnpacksAndPacksByEveryCodec) {
  Served served(testing::RandomModel(5, 14));
  const std::string input = served.Input(1);
  const TensorValue expected = served.Expected(input);
  for (const Codec codec : kCodecs) {
    served.process.Start(0, {Put(served.process, 0, 0, input, codec)}, codec, Soon());
    const RunOutcome outcome = served.process.Wait(Soon());
    EXPECT_EQ(outcome.outputs.at(0).codec, codec);
    const double slack = codec == Codec::kInt8 ? 0.05 : codec == Codec::kFp16 ? 5e-3 : 1e-4;
    EXPECT_EQ(Difference(expected, Take(served.process, 0, outcome),
                         {.relative = 1e-3, .of_largest = slack}),
              std::nullopt)
        << ToText(codec);
    if (codec == Codec::kFp16) {
      EXPECT_EQ(outcome.outputs[0].bytes, expected.data.size() / 2);
      EXPECT_GT(outcome.unpack.count(), 0);
      EXPECT_GT(outcome.pack.count(), 0);
    }
  }
}

/// 24 bits a pixel, of 4 x 1.
std::string Bmp() {
  std::string file("BM\x42\0\0\0\0\0\0\0\x36\0\0\0", 14);
  file += std::string("\x28\0\0\0\x04\0\0\0\x01\0\0\0\x01\0\x18\0", 16) + std::string(24, '\0');
  return file + "abcdefghijkl";
}

TEST(SegmentProcess, PreprocessesAnImage) {
  Served served(testing::RandomModel(6, 8), {.preprocessing = "caffe"});
  EXPECT_GE(served.process.MaxInputBytes(0), std::size_t{64} << 20);
  const auto send = [&](const std::string& image) {
    std::memcpy(served.process.Input(0, 0, image.size()), image.data(), image.size());
    served.process.Start(0, {{image.size(), Codec::kNone, /*is_image=*/true}}, Codec::kNone,
                         Soon());
    return Take(served.process, 0, served.process.Wait(Soon()));
  };
  const std::vector<float> pixels =
      ImageTensor(DecodePicture("image", Bmp()),
                  ImageLayoutOf(served.process.inputs()[0].shape).value(), Preprocessing::kCaffe);
  EXPECT_EQ(Difference(served.Expected(BytesOf(pixels)), send(Bmp())), std::nullopt);
  EXPECT_EQ(ErrorOf([&] { send("no image"); }),
            "input 'input': the image: is not a JPEG, PNG or BMP image");
  const std::string tensor = served.Input(1);  // still taken besides
  EXPECT_EQ(Difference(served.Expected(tensor), Serve(served.process, tensor)), std::nullopt);
}

TEST(SegmentProcess, TakesImagesOnlyWhereToldHow) {
  Served served(testing::RandomModel(6, 8));
  served.process.Start(0, {{100, Codec::kNone, /*is_image=*/true}}, Codec::kNone, Soon());
  EXPECT_EQ(ErrorOf([&] { served.process.Wait(Soon()); }), "input 'input': takes no image");
  EXPECT_THAT(ErrorOf([] { Served(testing::RandomModel(6, 8), {.preprocessing = "keras"}); }),
              HasSubstr("model.onnx: preprocessing 'keras' is not known"));
  EXPECT_THAT(ErrorOf([] { Served(testing::LoopingModel(), {.preprocessing = "tf"}); }),
              HasSubstr("model.onnx: it has no single input that an image fits"));
}

TEST(SegmentProcess, GivesOutputsWhoseSizeDependsOnValues) {
  Served served(testing::CountingModel());
  ASSERT_TRUE(served.process.outputs().at(0).is_dynamic);
  for (const float count : {3, 1'000'000, 0, 200}) {  // up and down again
    const TensorValue output = Serve(served.process, BytesOf<float>({count / 100}));
    ASSERT_EQ(output.spec.shape, (Shape{static_cast<std::int64_t>(count)}));
    const auto values = ValuesOf<float>(output.data);
    for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], static_cast<float>(i));
  }
}

TEST(SegmentProcess, ProbesCountWhatTheyGet) {
  SegmentProcess probe({.is_probe = true}, Soon());
  ASSERT_EQ(probe.inputs().size(), 1u);
  for (const std::size_t bytes : {0, 1, 1'000'000}) {
    probe.Input(0, 0, bytes);
    probe.Start(0, {{bytes}}, Codec::kNone, Soon());
    EXPECT_THAT(ValuesOf<std::int64_t>(Take(probe, 0, probe.Wait(Soon())).data),
                ElementsAre(bytes));
  }
}

TEST(SegmentProcess, RefusesInputsThatDoNotFit) {
  Served served(testing::RandomModel(1, 4));
  const auto send = [&](const std::vector<PackedInput>& inputs) {
    return ErrorOf([&] {
      served.process.Start(0, inputs, Codec::kNone, Soon());
      served.process.Wait(Soon());
    });
  };
  EXPECT_EQ(send({{3}}), "input 'input': 3 bytes were given, not 432");
  EXPECT_EQ(send({{3, Codec::kFp16}}),
            "input 'input': these 3 bytes are not 432 bytes packed by fp16");
  EXPECT_EQ(send({}), "0 inputs were given, not 1");
  EXPECT_EQ(send({{432}, {432}}), "2 inputs were given, not 1");
  EXPECT_EQ(send({{std::size_t{1} << 40}}), "input 'input': is too large");
  const std::string input = served.Input(1);
  EXPECT_EQ(Difference(served.Expected(input), Serve(served.process, input)), std::nullopt);
  EXPECT_EQ(served.process.restarts(), 0);
}

TEST(SegmentProcess, NamesWhyAModelIsRefused) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "model.onnx";
  const auto error = [&] { return ErrorOf([&] { SegmentProcess({.model = file}, Soon()); }); };
  EXPECT_THAT(error(), HasSubstr("model.onnx: cannot be opened: No such file"));
  WriteFileAtomically(file, "<html>");
  EXPECT_EQ(error(), file.string() + ": is not an ONNX model, or it is cut off");
  testing::WriteModel(folder, testing::TextModel());
  EXPECT_EQ(error(), file.string() + ": output 'y' has type string, which cannot be sent");
}

}  // namespace
}  // namespace scission
