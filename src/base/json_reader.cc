#include "base/json_reader.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace scission {

nlohmann::json JsonReader::Parse(const std::string& file, const std::string& text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw InputError(file, fmt::format("is not valid JSON (byte {})", error.byte));
  }
}

JsonReader JsonReader::operator[](const std::string& key) const {
  if (!value_->is_object()) Fail("must be an object");
  const auto member = value_->find(key);
  if (member == value_->end()) Fail(fmt::format("'{}' is missing", key));
  return {&*member, file_, place_.empty() ? key : place_ + "." + key};
}

bool JsonReader::Has(const std::string& key) const {
  if (!value_->is_object()) return false;
  const auto member = value_->find(key);
  return member != value_->end() && !member->is_null();
}

std::vector<JsonReader> JsonReader::Items() const {
  if (!value_->is_array()) Fail("must be an array");
  std::vector<JsonReader> items;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    items.push_back({&(*value_)[i], file_, fmt::format("{}[{}]", place_, i)});
  }
  return items;
}

std::string JsonReader::Text() const {
  if (!value_->is_string()) Fail("must be a string");
  return value_->get<std::string>();
}

bool JsonReader::Boolean() const {
  if (!value_->is_boolean()) Fail("must be true or false");
  return value_->get<bool>();
}

double JsonReader::Number(double low, double high) const {
  if (!value_->is_number()) Fail("must be a number");
  const auto number = value_->get<double>();
  if (!(number >= low && number <= high)) {
    Fail(fmt::format("{} is outside {} to {}", number, low, high));
  }
  return number;
}

std::vector<double> JsonReader::Numbers(double low, double high) const {
  if (!value_->is_array()) Fail("must be an array");
  std::vector<double> numbers;
  numbers.reserve(value_->size());
  for (const nlohmann::json& item : *value_) {
    const double number = item.is_number() ? item.get<double>() : std::nan("");
    // Only what is wrong needs a place, and making one for each item would take most of the time.
    if (!(number >= low && number <= high)) Items()[numbers.size()].Number(low, high);
    numbers.push_back(number);
  }
  return numbers;
}

std::int64_t JsonReader::Integer(std::int64_t low, std::int64_t high) const {
  if (!value_->is_number_integer()) Fail("must be an integer");
  const bool too_large = value_->is_number_unsigned() && value_->get<std::uint64_t>() > INT64_MAX;
  const auto number = too_large ? INT64_MAX : value_->get<std::int64_t>();
  if (too_large || number < low || number > high) {
    Fail(fmt::format("{} is outside {} to {}", value_->dump(), low, high));
  }
  return number;
}

void JsonReader::RequireFormat(const std::string& format, int version,
                               const std::string& what) const {
  if (!Has("format") || (*this)["format"].Text() != format) {
    Fail(fmt::format("is not {}: \"format\" is not \"{}\"", what, format));
  }
  const JsonReader found = (*this)["version"];
  if (found.Integer(1, INT32_MAX) > version) {
    found.Fail(fmt::format("{} is newer than this program, which reads version {}",
                           found.value_->dump(), version));
  }
}

void JsonReader::Fail(const std::string& message) const {
  throw InputError(file_, (place_.empty() ? "" : Printable(place_) + ": ") + message);
}

}  // namespace scission
