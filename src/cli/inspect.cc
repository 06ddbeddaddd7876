// scission inspect: what a model consists of.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>

#include "cli/command.h"
#include "cli/model_options.h"
#include "engine/session.h"
#include "report/model_table.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

struct InspectOptions {
  std::string model;
  std::string format = "table";
  ModelOptions model_options;
};

int Inspect(const InspectOptions& options) {
  LoadOptions load = ToLoadOptions(options.model_options);
  load.trace_shapes = TraceShapes;
  const Model model = OpenModel(options.model, load);
  const std::vector<Cut> cuts = FindCuts(model.graph(), options.model_options.max_cut_tensors);
  const auto print = options.format == "csv"    ? LayersCsv
                     : options.format == "json" ? LayersJson
                                                : LayersText;
  std::cout << print(model, cuts);
  return kDone;
}

}  // namespace

int RunInspect(const std::vector<std::string>& arguments) {
  InspectOptions options;
  CLI::App app("Shows the layers of a model: type, output, parameters, work, and the cuts.",
               "inspect");
  app.add_option("MODEL", options.model, "A built-in model or an ONNX file")->required();
  app.add_option("--format", options.format, "table, csv or json (default table)")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  AddModelOptions(app, options.model_options);
  if (!ParseArguments(app, arguments)) return kDone;
  return RunIsolated(options.model, [&] { return Inspect(options); });
}

}  // namespace scission
