#include "model/mapped_weights.h"

#include <fstream>

#include "base/error.h"
#include "model/contents.h"
#include "model/mapped_file.h"
#include "model/segment_writer.h"

namespace scission {
namespace {

/// Returns where each lies.
std::vector<std::size_t> WriteWeights(const std::vector<Weight>& weights,
                                      const std::filesystem::path& file) {
  std::ofstream stream(file, std::ios::binary);
  std::vector<std::size_t> offsets;
  std::size_t written = 0;
  for (const Weight& weight : weights) {
    offsets.push_back(AlignedOffset(written));
    stream << std::string(offsets.back() - written, '\0') << weight.data;
    written = offsets.back() + weight.data.size();
  }
  if (!stream.flush()) throw InputError(file.string(), "cannot be written; is the disk full?");
  return offsets;
}

}  // namespace

Model MapWeights(const Model& model, const std::filesystem::path& file) {
  if (model.contents().weights.empty()) return model;
  const std::vector<std::size_t> offsets = WriteWeights(model.contents().weights, file);
  auto contents = std::make_shared<ModelContents>(model.contents());
  contents->weight_file = std::make_shared<const MappedFile>(file);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    Weight& weight = contents->weights[i];
    weight.data = contents->weight_file->data().substr(offsets[i], weight.data.size());
    weight.owner = contents->weight_file;
  }
  return Model(model.name(), model.graph(), std::move(contents));
}

void ForgetWeights(const Model& model) {
  if (model.contents().weight_file) model.contents().weight_file->ForgetPages();
}

}  // namespace scission
