// scission worker: serves stages of plans on this host.
#include "worker/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iostream>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/security_options.h"
#include "worker/blob_cache.h"

namespace scission {
namespace {

constexpr double kBytesPerMegabyte = 1e6;
constexpr double kBytesPerMebibyte = 1 << 20;
/// For what is left to do when requests have ended.
constexpr std::chrono::seconds kGrace(2);

struct WorkerArguments {
  WorkerOptions worker;
  double memory_limit_mb = 0;
  double cache_limit_mb = WorkerOptions().cache_limit.count / kBytesPerMegabyte;
  double max_message_mib = kDefaultMaxMessageBytes / kBytesPerMebibyte;
  double longest_run_s = WorkerOptions().longest_run.count();
  double longest_request_s = WorkerOptions().longest_request.count();
  double drain_s = 30;
  std::string provider = "cpu";
  std::string cache;
};

void AddOptions(OptionSet& set, WorkerArguments& arguments) {
  WorkerOptions& worker = arguments.worker;
  set.Add("--name", worker.name, "How this host is called in plans and hosts files").Required();
  set.Add("--listen", worker.listen, "Where to listen; port 0: any that is free")
      .ShowDefault()
      .TypeName("HOST:PORT");
  AddSecurityOptions(set, worker.channels.security);
  set.Add("--threads", worker.engine.threads, "Threads of an inference (default: one a core)")
      .InRange(1, 4096);
  set.Add("--provider", arguments.provider, "What runs the operators: cpu, webgpu or cuda")
      .ShowDefault();
  set.Add("--memory-limit", arguments.memory_limit_mb,
          "MB that segments may take, all together and each (default: no limit)")
      .TypeName("MB")
      .InRange(1.0, 1e9);
  set.Add("--queue-limit", worker.queue_limit,
          "Requests that wait for a stage, at most; more are refused")
      .ShowDefault()
      .InRange(1, 1'000'000);
  set.Add("--max-message", arguments.max_message_mib, "The largest message")
      .ShowDefault()
      .TypeName("MIB")
      .InRange(1.0, 2000.0);
  set.Add("--longest-run", arguments.longest_run_s,
          "Seconds after which a model that computes counts as hung, and is started again")
      .ShowDefault()
      .TypeName("S")
      .InRange(0.1, 1e6);
  set.Add("--longest-request", arguments.longest_request_s,
          "Seconds after which a request fails whose caller gives no earlier deadline")
      .ShowDefault()
      .TypeName("S")
      .InRange(0.1, 1e6);
  set.Add("--drain", arguments.drain_s,
          "Seconds that requests have left when the worker is told to stop (SIGTERM)")
      .ShowDefault()
      .TypeName("S")
      .InRange(0.0, 1e6);
  set.Add("--cache", arguments.cache,
          "Where pushed segments are kept (default: scission in XDG_CACHE_HOME or ~/.cache)")
      .TypeName("DIR");
  set.Add("--cache-limit", arguments.cache_limit_mb, "MB that the cache may take")
      .ShowDefault()
      .TypeName("MB")
      .InRange(1.0, 1e9);
  set.Add("--metrics", worker.metrics, "Where Prometheus finds the metrics (default: nowhere)")
      .TypeName("HOST:PORT");
}

WorkerOptions ToWorker(const WorkerArguments& arguments) {
  WorkerOptions worker = arguments.worker;
  const bool is_plain = !worker.name.empty() && Printable(worker.name) == worker.name &&
                        worker.name.find_first_of("/,") == std::string::npos;
  if (!is_plain) {
    throw InputError("--name", "must be a name without '/' and ',' of at most 200 bytes");
  }
  worker.engine.provider = ParseProvider(arguments.provider);
  worker.memory_limit = Bytes{arguments.memory_limit_mb * kBytesPerMegabyte};
  worker.cache_limit = Bytes{arguments.cache_limit_mb * kBytesPerMegabyte};
  worker.channels.max_message_bytes =
      static_cast<int>(arguments.max_message_mib * kBytesPerMebibyte);
  worker.longest_run = Seconds(arguments.longest_run_s);
  worker.longest_request = Seconds(arguments.longest_request_s);
  worker.cache =
      arguments.cache.empty() ? DefaultCacheFolder() : std::filesystem::absolute(arguments.cache);
  return worker;
}

/// Threads that are made later inherit that these signals wait for whoever asks for them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// A thousand connections take a thousand descriptors, and a log whose reader is gone must not end
/// the worker.
void PrepareProcess() {
  signal(SIGPIPE, SIG_IGN);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Whatever still runs then: a model that loads for ever, a caller that reads no answer.
void EndAt(std::chrono::steady_clock::time_point end) {
  std::thread([end] {
    std::this_thread::sleep_until(end);
    _exit(kInterrupted);
  }).detach();
}

/// A second signal ends the process at once.
void EndOnSignal(const sigset_t& signals) {
  std::thread([signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    _exit(kInterrupted);
  }).detach();
}

}  // namespace

int RunWorker(const std::vector<std::string>& given) {
  WorkerArguments arguments;
  OptionSet set(
      "Serves stages of plans on this host: takes segments from 'scission run' and 'study', runs\n"
      "each in a process of its own, hands results on to the next host. Speaks the Open Inference\n"
      "Protocol, version 2 (gRPC). Listens on this machine alone unless it is told otherwise;\n"
      "beyond it TLS is a must ('scission certs' makes the certificates), or --insecure.",
      "worker");
  AddOptions(set, arguments);
  if (!set.Parse(given)) return kDone;
  const WorkerOptions options = ToWorker(arguments);
  PrepareProcess();
  const sigset_t signals = BlockSignals();
  Worker worker(options);
  std::cout << fmt::format("worker {} listens on {}\n", options.name, worker.address())
            << std::flush;
  int signal = 0;
  sigwait(&signals, &signal);
  EndOnSignal(signals);
  const auto left =
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(Seconds(arguments.drain_s));
  const auto end = std::chrono::steady_clock::now() + left;
  EndAt(end + kGrace);
  const int broken_off = worker.Drain(end);
  if (broken_off > 0) _exit(kInterrupted);
  return kDone;
}

}  // namespace scission
