// Files on their way into a worker's cache, over a real connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/sha256.h"
#include "cluster/testing/control_fixture.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum grpc::StatusCode;

class PushBlobTest : public testing::ControlFixture {};

TEST_F(PushBlobTest, SendsABlobOnce) {
  const std::string data(3'500'000, 'm');
  const fs::path file = File("model.onnx", data);
  std::vector<double> sent;
  const auto progress = [&](Bytes now, Bytes total) {
    EXPECT_EQ(total.count, 3'500'000);
    sent.push_back(now.count);
  };
  const std::string sha256 = client_.PushBlob(file, progress);
  EXPECT_EQ(sha256, Sha256OfFile(file));
  EXPECT_THAT(sent, ElementsAre(1 << 20, 2 << 20, 3 << 20, 3'500'000));
  EXPECT_EQ(ReadFile(folder_.path() / "cache" / "blobs" / sha256), data);
  sent.clear();
  EXPECT_EQ(client_.PushBlob(file, progress), sha256);
  EXPECT_THAT(sent, ElementsAre());
}

TEST_F(PushBlobTest, SendsAnEmptyBlob) {
  const fs::path file = File("empty", "");
  EXPECT_TRUE(fs::exists(folder_.path() / "cache" / "blobs" / client_.PushBlob(file)));
}

/// A stream of one chunk, which announces `total` bytes of a blob.
grpc::Status PushChunk(v1::Worker::Stub& stub, const std::string& sha256, std::int64_t total,
                       const std::string& data) {
  grpc::ClientContext context;
  context.AddMetadata(kProtocolKey, "1");
  v1::PushBlobReply reply;
  const auto writer = stub.PushBlob(&context, &reply);
  v1::BlobChunk chunk;
  chunk.set_sha256(sha256);
  chunk.set_total_bytes(total);
  chunk.set_data(data);
  writer->Write(chunk);
  writer->WritesDone();
  return writer->Finish();
}

TEST_F(PushBlobTest, GoesOnWithATruncatedUpload) {
  const std::string data(3'000'000, 'm');
  const fs::path file = File("model.onnx", data);
  const grpc::Status status =
      PushChunk(*stub_, Sha256OfFile(file), 3'000'000, data.substr(0, 2'500'000));
  EXPECT_EQ(status.error_code(), INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("ends after 2500000 of 3000000 bytes"));
  std::vector<double> sent;
  client_.PushBlob(file, [&](Bytes now, Bytes) { sent.push_back(now.count); });
  EXPECT_THAT(sent, ElementsAre(3'000'000));
  EXPECT_EQ(ReadFile(folder_.path() / "cache" / "blobs" / Sha256OfFile(file)), data);
}

TEST_F(PushBlobTest, ADamagedUploadIsRefusedAndCanBeSentAgain) {
  const fs::path file = File("model.onnx", std::string(1000, 'm'));
  const grpc::Status status =
      PushChunk(*stub_, Sha256OfFile(file), 1000, std::string(999, 'm') + "n");
  EXPECT_EQ(status.error_code(), DATA_LOSS);
  EXPECT_THAT(status.error_message(), HasSubstr("was damaged on its way"));
  client_.PushBlob(file);
  EXPECT_TRUE(fs::exists(folder_.path() / "cache" / "blobs" / Sha256OfFile(file)));
}

TEST_F(PushBlobTest, AnUploadThatBreaksOffStaysUnfinished) {
  const std::string data(3'000'000, 'm');
  const fs::path file = File("model.onnx", data);
  {
    grpc::ClientContext context;
    context.AddMetadata(kProtocolKey, "1");
    v1::PushBlobReply reply;
    const auto writer = stub_->PushBlob(&context, &reply);
    v1::BlobChunk chunk;
    chunk.set_sha256(Sha256OfFile(file));
    chunk.set_total_bytes(3'000'000);
    chunk.set_data(data.substr(0, 1'000'000));
    writer->Write(chunk);
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), CANCELLED);
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "cache" / "blobs" / Sha256OfFile(file)));
  client_.PushBlob(file);
  EXPECT_EQ(ReadFile(folder_.path() / "cache" / "blobs" / Sha256OfFile(file)), data);
}

TEST_F(PushBlobTest, ManyCallersAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  const fs::path file = File("model.onnx", std::string(2'000'000, 'm'));
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      ControlClient own("edge1", worker_.address(), {});
      own.PushBlob(file);
      if (own.Status(Seconds(30)).name() == "edge1") ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 8);
  EXPECT_EQ(ReadFile(folder_.path() / "cache" / "blobs" / Sha256OfFile(file)),
            std::string(2'000'000, 'm'));
}

}  // namespace
}  // namespace scission
