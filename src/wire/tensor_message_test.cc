#include "wire/tensor_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "open_inference.pb.h"

namespace scission {
namespace {

using ::testing::HasSubstr;

grpc::ByteBuffer BufferOf(const std::string& text, std::size_t piece = 1000) {
  std::vector<grpc::Slice> slices;
  for (std::size_t i = 0; i < text.size(); i += piece) slices.emplace_back(text.substr(i, piece));
  return {slices.data(), slices.size()};
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  const Pieces pieces(buffer);
  std::string text(pieces.size(), '\0');
  pieces.Copy(0, text.size(), text.data());
  return text;
}

std::string ContentsOf(const TensorMessage& message, const std::string& name) {
  const WireTensor* tensor = message.Find(name);
  if (tensor == nullptr) return "no such tensor";
  std::string contents(tensor->bytes, '\0');
  message.Copy(*tensor, contents.data());
  return contents;
}

std::string RefusalOf(const inference::ModelInferRequest& request) {
  try {
    TensorMessage::ParseRequest(BufferOf(request.SerializeAsString()));
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

inference::ModelInferRequest RequestWith(const std::string& datatype,
                                         const std::vector<std::int64_t>& shape) {
  inference::ModelInferRequest request;
  request.set_model_name("m");
  auto& input = *request.add_inputs();
  input.set_name("x");
  input.set_datatype(datatype);
  for (const std::int64_t size : shape) input.add_shape(size);
  return request;
}

TEST(TensorMessage, TakesARequestApartHoweverItIsCutIntoPieces) {
  inference::ModelInferRequest request = RequestWith("UINT8", {2, 3});
  request.set_id("7");
  auto& second = *request.add_inputs();
  second.set_name("y");
  second.set_datatype("FP32");
  request.add_outputs()->set_name("out");
  request.add_raw_input_contents("abcdef");
  request.add_raw_input_contents(std::string("\0\0\x80?", 4));
  for (const std::size_t piece : {1u, 2u, 7u, 1000u}) {
    const auto message = TensorMessage::ParseRequest(BufferOf(request.SerializeAsString(), piece));
    EXPECT_EQ(message.model, "m");
    EXPECT_EQ(message.id, "7");
    EXPECT_EQ(message.requested, std::vector<std::string>{"out"});
    ASSERT_EQ(message.tensors.size(), 2u);
    EXPECT_EQ(message.tensors[0].spec.shape, (Shape{2, 3}));
    EXPECT_EQ(ContentsOf(message, "x"), "abcdef");
    EXPECT_EQ(ContentsOf(message, "y"), std::string("\0\0\x80?", 4));
    std::string tail(4, '\0');
    message.Copy(message.tensors[0], tail.data(), 2);
    EXPECT_EQ(tail, "cdef");
  }
}

TEST(TensorMessage, TakesNumbersInLists) {
  inference::ModelInferRequest request = RequestWith("INT16", {2});
  request.mutable_inputs(0)->mutable_contents()->add_int_contents(-2);
  request.mutable_inputs(0)->mutable_contents()->add_int_contents(258);
  const auto message = TensorMessage::ParseRequest(BufferOf(request.SerializeAsString()));
  EXPECT_EQ(ContentsOf(message, "x"), "\xFE\xFF\x02\x01");
}

TEST(TensorMessage, RefusesWhatDoesNotFit) {
  EXPECT_THAT(RefusalOf(RequestWith("FP31", {1})),
              HasSubstr("tensor 'x': has the datatype 'FP31'"));
  EXPECT_THAT(RefusalOf(RequestWith("FP32", {-1})), HasSubstr("tensor 'x'"));
  EXPECT_THAT(RefusalOf(RequestWith("FP32", {1 << 30, 1 << 30, 1 << 30})), HasSubstr("tensor 'x'"));
  EXPECT_THAT(RefusalOf(RequestWith("FP32", {1})), HasSubstr("has 0 values"));

  auto both = RequestWith("FP32", {1});
  both.add_raw_input_contents("1234");
  both.mutable_inputs(0)->mutable_contents()->add_fp32_contents(1);
  EXPECT_THAT(RefusalOf(both), HasSubstr("both raw and typed"));

  auto short_by_one = RequestWith("FP32", {2});
  short_by_one.add_raw_input_contents("1234567");
  EXPECT_THAT(RefusalOf(short_by_one), HasSubstr("has 7 bytes, but FP32 2 takes 8"));

  auto too_many = RequestWith("UINT8", {1});
  too_many.add_raw_input_contents("1");
  too_many.add_raw_input_contents("2");
  EXPECT_THAT(RefusalOf(too_many), HasSubstr("1 tensors, but 2 raw contents"));

  auto twice = RequestWith("UINT8", {1});
  *twice.add_inputs() = twice.inputs(0);
  twice.add_raw_input_contents("1");
  twice.add_raw_input_contents("2");
  EXPECT_THAT(RefusalOf(twice), HasSubstr("stands twice"));

  auto wide = RequestWith("INT8", {1});
  wide.mutable_inputs(0)->mutable_contents()->add_int_contents(200);
  EXPECT_THAT(RefusalOf(wide), HasSubstr("200 does not fit"));

  auto other_list = RequestWith("FP32", {1});
  other_list.mutable_inputs(0)->mutable_contents()->add_int_contents(1);
  EXPECT_THAT(RefusalOf(other_list), HasSubstr("not in the list for FP32"));
}

TEST(TensorMessage, RefusesWhatIsCutOffAnywhere) {
  inference::ModelInferRequest request = RequestWith("UINT8", {6});
  request.add_raw_input_contents("abcdef");
  const std::string text = request.SerializeAsString();
  for (std::size_t size = 1; size < text.size(); ++size) {
    EXPECT_THROW(
        {
          const auto message = TensorMessage::ParseRequest(BufferOf(text.substr(0, size)));
          // Cut between two fields it is a message, of which something is missing.
          if (message.tensors.empty()) throw InputError("nothing in it");
        },
        InputError)
        << size;
  }
}

TEST(TensorMessage, WhatIsPutTogetherIsWhatProtobufWouldWrite) {
  OutgoingTensor tensor{{"x", ElementType::kUint8, {6}}, Codec::kNone, {}};
  tensor.contents = {grpc::Slice("abc"), grpc::Slice("def")};
  inference::ModelInferRequest request;
  ASSERT_TRUE(request.ParseFromString(TextOf(MakeRequest("m", "1", {tensor}, {"out"}))));
  EXPECT_EQ(request.model_name(), "m");
  EXPECT_EQ(request.inputs(0).datatype(), "UINT8");
  EXPECT_EQ(request.raw_input_contents(0), "abcdef");
  EXPECT_EQ(request.outputs(0).name(), "out");
  EXPECT_EQ(request.inputs(0).parameters_size(), 0);

  const auto answer = TensorMessage::ParseResponse(MakeResponse("m", "1", {tensor}));
  EXPECT_EQ(ContentsOf(answer, "x"), "abcdef");
}

TEST(TensorMessage, KeepsWhatWasPackedAsItIs) {
  OutgoingTensor tensor{{"x", ElementType::kFloat, {100}}, Codec::kZstd, {grpc::Slice("packed")}};
  const auto message = TensorMessage::ParseRequest(MakeRequest("m", "", {tensor}));
  EXPECT_EQ(message.tensors[0].codec, Codec::kZstd);
  EXPECT_EQ(message.tensors[0].spec.shape, Shape{100});
  EXPECT_EQ(ContentsOf(message, "x"), "packed");
}

TEST(TensorMessage, AnAnswerGetsTheNameThatItsCallerKnows) {
  OutgoingTensor tensor{{"x", ElementType::kUint8, {3}}, Codec::kNone, {grpc::Slice("abc")}};
  const auto answer = Readdress(MakeResponse("m.2", "inner", {tensor}), "m", "7");
  inference::ModelInferResponse response;
  ASSERT_TRUE(response.ParseFromString(TextOf(answer)));
  EXPECT_EQ(response.model_name(), "m");
  EXPECT_EQ(response.id(), "7");
  EXPECT_EQ(response.raw_output_contents(0), "abc");
}

TEST(Pieces, ArePartsThatShareMemory) {
  const Pieces pieces(BufferOf("abcdefghij", 4));
  std::string joined;
  for (const grpc::Slice& slice : pieces.Part(3, 6)) {
    joined.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  EXPECT_EQ(joined, "defghi");
  EXPECT_TRUE(pieces.Part(3, 0).empty());
}

}  // namespace
}  // namespace scission
