// How far a measurement has come, on standard error.
#pragma once

#include <cstdint>
#include <string>

#include "base/units.h"

namespace scission {

/// "resnet50: measuring [#####-----] 50 %, 12 s left" in place on a terminal; elsewhere a line when
/// measuring starts and then one every ten seconds.
class ProgressBar {
 public:
  /// `is_terminal`: whether to draw in place.
  ProgressBar(std::string label, bool is_terminal);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// A line that stays: "resnet50: 118 ranges, about 40 s".
  void Note(const std::string& text);
  void Update(const std::string& phase, std::int64_t done, std::int64_t total);

 private:
  std::string Line(std::int64_t done, std::int64_t total, Seconds now) const;

  std::string label_;
  bool is_terminal_;
  std::string phase_;
  Seconds phase_start_{0};
  Seconds last_drawn_{0};
};

/// "3 s", "2 min 5 s"
std::string ToText(Seconds time);

}  // namespace scission
