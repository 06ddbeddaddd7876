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

void ProgressBar::Note(const std::string& text) {
  std::cerr << (is_terminal_ ? "\r\033[K" : "") << label_ << ": " << text << '\n' << std::flush;
}

void ProgressBar::Update(const std::string& phase, std::int64_t done, std::int64_t total) {
  const Seconds now = SteadyClock().Now();
  if (phase != phase_) {
    phase_ = phase;
    phase_start_ = now;
    last_drawn_ = Seconds(0);
  }
  const Seconds interval(is_terminal_ ? 0.1 : 10);
  const bool is_quick_phase = !is_terminal_ && phase != "measuring";
  if (is_quick_phase || now - last_drawn_ < interval) return;
  last_drawn_ = now;
  std::cerr << (is_terminal_ ? "\r\033[K" : "") << Line(done, total, now)
            << (is_terminal_ ? "" : "\n") << std::flush;
}

std::string ProgressBar::Line(std::int64_t done, std::int64_t total, Seconds now) const {
  std::string line = label_ + ": " + phase_;
  if (total == 0 || (done == 0 && !is_terminal_)) return line;
  const double fraction = static_cast<double>(done) / static_cast<double>(total);
  if (is_terminal_) {
    constexpr int kWidth = 24;
    const int filled = static_cast<int>(fraction * kWidth);
    line += fmt::format(" [{:#<{}}{:-<{}}]", "", filled, "", kWidth - filled);
  }
  line += fmt::format(" {:.0f} %", fraction * 100);
  if (done > 0) line += ", " + ToText((now - phase_start_) * (1 / fraction - 1)) + " left";
  return line;
}

std::string ToText(Seconds time) {
  const auto seconds = static_cast<std::int64_t>(std::ceil(time.count()));
  return seconds < 60 ? fmt::format("{} s", seconds)
                      : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

}  // namespace scission
