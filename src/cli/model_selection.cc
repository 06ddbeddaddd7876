#include "cli/model_selection.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "zoo/zoo.h"

namespace scission {
namespace {

std::vector<std::string> NamesIn(const std::string& list, const std::string& option) {
  std::vector<std::string> names = Split(list, ',');
  if (std::find(names.begin(), names.end(), "") != names.end()) {
    throw InputError(option + " " + Printable(list), "must be names with one comma between them");
  }
  return names;
}

std::vector<std::string> BuiltInNames() {
  std::vector<std::string> names;
  for (const ZooEntry& entry : Zoo()) names.emplace_back(entry.name);
  return names;
}

/// Files are told apart by case, built-in models are not.
bool IsSameModel(const std::string& a, const std::string& b) {
  return a == b || (FindZooModel(ToLower(a)) != nullptr && ToLower(a) == ToLower(b));
}

void RequireKnown(const std::string& excluded, const std::vector<std::string>& models) {
  std::vector<std::string> known = BuiltInNames();
  known.insert(known.end(), models.begin(), models.end());
  const auto is_it = [&](const std::string& model) { return IsSameModel(excluded, model); };
  if (std::any_of(known.begin(), known.end(), is_it)) return;
  const auto nearest = Nearest(excluded, known);
  throw InputError("--exclude " + Printable(excluded),
                   "is neither among the models named nor built in" +
                       (nearest ? "; did you mean '" + *nearest + "'?" : ""));
}

}  // namespace

std::vector<std::string> SelectModels(const ModelSelection& selection) {
  if (!selection.words.empty() && selection.models) {
    throw InputError("--models " + Printable(*selection.models),
                     "names the models, and so does '" + Printable(selection.words.front()) +
                         "'; use one of the two ways");
  }
  std::vector<std::string> models = selection.words;
  if (selection.models) models = NamesIn(*selection.models, "--models");
  if (models.empty()) models = BuiltInNames();
  if (!selection.excluded) return models;
  const std::vector<std::string> all = models;
  for (const std::string& excluded : NamesIn(*selection.excluded, "--exclude")) {
    RequireKnown(excluded, all);
    std::erase_if(models, [&](const std::string& model) { return IsSameModel(excluded, model); });
  }
  if (models.empty()) {
    throw InputError("--exclude " + Printable(*selection.excluded), "leaves no model to measure");
  }
  return models;
}

}  // namespace scission
