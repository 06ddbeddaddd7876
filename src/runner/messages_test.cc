// Messages arrive as they were sent; what is no message is refused.
#include "runner/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scission {
namespace {

using ::testing::ElementsAre;

TEST(Messages, ArriveAsTheyWereSent) {
  LoadMessage sent{.model = "a b.onnx",
                   .scratch = "/tmp/s",
                   .engine = {.threads = 3, .cores_of_helpers = {4, 5}},
                   .preprocessing = "tf",
                   .memory_limit = Megabytes(7),
                   .is_probe = true};
  const auto load = FromPacket<LoadMessage>(ToPacket(sent));
  EXPECT_EQ(load.model, "a b.onnx");
  EXPECT_EQ(load.scratch, "/tmp/s");
  EXPECT_EQ(load.engine.threads, 3);
  EXPECT_THAT(load.engine.cores_of_helpers, ElementsAre(4, 5));
  EXPECT_EQ(load.preprocessing, "tf");
  EXPECT_EQ(load.memory_limit, Megabytes(7));
  EXPECT_TRUE(load.is_probe);

  const LoadedMessage model{.inputs = {{"x", ElementType::kInt64, {1, 2}, true}},
                            .takes_image = true};
  const auto loaded = FromPacket<LoadedMessage>(ToPacket(model));
  ASSERT_EQ(loaded.inputs.size(), 1u);
  EXPECT_EQ(loaded.inputs[0].name, "x");
  EXPECT_EQ(loaded.inputs[0].type, ElementType::kInt64);
  EXPECT_THAT(loaded.inputs[0].shape, ElementsAre(1, 2));
  EXPECT_TRUE(loaded.inputs[0].is_dynamic);
  EXPECT_TRUE(loaded.takes_image);
  EXPECT_TRUE(loaded.outputs.empty());

  const RunMessage run{2, Codec::kZstd, true, {{7, Codec::kInt8, true}, {8}}};
  const auto request = FromPacket<RunMessage>(ToPacket(run));
  EXPECT_EQ(request.slot, 2);
  EXPECT_EQ(request.output_codec, Codec::kZstd);
  EXPECT_TRUE(request.computes_twice);
  ASSERT_EQ(request.inputs.size(), 2u);
  EXPECT_EQ(request.inputs[0].bytes, 7u);
  EXPECT_EQ(request.inputs[0].codec, Codec::kInt8);
  EXPECT_TRUE(request.inputs[0].is_image);
  EXPECT_FALSE(request.inputs[1].is_image);

  const DoneMessage done{
      {{{64, 12, {3}, Codec::kFp16}}, Seconds(1), Seconds(2), Seconds(3), Seconds(4)}};
  const RunOutcome outcome = FromPacket<DoneMessage>(ToPacket(done)).outcome;
  ASSERT_EQ(outcome.outputs.size(), 1u);
  EXPECT_EQ(outcome.outputs[0].offset, 64u);
  EXPECT_EQ(outcome.outputs[0].bytes, 12u);
  EXPECT_THAT(outcome.outputs[0].shape, ElementsAre(3));
  EXPECT_EQ(outcome.outputs[0].codec, Codec::kFp16);
  EXPECT_EQ(outcome.compute, Seconds(2));
  EXPECT_EQ(outcome.alone, Seconds(3));
  const auto failed = FromPacket<FailedMessage>(ToPacket(FailedMessage{"why", true}));
  EXPECT_EQ(failed.text, "why");
  EXPECT_TRUE(failed.is_request_at_fault);
}

TEST(Messages, ThatAreCutOffOrOfAnotherKindAreRefused) {
  const std::string packet = ToPacket(RunMessage{2, Codec::kZstd, false, {{7}, {8}}});
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_THROW(FromPacket<RunMessage>(packet.substr(0, size)), std::runtime_error) << size;
  }
  EXPECT_THROW(FromPacket<DoneMessage>(packet), std::runtime_error);
  const std::string endless = std::string(packet).replace(12, 8, 8, '\xFF');  // the count of inputs
  EXPECT_THROW(FromPacket<RunMessage>(endless), std::runtime_error);
}

}  // namespace
}  // namespace scission
