#include "worker/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "open_inference.grpc.pb.h"

namespace scission {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Counts the bytes of a request, as a worker's scission.probe does.
class FakeWorker : public inference::GRPCInferenceService::Service {
 public:
  FakeWorker() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(kDefaultMaxMessageBytes);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeWorker() override { server_->Shutdown(); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  grpc::Status ModelInfer(grpc::ServerContext*, const inference::ModelInferRequest* request,
                          inference::ModelInferResponse* response) override {
    std::this_thread::sleep_for(delay);
    const auto size = static_cast<std::int64_t>(request->raw_input_contents(0).size());
    sizes.push_back(size);
    is_well_formed = is_well_formed && request->model_name() == "scission.probe" &&
                     request->inputs_size() == 1 && request->inputs(0).name() == "data" &&
                     request->inputs(0).datatype() == "UINT8" &&
                     request->inputs(0).shape_size() == 1 && request->inputs(0).shape(0) == size &&
                     request->raw_input_contents_size() == 1;
    response->add_outputs()->set_datatype("INT64");
    response->mutable_outputs(0)->add_shape(1);
    const std::int64_t count = size - lost;
    if (is_typed) {
      response->mutable_outputs(0)->mutable_contents()->add_int64_contents(count);
    } else {
      response->add_raw_output_contents(&count, sizeof(count));
    }
    return status;
  }

  // Set before a call, read behind it.
  std::chrono::milliseconds delay{0};
  std::int64_t lost = 0;
  bool is_typed = false;
  grpc::Status status;
  std::vector<std::int64_t> sizes;
  bool is_well_formed = true;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

bool Never() { return false; }

struct Sample {
  std::int64_t bytes = 0;
  double seconds = 0;
};

std::vector<Sample> Probe(const std::string& address, const std::vector<std::int64_t>& sizes,
                          int rounds) {
  std::vector<Sample> samples;
  ProbeLink("edge", address, {}, sizes, rounds, Never, [&](std::int64_t bytes, double seconds) {
    samples.push_back({bytes, seconds});
  });
  return samples;
}

std::string ErrorOf(const std::string& address) {
  try {
    Probe(address, {1000}, 1);
  } catch (const RemoteError& error) {
    EXPECT_EQ(error.host(), "edge");
    return error.what();
  }
  return "no error";
}

TEST(ProbeLink, MeasuresEverySizeInEveryRoundAfterAWarmUp) {
  FakeWorker worker;
  const auto samples = Probe(worker.address(), {1 << 10, 1 << 20, 16 << 20}, 4);
  std::map<std::int64_t, int> counts;
  for (const Sample& sample : samples) {
    ++counts[sample.bytes];
    EXPECT_GT(sample.seconds, 0);
    EXPECT_LT(sample.seconds, 10);
  }
  EXPECT_THAT(counts,
              ElementsAre(std::pair(1 << 10, 4), std::pair(1 << 20, 4), std::pair(16 << 20, 4)));
  EXPECT_TRUE(worker.is_well_formed);
  ASSERT_EQ(worker.sizes.size(), 5u * 3);
  EXPECT_THAT(std::vector(worker.sizes.begin(), worker.sizes.begin() + 3),
              ElementsAre(1 << 10, 1 << 20, 16 << 20));
  // Each round has each size once.
  for (std::size_t i = 0; i < samples.size(); i += 3) {
    EXPECT_THAT((std::vector{samples[i].bytes, samples[i + 1].bytes, samples[i + 2].bytes}),
                ::testing::UnorderedElementsAre(1 << 10, 1 << 20, 16 << 20));
  }
}

TEST(ProbeLink, TimesFromTheCallToTheAnswer) {
  FakeWorker worker;
  worker.delay = std::chrono::milliseconds(20);
  for (const Sample& sample : Probe(worker.address(), {100}, 3)) {
    EXPECT_GE(sample.seconds, 0.02);
    EXPECT_LT(sample.seconds, 5);
  }
}

TEST(ProbeLink, TakesTypedAnswersToo) {
  FakeWorker worker;
  worker.is_typed = true;
  EXPECT_EQ(Probe(worker.address(), {100}, 2).size(), 2u);
}

TEST(ProbeLink, NamesTheHostThatFails) {
  FakeWorker worker;
  worker.status = {grpc::StatusCode::NOT_FOUND, "there is no model 'scission.probe'"};
  EXPECT_THAT(ErrorOf(worker.address()), StartsWith("edge (" + worker.address() + "): "));
  EXPECT_THAT(ErrorOf(worker.address()), HasSubstr("there is no model 'scission.probe'"));
  worker.status = grpc::Status();
  EXPECT_EQ(ErrorOf(worker.address()), "no error");
  worker.lost = 1;
  EXPECT_THAT(ErrorOf(worker.address()), HasSubstr("does not say that 1000 bytes arrived"));
}

TEST(ProbeLink, NamesTheHostThatIsNotThere) {
  std::string address;
  {
    const FakeWorker worker;
    address = worker.address();
  }
  EXPECT_THAT(ErrorOf(address), StartsWith("edge (" + address + "): "));
}

TEST(ProbeLink, EndsSoonWhereItIsCancelled) {
  FakeWorker worker;
  worker.delay = std::chrono::seconds(2);
  const auto begin = std::chrono::steady_clock::now();
  int asked = 0;
  int samples = 0;
  ProbeLink(
      "edge", worker.address(), {}, {100}, 100, [&] { return ++asked > 2; },
      [&](std::int64_t, double) { ++samples; });
  EXPECT_EQ(samples, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST(ProbeLink, IsCancelledBetweenTransfers) {
  FakeWorker worker;
  int samples = 0;
  ProbeLink(
      "edge", worker.address(), {}, {100}, 100, [&] { return samples == 3; },
      [&](std::int64_t, double) { ++samples; });
  EXPECT_EQ(samples, 3);
}

}  // namespace
}  // namespace scission
