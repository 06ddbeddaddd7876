// scission split: the segments of a model as files for other runtimes.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/options.h"
#include "deploy/manifest.h"
#include "deploy/triton.h"
#include "engine/session.h"
#include "model/cuts.h"
#include "report/plan_file.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

struct SplitOptions {
  std::string model;
  std::string at;
  std::string plan;
  std::string output;
  bool triton = false;
  ModelOptions model_options;
};

constexpr const char* kDescription =
    "Writes the segments of a model into the new folder DIR: each as an ONNX file that any\n"
    "runtime can load, and manifest.json, which tells what they need and give. Free dimensions\n"
    "of the model are bound, see -b and --dim.";

constexpr const char* kFooter = R"(
Layers are numbered as 'inspect' numbers them; it shows where a model can be cut.

Examples:
  scission split resnet50 --at 38,80 -o parts
  scission split model.onnx --plan plan.json -o parts
  scission split vgg19 --at 11 --triton -o repository)";

void AddOptions(OptionSet& set, SplitOptions& options) {
  set.Add("MODEL", options.model,
          "A built-in model or an ONNX file; may be left out where PLAN is for a built-in "
          "one");
  set.Add("--at", options.at, "Cut behind these layers, in any order").TypeName("LAYER[,LAYER...]");
  set.Add("--plan", options.plan,
          "Cut as the first plan does in what 'predict --format json' printed")
      .TypeName("PLAN.json");
  set.Add("-o,--output", options.output, "The folder to make; it may be there if empty")
      .TypeName("DIR")
      .Required();
  set.AddFlag("--triton", options.triton,
              "Write a model repository for NVIDIA's Triton Inference Server instead: a model for "
              "each segment, and an ensemble of them");
  AddModelOptions(set, options.model_options);
  set.Footer(kFooter);
}

/// Where to cut: one of the two is given.
struct Places {
  std::set<int> layers;
  std::optional<PlanFile> plan;
};

Places ParsePlaces(const SplitOptions& options) {
  if (options.at.empty() == options.plan.empty()) {
    throw InputError("scission split", "give either --at or --plan");
  }
  Places places;
  if (!options.plan.empty()) {
    places.plan = ReadPlanFile(options.plan);
    return places;
  }
  for (const std::string& text : Split(options.at, ',')) {
    const auto layer = ParseInteger(text);
    if (!layer || *layer < 0 || *layer > INT32_MAX) {
      throw InputError("--at", "'" + Printable(text, 40) + "' is not the number of a layer");
    }
    places.layers.insert(static_cast<int>(*layer));
  }
  return places;
}

std::string BuiltInModelOf(const Places& places, const std::string& file) {
  if (!places.plan) throw InputError("scission split", "--at needs a MODEL");
  if (IsBuiltIn(places.plan->model)) return places.plan->model;
  throw InputError(file, "its model '" + places.plan->model +
                             "' is not a built-in one; give the MODEL's file as well");
}

/// The places where a model can be cut.
class Cuts {
 public:
  Cuts(const Graph& graph, int max_tensors)
      : graph_(graph), max_tensors_(max_tensors), cuts_(FindCuts(graph, max_tensors)) {}

  /// Throws InputError starting with `place` where `layer` is none of them.
  void Require(int layer, const std::string& place) const {
    const int last = WholeOf(graph_).last;
    if (layer > last) {
      throw InputError(place, fmt::format("there is no layer {}; the last one is {}", layer, last));
    }
    if (std::any_of(cuts_.begin(), cuts_.end(), [&](const Cut& c) { return c.layer == layer; })) {
      return;
    }
    const int crossing = static_cast<int>(CrossingActivations(graph_, layer).size());
    const std::string reason =
        layer < last && crossing > max_tensors_
            ? fmt::format(", where {} tensors cross (see --max-cut-tensors)", crossing)
            : "";
    throw InputError(place, fmt::format("the model cannot be cut behind layer {}{}; {}", layer,
                                        reason, NearestTo(layer)));
  }

