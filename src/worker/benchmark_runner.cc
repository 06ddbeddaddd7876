#include "worker/benchmark_runner.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <list>
#include <mutex>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "engine/session.h"
#include "worker/child_process.h"
#include "worker/errors.h"
#include "worker/request_checks.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxProfileBytes = 256u << 20;
constexpr std::chrono::hours kForgetAfter(7 * 24);
constexpr std::chrono::milliseconds kStep(100);
constexpr int kDone = 0;  // the program's exit codes
constexpr int kBadInput = 2;
constexpr int kUnstable = 4;
constexpr const char* kResultFile = "result.json";
constexpr const char* kUnstableMark = "unstable";

constexpr int kMaxBatch = 65'536;
constexpr int kMaxCutTensors = 64;
constexpr std::size_t kMaxNameBytes = 200;

void CheckShape(const v1::BenchmarkRequest& request) {
  if (request.batch_size() < 0 || request.batch_size() > kMaxBatch) {
    throw InputError("batch_size", fmt::format("must be 0 to {}", kMaxBatch));
  }
  if (request.max_cut_tensors() < 0 || request.max_cut_tensors() > kMaxCutTensors) {
    throw InputError("max_cut_tensors", fmt::format("must be 0 to {}", kMaxCutTensors));
  }
  for (const auto& [name, size] : request.dimensions()) {
    if (name.empty() || name.size() > kMaxNameBytes || Printable(name) != name) {
      throw InputError("dimensions", "'" + Printable(name, 80) + "' is not a dimension's name");
    }
    if (size < 1 || size > INT32_MAX) {
      throw InputError("dimensions", fmt::format("the size of '{}' is not a number from 1 to {}",
                                                 name, INT32_MAX));
    }
  }
}

void Check(const v1::BenchmarkRequest& request) {
  CheckShape(request);
  const std::string& tier = request.tier();
  if (!IsPlainName(tier) || tier.find('-') != std::string::npos) {
    throw InputError("tier", "must be a word without '-' and '/', such as device, edge or cloud");
  }
  if (request.model_case() == v1::BenchmarkRequest::kBuiltIn) {
    if (!IsBuiltIn(request.built_in())) {
      throw InputError("built_in", "'" + Printable(request.built_in(), 80) +
                                       "' is not a built-in model of this worker");
    }
  } else if (request.model_case() == v1::BenchmarkRequest::kBlobSha256) {
    RequirePlainName("model_name", request.model_name());
    CheckDataName(request.data_name(), request.data_sha256(), request.model_name() + ".onnx");
  } else {
    throw InputError("model", "is missing: a built-in model's name or a blob");
  }
  static constexpr std::array kEfforts = {"", "quick", "normal", "full", "exhaustive"};
  if (std::find(kEfforts.begin(), kEfforts.end(), request.effort()) == kEfforts.end()) {
    throw InputError("effort", "'" + Printable(request.effort(), 80) +
                                   "' is not quick, normal, full or exhaustive");
  }
  if (request.repeats() < 0 || request.repeats() > 10'000) {
    throw InputError("repeats", "must be 0 to 10000");
  }
  if (request.plans_json().empty() != request.profile_json().empty()) {
    throw InputError("plans_json", "and profile_json go together");
  }
}

/// The same for equal requests that this worker, as it is now, measures in the same way.
std::string KeyOf(const BenchmarkRunnerOptions& options, const v1::BenchmarkRequest& request) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  Sha256 hash;
  hash.Add(fmt::format("{}\n{}\n{}\n{}\n", options.host, options.threads, SCISSION_VERSION,
                       EngineVersion()));
  hash.Add(bytes);
  return hash.Finish().substr(0, 32);
}

/// In a folder that no other process looks at.
void WriteText(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) throw ExhaustedError(file.string() + ": cannot be written; is the disk full?");
}

/// Those that were not used for long, and all but the `kept` that were used last.
void RemoveOldFolders(const fs::path& folder, int kept) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> folders;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto used = entry.last_write_time(error);
    if (!error) folders.emplace_back(used, entry.path());
  }
  std::sort(folders.rbegin(), folders.rend());
  const auto oldest = fs::file_time_type::clock::now() - kForgetAfter;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto& [used, path] = folders[i];
    if (i >= static_cast<std::size_t>(kept) || used < oldest) fs::remove_all(path, error);
  }
}

/// Whether a program still says something.
class Silence {
 public:
  explicit Silence(Seconds limit) : limit_(limit) {}

