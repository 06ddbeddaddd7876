#include "zoo/open_model.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "model/contents.h"
#include "zoo/build.h"

namespace scission {

bool IsBuiltIn(const std::string& name) { return FindZooModel(ToLower(name)) != nullptr; }

void RequireModel(const std::string& name) {
  if (IsBuiltIn(name) || std::filesystem::exists(name)) return;
  std::vector<std::string> names;
  for (const ZooEntry& entry : Zoo()) names.emplace_back(entry.name);
  const auto nearest = Nearest(ToLower(name), names);
  throw InputError(Printable(name), "there is no such file and no such built-in model; " +
                                        (nearest ? "did you mean '" + *nearest + "'?"
                                                 : "built in are " + Join(names, ", ")));
}

Model OpenModel(const std::string& name, const LoadOptions& options, std::uint64_t seed) {
  if (const ZooEntry* entry = FindZooModel(ToLower(name))) {
    return MakeModel(BuildZooModel(*entry, seed), entry->name, entry->name, "", options);
  }
  RequireModel(name);
  return LoadModel(name, options);
}

Graph ZooGraph(const ZooEntry& entry) {
  const LoadOptions options{.allow_missing_values = true};
  return MakeModel(BuildZooModel(entry, std::nullopt), entry.name, entry.name, "", options).graph();
}

void WriteZooModel(const ZooEntry& entry, std::uint64_t seed, const std::filesystem::path& file) {
  AtomicFile output(file);
  {
    std::ofstream stream(output.temporary_path(), std::ios::binary);
    if (!BuildZooModel(entry, seed).SerializeToOstream(&stream) || !stream.flush()) {
      throw InputError(file.string(), "cannot be written; is the disk full?");
    }
  }
  output.Commit();
}

Preprocessing PreprocessingOf(const Model& model) {
  return ParsePreprocessing(model.Metadata("scission.preprocessing"))
      .value_or(Preprocessing::kTorch);
}

}  // namespace scission
