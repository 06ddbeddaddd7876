#include "plan/codecs.h"

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

std::optional<CodecFigures> FiguresOf(const ModelProfile& model, int last_layer,
                                      const std::string& codec) {
  for (const Block& block : model.blocks) {
    if (block.last_layer != last_layer) continue;
    for (const CodecFigures& figures : block.codecs) {
      if (figures.codec == codec) return figures;
    }
  }
  return std::nullopt;
}

}  // namespace

void AllowCodecs(const std::string& option, const std::vector<HostProfile>& hosts,
                 const std::vector<std::string>& codecs, Problem& problem) {
  bool has_figures = codecs.empty();
  for (std::size_t number = 0; number < hosts.size(); ++number) {
    auto& packed = problem.hosts[number].packed;
    packed.clear();
    for (const std::string& codec : codecs) {
      auto& of_codec = packed.emplace_back();
      for (const BlockLayers& block : problem.blocks) {
        of_codec.push_back(FiguresOf(*hosts[number].model, block.last_layer, codec));
        has_figures = has_figures || of_codec.back().has_value();
      }
    }
  }
  if (!has_figures) {
    throw InputError(option, "no profile tells what packing with " + Join(codecs, ", ") +
                                 " costs; measure it with benchmark --codecs");
  }
  problem.codecs = codecs;
}

}  // namespace scission
