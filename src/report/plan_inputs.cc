#include "report/plan_inputs.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path FolderOf(const fs::path& file) { return fs::absolute(file).parent_path(); }

/// True for what stands there and is a file of other contents, or no file at all.
bool HasChanged(const fs::path& input, const std::string& sha256) {
  std::error_code error;
  if (!fs::exists(input, error)) return false;
  return !fs::is_regular_file(input, error) || Sha256OfFile(input) != sha256;
}

}  // namespace

void SavePlans(const std::string& plans, const std::vector<fs::path>& inputs,
               const fs::path& file) {
  const fs::path folder = FolderOf(file);
  Json json = Json::parse(plans);
  json["inputs"] = Json::array();
  for (const fs::path& input : inputs) {
    json["inputs"].push_back(
        {{"file", fs::proximate(input, folder).string()}, {"sha256", Sha256OfFile(input)}});
  }
  WriteFileAtomically(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<fs::path> InputsOf(const JsonReader& json, const fs::path& file) {
  std::vector<fs::path> inputs;
  if (!json.Has("inputs")) return inputs;
  for (const JsonReader& input : json["inputs"].Items()) {
    inputs.push_back(FolderOf(file) / input["file"].Text());
  }
  return inputs;
}

void RequireUnchangedInputs(const JsonReader& json, const fs::path& file) {
  if (!json.Has("inputs")) return;
  for (const JsonReader& input : json["inputs"].Items()) {
    const std::string name = input["file"].Text();
    if (name.find('\0') != name.npos) input["file"].Fail("is not the name of a file");
    if (!HasChanged(FolderOf(file) / name, input["sha256"].Text())) continue;
    throw InputError(file.string(),
                     fmt::format("was made from {}, which has changed since; make it anew with "
                                 "'predict --save'",
                                 Printable(name)));
  }
}

}  // namespace scission
