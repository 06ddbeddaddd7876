// Reads untrusted JSON: every error names the file and the place.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace scission {

/// A value in a JSON document together with its place, for example
/// `edge-pi.json: models[2].blocks[0].output_bytes`. All members throw InputError starting with
/// that place. Copies are cheap; the root owns the document and must outlive them.
class JsonReader {
 public:
  /// Parses `text`, the contents of `file`.
  static nlohmann::json Parse(const std::string& file, const std::string& text);

  JsonReader(const std::string& file, const nlohmann::json& root)
      : value_(&root), file_(file), place_("") {}

  /// The member `key` of this object; an error where it is missing.
  JsonReader operator[](const std::string& key) const;
  /// True where this is an object with a member `key` that is not null.
  bool Has(const std::string& key) const;
  /// The elements of this array.
  std::vector<JsonReader> Items() const;

  std::string Text() const;
  bool Boolean() const;
  /// A finite number in [low, high].
  double Number(double low, double high) const;
  /// An array of such numbers; quick, for long ones.
  std::vector<double> Numbers(double low, double high) const;
  std::int64_t Integer(std::int64_t low, std::int64_t high) const;

  /// The head of every file that we write: "format" must be `format`, and "version" not newer than
  /// `version`. `what` is the article and noun for messages: "a profile".
  void RequireFormat(const std::string& format, int version, const std::string& what) const;

  [[noreturn]] void Fail(const std::string& message) const;

 private:
  JsonReader(const nlohmann::json* value, std::string file, std::string place)
      : value_(value), file_(std::move(file)), place_(std::move(place)) {}

  const nlohmann::json* value_;
  std::string file_;
  std::string place_;
};

}  // namespace scission
