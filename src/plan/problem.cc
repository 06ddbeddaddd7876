#include "plan/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

std::optional<int> FindTier(const std::string& name) {
  const auto tier = std::find(kTiers.begin(), kTiers.end(), name);
  if (tier == kTiers.end()) return std::nullopt;
  return static_cast<int>(tier - kTiers.begin());
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

ProblemHost MakeHost(const HostProfile& host, const std::vector<int>& last_layers) {
  std::vector<Bytes> output_bytes;
  auto last_layer = last_layers.begin();
  for (const Block& block : host.model->blocks) {
    if (block.last_layer != *last_layer) continue;
    output_bytes.push_back(block.output_bytes);
    ++last_layer;
  }
  return {host.profile->host.name, host.tier, SegmentTable(*host.model, last_layers),
          std::move(output_bytes)};
}

}  // namespace

std::vector<HostProfile> SelectModel(const std::vector<Profile>& profiles, const std::string& model,
                                     std::vector<std::string>& warnings) {
  std::vector<HostProfile> hosts;
  for (const Profile& profile : profiles) {
    const ModelProfile* found = profile.FindModel(ToLower(model));
    const auto tier = FindTier(profile.host.tier);
    if (!tier) {
      warnings.push_back(
          fmt::format("{}: the tier '{}' is not device, edge or cloud; host '{}' is "
                      "left out",
                      profile.file, profile.host.tier, profile.host.name));
    } else if (found == nullptr) {
      warnings.push_back(fmt::format("{}: the model '{}' is not in it; host '{}' is left out",
                                     profile.file, ToLower(model), profile.host.name));
    } else {
      hosts.push_back({&profile, found, *tier});
    }
  }
  const bool is_known = std::any_of(profiles.begin(), profiles.end(), [&](const Profile& profile) {
    return profile.FindModel(ToLower(model)) != nullptr;
  });
  if (hosts.empty() && is_known) {
    throw InputError("no host that has the model '" + Printable(model) +
                     "' is of the tier device, edge or cloud");
  }
  if (hosts.empty()) FailUnknownModel(profiles, model);
  std::stable_sort(hosts.begin(), hosts.end(),
                   [](const HostProfile& a, const HostProfile& b) { return a.tier < b.tier; });
  WarnOfDifferentHashes(hosts, warnings);
  return hosts;
}

std::optional<Bytes> InputBytes(const std::vector<HostProfile>& hosts) {
  for (const HostProfile& host : hosts) {
    if (host.model->input_bytes.count > 0) return host.model->input_bytes;
  }
  return std::nullopt;
}

std::vector<std::string> Problem::HostNames(int tier) const {
  std::vector<std::string> names;
  for (const ProblemHost& host : hosts) {
    if (host.tier == tier) names.push_back(host.name);
  }
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
  return problem;
}

}  // namespace scission
