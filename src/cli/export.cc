// scission export: built-in models as ONNX files.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "zoo/open_model.h"
#include "zoo/zoo.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::string model;
  std::string output;
  std::uint64_t seed = kDefaultSeed;
};

std::string ModelNames() {
  std::vector<std::string> names;
  for (const ZooEntry& entry : Zoo()) names.emplace_back(entry.name);
  return Join(names, ", ");
}

void Export(const ZooEntry& entry, std::uint64_t seed, const fs::path& file) {
  WriteZooModel(entry, seed, file);
  std::cout << fmt::format("{}: {} layers, {} parameters\n", file.string(), entry.layer_count,
                           entry.parameters)
            << std::flush;
}

void ExportAll(const ExportOptions& options) {
  const fs::path folder = options.output.empty() ? "." : options.output;
  CreateFolder(folder);
  for (const ZooEntry& entry : Zoo()) {
    Export(entry, options.seed, folder / (std::string(entry.name) + ".onnx"));
  }
}

void ExportOne(const ExportOptions& options) {
  const ZooEntry* entry = FindZooModel(ToLower(options.model));
  if (entry == nullptr) {
    throw InputError("scission export", "'" + Printable(options.model) +
                                            "' is not a built-in model; they are " + ModelNames());
  }
  const std::string file_name = std::string(entry->name) + ".onnx";
  if (options.output.empty()) return Export(*entry, options.seed, file_name);
  const fs::path output = options.output;
  Export(*entry, options.seed, fs::is_directory(output) ? output / file_name : output);
}

}  // namespace

int RunExport(const std::vector<std::string>& arguments) {
  ExportOptions options;
  OptionSet set("Writes built-in models as ONNX files that any runtime can load.", "export");
  set.Add("NAME", options.model, "The model, or all: " + ModelNames()).Required();
  set.Add("-o,--output", options.output,
          "The file, or the folder in which it is to be (default NAME.onnx)");
  set.Add("--seed", options.seed, fmt::format("Of the random weights (default {})", kDefaultSeed));
  if (!set.Parse(arguments)) return kDone;
  if (ToLower(options.model) == "all") {
    ExportAll(options);
  } else {
    ExportOne(options);
  }
  return kDone;
}

}  // namespace scission
