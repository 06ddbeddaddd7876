#include "runner/segment_runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "runner/model_runner.h"
#include "runner/packet_socket.h"

namespace scission {
namespace {

constexpr std::size_t kMaxText = 1000;

void RequireSocket(int descriptor) {
  int type = 0;
  socklen_t size = sizeof(type);
  if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET) {
    return;
  }
  throw InputError("scission segment-runner", "is for scission itself, not to be called");
}

/// Whatever the model does, the process ends with its parent: a run may never come to its end. (The
/// kernel's own means, PR_SET_PDEATHSIG, would end it with the thread that started it.)
void EndWithParent(int socket) {
  std::thread([socket] {
    pollfd entry{socket, 0, 0};  // a hang-up is always told
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
    ::_exit(0);
  }).detach();
}

/// Where the machine runs out of memory, the system is to end this process and not its parent.
void BeKilledFirst() { std::ofstream("/proc/self/oom_score_adj") << 500; }

void LimitMemory(Bytes limit) {
  if (limit.count <= 0) return;
  const auto bytes = static_cast<rlim_t>(limit.count);
  const rlimit data{bytes, bytes};
  if (::setrlimit(RLIMIT_DATA, &data) != 0) throw InputError("its memory cannot be limited");
}

bool IsOutOfMemory(const std::exception& error) {
  const std::string_view text = error.what();
  return text.find("bad_alloc") != std::string_view::npos ||
         text.find("Failed to allocate memory") != std::string_view::npos;
}

/// What `error` says, on one line; running out of memory in words of our own.
std::string TextOf(const std::exception& error, Bytes limit) {
  if (!IsOutOfMemory(error)) return Printable(error.what(), kMaxText);
  if (limit.count <= 0) return "there is not enough memory";
  return fmt::format("it needs more memory than its limit of {:.0f} MB", ToMegabytes(limit));
}

std::unique_ptr<RequestRunner> MakeRunner(const LoadMessage& options) {
  if (options.is_probe) return std::make_unique<ProbeRunner>();
  return std::make_unique<ModelRunner>(options);
}

/// The child, step by step.
class Child {
 public:
  explicit Child(PacketSocket& socket) : socket_(socket) {}

  /// False where the parent is gone, or was told that the model is refused.
  bool Load() {
    if (!Receive()) return false;
    const auto options = FromPacket<LoadMessage>(socket_.packet());
    limit_ = options.memory_limit;
    try {
      LimitMemory(limit_);
      runner_ = MakeRunner(options);
    } catch (const std::exception& error) {
      socket_.Send(ToPacket(RefusedMessage{TextOf(error, limit_)}));
      return false;
    }
    ::malloc_trim(0);  // much was needed while it was loaded
    return socket_.Send(ToPacket(runner_->description())) && TakeSlots();
  }

  void Serve() {
    while (Receive()) {
      const auto request = FromPacket<RunMessage>(socket_.packet());
      if (!socket_.Send(Answer(request))) return;
    }
  }

 private:
  bool Receive() { return socket_.Receive(std::nullopt) == PacketSocket::Status::kPacket; }

  bool TakeSlots() {
    if (!Receive()) return false;
    FromPacket<SlotsMessage>(socket_.packet());
    const SlotLayout layout = LayOut(runner_->description());
    for (const int descriptor : socket_.TakeDescriptors()) {
      slots_.emplace_back(descriptor, layout.fixed_bytes, layout.room);
    }
    return true;
  }

  std::string Answer(const RunMessage& request) {
    try {
      auto& slot = slots_.at(static_cast<std::size_t>(request.slot));
      return ToPacket(DoneMessage{runner_->Run(request, slot)});
    } catch (const InputError& error) {
      return ToPacket(FailedMessage{TextOf(error, limit_), !IsOutOfMemory(error)});
    } catch (const std::exception& error) {
      return ToPacket(FailedMessage{TextOf(error, limit_), false});
    }
  }

  PacketSocket& socket_;
  Bytes limit_;
  std::unique_ptr<RequestRunner> runner_;
  std::vector<SharedMemory> slots_;
};

}  // namespace

int RunSegmentRunner(int socket) {
  RequireSocket(socket);
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  PacketSocket connection(socket);
  EndWithParent(socket);
  BeKilledFirst();
  Child child(connection);
  if (child.Load()) child.Serve();
  return 0;
}

}  // namespace scission
