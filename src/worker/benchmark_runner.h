// `scission benchmark` at another host's wish.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/units.h"
#include "scission.pb.h"
#include "worker/blob_cache.h"

namespace scission {

struct BenchmarkRunnerOptions {
  std::string host;  ///< this worker's name, which the profile gets
  int threads = 0;   ///< of an inference; 0: the program's default
  /// Each request has a folder here, by what it asks for, until its profile was delivered.
  std::filesystem::path folder;
  std::filesystem::path program = "/proc/self/exe";
  int queue_limit = 8;  ///< requests that wait, at most
  /// A benchmark that says nothing for so long hangs; it tells its progress every few seconds.
  Seconds silence_limit{600};
  int kept_folders = 16;  ///< at most; the ones used last
};

/// Any thread may call it.
class BenchmarkRunner {
 public:
  BenchmarkRunner(BenchmarkRunnerOptions options, const BlobCache& cache);
  ~BenchmarkRunner();

  struct Result {
    std::string profile_json;
    bool is_unstable = false;
  };
  /// Runs one benchmark at a time; others wait, and are told so. `progress` gets lines and does not
  /// throw. One whose profile was not delivered (see Forget) is not run again: it is given at once.
  /// Where `is_cancelled` returns true, which it is asked some times a second, the benchmark is
  /// interrupted. Throws InputError where the request or the model is refused, NotFoundError
  /// where a blob is not here, ExhaustedError where too many wait, CancelledError,
  /// std::runtime_error where the benchmark fails or hangs.
  Result Run(const v1::BenchmarkRequest& request,
             const std::function<void(const std::string& line)>& progress,
             const std::function<bool()>& is_cancelled);

  /// The caller has the profile of `request`: what was kept of it goes.
  void Forget(const v1::BenchmarkRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scission
