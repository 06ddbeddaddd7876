#include "bench/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>

#include "bench/measure.h"

namespace scission {

ProgressBar::ProgressBar(std::string label, bool is_terminal)
    : label_(std::move(label)), is_terminal_(is_terminal) {}

ProgressBar::~ProgressBar() {
  if (is_terminal_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressBar::Update(const std::string& phase, std::int64_t done, std::int64_t total) {
  const Seconds now = SteadyClock().Now();
  if (phase != phase_) {
    phase_ = phase;
    phase_start_ = now;
    last_drawn_ = Seconds(0);
    if (!is_terminal_) std::cerr << label_ << ": " << phase << "\n";
  }
  constexpr Seconds kRedrawInterval(0.1);
  if (is_terminal_ && (now - last_drawn_ >= kRedrawInterval || done == total)) {
    Draw(done, total, now);
    last_drawn_ = now;
  }
}

void ProgressBar::Draw(std::int64_t done, std::int64_t total, Seconds now) {
  std::string line = label_ + ": " + phase_;
  if (total > 0) {
    constexpr int kWidth = 24;
    const double fraction = static_cast<double>(done) / static_cast<double>(total);
    const int filled = static_cast<int>(fraction * kWidth);
    line +=
        fmt::format(" [{:#<{}}{:-<{}}] {:3.0f} %", "", filled, "", kWidth - filled, fraction * 100);
    if (done > 0) line += ", " + ToText((now - phase_start_) * (1 / fraction - 1)) + " left";
  }
  std::cerr << "\r\033[K" << line << std::flush;
}

std::string ToText(Seconds time) {
  const auto seconds = static_cast<std::int64_t>(std::ceil(time.count()));
  return seconds < 60 ? fmt::format("{} s", seconds)
                      : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

}  // namespace scission
