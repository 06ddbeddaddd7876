#include "worker/probe.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "base/random.h"
#include "open_inference.pb.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kMethod = "/inference.GRPCInferenceService/ModelInfer";
constexpr const char* kModel = "scission.probe";
constexpr std::chrono::seconds kTransferTimeout(30);
/// How often a transfer that takes long asks whether it is still wanted.
constexpr std::chrono::milliseconds kCancelInterval(100);

/// They do not become smaller on links that compress.
grpc::Slice RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  Random random(1);
  for (char& byte : bytes) byte = static_cast<char>(random.Next());
  return grpc::Slice(bytes);
}

/// A request whose tensor is the beginning of `data`, which is not copied: protobuf would copy it
/// twice for each message. The tensor's bytes are the message's last field.
grpc::ByteBuffer MakeRequest(const grpc::Slice& data, std::int64_t bytes) {
  using google::protobuf::internal::WireFormatLite;
  inference::ModelInferRequest request;
  request.set_model_name(kModel);
  auto& tensor = *request.add_inputs();
  tensor.set_name("data");
  tensor.set_datatype("UINT8");
  tensor.add_shape(bytes);
  std::string head = request.SerializeAsString();
  {
    google::protobuf::io::StringOutputStream stream(&head);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.WriteTag(WireFormatLite::MakeTag(request.kRawInputContentsFieldNumber,
                                           WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
    coded.WriteVarint64(static_cast<std::uint64_t>(bytes));
  }
  const grpc::Slice slices[] = {grpc::Slice(head), data.sub(0, static_cast<std::size_t>(bytes))};
  return {slices, std::size(slices)};
}

/// The number in an answer; nothing where it is not one INT64.
std::optional<std::int64_t> CountIn(grpc::ByteBuffer& answer) {
  inference::ModelInferResponse response;
  if (!grpc::SerializationTraits<inference::ModelInferResponse>::Deserialize(&answer, &response)
           .ok() ||
      response.outputs_size() != 1 || response.outputs(0).datatype() != "INT64") {
    return std::nullopt;
  }
  std::int64_t count = 0;
  if (response.raw_output_contents_size() == 0) {
    const auto& contents = response.outputs(0).contents();
    if (contents.int64_contents_size() != 1) return std::nullopt;
    return contents.int64_contents(0);
  }
  const std::string& raw = response.raw_output_contents(0);
  if (raw.size() != sizeof(count)) return std::nullopt;
  std::memcpy(&count, raw.data(), sizeof(count));
  return count;
}

/// Sends messages over one connection, one after the other.
class Prober {
 public:
  Prober(std::string host, std::string address, const ChannelOptions& options,
         const std::function<bool()>& is_cancelled)
      : host_(std::move(host)),
        address_(std::move(address)),
        stub_(OpenChannel(address_, options)),
        is_cancelled_(is_cancelled) {}
  ~Prober() {
    queue_.Shutdown();
    void* tag = nullptr;
    for (bool ok = true; queue_.Next(&tag, &ok);) {
    }
  }
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  /// How long message and answer took, in seconds; nothing where it was cancelled.
  std::optional<double> Send(const grpc::Slice& data, std::int64_t bytes) {
    const grpc::ByteBuffer request = MakeRequest(data, bytes);
    grpc::ByteBuffer answer;
    grpc::Status status;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTransferTimeout);
    const auto begin = Clock::now();
    const auto call = stub_.PrepareUnaryCall(&context, kMethod, request, &queue_);
    call->StartCall();
    call->Finish(&answer, &status, this);
    Wait(context);
    const std::chrono::duration<double> time = Clock::now() - begin;
    if (is_cancelled_()) return std::nullopt;
    Require(status, answer, bytes);
    return time.count();
  }

 private:
  /// Until the call has ended, which it does soon after it is cancelled.
  void Wait(grpc::ClientContext& context) {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + kCancelInterval) ==
           grpc::CompletionQueue::TIMEOUT) {
      if (is_cancelled_()) context.TryCancel();
    }
  }

  void Require(const grpc::Status& status, grpc::ByteBuffer& answer, std::int64_t bytes) const {
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      throw RemoteError(host_, address_,
                        {status.error_code(), fmt::format("{} bytes did not arrive within {} s",
                                                          bytes, kTransferTimeout.count())});
    }
    if (!status.ok()) throw RemoteError(host_, address_, status);
    if (CountIn(answer) == bytes) return;
    throw RemoteError(host_, address_,
                      {grpc::StatusCode::INTERNAL,
                       fmt::format("the answer does not say that {} bytes arrived", bytes)});
  }

  std::string host_;
  std::string address_;
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  const std::function<bool()>& is_cancelled_;
};

/// In another order each time, so that none always follows the same one; the same on each machine.
std::vector<std::int64_t> Shuffled(std::vector<std::int64_t> sizes, Random& random) {
  for (std::size_t i = sizes.size(); i > 1; --i) {
    std::swap(sizes[i - 1], sizes[static_cast<std::size_t>(random.Below(static_cast<int>(i)))]);
  }
  return sizes;
}

}  // namespace

void ProbeLink(const std::string& host, const std::string& address, const ChannelOptions& options,
               const std::vector<std::int64_t>& sizes, int rounds,
               const std::function<bool()>& is_cancelled,
               const std::function<void(std::int64_t bytes, double seconds)>& sample) {
  if (sizes.empty()) return;
  const auto largest = *std::max_element(sizes.begin(), sizes.end());
  const grpc::Slice data = RandomBytes(static_cast<std::size_t>(largest));
  Prober prober(host, address, options, is_cancelled);
  // The first round connects and lets the windows of TCP and HTTP/2 grow.
  for (const std::int64_t bytes : sizes) {
    if (is_cancelled() || !prober.Send(data, bytes)) return;
  }
  Random random(1);
  for (int round = 0; round < rounds; ++round) {
    for (const std::int64_t bytes : Shuffled(sizes, random)) {
      if (is_cancelled()) return;
      const auto seconds = prober.Send(data, bytes);
      if (!seconds) return;
      sample(bytes, *seconds);
    }
  }
}

}  // namespace scission
