// What the planner works on: the profiles of one model, aligned, and the links between the hosts.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "network/hosts.h"
#include "network/network.h"
#include "profile/profile.h"
#include "profile/segment_time.h"

namespace scission {

/// The tiers that the original tool knows, in the order in which data pass through them there.
inline constexpr std::array<const char*, 3> kTiers = {"device", "edge", "cloud"};
inline constexpr int kTierCount = static_cast<int>(kTiers.size());

/// A model on a host; both pointers lie in the profiles that were given.
struct HostProfile {
  const Profile* profile = nullptr;
  const ModelProfile* model = nullptr;
};

/// The hosts that have the model: by tier as in kTiers, then those of other tiers, each in the
/// order of `profiles`. `model` is found whatever its case. Hosts without the model are left out,
/// and models that differ in their hash are kept, each with a line in `warnings`. Throws InputError
/// where no host has the model.
std::vector<HostProfile> SelectModel(const std::vector<Profile>& profiles, const std::string& model,
                                     std::vector<std::string>& warnings);

/// The size of the model's input tensors where a profile tells it.
std::optional<Bytes> InputBytes(const std::vector<HostProfile>& hosts);

/// How what is behind a block crosses a link.
struct Packing {
  Bytes bytes;      ///< that cross
  Seconds time{0};  ///< of packing and unpacking
  int codec = -1;   ///< of Problem::codecs; -1: as it is
};

struct ProblemHost {
  std::string name;
  std::string tier;  ///< any word
  SegmentTable times;
  std::vector<Bytes> output_bytes;  ///< behind each block
  /// What each stage takes besides its segment, and as a part of the segment's time.
  Seconds startup{0};
  double startup_part = 0;
  double watts = 0;                 ///< while it computes
  double price_per_hour = 0;        ///< likewise
  std::vector<Bytes> weight_bytes;  ///< of each block
  std::vector<Bytes> peak_bytes;    ///< activations alive at once in each block
  /// [codec of Problem::codecs][block]; nothing where it was not measured. Empty: no codecs.
  std::vector<std::vector<std::optional<CodecFigures>>> packed;
  int threads = 0;                       ///< of an inference, as it was measured; 0: not known
  std::optional<double> pace_deviation;  ///< ModelProfile::PaceDeviation()

  /// Of the blocks first..last as one stage.
  Seconds StageTime(int first, int last) const { return WithStartup(SegmentTime(first, last)); }
  /// Without `startup` and `startup_part`.
  Seconds SegmentTime(int first, int last) const {
    return times.Time(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
  }
  Seconds WithStartup(Seconds segment) const { return startup + segment * (1 + startup_part); }
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
  std::vector<ProblemHost> hosts;  ///< in the order of SelectModel
  /// [from * hosts.size() + to]. From a host to itself: how a program there hands its own worker
  /// something, where that was measured.
  std::vector<std::optional<Link>> links;
  std::vector<LinkFacts> link_facts;  ///< likewise; may be empty: all 0
  /// Where links carry answers back (replies.h), what they are in one direction; else empty.
  std::vector<std::optional<Link>> one_way;
  std::vector<int> sources;     ///< hosts that may hold the input, ascending
  bool returns_output = false;  ///< the source wants the output back
  bool may_revisit = false;     ///< a host may run several stages
  /// With which hops may pack what stages give (codecs.h); empty: all goes as it is.
  std::vector<std::string> codecs;

  int block_count() const { return static_cast<int>(blocks.size()); }
  int host_count() const { return static_cast<int>(hosts.size()); }
  int first_layer() const { return blocks.front().first_layer; }
  int last_layer() const { return blocks.back().last_layer; }
  const std::optional<Link>& FindLink(int from, int to) const {
    return links[static_cast<std::size_t>(from) * hosts.size() + static_cast<std::size_t>(to)];
  }
  const std::optional<Link>& FindOneWay(int from, int to) const {
    if (!counts_replies()) return FindLink(from, to);
    return one_way[static_cast<std::size_t>(from) * hosts.size() + static_cast<std::size_t>(to)];
  }
  LinkFacts FactsOf(int from, int to) const {
    if (link_facts.empty()) return {};
    return link_facts[static_cast<std::size_t>(from) * hosts.size() + static_cast<std::size_t>(to)];
  }
  const ProblemHost& host(int number) const { return hosts[static_cast<std::size_t>(number)]; }
  /// The block that has `layer`, one of the model's.
  int BlockOf(int layer) const;
  int LayerCount(int first_block, int last_block) const {
    return blocks[static_cast<std::size_t>(last_block)].last_layer -
           blocks[static_cast<std::size_t>(first_block)].first_layer + 1;
  }
  /// What crosses the hop from host `from` when the blocks before `next_block` are done.
  Bytes BytesBefore(int next_block, int from) const {
    if (next_block == 0) return input;
    return host(from).output_bytes[static_cast<std::size_t>(next_block) - 1];
  }
  /// How that crosses the link to `to`, which must be there: with the codec that takes the least
  /// time, packing, sending and unpacking together. Inputs and the returned output go as they are.
  Packing PackingOf(int next_block, int from, int to) const;
  /// Empty where nothing is packed.
  std::string CodecName(const Packing& packing) const {
    return packing.codec < 0 ? "" : codecs[static_cast<std::size_t>(packing.codec)];
  }
  /// What the hop takes then, its answer's way back included where answers count.
  Seconds HopTime(int from, int to, const Packing& packing) const {
    return TransferTime(packing.bytes, *FindLink(from, to)) + packing.time;
  }
  /// What it takes to hand the source the input, the answer's way back included where answers
  /// count; 0 where it was not measured.
  Seconds EntryTime(int source) const {
    const auto& own = FindLink(source, source);
    return own ? TransferTime(input, *own) : Seconds(0);
  }
  bool counts_replies() const { return !one_way.empty(); }
  /// What comes back over a hop to host `to`: the model's output where answers count, else nothing.
  Bytes ReplyOf(int to) const {
    return counts_replies() ? BytesBefore(block_count(), to) : Bytes();
  }
  /// The number of the host; -1 where there is none of this name.
  int FindHost(std::string_view name) const;
  /// The hosts of a tier, ascending.
  std::vector<int> HostsOf(std::string_view tier) const;
  std::vector<std::string> HostNames(const std::vector<int>& numbers) const;
};

/// Aligns the hosts (at least one) by layer numbers; every device is a source. Throws InputError
/// naming two files where the first or last layers or the batch sizes differ.
Problem MakeProblem(const std::vector<HostProfile>& hosts, const Network& network, Bytes input);

/// Makes the host `name` the only source; an empty name leaves the devices. Throws InputError, with
/// the hosts, where there is no such host or no device.
void SelectSource(Problem& problem, const std::string& name);

/// Leaves the links from a tier of kTiers to a later one, which makes plans the original tool's: at
/// most one host of each tier, in order.
void KeepTierOrder(Problem& problem);

}  // namespace scission
