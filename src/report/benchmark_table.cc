#include "report/benchmark_table.h"

#include <fmt/format.h>

#include "report/table.h"

namespace scission {
namespace {

using Json = nlohmann::ordered_json;

Json OrNothing(const std::optional<Seconds>& time) {
  return time ? Json(ToMilliseconds(*time)) : Json();
}

const MeasuredRange* Whole(const ModelProfile& model) {
  return model.FindRange(model.blocks.front().first_layer, model.blocks.back().last_layer);
}

Seconds BlockSum(const ModelProfile& model) {
  Seconds sum{0};
  for (const Block& block : model.blocks) {
    sum += model.FindRange(block.first_layer, block.last_layer)->TypicalTime();
  }
  return sum;
}

const std::vector<Column<ModelProfile>>& Columns() {
  static const std::vector<Column<ModelProfile>> kColumns = {
      {"model", [](const ModelProfile& model) { return model.model; }},
      {"layers", [](const ModelProfile& model) { return model.blocks.back().last_layer + 1; }},
      {"blocks", [](const ModelProfile& model) { return model.blocks.size(); }},
      {"cuts left out", [](const ModelProfile& model) { return model.cuts_left_out; }},
      {"ranges", [](const ModelProfile& model) { return model.ranges.size(); }},
      {"threads", [](const ModelProfile& model) { return model.threads; }},
      {"batch", [](const ModelProfile& model) { return model.batch_size; }},
      {"whole ms",
       [](const ModelProfile& model) { return ToMilliseconds(Whole(model)->TypicalTime()); }},
      {"p10",
       [](const ModelProfile& model) { return ToMilliseconds(Whole(model)->Percentile(0.1)); }},
      {"p90",
       [](const ModelProfile& model) { return ToMilliseconds(Whole(model)->Percentile(0.9)); }},
      {"sum of blocks ms",
       [](const ModelProfile& model) { return ToMilliseconds(BlockSum(model)); }},
      {"repeatability %",
       [](const ModelProfile& model) {
         return model.repeatability ? Json(100 * model.repeatability->median) : Json();
       }},
      {"load ms", [](const ModelProfile& model) { return OrNothing(model.load_time); }},
      {"image ms", [](const ModelProfile& model) { return OrNothing(model.preprocess_time); }},
      {"first run ms", [](const ModelProfile& model) { return OrNothing(model.first_run_time); }},
  };
  return kColumns;
}

}  // namespace

std::string BenchmarkText(const Profile& profile) {
  const Host& host = profile.host;
  return fmt::format("{} ({}): {}, {} cores, {:.1f} GB\n\n", host.name, host.tier, host.cpu,
                     host.cores, host.memory.count / 1e9) +
         CellsToText(MakeCells(Columns(), profile.models));
}

}  // namespace scission
