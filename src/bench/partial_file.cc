#include "bench/partial_file.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

/// What an image's contents are recognised by.
std::string Stamp(const std::string& file) {
  std::error_code error;
  const fs::path path = fs::absolute(file, error);
  const auto size = fs::file_size(path, error);
  if (error) return file;
  const auto written = fs::last_write_time(path, error).time_since_epoch().count();
  return fmt::format("{}:{}:{}", path.string(), size, written);
}

}  // namespace

fs::path PartialFile(const fs::path& folder, const std::string& model,
                     const BenchmarkOptions& options) {
  const MeasureOptions& measure = options.measure;
  std::string settings;
  const auto add = [&settings](const auto& value) { settings += fmt::format("{}\n", value); };
  add(IsBuiltIn(model) ? ToLower(model) : fs::absolute(model).string());
  add(options.image.empty() ? "" : Stamp(options.image));
  add(EngineVersion());
  add(ToText(options.engine.provider));
  add(ThreadCount(options.engine));
  add(options.pins_threads);
  add(measure.min_rounds);
  add(measure.max_rounds);
  add(measure.precision);
  add(measure.longest_watch.count());
  add(ToText(options.effort));
  add(options.max_cut_tensors);
  add(options.keeps_all_cuts);
  add(options.verifies);
  add(options.measures_codecs);
  add(options.load.batch_size.value_or(0));
  for (const auto& [name, size] : options.load.dimensions) {
    add(name);
    add(size);
  }
  Sha256 hash;
  hash.Add(settings);
  return folder / (hash.Finish() + ".json");
}

}  // namespace scission