  void End() { begin_ = std::chrono::steady_clock::now(); }
  bool IsTooLong() {
    was_too_long_ = was_too_long_ || std::chrono::steady_clock::now() - begin_ > limit_;
    return was_too_long_;
  }
  void Require() const {
    if (!was_too_long_) return;
    throw std::runtime_error(
        fmt::format("the benchmark said nothing for {:.0f} s and was ended", limit_.count()));
  }

 private:
  Seconds limit_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  bool was_too_long_ = false;
};

/// The reason that the program gave last.
class ErrorLines {
 public:
  void Add(const std::string& line) {
    static constexpr std::string_view kHeads[] = {"scission: error: ", "scission: "};
    for (const std::string_view head : kHeads) {
      if (!line.starts_with(head)) continue;
      last_ = line.substr(head.size());
      return;
    }
  }
  std::string Last(const std::string& otherwise) const { return last_.empty() ? otherwise : last_; }

 private:
  std::string last_;
};

void RequireDone(const ChildResult& child, const ErrorLines& errors, const fs::path& folder) {
  const bool has_result = child.exit_code == kDone || child.exit_code == kUnstable;
  if (child.signal == 0 && has_result) return;
  if (child.was_interrupted) throw CancelledError("the benchmark was interrupted");
  if (child.signal != 0) throw std::runtime_error("the benchmark " + child.CrashText());
  const std::string reason =
      errors.Last(fmt::format("the benchmark ended with code {}", child.exit_code));
  if (child.exit_code != kBadInput) throw std::runtime_error(reason);
  fs::remove_all(folder);
  throw InputError(reason);
}

}  // namespace

struct BenchmarkRunner::State {
  BenchmarkRunnerOptions options;
  const BlobCache& cache;
  std::mutex mutex;
  std::condition_variable changed;
  std::list<int> waiting;  ///< the first one runs; places only, no values

  fs::path FolderOf(const v1::BenchmarkRequest& request) const {
    return options.folder / KeyOf(options, request);
  }
  fs::path ProfileOf(const v1::BenchmarkRequest& request) const {
    return FolderOf(request) / (ToLower(request.tier()) + "-" + options.host + ".json");
  }
  fs::path PlaceModel(const v1::BenchmarkRequest& request) const;
  std::vector<std::string> ArgumentsFor(const v1::BenchmarkRequest& request,
                                        const std::string& model) const;
  std::optional<Result> Finished(const v1::BenchmarkRequest& request) const;
  Result Measure(const v1::BenchmarkRequest& request,
                 const std::function<void(const std::string& line)>& progress,
                 const std::function<bool()>& is_cancelled) const;
};

