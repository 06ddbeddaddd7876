#include "profile/check.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

void CheckBlocks(const std::string& place, const ModelProfile& model) {
  if (model.blocks.empty()) throw InputError(place, "there are no blocks");
  for (std::size_t i = 0; i < model.blocks.size(); ++i) {
    const Block& block = model.blocks[i];
    if (block.last_layer < block.first_layer) {
      throw InputError(place, fmt::format("block {} ends with layer {}, before its first layer {}",
                                          i, block.last_layer, block.first_layer));
    }
    if (i > 0 && block.first_layer != model.blocks[i - 1].last_layer + 1) {
      throw InputError(place,
                       fmt::format("the blocks are not contiguous: layer {} follows layer {}",
                                   block.first_layer, model.blocks[i - 1].last_layer));
    }
  }
}

void CheckRanges(const std::string& place, const ModelProfile& model) {
  std::set<int> first_layers;
  std::set<int> last_layers;
  for (const Block& block : model.blocks) {
    first_layers.insert(block.first_layer);
    last_layers.insert(block.last_layer);
  }
  std::set<std::pair<int, int>> seen;
  for (const MeasuredRange& range : model.ranges) {
    const auto name = fmt::format("the range {} to {}", range.first_layer, range.last_layer);
    if (range.samples.empty()) throw InputError(place, name + " has no samples");
    if (!range.paces.empty() && range.paces.size() != range.samples.size()) {
      throw InputError(place, name + " has not as many paces as samples");
    }
    if (range.last_layer < range.first_layer || !first_layers.contains(range.first_layer) ||
        !last_layers.contains(range.last_layer)) {
      throw InputError(place, name + " does not begin and end with a block");
    }
    if (!seen.emplace(range.first_layer, range.last_layer).second) {
      throw InputError(place, name + " stands twice");
    }
  }
  for (const Block& block : model.blocks) {
    if (seen.contains({block.first_layer, block.last_layer})) continue;
    throw InputError(place, fmt::format("the block {} to {} has no measured range",
                                        block.first_layer, block.last_layer));
  }
}

}  // namespace

void CheckProfile(const Profile& profile) {
  // They are printed in lines of their own and stand in files of other formats.
  for (const std::string& name : {profile.host.name, profile.host.tier}) {
    if (Printable(name) == name) continue;
    throw InputError(profile.file, "the host's name or tier '" + Printable(name, 60) +
                                       "' is too long or has control characters");
  }
  if (profile.host.name.empty()) throw InputError(profile.file, "the host has no name");
  if (profile.host.tier.empty()) throw InputError(profile.file, "the host has no tier");
  std::set<std::string> names;
  for (const ModelProfile& model : profile.models) {
    const std::string name = Printable(model.model, 60);
    if (model.model.empty()) throw InputError(profile.file, "a model has no name");
    if (Printable(model.model) != model.model) {
      throw InputError(profile.file,
                       "the model's name '" + name + "' is too long or has control characters");
    }
    if (!names.insert(model.model).second) {
      throw InputError(profile.file, fmt::format("model '{}' stands twice", name));
    }
    const auto place = fmt::format("{}: model '{}'", profile.file, name);
    CheckBlocks(place, model);
    CheckRanges(place, model);
  }
}

}  // namespace scission
