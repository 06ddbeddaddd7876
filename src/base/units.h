// The two units that everything is measured in.
#pragma once

#include <chrono>
#include <compare>

namespace scission {

/// A span of time; `.count()` is seconds.
using Seconds = std::chrono::duration<double>;

constexpr Seconds Milliseconds(double value) { return Seconds(value / 1e3); }
constexpr double ToMilliseconds(Seconds value) { return value.count() * 1e3; }

/// An amount of data. A double, because users give sizes in fractions of a MB; exact for whole
/// numbers up to 2^53.
struct Bytes {
  double count = 0;

  constexpr auto operator<=>(const Bytes&) const = default;
  constexpr Bytes& operator+=(Bytes other) {
    count += other.count;
    return *this;
  }
  friend constexpr Bytes operator+(Bytes a, Bytes b) { return a += b; }
};

constexpr Bytes Megabytes(double value) { return Bytes{value * 1e6}; }
constexpr double ToMegabytes(Bytes value) { return value.count / 1e6; }

}  // namespace scission
