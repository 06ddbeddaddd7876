#include "bench/measure.h"

namespace scission {
namespace {

class RealClock : public Clock {
 public:
  Seconds Now() override { return std::chrono::steady_clock::now().time_since_epoch(); }
};

}  // namespace

Clock& SteadyClock() {
  static RealClock clock;
  return clock;
}

std::vector<std::vector<Seconds>> MeasureInterleaved(
    const std::vector<std::function<void()>>& subjects, const MeasureOptions& options, Clock& clock,
    const std::function<void()>& on_visit) {
  std::vector<std::vector<Seconds>> samples(subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    samples[i].reserve(static_cast<std::size_t>(options.rounds));
    for (int run = 0; run < options.warmups; ++run) subjects[i]();
    if (on_visit) on_visit();
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      subjects[i]();
      const Seconds start = clock.Now();
      subjects[i]();
      samples[i].push_back(clock.Now() - start);
      if (on_visit) on_visit();
    }
  }
  return samples;
}

}  // namespace scission
