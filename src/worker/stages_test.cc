// The data plane of a worker over real connections: stages in processes, pipelines of them, and
// what they refuse.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "engine/compare.h"
#include "engine/random_input.h"
#include "model/testing/onnx_builder.h"
#include "worker/inference_service.h"

namespace scission {
namespace {

using ::testing::HasSubstr;
using testing::OnnxBuilder;

Deadline In(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<Deadline::duration>(Seconds(seconds));
}

/// A worker without its control plane.
class Served {
 public:
  explicit Served(std::string host, StagesOptions options = {})
      : stages_(std::move(options)), service_(host, stages_, Seconds(30), nullptr) {
    grpc::ServerBuilder builder;
    Configure(builder, kDefaultMaxMessageBytes);
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Served() {
    server_->Shutdown(std::chrono::system_clock::now());
    stages_.Close(In(0));
  }

  Stages& stages() { return stages_; }
  InferenceService& service() { return service_; }
  const std::string& address() const { return address_; }

 private:
  Stages stages_;
  InferenceService service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

struct Answer {
  grpc::Status status;
  TensorMap outputs;
  std::vector<StageTiming> timings;
  std::string failed_host;
};

class StagesTest : public ::testing::Test {
 protected:
  /// y = tanh(x w), and the side output s = sigmoid(x).
  static onnx::ModelProto Layer(const std::string& in, const std::string& out, std::uint64_t seed,
                                const std::string& side = "") {
    Random random(seed);
    OnnxBuilder builder;
    builder.Input(in, {4, 32}).Output(out);
    builder.Node("MatMul", "p", {in, builder.Weight("w", {32, 32}, random)});
    builder.Node("Tanh", out, {"p"});
    if (!side.empty()) {
      builder.Output(side);
      builder.Node("Sigmoid", side, {in});
    }
    return builder.proto();
  }

  /// Takes milliseconds.
  static onnx::ModelProto ManyLayers() {
    OnnxBuilder builder;
    constexpr int kCount = 2000;
    builder.Input("x", {4, 32}).Output("y");
    for (int i = 1; i <= kCount; ++i) {
      const std::string from = i == 1 ? "x" : "t" + std::to_string(i - 1);
      builder.Node("Tanh", i == kCount ? "y" : "t" + std::to_string(i), {from});
    }
    return builder.proto();
  }

  std::shared_ptr<SegmentFiles> Files(const onnx::ModelProto& model) {
    const auto file = folder_.path() / (std::to_string(++files_) + ".onnx");
    WriteFileAtomically(file, model.SerializeAsString());
    return std::make_shared<SegmentFiles>(SegmentFiles{file, nullptr});
  }

  static v1::LoadRequest Segment(const std::string& name) {
    v1::LoadRequest request;
    request.set_name(name);
    request.mutable_segment()->set_threads(1);
    return request;
  }
  static v1::Next Next(const Served& to, const std::string& model, const std::string& codec = "") {
    v1::Next next;
    next.set_address(to.address());
    next.set_model(model);
    next.set_host("next host");
    next.set_codec(codec);
    return next;
  }

  static TensorMap Input() { return RandomInputs({{"x", ElementType::kFloat, {4, 32}}}, 5); }

  static TensorMap RunHere(const onnx::ModelProto& proto, const TensorMap& inputs) {
    TemporaryFolder folder;
    WriteFileAtomically(folder.path() / "m.onnx", proto.SerializeAsString());
    const Model model = LoadModel(folder.path() / "m.onnx");
    Session session(ExtractSegment(model, WholeOf(model.graph())), {});
    session.SetInputs(inputs);
    session.Run();
    TensorMap outputs;
    session.GetOutputs(outputs);
    return outputs;
  }

  static Answer Infer(const Served& at, const std::string& model, const TensorMap& inputs,
                      const std::vector<std::string>& requested = {}, double seconds = 20) {
    std::vector<OutgoingTensor> tensors;
    for (const auto& [name, value] : inputs) {
      tensors.push_back({value.spec, Codec::kNone, {grpc::Slice(value.data)}});
    }
    const grpc::ByteBuffer request = MakeRequest(model, "id", tensors, requested);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(static_cast<int>(seconds * 1000)));
    std::promise<grpc::Status> ended;
    grpc::GenericStub stub(OpenChannel(at.address(), {}));
    stub.UnaryCall(&context, kInferMethod, {}, &request, &response,
                   [&](grpc::Status status) { ended.set_value(std::move(status)); });
    Answer answer;
    answer.status = ended.get_future().get();
    for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
      const std::string text(value.data(), value.size());
      if (key == kFailedHostKey) answer.failed_host = text;
      if (key != kTimingKey) continue;
      if (const auto timing = ParseStageTiming(text)) answer.timings.push_back(*timing);
    }
    if (!answer.status.ok()) return answer;
    const TensorMessage message = TensorMessage::ParseResponse(response);
    EXPECT_EQ(message.model, model);
    EXPECT_EQ(message.id, "id");
    for (const WireTensor& tensor : message.tensors) {
      EXPECT_EQ(tensor.codec, Codec::kNone);
      TensorValue& value = answer.outputs[tensor.spec.name];
      value.spec = tensor.spec;
      value.data.resize(tensor.bytes);
      message.Copy(tensor, value.data.data());
    }
    return answer;
  }

  TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(StagesTest, AnswerAsTheModelDoes) {
  Served worker("edge");
  const auto model = Layer("x", "y", 1);
  worker.stages().Load(Segment("m"), Files(model), In(30));
  const Answer answer = Infer(worker, "m", Input());
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(Difference(RunHere(model, Input()).at("y"), answer.outputs.at("y")), std::nullopt);
  ASSERT_EQ(answer.timings.size(), 1u);
  EXPECT_EQ(answer.timings[0].host, "edge");
  EXPECT_EQ(answer.timings[0].received, Bytes{4 * 4 * 32});
  EXPECT_EQ(answer.timings[0].replied, Bytes{4 * 4 * 32});
  EXPECT_GT(answer.timings[0].compute.count(), 0);
  const auto statuses = worker.stages().Statuses();
  ASSERT_EQ(statuses.size(), 1u);
  EXPECT_EQ(statuses[0].requests(), 1);
}

TEST_F(StagesTest, APipelineOfTwoHostsAndARelayGivesWhatBothSegmentsGive) {
  Served device("device");
  Served edge("edge");
  const auto first = Layer("x", "y", 1, "s");
  const auto second = Layer("y", "z", 2);
  auto last = Segment("m.2");
  for (const char* output : {"z", "s"}) last.add_outputs(output);
  edge.stages().Load(last, Files(second), In(30));
  auto middle = Segment("m.1");
  *middle.mutable_next() = Next(edge, "m.2", "zstd");
  for (const char* output : {"y", "s"}) middle.add_outputs(output);
  edge.stages().Load(middle, Files(first), In(30));
  v1::LoadRequest relay;
  relay.set_name("m");
  relay.mutable_relay();
  *relay.mutable_next() = Next(edge, "m.1");
  device.stages().Load(relay, nullptr, In(30));

  TensorMap expected = RunHere(first, Input());
  expected.merge(RunHere(second, {{"y", expected.at("y")}}));
  const Answer answer = Infer(device, "m", Input());
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.outputs.size(), 2u);  // "s" passes the last stage by, and comes unpacked
  for (const char* name : {"z", "s"}) {
    EXPECT_EQ(Difference(expected.at(name), answer.outputs.at(name)), std::nullopt) << name;
  }
  ASSERT_EQ(answer.timings.size(), 3u);
  EXPECT_EQ(answer.timings[0].stage, "m");
  EXPECT_EQ(answer.timings[2].stage, "m.2");
  EXPECT_GE(answer.timings[0].next, answer.timings[1].total);

  const Answer one = Infer(device, "m", Input(), {"z"});
  ASSERT_TRUE(one.status.ok()) << one.status.error_message();
  EXPECT_EQ(one.outputs.size(), 1u);
  EXPECT_EQ(Infer(device, "m", Input(), {"nothing"}).status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(StagesTest, AModelOnAnotherServerIsAStage) {
  Served other("triton");
  Served edge("edge");
  const auto first = Layer("x", "y", 1);
  const auto second = Layer("y", "z", 2);
  other.stages().Load(Segment("hosted"), Files(first), In(30));
  edge.stages().Load(Segment("m.1"), Files(second), In(30));
  v1::LoadRequest remote;
  remote.set_name("m");
  remote.mutable_remote()->set_address(other.address());
  remote.mutable_remote()->set_model("hosted");
  *remote.mutable_next() = Next(edge, "m.1");
  edge.stages().Load(remote, nullptr, In(30));
  const Answer answer = Infer(edge, "m", Input(), {"z"});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const TensorMap between = RunHere(first, Input());
  EXPECT_EQ(Difference(RunHere(second, between).at("z"), answer.outputs.at("z")), std::nullopt);
}

TEST_F(StagesTest, ManyAtOnceAreAllAnsweredRightly) {
  Served worker("edge");
  const auto model = Layer("x", "y", 1);
  worker.stages().Load(Segment("m"), Files(model), In(30));
  const TensorValue expected = RunHere(model, Input()).at("y");
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        const Answer answer = Infer(worker, "m", Input());
        good += answer.status.ok() && !Difference(expected, answer.outputs.at("y")) ? 1 : 0;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 160);
}

TEST_F(StagesTest, ClosingABusyStageTakesNoLongerThanItsRequests) {
  Served worker("edge");
  worker.stages().Load(Segment("m"), Files(ManyLayers()), In(30));
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (Infer(worker, "m", Input()).status.ok()) ++good;
    });
  }
  while (good < 40) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  worker.stages().Close(In(20));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  for (std::thread& client : clients) client.join();
}

