#include "bench/startup.h"

#include <algorithm>
#include <thread>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr int kRounds = 5;
constexpr std::chrono::milliseconds kPause(5);

Seconds TimeOf(const std::function<void()>& subject, Clock& clock) {
  const Seconds start = clock.Now();
  subject();
  return clock.Now() - start;
}

}  // namespace

Seconds MeasureStartup(const std::vector<std::function<void()>>& subjects,
                       const std::function<void()>& pause, Clock& clock) {
  std::vector<std::vector<Seconds>> extra(subjects.size());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      pause();
      const Seconds first = TimeOf(subjects[i], clock);
      extra[i].push_back(first - TimeOf(subjects[i], clock));
    }
  }
  std::vector<Seconds> medians;
  for (const auto& of_subject : extra) medians.push_back(MedianTime(of_subject));
  return medians.empty() ? Seconds(0) : std::max(MedianTime(medians), Seconds(0));
}

void PauseAsInPlans() { std::this_thread::sleep_for(kPause); }

}  // namespace scission
