// Small text tools for reading what people type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scission {

std::string_view Trim(std::string_view text);

/// The parts between `separator`s, trimmed, empty ones kept; an empty text gives one empty part.
std::vector<std::string> Split(std::string_view text, char separator);

std::string Join(const std::vector<std::string>& parts, std::string_view separator);

/// ASCII only, whatever the locale.
std::string ToLower(std::string_view text);

/// The whole of `text` as a finite number in decimal notation, whatever the locale; nothing else
/// around it.
std::optional<double> ParseNumber(std::string_view text);
std::optional<long long> ParseInteger(std::string_view text);

/// The one of `candidates` that is nearest to `word` (edit distance at most a third of its
/// length), for "did you mean".
std::optional<std::string> Nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

bool IsUtf8(std::string_view text);

/// `text` on one line, with control characters and invalid UTF-8 replaced and at most `max_length`
/// bytes, so that a hostile file cannot write to the terminal through an error message.
std::string Printable(std::string_view text, std::size_t max_length = 200);

}  // namespace scission
