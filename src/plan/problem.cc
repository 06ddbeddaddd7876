#include "plan/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "profile/segment_memory.h"

namespace scission {
namespace {

/// Its place in kTiers; kTierCount for any other word.
int TierRank(const std::string& tier) {
  return static_cast<int>(std::find(kTiers.begin(), kTiers.end(), tier) - kTiers.begin());
}

[[noreturn]] void FailUnknownModel(const std::vector<Profile>& profiles, const std::string& model) {
  std::set<std::string> names;
  for (const Profile& profile : profiles) {
    for (const ModelProfile& known : profile.models) names.insert(known.model);
  }
  const std::vector<std::string> known(names.begin(), names.end());
  const auto nearest = Nearest(model, known);
  throw InputError(fmt::format("no profile has the model '{}'{}; there are: {}",
                               Printable(model, 60),
                               nearest ? " (did you mean '" + *nearest + "'?)" : "",
                               known.empty() ? "none" : Join(known, ", ")));
}

void WarnOfDifferentHashes(const std::vector<HostProfile>& hosts,
                           std::vector<std::string>& warnings) {
  const HostProfile* first = nullptr;
  for (const HostProfile& host : hosts) {
    if (host.model->model_hash.empty()) continue;
    if (first == nullptr) first = &host;
    if (host.model->model_hash == first->model->model_hash) continue;
    warnings.push_back(
        fmt::format("{} and {} measured different files of '{}' (their hashes differ)",
                    first->profile->file, host.profile->file, host.model->model));
  }
}

int FirstLayer(const HostProfile& host) { return host.model->blocks.front().first_layer; }
int LastLayer(const HostProfile& host) { return host.model->blocks.back().last_layer; }

void RequireSameModel(const HostProfile& a, const HostProfile& b) {
  const auto place = fmt::format("{}: model '{}'", b.profile->file, b.model->model);
  if (FirstLayer(a) != FirstLayer(b) || LastLayer(a) != LastLayer(b)) {
    throw InputError(place,
                     fmt::format("has the layers {} to {}, but {} to {} in {}", FirstLayer(b),
                                 LastLayer(b), FirstLayer(a), LastLayer(a), a.profile->file));
  }
  if (a.model->batch_size != b.model->batch_size) {
    throw InputError(place, fmt::format("was measured with batch size {}, but with {} in {}",
                                        b.model->batch_size, a.model->batch_size, a.profile->file));
  }
}

std::string CommonHash(const std::vector<HostProfile>& hosts) {
  std::set<std::string> hashes;
  for (const HostProfile& host : hosts) hashes.insert(host.model->model_hash);
  hashes.erase("");
  return hashes.size() == 1 ? *hashes.begin() : "";
}

std::set<int> LastLayers(const ModelProfile& model) {
  std::set<int> layers;
  for (const Block& block : model.blocks) layers.insert(block.last_layer);
  return layers;
}

std::vector<int> CommonLastLayers(const std::vector<HostProfile>& hosts) {
  std::set<int> common = LastLayers(*hosts.front().model);
  for (const HostProfile& host : hosts) {
    const std::set<int> layers = LastLayers(*host.model);
    std::erase_if(common, [&](int layer) { return !layers.contains(layer); });
  }
  return {common.begin(), common.end()};
}

ProblemHost MakeHost(const HostProfile& profile, const std::vector<int>& last_layers) {
  ProblemHost host{profile.profile->host.name, profile.profile->host.tier,
                   SegmentTable(*profile.model, last_layers)};
  const Startup startup = profile.model->startup.value_or(Startup());
  host.startup = profile.profile->host.startup + startup.fixed;
  host.startup_part = startup.part;
  host.threads = profile.model->threads;
  host.pace_deviation = profile.model->PaceDeviation();
  int first_layer = FirstLayer(profile);
  auto last_layer = last_layers.begin();
  for (const Block& block : profile.model->blocks) {
    if (block.last_layer != *last_layer) continue;
    const MemoryNeed memory = SegmentMemory(*profile.model, first_layer, *last_layer);
    host.output_bytes.push_back(block.output_bytes);
    host.weight_bytes.push_back(memory.weights);
    host.peak_bytes.push_back(memory.peak_activations);
    first_layer = *last_layer++ + 1;
  }
  return host;
}

}  // namespace

std::vector<HostProfile> SelectModel(const std::vector<Profile>& profiles, const std::string& model,
                                     std::vector<std::string>& warnings) {
  std::vector<HostProfile> hosts;
  for (const Profile& profile : profiles) {
    const ModelProfile* found = profile.FindModel(ToLower(model));
    if (found != nullptr) {
      hosts.push_back({&profile, found});
      continue;
    }
    warnings.push_back(fmt::format("{}: the model '{}' is not in it; host '{}' is left out",
                                   profile.file, ToLower(model), profile.host.name));
  }
  if (hosts.empty()) FailUnknownModel(profiles, model);
  std::stable_sort(hosts.begin(), hosts.end(), [](const HostProfile& a, const HostProfile& b) {
    return TierRank(a.profile->host.tier) < TierRank(b.profile->host.tier);
  });
  WarnOfDifferentHashes(hosts, warnings);
  return hosts;
}

std::optional<Bytes> InputBytes(const std::vector<HostProfile>& hosts) {
  for (const HostProfile& host : hosts) {
    if (host.model->input_bytes.count > 0) return host.model->input_bytes;
  }
  return std::nullopt;
}

int Problem::BlockOf(int layer) const {
  const auto block = std::lower_bound(
      blocks.begin(), blocks.end(), layer,
      [](const BlockLayers& candidate, int value) { return candidate.last_layer < value; });
  return static_cast<int>(block - blocks.begin());
}

int Problem::FindHost(std::string_view name) const {
  for (int number = 0; number < host_count(); ++number) {
    if (host(number).name == name) return number;
  }
  return -1;
}

Packing Problem::PackingOf(int next_block, int from, int to) const {
  Packing best{BytesBefore(next_block, from)};
  if (codecs.empty() || next_block == 0 || next_block == block_count()) return best;
  const Link& link = *FindLink(from, to);
  const auto block = static_cast<std::size_t>(next_block) - 1;
  const auto seconds = [&](const Packing& packing) {
    return packing.time.count() + packing.bytes.count / link.bytes_per_second;
  };
  for (std::size_t codec = 0; codec < codecs.size(); ++codec) {
    const auto& encoded = host(from).packed[codec][block];
    const auto& decoded = host(to).packed[codec][block];
    if (!encoded || !decoded) continue;
    const Packing packing{encoded->bytes, encoded->encode + decoded->decode,
                          static_cast<int>(codec)};
    if (seconds(packing) < seconds(best)) best = packing;
  }
  return best;
}

std::vector<int> Problem::HostsOf(std::string_view tier) const {
  std::vector<int> numbers;
  for (int number = 0; number < host_count(); ++number) {
    if (host(number).tier == tier) numbers.push_back(number);
  }
  return numbers;
}

std::vector<std::string> Problem::HostNames(const std::vector<int>& numbers) const {
  std::vector<std::string> names;
  for (const int number : numbers) names.push_back(host(number).name);
  return names;
}

Problem MakeProblem(const std::vector<HostProfile>& hosts, const Network& network, Bytes input) {
  for (const HostProfile& host : hosts) RequireSameModel(hosts.front(), host);
  const std::vector<int> last_layers = CommonLastLayers(hosts);
  Problem problem;
  problem.model = hosts.front().model->model;
  problem.model_hash = CommonHash(hosts);
  problem.input = input;
  int first_layer = FirstLayer(hosts.front());
  for (const int last_layer : last_layers) {
    problem.blocks.push_back({first_layer, last_layer});
    first_layer = last_layer + 1;
  }
  for (const HostProfile& host : hosts) problem.hosts.push_back(MakeHost(host, last_layers));
  for (const ProblemHost& from : problem.hosts) {
    for (const ProblemHost& to : problem.hosts) {
      const Link* link = network.Find(from.name, to.name);
      problem.links.push_back(link == nullptr ? std::nullopt : std::optional(*link));
    }
  }
  problem.sources = problem.HostsOf(kTiers.front());
  return problem;
}

void SelectSource(Problem& problem, const std::string& name) {
  if (name.empty() && !problem.sources.empty()) return;
  std::vector<std::string> hosts;
  for (const ProblemHost& host : problem.hosts) hosts.push_back(Printable(host.name, 60));
  const std::string known = "the hosts are " + Join(hosts, ", ");
  if (name.empty()) {
    throw InputError("--source", "is needed, as no host is of the tier device; " + known);
  }
  const int source = problem.FindHost(name);
  if (source < 0) {
    const auto nearest = Nearest(name, hosts);
    throw InputError("--source",
                     fmt::format("there is no host '{}'{}; {}", Printable(name, 60),
                                 nearest ? " (did you mean '" + *nearest + "'?)" : "", known));
  }
  problem.sources = {source};
}

void KeepTierOrder(Problem& problem) {
  for (int from = 0; from < problem.host_count(); ++from) {
    for (int to = 0; to < problem.host_count(); ++to) {
      const int tier = TierRank(problem.host(to).tier);
      if (from == to) continue;
      if (TierRank(problem.host(from).tier) < tier && tier < kTierCount) continue;
      const std::size_t row = static_cast<std::size_t>(from) * problem.hosts.size();
      problem.links[row + static_cast<std::size_t>(to)].reset();
    }
  }
}

}  // namespace scission
