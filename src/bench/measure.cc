#include "bench/measure.h"

#include "bench/pace.h"

namespace scission {
namespace {

class RealClock : public Clock {
 public:
  Seconds Now() override { return std::chrono::steady_clock::now().time_since_epoch(); }
};

void Visit(const std::function<void()>& subject, Clock& clock, std::vector<Seconds>& samples) {
  subject();
  const Seconds start = clock.Now();
  subject();
  samples.push_back(clock.Now() - start);
}

/// `anchor`: of the same rounds, and perhaps of later ones.
bool IsEnough(const std::vector<Seconds>& subject, const std::vector<Seconds>& anchor,
              const MeasureOptions& options) {
  const int count = static_cast<int>(subject.size());
  if (count < options.min_rounds) return false;
  if (count >= options.max_rounds) return true;
  const auto precision = PrecisionAtUsualPace(subject, anchor);
  return precision && *precision <= options.precision;
}

}  // namespace

Clock& SteadyClock() {
  static RealClock clock;
  return clock;
}

InterleavedSamples MeasureInterleaved(const std::vector<std::function<void()>>& subjects,
                                      const std::function<void()>& anchor,
                                      const MeasureOptions& options, Clock& clock,
                                      const std::function<void(int)>& on_round) {
  InterleavedSamples samples{std::vector<std::vector<Seconds>>(subjects.size()), {}};
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    samples.subjects[i].reserve(static_cast<std::size_t>(options.max_rounds));
    for (int run = 0; run < options.warmups; ++run) subjects[i]();
  }
  bool is_done = false;
  for (int round = 0; !is_done; ++round) {
    Visit(anchor, clock, samples.anchor);
    is_done = true;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      std::vector<Seconds>& taken = samples.subjects[i];
      if (IsEnough(taken, samples.anchor, options)) continue;
      Visit(subjects[i], clock, taken);
      is_done &= IsEnough(taken, samples.anchor, options);
    }
    if (on_round) on_round(round + 1);
  }
  return samples;
}

}  // namespace scission
