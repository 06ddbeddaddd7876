#include "image/preprocessing.h"

#include <array>
#include <utility>

namespace scission {
namespace {

constexpr std::array<std::pair<Preprocessing, const char*>, 4> kNames{{
    {Preprocessing::kNone, "none"},
    {Preprocessing::kCaffe, "caffe"},
    {Preprocessing::kTf, "tf"},
    {Preprocessing::kTorch, "torch"},
}};

}  // namespace

const char* Name(Preprocessing preprocessing) {
  for (const auto& [mode, name] : kNames) {
    if (mode == preprocessing) return name;
  }
  return "none";
}

std::optional<Preprocessing> ParsePreprocessing(std::string_view name) {
  for (const auto& [mode, known] : kNames) {
    if (known == name) return mode;
  }
  return std::nullopt;
}

}  // namespace scission
