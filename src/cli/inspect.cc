// scission inspect: what a model consists of.
#include <iostream>

#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/options.h"
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
  OptionSet set("Shows the layers of a model: type, output, parameters, work, and the cuts.",
                "inspect");
  set.Add("MODEL", options.model, "A built-in model or an ONNX file").Required();
  set.Add("--format", options.format, "table, csv or json (default table)")
      .OneOf({"table", "csv", "json"});
  AddModelOptions(set, options.model_options);
  if (!set.Parse(arguments)) return kDone;
  return RunIsolated(options.model, [&] { return Inspect(options); });
}

}  // namespace scission
