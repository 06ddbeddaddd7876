// For tests only: profiles of one model, "m", in a line each.
#pragma once

#include <string>
#include <vector>

#include "network/network.h"
#include "plan/problem.h"
#include "profile/profile.h"

namespace scission::testing {

struct BlockSpec {
  int first_layer = 0;
  int last_layer = 0;
  double seconds = 0;
  double output_bytes = 0;
};

inline Profile MakeProfile(const std::string& tier, const std::string& name,
                           const std::vector<BlockSpec>& blocks) {
  Profile profile;
  profile.file = tier + "-" + name;
  profile.host.name = name;
  profile.host.tier = tier;
  ModelProfile model;
  model.model = "m";
  for (const BlockSpec& spec : blocks) {
    Block block;
    block.first_layer = spec.first_layer;
    block.last_layer = spec.last_layer;
    block.output_bytes = Bytes{spec.output_bytes};
    model.blocks.push_back(block);
    model.ranges.push_back({spec.first_layer, spec.last_layer, {Seconds(spec.seconds)}});
  }
  profile.models.push_back(model);
  return profile;
}

struct LinkSpec {
  std::string from;
  std::string to;
  double seconds = 0;
  double bytes_per_second = 1;
};

inline Network MakeNetwork(const std::vector<LinkSpec>& links) {
  Network network;
  network.file = "network.csv";
  for (const LinkSpec& link : links) {
    network.links[{link.from, link.to}] = {Seconds(link.seconds), link.bytes_per_second};
  }
  return network;
}

inline Problem MakeProblem(const std::vector<Profile>& profiles, const Network& network,
                           double input_bytes) {
  std::vector<std::string> warnings;
  return scission::MakeProblem(SelectModel(profiles, "m", warnings), network, Bytes{input_bytes});
}

}  // namespace scission::testing
