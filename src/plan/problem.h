// What the planner works on: the profiles of one model, aligned, and the links between the hosts.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "network/network.h"
#include "profile/profile.h"
#include "profile/segment_time.h"

namespace scission {

/// In the order in which data pass through them. A tier is an index into this.
inline constexpr std::array<const char*, 3> kTiers = {"device", "edge", "cloud"};
inline constexpr int kTierCount = static_cast<int>(kTiers.size());

/// A model on a host; both pointers lie in the profiles that were given.
struct HostProfile {
  const Profile* profile = nullptr;
  const ModelProfile* model = nullptr;
  int tier = 0;
};

/// The hosts that have the model, by tier, then in the order of `profiles`. `model` is found
/// whatever its case. Hosts without the model or with a tier not in kTiers are left out, and models
/// that differ in their hash are kept, each with a line in `warnings`. Throws InputError where no
/// host has the model.
std::vector<HostProfile> SelectModel(const std::vector<Profile>& profiles, const std::string& model,
                                     std::vector<std::string>& warnings);

/// The size of the model's input tensors where a profile tells it.
std::optional<Bytes> InputBytes(const std::vector<HostProfile>& hosts);

struct ProblemHost {
  std::string name;
  int tier = 0;
  SegmentTable times;
  std::vector<Bytes> output_bytes;  ///< behind each block
};

struct BlockLayers {
  int first_layer = 0;
  int last_layer = 0;
};

/// Blocks are what lies between the cuts that all profiles have in common.
struct Problem {
  std::string model;
  std::string model_hash;  ///< where all hosts that know one agree; else empty
  Bytes input;             ///< what a source sends where it runs nothing
  std::vector<BlockLayers> blocks;
  std::vector<ProblemHost> hosts;          ///< by tier
  std::vector<std::optional<Link>> links;  ///< [from * hosts.size() + to]

  int block_count() const { return static_cast<int>(blocks.size()); }
  int host_count() const { return static_cast<int>(hosts.size()); }
  int first_layer() const { return blocks.front().first_layer; }
  int last_layer() const { return blocks.back().last_layer; }
  const std::optional<Link>& FindLink(int from, int to) const {
    return links[static_cast<std::size_t>(from) * hosts.size() + static_cast<std::size_t>(to)];
  }
  /// Names of the hosts of `tier`.
  std::vector<std::string> HostNames(int tier) const;
};

/// Aligns the hosts (at least one) by layer numbers. Throws InputError naming two files where the
/// first or last layers or the batch sizes differ.
Problem MakeProblem(const std::vector<HostProfile>& hosts, const Network& network, Bytes input);

}  // namespace scission
