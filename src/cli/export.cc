// scission export: a built-in model as an ONNX file.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "zoo/open_model.h"
#include "zoo/zoo.h"

namespace scission {
namespace {

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

}  // namespace

int RunExport(const std::vector<std::string>& arguments) {
  ExportOptions options;
  CLI::App app("Writes a built-in model as an ONNX file that any runtime can load.", "export");
  app.add_option("NAME", options.model, "The model: " + ModelNames())->required();
  app.add_option("-o,--output", options.output, "The file (default NAME.onnx)");
  app.add_option("--seed", options.seed,
                 fmt::format("Of the random weights (default {})", kDefaultSeed));
  if (!ParseArguments(app, arguments)) return kDone;

  const ZooEntry* entry = FindZooModel(ToLower(options.model));
  if (entry == nullptr) {
    throw InputError("scission export", "'" + Printable(options.model) +
                                            "' is not a built-in model; they are " + ModelNames());
  }
  const std::string file =
      options.output.empty() ? std::string(entry->name) + ".onnx" : options.output;
  WriteZooModel(*entry, options.seed, file);
  std::cout << fmt::format("{}: {} layers, {} parameters\n", file, entry->layer_count,
                           entry->parameters);
  return kDone;
}

}  // namespace scission
