// scission graph: a picture of a model's layers and cuts.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/options.h"
#include "engine/session.h"
#include "profile/profile_io.h"
#include "report/graph_picture.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

struct GraphOptions {
  std::vector<std::string> models;
  std::string output;
  std::vector<std::string> formats = {"svg"};
  std::string collapse;
  std::string plan;
  std::string profile;
  ModelOptions model_options;
};

/// What colours the pictures; at most one is there.
struct Colouring {
  std::optional<PlanFile> plan;
  std::optional<Profile> profile;
};

std::string NameOf(const std::string& model) {
  return IsBuiltIn(model) ? ToLower(model) : ModelNameOf(model);
}

void Warn(const std::string& text) {
  std::cerr << "scission: warning: " << Printable(text, 500) << '\n';
}

Colouring ReadColouring(const GraphOptions& options) {
  Colouring colouring;
  if (!options.plan.empty()) colouring.plan = ReadPlanFile(options.plan);
  if (!options.profile.empty()) {
    const bool is_dat = ToLower(fs::path(options.profile).extension().string()) == ".dat";
    colouring.profile = is_dat ? ReadDatProfile(options.profile) : ReadProfile(options.profile);
  }
  return colouring;
}

/// What the user named, else what the plan or the profile is of, else all built-in models.
std::vector<std::string> ModelsToDraw(const GraphOptions& options, const Colouring& colouring) {
  if (!options.models.empty()) return options.models;
  if (colouring.plan) return {colouring.plan->model};
  std::vector<std::string> models;
  if (colouring.profile) {
    for (const ModelProfile& model : colouring.profile->models) models.push_back(model.model);
    return models;
  }
  for (const ZooEntry& entry : Zoo()) models.emplace_back(entry.name);
  return models;
}

void CheckNames(const std::vector<std::string>& models) {
  std::map<std::string, std::string> seen;
  for (const std::string& model : models) {
    const auto [other, is_new] = seen.emplace(NameOf(model), model);
    if (is_new) continue;
    throw InputError(model, fmt::format("would be drawn into the same file as {}", other->second));
  }
}

void WarnOfAnotherHash(const Model& model, const std::string& hash, const std::string& file) {
  if (hash.empty() || hash == model.Hash()) return;
  Warn(fmt::format("{}: is of a '{}' with other contents (the hash differs)", file, model.name()));
}

GraphPaint MakePaint(const GraphOptions& options, const Colouring& colouring, const Model& model) {
  const std::string name = NameOf(model.name());
  const std::vector<Cut> cuts = FindCuts(model.graph(), options.model_options.max_cut_tensors);
  if (colouring.plan) {
    const PlanFile& plan = *colouring.plan;
    RequireModel(model, plan, options.plan);
    return PaintPlan(model.graph(), cuts, plan, options.plan);
  }
  if (colouring.profile) {
    const ModelProfile* measured = colouring.profile->FindModel(name);
    if (measured == nullptr) throw InputError(options.profile, "has no model " + name);
    WarnOfAnotherHash(model, measured->model_hash, options.profile);
    return PaintProfile(model.graph(), *measured, colouring.profile->host, options.profile);
  }
  GraphPaint paint;
  paint.cuts = cuts;
  return paint;
}

std::string Title(const Model& model, std::size_t cut_count) {
  double flops = 0;
  for (const Layer& layer : model.graph().layers) flops += static_cast<double>(layer.flops);
  return fmt::format("{}: {} layers, {} cuts, {:.3g} million parameters, {:.3g} GFLOPs",
                     NameOf(model.name()), model.graph().layers.size(), cut_count,
                     static_cast<double>(model.graph().parameters) / 1e6, flops / 1e9);
}

int DrawModel(const GraphOptions& options, const Colouring& colouring, const std::string& name) {
  LoadOptions load = ToLoadOptions(options.model_options);
  load.trace_shapes = TraceShapes;
  const Model model = OpenModel(name, load);
  GraphView view;
  view.paint = MakePaint(options, colouring, model);
  view.collapse_blocks = !options.collapse.empty();
  view.title = Title(model, view.paint.cuts.size());
  CreateFolder(options.output);
  const fs::path stem = fs::path(options.output) / (NameOf(name) + "-graph");
  for (const GraphFile& file : WriteGraph(model.graph(), view, options.formats, stem, Warn)) {
    std::cout << Printable(file.path.string(), 1000);
    if (file.is_collapsed) std::cout << ", blocks collapsed";
    if (file.columns > 1) std::cout << ", wrapped into " << file.columns << " columns";
    std::cout << '\n';
  }
  return kDone;
}

int Draw(GraphOptions& options) {
  if (!options.plan.empty() && !options.profile.empty()) {
    throw InputError("scission graph", "--plan and --profile exclude each other");
  }
  std::sort(options.formats.begin(), options.formats.end());
  options.formats.erase(std::unique(options.formats.begin(), options.formats.end()),
                        options.formats.end());
  const Colouring colouring = ReadColouring(options);
  const std::vector<std::string> models = ModelsToDraw(options, colouring);
  CheckNames(models);
  for (const std::string& model : models) {
    const int code = RunIsolated(model, [&] { return DrawModel(options, colouring, model); });
    if (code != kDone) return code;
  }
  return kDone;
}

}  // namespace

int RunGraph(const std::vector<std::string>& arguments) {
  GraphOptions options;
  OptionSet set(
      "Draws the layers of models and the cuts between them into DIR/MODEL-graph.FORMAT.\n"
      "With a plan or a profile, colours show hosts or times.",
      "graph");
  set.Add("MODEL", options.models,
          "Built-in models or ONNX files (default: the plan's or the profile's, else all "
          "built-in models)");
  set.Add("-o,--output", options.output, "The folder of the pictures").Required().TypeName("DIR");
  set.Add("--format", options.formats,
          "svg, png, dot (Graphviz's text) or several with commas (default svg)")
      .Delimiter(',')
      .OneValueEach()
      .OneOf({"svg", "png", "dot"})
      .TypeName("FORMAT");
  set.Add("--collapse", options.collapse, "blocks: a box for each block, not for each layer")
      .OneOf({"blocks"});
  set.Add("--plan", options.plan,
          "Colour by host: the first plan that 'predict --format json' printed into FILE")
      .TypeName("FILE");
  set.Add("--profile", options.profile, "Colour by time: a TIER-NAME.json or .dat of 'benchmark'")
      .TypeName("FILE");
  AddModelOptions(set, options.model_options);
  if (!set.Parse(arguments)) return kDone;
  return Draw(options);
}

}  // namespace scission
