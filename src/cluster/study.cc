#include "cluster/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "base/text.h"

namespace scission {
namespace {

bool IsMeasured(const Stage& stage) { return stage.origin == SegmentOrigin::kMeasured; }

/// The hosts that run something in `plans` that was not measured as one range, each once.
std::vector<std::string> HostsToMeasure(const std::vector<Plan>& plans) {
  std::vector<std::string> hosts;
  for (const Plan& plan : plans) {
    for (const Stage& stage : plan.stages) {
      const bool is_known = std::find(hosts.begin(), hosts.end(), stage.host) != hosts.end();
      if (!IsMeasured(stage) && !is_known) hosts.push_back(stage.host);
    }
  }
  return hosts;
}

class Study {
 public:
  Study(std::vector<std::string> hosts, std::string source, StudyWorld& world, const Say& say)
      : hosts_(std::move(hosts)), source_(std::move(source)), world_(world), say_(say) {}

  StudyResult Run() {
    AskHosts();
    OnMachines(hosts_, [this](const std::string& host) { world_.Benchmark(host); });
    for (std::string& line : world_.MeasureLinks(hosts_)) {
      say_(line);
      result_.notes.push_back(std::move(line));
    }
    while (!PlanOnce()) {
    }
    return std::move(result_);
  }

 private:
  void AskHosts() {
    const std::vector<std::string> all = hosts_;
    for (const std::string& host : all) {
      const WorkerState state = world_.State(host);
      machines_[host] = state.machine_id.empty() ? host : state.machine_id;
      if (!state.ailment.empty()) Drop(HostError(host, state.ailment));
    }
  }

  /// True where there is nothing more to measure, or enough was tried.
  bool PlanOnce() {
    result_.plans = world_.MakePlans(hosts_);
    ++result_.rounds;
    const auto& best = result_.plans.front().stages;
    result_.is_measured = std::all_of(best.begin(), best.end(), IsMeasured);
    if (result_.is_measured || result_.rounds == kMaxStudyRounds) return true;
    const std::vector<std::string> hosts = HostsToMeasure(result_.plans);
    say_(fmt::format("round {}: measuring what the best plans run on {}", result_.rounds,
                     Join(hosts, ", ")));
    OnMachines(hosts, [this](const std::string& host) { world_.MeasureSegments(host); });
    return false;
  }

  /// Calls `work` for each host: those of one machine one after the other.
  void OnMachines(const std::vector<std::string>& hosts,
                  const std::function<void(const std::string& host)>& work) {
    std::map<std::string, std::vector<std::string>> machines;
    for (const std::string& host : hosts) machines[machines_.at(host)].push_back(host);
    std::mutex mutex;
    std::vector<HostError> failed;
    std::exception_ptr other;
    const auto work_on = [&](const std::vector<std::string>& of_machine) {
      for (const std::string& host : of_machine) {
        try {
          work(host);
        } catch (const HostError& error) {
          const std::lock_guard lock(mutex);
          failed.push_back(error);
        } catch (...) {
          const std::lock_guard lock(mutex);
          other = std::current_exception();
        }
      }
    };
    std::vector<std::thread> threads;
    for (const auto& [machine, of_machine] : machines) {
      threads.emplace_back(work_on, std::cref(of_machine));
    }
    for (std::thread& thread : threads) thread.join();
    if (other) std::rethrow_exception(other);
    for (const HostError& error : failed) Drop(error);
  }

  void Drop(const HostError& error) {
    if (error.host() == source_) throw error;
    hosts_.erase(std::remove(hosts_.begin(), hosts_.end(), error.host()), hosts_.end());
    result_.losses.push_back({error.host(), error.what(), 0, "going on without it"});
    say_(fmt::format("{}; going on without it", error.what()));
  }

  std::vector<std::string> hosts_;  ///< that are left
  const std::string source_;
  StudyWorld& world_;
  const Say& say_;
  std::map<std::string, std::string> machines_;  ///< by host
  StudyResult result_;
};

}  // namespace

StudyResult RunStudy(std::vector<std::string> hosts, const std::string& source, StudyWorld& world,
                     const Say& say) {
  return Study(std::move(hosts), source, world, say).Run();
}

}  // namespace scission