namespace {

/// A place in the queue of benchmarks.
class Turn {
 public:
  Turn(std::mutex& mutex, std::condition_variable& changed, std::list<int>& queue, int limit)
      : mutex_(mutex), changed_(changed), queue_(queue) {
    const std::lock_guard lock(mutex_);
    if (static_cast<int>(queue_.size()) > limit) {
      throw ExhaustedError(fmt::format("{} benchmarks wait here already", limit));
    }
    place_ = queue_.insert(queue_.end(), 0);
  }
  ~Turn() {
    const std::lock_guard lock(mutex_);
    queue_.erase(place_);
    changed_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  void Await(const std::function<void(const std::string& line)>& progress,
             const std::function<bool()>& is_cancelled) {
    std::unique_lock lock(mutex_);
    if (place_ == queue_.begin()) return;
    const auto before = std::distance(queue_.begin(), place_);
    lock.unlock();
    progress(fmt::format("waiting for {} other benchmark{} on this host", before,
                         before == 1 ? "" : "s"));
    lock.lock();
    while (place_ != queue_.begin()) {
      changed_.wait_for(lock, kStep);
      if (is_cancelled()) throw CancelledError("cancelled while it waited for another benchmark");
    }
  }

 private:
  std::mutex& mutex_;
  std::condition_variable& changed_;
  std::list<int>& queue_;
  std::list<int>::iterator place_;
};

}  // namespace

BenchmarkRunner::BenchmarkRunner(BenchmarkRunnerOptions options, const BlobCache& cache)
    : state_(new State{.options = std::move(options), .cache = cache}) {
  CreateFolder(state_->options.folder);
  RemoveOldFolders(state_->options.folder, state_->options.kept_folders);
}

BenchmarkRunner::~BenchmarkRunner() = default;

/// External data is a copy: what opens models refuses links, which could lead anywhere.
fs::path BenchmarkRunner::State::PlaceModel(const v1::BenchmarkRequest& request) const {
  if (request.model_case() != v1::BenchmarkRequest::kBlobSha256) return request.built_in();
  const fs::path folder = FolderOf(request) / "model";
  fs::remove_all(folder);
  CreateFolder(folder);
  fs::path model = folder / (request.model_name() + ".onnx");
  cache.Place(request.blob_sha256(), model, true);
  if (!request.data_name().empty()) {
    cache.Place(request.data_sha256(), folder / request.data_name(), false);
  }
  return model;
}

std::vector<std::string> BenchmarkRunner::State::ArgumentsFor(const v1::BenchmarkRequest& request,
                                                              const std::string& model) const {
  std::vector<std::string> words = {"benchmark", "--no-plots", "-o", FolderOf(request).string()};
  const auto add = [&words](const std::string& option, const std::string& value) {
    words.push_back(option);
    words.push_back(value);
  };
  if (options.threads > 0) add("--threads", std::to_string(options.threads));
  if (request.repeats() > 0) add("--repeats", std::to_string(request.repeats()));
  if (request.batch_size() > 0) add("--batch-size", std::to_string(request.batch_size()));
  if (request.max_cut_tensors() > 0) {
    add("--max-cut-tensors", std::to_string(request.max_cut_tensors()));
  }
  for (const auto& [name, size] : request.dimensions()) {
    words.push_back(fmt::format("--dim={}={}", name, size));  // one word: a name may begin with '-'
  }
  if (request.plans_json().empty()) {
    if (!request.effort().empty()) add("--effort", request.effort());
    if (request.measures_codecs()) words.emplace_back("--codecs");
  } else {
    add("--ranges", (FolderOf(request) / "plans.json").string());
  }
  words.insert(words.end(), {ToLower(request.tier()), options.host, model});
  return words;
}

std::optional<BenchmarkRunner::Result> BenchmarkRunner::State::Finished(
    const v1::BenchmarkRequest& request) const {
  const fs::path folder = FolderOf(request);
  if (!fs::exists(folder / kResultFile)) return std::nullopt;
  return Result{ReadFile(folder / kResultFile, kMaxProfileBytes),
                fs::exists(folder / kUnstableMark)};
}

BenchmarkRunner::Result BenchmarkRunner::State::Measure(
    const v1::BenchmarkRequest& request,
    const std::function<void(const std::string& line)>& progress,
    const std::function<bool()>& is_cancelled) const {
  const fs::path folder = FolderOf(request);
  CreateFolder(folder);
  const std::string model = PlaceModel(request).string();
  if (!request.plans_json().empty()) {
    WriteText(folder / "plans.json", request.plans_json());
    WriteText(ProfileOf(request), request.profile_json());
  }
  ErrorLines errors;
  Silence silence(options.silence_limit);
  const ChildResult child = RunProgram(
      {.program = options.program, .arguments = ArgumentsFor(request, model), .directory = folder},
      [&](const std::string& line) {
        silence.End();
        errors.Add(line);
        progress(line);
      },
      [&] { return silence.IsTooLong() || is_cancelled(); });
  if (child.was_interrupted) silence.Require();
  RequireDone(child, errors, folder);
  Result result{ReadFile(ProfileOf(request), kMaxProfileBytes), child.exit_code == kUnstable};
  if (result.is_unstable) WriteText(folder / kUnstableMark, "");
  fs::rename(ProfileOf(request), folder / kResultFile);
  return result;
}

BenchmarkRunner::Result BenchmarkRunner::Run(
    const v1::BenchmarkRequest& request,
    const std::function<void(const std::string& line)>& progress,
    const std::function<bool()>& is_cancelled) {
  Check(request);
  Turn turn(state_->mutex, state_->changed, state_->waiting, state_->options.queue_limit);
  turn.Await(progress, is_cancelled);
  RemoveOldFolders(state_->options.folder, state_->options.kept_folders);
  if (const auto finished = state_->Finished(request)) {
    progress("taken over from a benchmark whose result did not arrive");
    return *finished;
  }
  return state_->Measure(request, progress, is_cancelled);
}

void BenchmarkRunner::Forget(const v1::BenchmarkRequest& request) {
  std::error_code ignored;
  fs::remove_all(state_->FolderOf(request), ignored);
}

}  // namespace scission
