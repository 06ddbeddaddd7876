// scission models: the built-in models side by side.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>

#include "cli/command.h"
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
  CLI::App app("Lists the built-in models.", "models");
  app.add_option("--format", format, "table, csv or json (default table)")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  if (!ParseArguments(app, arguments)) return kDone;
  const auto print = format == "csv" ? ModelsCsv : format == "json" ? ModelsJson : ModelsText;
  std::cout << print(Summaries());
  return kDone;
}

}  // namespace scission
