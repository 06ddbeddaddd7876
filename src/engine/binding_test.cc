// Runs on memory of the caller's give what runs on the session's own buffers give.
#include <gtest/gtest.h>

#include <cstring>

#include "engine/compare.h"
#include "engine/random_input.h"
#include "engine/session.h"
#include "engine/testing/run_chain.h"
#include "model/contents.h"
#include "model/testing/onnx_builder.h"

namespace scission {
namespace {

using testing::OnnxBuilder;

/// A request of a session with one input and one output.
struct Request {
  Request(Session& session, const SegmentModel& segment, const TensorMap& values)
      : binding(session.MakeBinding()),
        input(values.at(segment.inputs.at(0).name).data),
        output{segment.outputs.at(0), std::string(segment.outputs.at(0).ByteCount(), '\x55')} {
    binding.PlaceInput(0, input.data());
    binding.PlaceOutput(0, output.data.data());
  }

  Session::Binding binding;
  std::string input;
  TensorValue output;
};

TEST(Binding, RunsWhereTheCallerWants) {
  const Model model = MakeModel(testing::RandomModel(3, 12), "random", "random.onnx", "",
                                {.trace_shapes = TraceShapes});
  const LayerRange whole = WholeOf(model.graph());
  const SegmentModel segment = ExtractSegment(model, whole);
  const TensorMap first = RandomInputs(segment.inputs, 1);
  const TensorMap second = RandomInputs(segment.inputs, 2);
  Session session = Session::WithoutBuffers(segment, {.threads = 1});
  Request one(session, segment, first);
  Request two(session, segment, second);
  session.Run(two.binding);
  session.Run(one.binding);
  const std::string& name = segment.outputs[0].name;
  const auto expected = [&](const TensorMap& inputs) {
    return testing::RunChain(model, {whole}, inputs).at(name);
  };
  EXPECT_EQ(Difference(expected(first), one.output), std::nullopt);
  EXPECT_EQ(Difference(expected(second), two.output), std::nullopt);

  one.binding.PlaceInput(0, two.input.data());  // it can be placed anew
  session.Run(one.binding);
  EXPECT_EQ(one.output.data, two.output.data);
}

TEST(Binding, GivesOutputsWhoseSizeDependsOnValues) {
  OnnxBuilder builder;
  builder.Input("x", {1, 4}).Output("where");
  builder.graph().mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT64);
  builder.Node("NonZero", "where", {"x"});
  const Model model = builder.Make({.trace_shapes = TraceShapes});
  const SegmentModel segment = ExtractSegment(model, WholeOf(model.graph()));
  Session session = Session::WithoutBuffers(segment, {.threads = 1});
  Session::Binding binding = session.MakeBinding();
  std::vector<float> values = {0, 1, 0, 1};
  binding.PlaceInput(0, reinterpret_cast<const char*>(values.data()));
  session.Run(binding);
  EXPECT_EQ(session.Output(binding, 0).spec.shape, (Shape{2, 2}));
  values = {1, 1, 0, 1};  // more than there was room for
  session.Run(binding);
  const TensorView output = session.Output(binding, 0);
  EXPECT_EQ(output.spec.shape, (Shape{2, 3}));
  std::vector<std::int64_t> places(6);
  ASSERT_EQ(output.data.size(), places.size() * sizeof(places[0]));
  std::memcpy(places.data(), output.data.data(), output.data.size());
  EXPECT_EQ(places, (std::vector<std::int64_t>{0, 0, 0, 0, 1, 3}));
}

}  // namespace
}  // namespace scission
