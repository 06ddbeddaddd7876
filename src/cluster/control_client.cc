#include "cluster/control_client.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "base/error.h"
#include "base/sha256.h"
#include "scission.grpc.pb.h"
#include "wire/diagnosis.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr Seconds kShortCall(30);
constexpr double kSlowestUpload = 64e3;  // bytes a second
constexpr int kUploadAttempts = 3;

using Context = grpc::ClientContext;

/// Of one call. No timeout: it takes as long as it takes; a dead peer ends it all the same.
std::unique_ptr<Context> NewContext(Seconds timeout = Seconds(0)) {
  auto context = std::make_unique<Context>();
  context->AddMetadata(kProtocolKey, std::to_string(kControlProtocol));
  if (timeout > Seconds(0)) {
    context->set_deadline(std::chrono::system_clock::now() +
                          std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
  }
  return context;
}

/// Whether the worker asks to look again at how much of the blob it has.
bool IsWorthAnotherAttempt(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::ABORTED;
}

}  // namespace

struct ControlClient::State {
  Security security;
  std::size_t chunk_bytes = 0;
  std::unique_ptr<v1::Worker::Stub> stub;

  v1::FindBlobReply FindBlob(const std::string& sha256, grpc::Status& status) const;
  grpc::Status Send(const fs::path& file, const std::string& sha256, std::int64_t offset,
                    std::int64_t total,
                    const std::function<void(Bytes sent, Bytes total)>& progress) const;
};

v1::FindBlobReply ControlClient::State::FindBlob(const std::string& sha256,
                                                 grpc::Status& status) const {
  v1::FindBlobRequest request;
  request.set_sha256(sha256);
  v1::FindBlobReply reply;
  status = stub->FindBlob(NewContext(kShortCall).get(), request, &reply);
  return reply;
}

grpc::Status ControlClient::State::Send(
    const fs::path& file, const std::string& sha256, std::int64_t offset, std::int64_t total,
    const std::function<void(Bytes sent, Bytes total)>& progress) const {
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(offset);
  const auto context =
      NewContext(kShortCall * 2 + Seconds(static_cast<double>(total - offset) / kSlowestUpload));
  v1::PushBlobReply reply;
  const auto writer = stub->PushBlob(context.get(), &reply);
  v1::BlobChunk chunk;
  chunk.set_sha256(sha256);
  chunk.set_total_bytes(total);
  chunk.set_offset(offset);
  bool goes_on = true;
  do {
    std::string& data = *chunk.mutable_data();
    data.resize(std::min(chunk_bytes, static_cast<std::size_t>(total - offset)));
    if (!stream.read(data.data(), static_cast<std::streamsize>(data.size()))) {
      context->TryCancel();
      throw InputError(file.string(), "cannot be read to its end");
    }
    offset += static_cast<std::int64_t>(data.size());
    goes_on = writer->Write(chunk) && offset < total;
    if (progress) progress(Bytes{static_cast<double>(offset)}, Bytes{static_cast<double>(total)});
    chunk.Clear();
  } while (goes_on);
  writer->WritesDone();
  return writer->Finish();
}

ControlClient::ControlClient(std::string host, std::string address, const ChannelOptions& options)
    : host_(std::move(host)),
      address_(std::move(address)),
      // A chunk is a message, with its hash and numbers.
      state_(
          new State{options.security,
                    std::min(kChunkBytes,
                             static_cast<std::size_t>(std::max(options.max_message_bytes, 2)) / 2),
                    v1::Worker::NewStub(OpenChannel(address_, options))}) {}

void ControlClient::Require(const grpc::Status& status) const {
  if (status.ok()) return;
  RequireOk(host_, address_, Diagnosed(status, address_, state_->security));
}

v1::StatusReply ControlClient::Status(Seconds timeout) {
  v1::StatusReply reply;
  Require(state_->stub->Status(NewContext(timeout).get(), {}, &reply));
  if (reply.protocol() == kControlProtocol) return reply;
  throw InputError(fmt::format("{} ({})", host_, address_),
                   fmt::format("speaks version {} of the control protocol, this program {}; "
                               "install the same version of scission on all hosts",
                               reply.protocol(), kControlProtocol));
}

std::string ControlClient::PushBlob(const fs::path& file,
                                    const std::function<void(Bytes sent, Bytes total)>& progress) {
  std::string sha256 = Sha256OfFile(file);
  const auto total = static_cast<std::int64_t>(fs::file_size(file));
  for (int attempt = 1;; ++attempt) {
    grpc::Status status;
    const v1::FindBlobReply found = state_->FindBlob(sha256, status);
    Require(status);
    if (found.is_complete()) return sha256;
    const std::int64_t offset = found.bytes() <= total ? found.bytes() : 0;
    status = state_->Send(file, sha256, offset, total, progress);
    if (status.ok()) return sha256;
    if (attempt == kUploadAttempts || !IsWorthAnotherAttempt(status)) Require(status);
  }
}

v1::LoadReply ControlClient::Load(const v1::LoadRequest& request, Seconds timeout) {
  v1::LoadReply reply;
  Require(state_->stub->Load(NewContext(timeout).get(), request, &reply));
  return reply;
}

void ControlClient::Unload(const std::string& stage, Seconds timeout) {
  v1::UnloadRequest request;
  request.set_name(stage);
  v1::UnloadReply reply;
  Require(state_->stub->Unload(NewContext(timeout).get(), request, &reply));
}

ControlClient::BenchmarkResult ControlClient::Benchmark(
    const v1::BenchmarkRequest& request,
    const std::function<void(const std::string& line)>& progress) {
  const auto context = NewContext();
  const auto reader = state_->stub->Benchmark(context.get(), request);
  BenchmarkResult result;
  v1::BenchmarkEvent event;
  while (reader->Read(&event)) {
    if (event.event_case() == v1::BenchmarkEvent::kProgress && progress) {
      progress(event.progress());
    }
    if (event.event_case() != v1::BenchmarkEvent::kProfileJson) continue;
    result = {std::move(*event.mutable_profile_json()), event.is_unstable()};
  }
  Require(reader->Finish());
  if (!result.profile_json.empty()) return result;
  throw RemoteError(host_, address_,
                    {grpc::StatusCode::INTERNAL, "ended the benchmark without a profile"});
}

void ControlClient::ProbeLink(const v1::ProbeLinkRequest& request,
                              const std::function<void(const v1::ProbeLinkEvent&)>& sample) {
  const auto context = NewContext();
  const auto reader = state_->stub->ProbeLink(context.get(), request);
  v1::ProbeLinkEvent event;
  while (reader->Read(&event)) sample(event);
  Require(reader->Finish());
}

}  // namespace scission