TEST_F(StagesTest, WhereTheNextHostIsGoneItIsNamedInAnyScript) {
  Served edge("büro");
  auto stage = Segment("m");
  *stage.mutable_next() = Next(edge, "m.1");
  stage.mutable_next()->set_address("127.0.0.1:1");
  stage.mutable_next()->set_host("nächster");
  edge.stages().Load(stage, Files(Layer("x", "y", 1)), In(30));
  const Answer answer = Infer(edge, "m", Input());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("nächster (127.0.0.1:1)"));
  EXPECT_EQ(FromHeader(answer.failed_host), "nächster");
  const Answer unknown = Infer(edge, "nobody", Input());
  EXPECT_EQ(unknown.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FromHeader(unknown.failed_host), "büro");
}

TEST_F(StagesTest, StagesThatCallEachOtherInARingEnd) {
  Served edge("edge");
  v1::LoadRequest relay;
  relay.set_name("m");
  relay.mutable_relay();
  *relay.mutable_next() = Next(edge, "m");
  edge.stages().Load(relay, nullptr, In(30));
  const Answer answer = Infer(edge, "m", Input());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("in a ring"));
}

TEST_F(StagesTest, RefuseWhatDoesNotFit) {
  Served worker("edge");
  worker.stages().Load(Segment("m"), Files(Layer("x", "y", 1)), In(30));
  const auto told = [&](const TensorMap& inputs) {
    return Infer(worker, "m", inputs).status.error_message();
  };
  EXPECT_THAT(told({}), HasSubstr("edge: the input 'x' is missing"));
  EXPECT_THAT(told(RandomInputs({{"x", ElementType::kFloat, {32, 4}}}, 1)),
              HasSubstr("input 'x': is FP32 32x4, not FP32 4x32"));
  TensorMap more = Input();
  more.merge(RandomInputs({{"z", ElementType::kFloat, {1}}}, 1));
  EXPECT_THAT(told(more), HasSubstr("there is no input 'z'"));
  EXPECT_TRUE(Infer(worker, "m", Input()).status.ok());
}

TEST_F(StagesTest, AStageThatIsLoadedAgainReplacesTheOldOne) {
  Served worker("edge");
  worker.stages().Load(Segment("m"), Files(Layer("x", "y", 1)), In(30));
  const auto other = Layer("x", "y", 2);
  worker.stages().Load(Segment("m"), Files(other), In(30));
  EXPECT_EQ(
      Difference(RunHere(other, Input()).at("y"), Infer(worker, "m", Input()).outputs.at("y")),
      std::nullopt);
  worker.stages().Unload("m", In(5));
  EXPECT_EQ(Infer(worker, "m", Input()).status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(testing::ErrorOf([&] { worker.stages().Unload("m", In(1)); }),
              HasSubstr("there is no model 'm'"));
}

TEST_F(StagesTest, KeepToTheLimitOfMemory) {
  StagesOptions options;
  options.memory_limit = Bytes{5'000};
  Served worker("edge", options);
  EXPECT_THROW(worker.stages().Load(Segment("m"), Files(Layer("x", "y", 1)), In(30)),
               ExhaustedError);
  EXPECT_TRUE(worker.stages().Statuses().empty());
}

TEST_F(StagesTest, AWorkerThatDrainsTakesNothingNew) {
  Served worker("edge");
  worker.stages().Load(Segment("m"), Files(Layer("x", "y", 1)), In(30));
  worker.service().Drain();
  const Answer answer = Infer(worker, "m", Input());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.failed_host, "edge");
  EXPECT_EQ(worker.service().open_requests(), 0);
}

}  // namespace
}  // namespace scission
