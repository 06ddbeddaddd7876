#include "bench/startup.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <thread>
#include <utility>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr int kRoundsOfPieces = 5;
constexpr int kMinRoundsOfWhole = 5;
constexpr int kMaxRoundsOfWhole = 15;
/// No further rounds of the whole are begun then.
constexpr Seconds kMostTimeOfWhole{2};

Seconds TimeOf(const std::function<void()>& subject, Clock& clock) {
  const Seconds start = clock.Now();
  subject();
  return clock.Now() - start;
}

/// Runs behind pauses, and others at once behind those.
struct Pairs {
  std::vector<double> extra;  ///< what the first of a pair took longer, in seconds
  std::vector<double> time;   ///< of the second

  void Add(const std::function<void()>& subject, const std::function<void()>& pause, Clock& clock) {
    pause();
    const Seconds first = TimeOf(subject, clock);
    time.push_back(TimeOf(subject, clock).count());
    extra.push_back(first.count() - time.back());
  }
};

/// The median of `errors`, less the more uncertain it is.
double Shrunk(const std::vector<double>& samples) {
  const double median = Median(samples);
  std::vector<double> errors;
  for (const double sample : samples) errors.push_back(sample - median);
  const double error = RobustDeviation(std::move(errors)) *
                       std::sqrt(std::numbers::pi / 2 / static_cast<double>(samples.size()));
  return median <= error ? 0 : median * (1 - error / median * (error / median));
}

}  // namespace

Startup MeasureStartup(const std::vector<std::function<void()>>& pieces,
                       const std::function<void()>& whole, const std::function<void()>& pause,
                       Clock& clock) {
  Pairs of_whole;
  const Seconds begin = clock.Now();
  for (int round = 0; round < kMaxRoundsOfWhole; ++round) {
    if (round >= kMinRoundsOfWhole && clock.Now() - begin > kMostTimeOfWhole) break;
    of_whole.Add(whole, pause, clock);
  }
  const double whole_extra = Shrunk(of_whole.extra);
  if (pieces.empty()) return {Seconds(whole_extra), 0};
  std::vector<Pairs> of_pieces(pieces.size());
  for (int round = 0; round < kRoundsOfPieces; ++round) {
    for (std::size_t i = 0; i < pieces.size(); ++i) of_pieces[i].Add(pieces[i], pause, clock);
  }
  std::vector<double> extras;
  std::vector<double> times;
  for (const Pairs& piece : of_pieces) {
    extras.push_back(Median(piece.extra));
    times.push_back(Median(piece.time));
  }
  const double piece_extra = std::max(Median(extras), 0.0);
  const double piece_time = Median(times);
  const double longer = Median(of_whole.time) - piece_time;
  const double slope = longer > 0 ? (whole_extra - piece_extra) / longer : 0;
  const double part = std::clamp(slope, 0.0, kMostStartupPart);
  return {Seconds(std::max(piece_extra - part * piece_time, 0.0)), part};
}

void PauseAsInPlans() { std::this_thread::sleep_for(kPauseInPlans); }

}  // namespace scission
