#include "engine/compare.h"

#include <fmt/format.h>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace scission {
namespace {

template <typename Element>
std::vector<double> Widen(const std::string& data) {
  std::vector<double> wide;
  wide.reserve(data.size() / sizeof(Element));
  for (std::size_t i = 0; i + sizeof(Element) <= data.size(); i += sizeof(Element)) {
    Element element;
    std::memcpy(&element, data.data() + i, sizeof(Element));
    wide.push_back(static_cast<double>(static_cast<float>(element)));
    if constexpr (std::is_same_v<Element, double>) wide.back() = element;
  }
  return wide;
}

std::vector<double> Elements(const TensorValue& value) {
  switch (value.spec.type) {
    case ElementType::kFloat:
      return Widen<float>(value.data);
    case ElementType::kDouble:
      return Widen<double>(value.data);
    case ElementType::kFloat16:
      return Widen<Ort::Float16_t>(value.data);
    case ElementType::kBfloat16:
      return Widen<Ort::BFloat16_t>(value.data);
    default:
      return {};
  }
}

bool IsNear(double expected, double actual, double slack, const Tolerance& tolerance) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (expected == actual) return true;  // infinities
  return std::abs(expected - actual) <= slack + tolerance.relative * std::abs(expected);
}

std::optional<std::string> BytesDifference(const TensorValue& expected, const TensorValue& actual) {
  const auto found = std::mismatch(expected.data.begin(), expected.data.end(), actual.data.begin());
  if (found.first == expected.data.end()) return std::nullopt;
  return fmt::format("the values differ from byte {} on", found.first - expected.data.begin());
}

double LargestMagnitude(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

bool HaveOneShape(const TensorValue& a, const TensorValue& b) {
  return a.spec.type == b.spec.type && a.spec.shape == b.spec.shape &&
         a.data.size() == b.data.size();
}

}  // namespace

double LargestDeviation(const TensorValue& expected, const TensorValue& actual) {
  constexpr double kWorst = std::numeric_limits<double>::infinity();
  if (!HaveOneShape(expected, actual)) return kWorst;
  const std::vector<double> wanted = Elements(expected);
  if (wanted.empty()) return expected.data == actual.data ? 0 : kWorst;
  const std::vector<double> got = Elements(actual);
  double largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == got[i] || (std::isnan(wanted[i]) && std::isnan(got[i]))) continue;
    const double difference = std::abs(wanted[i] - got[i]);
    largest = std::max(largest, std::isnan(difference) ? kWorst : difference);
  }
  return largest == 0 ? 0 : largest / LargestMagnitude(wanted);
}

std::optional<std::string> Difference(const TensorValue& expected, const TensorValue& actual,
                                      const Tolerance& tolerance) {
  if (!HaveOneShape(expected, actual)) {
    return fmt::format("it is {} {}, not {} {}", ToText(actual.spec.type),
                       ToText(actual.spec.shape), ToText(expected.spec.type),
                       ToText(expected.spec.shape));
  }
  const std::vector<double> wanted = Elements(expected);
  if (wanted.empty()) return BytesDifference(expected, actual);
  const std::vector<double> got = Elements(actual);
  const double largest = LargestMagnitude(wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!IsNear(wanted[i], got[i], tolerance.of_largest * largest, tolerance)) {
      return fmt::format("element {} is {}, not {}", i, got[i], wanted[i]);
    }
  }
  return std::nullopt;
}

}  // namespace scission
