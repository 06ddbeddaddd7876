// The original tool's .dat: a dictionary from model to a list of LayerBenchmark objects.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "profile/check.h"
#include "profile/pickle.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

constexpr std::size_t kMaxFileBytes = 16u << 20;

/// Host from "TIER-NAME"; the name may hold further dashes and dots.
Host HostFromFileName(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const auto dash = stem.find('-');
  if (dash == std::string::npos || dash == 0 || dash + 1 == stem.size()) {
    throw InputError(file.string(), "the file's name must be TIER-NAME.dat");
  }
  Host host;
  host.tier = ToLower(stem.substr(0, dash));
  host.name = stem.substr(dash + 1);
  return host;
}

/// One LayerBenchmark's attributes. Place is what errors begin with.
class Attributes {
 public:
  Attributes(std::string place, const pickle::Value& value) : place_(std::move(place)) {
    const auto* object = std::get_if<pickle::Object>(&value.data);
    if (object == nullptr || object->state == nullptr) {
      throw InputError(place_, "is not a LayerBenchmark");
    }
    state_ = &std::get<pickle::Dict>(object->state->data);
  }

  Seconds Time(std::string_view name) const {
    const pickle::Value& value = Required(name);
    double seconds = std::numeric_limits<double>::quiet_NaN();
    if (const auto* number = std::get_if<double>(&value.data)) seconds = *number;
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
      seconds = static_cast<double>(*number);
    }
    if (!std::isfinite(seconds) || seconds < 0) {
      throw InputError(place_, fmt::format("'{}' is not a finite time of 0 or more", name));
    }
    return Seconds(seconds);
  }

  std::int64_t Count(std::string_view name, std::int64_t limit) const {
    const auto count = OptionalCount(Required(name));
    if (count && *count <= limit) return *count;
    throw InputError(place_, fmt::format("'{}' is not an integer from 0 to {}", name, limit));
  }

  /// 0 where the attribute is missing or no count: only some versions of the tool write it.
  std::int64_t CountOrZero(std::string_view name) const {
    const pickle::Value* value = Find(name);
    return value == nullptr ? 0 : OptionalCount(*value).value_or(0);
  }

  std::vector<std::string> Texts(std::string_view name) const {
    const pickle::Value* value = Find(name);
    const auto* list = value == nullptr ? nullptr : std::get_if<pickle::List>(&value->data);
    std::vector<std::string> texts;
    if (list == nullptr) return texts;
    for (const pickle::Value* item : list->items) {
      if (const auto* text = std::get_if<pickle::Text>(&item->data)) texts.push_back(text->text);
    }
    return texts;
  }

 private:
  const pickle::Value* Find(std::string_view name) const {
    for (const auto& [key, value] : state_->items) {
      const auto* text = std::get_if<pickle::Text>(&key->data);
      if (text != nullptr && text->text == name) return value;
    }
    return nullptr;
  }

  const pickle::Value& Required(std::string_view name) const {
    const pickle::Value* value = Find(name);
    if (value == nullptr) throw InputError(place_, fmt::format("'{}' is missing", name));
    return *value;
  }

  static std::optional<std::int64_t> OptionalCount(const pickle::Value& value) {
    const auto* number = std::get_if<std::int64_t>(&value.data);
    if (number == nullptr || *number < 0) return std::nullopt;
    return *number;
  }

  std::string place_;
  const pickle::Dict* state_;
};

constexpr std::int64_t kMaxLayer = 1'000'000'000;
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 53;

void AddBlock(const Attributes& attributes, ModelProfile& model) {
  Block block;
  block.first_layer = static_cast<int>(attributes.Count("input_layer", kMaxLayer));
  block.last_layer = static_cast<int>(attributes.Count("output_layer", kMaxLayer));
  block.output_bytes.count = static_cast<double>(attributes.Count("output_size", kMaxBytes));
  block.layer_types = attributes.Texts("layers");
  block.parameters = attributes.CountOrZero("params");
  block.macs = attributes.CountOrZero("macs");
  block.flops = attributes.CountOrZero("flops");
  const Seconds time = attributes.Time("second_prediction");
  model.ranges.push_back({block.first_layer, block.last_layer, {time}});
  model.blocks.push_back(std::move(block));
}

ModelProfile ReadModel(const std::string& file, const pickle::Value& key,
                       const pickle::Value& value) {
  const auto* name = std::get_if<pickle::Text>(&key.data);
  const auto* blocks = std::get_if<pickle::List>(&value.data);
  if (name == nullptr) throw InputError(file, "a model's name is not a text");
  const auto place = fmt::format("{}: model '{}'", file, Printable(name->text, 60));
  if (blocks == nullptr) throw InputError(place, "does not hold a list of blocks");
  ModelProfile model;
  model.model = ToLower(name->text);
  for (std::size_t i = 0; i < blocks->items.size(); ++i) {
    AddBlock(Attributes(fmt::format("{}: block {}", place, i), *blocks->items[i]), model);
  }
  return model;
}

}  // namespace

Profile ReadDatProfile(const std::filesystem::path& path) {
  Profile profile;
  profile.file = path.string();
  profile.host = HostFromFileName(path);
  pickle::Document document;
  const std::string bytes = ReadFile(path, kMaxFileBytes);
  pickle::Parse(profile.file, bytes, document);
  const auto* models = std::get_if<pickle::Dict>(&document.root().data);
  if (models == nullptr) {
    throw InputError(profile.file,
                     "holds no measurements by model: its outermost value is not a "
                     "dictionary from a model's name to its blocks");
  }
  for (const auto& [key, value] : models->items) {
    profile.models.push_back(ReadModel(profile.file, *key, *value));
  }
  CheckProfile(profile);
  return profile;
}

}  // namespace scission