 private:
  std::string NearestTo(int layer) const {
    const auto above =
        std::find_if(cuts_.begin(), cuts_.end(), [&](const Cut& cut) { return cut.layer > layer; });
    std::vector<std::string> nearest;
    if (above != cuts_.begin()) nearest.push_back(std::to_string(std::prev(above)->layer));
    if (above != cuts_.end()) nearest.push_back(std::to_string(above->layer));
    if (nearest.empty()) return "nor anywhere else";
    return (nearest.size() == 1 ? "the nearest cut is behind layer "
                                : "the nearest cuts are behind layers ") +
           Join(nearest, " and ");
  }

  const Graph& graph_;
  int max_tensors_;
  std::vector<Cut> cuts_;
};

std::vector<PlannedSegment> SegmentsAt(const Model& model, const Cuts& cuts,
                                       const std::set<int>& layers) {
  std::vector<PlannedSegment> segments;
  int first = 0;
  for (const int last : layers) {
    cuts.Require(last, "--at");
    segments.push_back({{first, last}, "", ""});
    first = last + 1;
  }
  segments.push_back({{first, WholeOf(model.graph()).last}, "", ""});
  return segments;
}

void RequireSameLayers(const Model& model, const PlanFile& plan, const std::string& file) {
  RequireModel(model, plan, file);
  const int last = WholeOf(model.graph()).last;
  if (plan.stages.back().last_layer != last) {
    throw InputError(file, fmt::format("ends with layer {}, but the last one of '{}' is {}",
                                       plan.stages.back().last_layer, plan.model, last));
  }
}

std::vector<PlannedSegment> SegmentsOf(const Model& model, const Cuts& cuts, const PlanFile& plan,
                                       const std::string& file) {
  RequireSameLayers(model, plan, file);
  std::vector<PlannedSegment> segments;
  for (const Stage& stage : plan.stages) {
    if (!segments.empty()) cuts.Require(segments.back().layers.last, file);
    segments.push_back({{stage.first_layer, stage.last_layer}, stage.host, stage.tier});
  }
  return segments;
}

void Report(const Model& model, const std::vector<PlannedSegment>& segments,
            const SplitOptions& options) {
  std::cout << fmt::format(
      "{}: {} segment{} of {}{}\n", options.output, segments.size(),
      segments.size() == 1 ? "" : "s", Printable(model.name(), 100),
      options.triton ? " as a Triton model repository, ensemble " + TritonName(model.name()) : "");
  for (const PlannedSegment& segment : segments) {
    const auto& [first, last] = segment.layers;
    const Bytes sent = SizeOf(model.graph(), CrossingActivations(model.graph(), last));
    std::cout << fmt::format("  layers {} - {}{}, {:.4f} MB out\n", first, last,
                             segment.host.empty() ? "" : " for " + segment.host, ToMegabytes(sent));
  }
}

int SplitModel(const SplitOptions& options, const Places& places, AtomicFolder& folder) {
  LoadOptions load = ToLoadOptions(options.model_options);
  load.trace_shapes = TraceShapes;
  const Model model = OpenModel(options.model, load);
  const Cuts cuts(model.graph(), options.model_options.max_cut_tensors);
  const std::vector<PlannedSegment> segments =
      places.plan ? SegmentsOf(model, cuts, *places.plan, options.plan)
                  : SegmentsAt(model, cuts, places.layers);
  const auto write = options.triton ? WriteTritonRepository : WriteSplit;
  write(model, segments, folder.temporary_path(), kMaxOnnxBytes);
  folder.Commit();
  Report(model, segments, options);
  return kDone;
}

}  // namespace

int RunSplit(const std::vector<std::string>& arguments) {
  SplitOptions options;
  OptionSet set(kDescription, "split");
  AddOptions(set, options);
  if (!set.Parse(arguments)) return kDone;
  const Places places = ParsePlaces(options);
  if (options.model.empty()) options.model = BuiltInModelOf(places, options.plan);
  AtomicFolder folder(options.output);  // here, so that it vanishes whatever becomes of the child
  return RunIsolated(options.model, [&] { return SplitModel(options, places, folder); });
}

}  // namespace scission
