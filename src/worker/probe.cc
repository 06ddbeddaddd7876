#include "worker/probe.h"

#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/cache_filler.h"
#include "base/error.h"
#include "base/random.h"
#include "wire/stage_timing.h"
#include "wire/tensor_message.h"
#include "worker/stages.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kTransferTimeout(30);
/// Between transfers. A stage's output does not follow the one before it at once, and whoever takes
/// it has fallen asleep meanwhile: a dozen threads and processes wake up for a hop, which takes
/// half of a small one's time. Back to back they would all be awake.
constexpr std::chrono::milliseconds kPause(5);
/// How often a transfer that takes long asks whether it is still wanted.
constexpr std::chrono::milliseconds kCancelInterval(100);

/// They do not become smaller on links that compress.
grpc::Slice RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  Random random(1);
  for (char& byte : bytes) byte = static_cast<char>(random.Next());
  return grpc::Slice(bytes);
}

/// The number in an answer. Throws InputError where it is not one INT64.
std::int64_t CountIn(const grpc::ByteBuffer& answer) {
  const TensorMessage message = TensorMessage::ParseResponse(answer);
  if (message.tensors.size() != 1) throw InputError("not one tensor");
  const WireTensor& tensor = message.tensors.front();
  std::int64_t count = 0;
  if (tensor.spec.type != ElementType::kInt64 || tensor.bytes != sizeof(count)) {
    throw InputError("not one INT64");
  }
  message.Copy(tensor, reinterpret_cast<char*>(&count));
  return count;
}

/// What the probe's model took, which is not the link's.
Seconds ComputedIn(const grpc::ClientContext& context) {
  const std::vector<StageTiming> timings = TimingsIn(context);
  return timings.empty() ? Seconds(0) : timings.front().compute;
}

/// Sends messages over one connection, one after the other, as a stage sends its output to the next
/// one (NextStage).
class Prober {
 public:
  Prober(std::string host, std::string address, const ChannelOptions& options,
         const std::function<bool()>& is_cancelled)
      : host_(std::move(host)),
        address_(std::move(address)),
        stub_(OpenChannel(address_, options)),
        is_cancelled_(is_cancelled) {}

  /// How long message and answer took, in seconds; nothing where it was cancelled.
  std::optional<double> Send(const grpc::Slice& data, std::int64_t bytes) {
    const OutgoingTensor tensor = {{"data", ElementType::kUint8, {bytes}},
                                   Codec::kNone,
                                   {data.sub(0, static_cast<std::size_t>(bytes))}};
    const grpc::ByteBuffer request = MakeRequest(kProbeModel, "", {tensor});
    grpc::ByteBuffer answer;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTransferTimeout);
    // Owned by the callback, which may not have returned when this does.
    const auto ended = std::make_shared<std::promise<grpc::Status>>();
    Clock::time_point end;
    const auto begin = Clock::now();
    stub_.UnaryCall(&context, kInferMethod, grpc::StubOptions(), &request, &answer,
                    [&end, ended](grpc::Status status) {
                      end = Clock::now();
                      ended->set_value(std::move(status));
                    });
    const grpc::Status status = Wait(ended->get_future(), context);
    if (is_cancelled_()) return std::nullopt;
    Require(status, answer, bytes);
    return (Seconds(end - begin) - ComputedIn(context)).count();
  }

 private:
  /// Until the call has ended, which it does soon after it is cancelled.
  grpc::Status Wait(std::future<grpc::Status> ended, grpc::ClientContext& context) const {
    while (ended.wait_for(kCancelInterval) != std::future_status::ready) {
      if (is_cancelled_()) context.TryCancel();
    }
    return ended.get();
  }

  void Require(const grpc::Status& status, const grpc::ByteBuffer& answer,
               std::int64_t bytes) const {
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      Fail({status.error_code(),
            fmt::format("{} bytes did not arrive within {} s", bytes, kTransferTimeout.count())});
    }
    if (!status.ok()) Fail(status);
    try {
      if (CountIn(answer) == bytes) return;
    } catch (const InputError&) {
      // It says something else.
    }
    Fail({grpc::StatusCode::INTERNAL,
          fmt::format("the answer does not say that {} bytes arrived", bytes)});
  }

  [[noreturn]] void Fail(const grpc::Status& status) const {
    throw RemoteError(host_, address_, status);
  }

  std::string host_;
  std::string address_;
  grpc::GenericStub stub_;
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
  CacheFiller caches;
  Random random(1);
  for (int round = 0; round < rounds; ++round) {
    for (const std::int64_t bytes : Shuffled(sizes, random)) {
      if (is_cancelled()) return;
      std::this_thread::sleep_for(kPause);
      caches.Fill();
      const auto seconds = prober.Send(data, bytes);
      if (!seconds) return;
      sample(bytes, *seconds);
    }
  }
}

}  // namespace scission
