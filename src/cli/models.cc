// scission models: the built-in models side by side.
#include <iostream>

#include "cli/command.h"
#include "cli/options.h"
#include "report/models_table.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

std::vector<ModelSummary> Summaries() {
  std::vector<ModelSummary> summaries;
  for (const ZooEntry& entry : Zoo()) {
    ModelSummary& summary = summaries.emplace_back(SummaryOf(ZooGraph(entry)));
    summary.name = entry.name;
    summary.input_size = entry.input_size;
    summary.preprocessing = Name(entry.preprocessing);
  }
  return summaries;
}

}  // namespace

int RunModels(const std::vector<std::string>& arguments) {
  std::string format = "table";
  OptionSet set("Lists the built-in models.", "models");
  set.Add("--format", format, "table, csv or json (default table)").OneOf({"table", "csv", "json"});
  if (!set.Parse(arguments)) return kDone;
  const auto print = format == "csv" ? ModelsCsv : format == "json" ? ModelsJson : ModelsText;
  std::cout << print(Summaries());
  return kDone;
}

}  // namespace scission
