#include "plan/testing/exhaustive.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"

namespace scission::testing {

Exhaustive::Exhaustive(const RandomInstance& instance) : instance_(instance) {
  for (const RandomHost& host : instance.hosts) {
    source_ = &host;
    if (host.is_source) Extend(0);
  }
  std::sort(plans_.begin(), plans_.end(), [](const NaivePlan& a, const NaivePlan& b) {
    const double value_a = std::round(a.value * 1e9);
    const double value_b = std::round(b.value * 1e9);
    return value_a != value_b ? value_a < value_b : a.latency < b.latency;
  });
}

void Exhaustive::Extend(int next) {
  if (next == instance_.blocks) return Complete();
  const RandomHost* at = stages_.empty() ? source_ : stages_.back().host;
  for (const RandomHost& host : instance_.hosts) {
    const bool is_used = std::any_of(stages_.begin(), stages_.end(),
                                     [&](const NaiveStage& s) { return s.host == &host; });
    if (is_used && !(instance_.may_revisit && &host != at)) continue;
    if (&host != at && !HasLink(*at, host)) continue;
    for (int last = next; last < instance_.blocks; ++last) {
      stages_.push_back({&host, next, last});
      Extend(last + 1);
      stages_.pop_back();
    }
  }
}

/// Where answers count, one in each direction.
bool Exhaustive::HasLink(const RandomHost& from, const RandomHost& to) const {
  const bool has_way_back = instance_.network.Find(to.name, from.name) != nullptr;
  return instance_.network.Find(from.name, to.name) != nullptr &&
         (has_way_back || !instance_.counts_replies);
}

void Exhaustive::Complete() {
  const RandomHost& last = *stages_.back().host;
  const bool is_back = !instance_.returns_output || &last == source_;
  if (!is_back && instance_.network.Find(last.name, source_->name) == nullptr) return;
  if (!MeetsAll()) return;
  NaivePlan plan;
  plan.metrics = Metrics();
  plan.latency = plan.metrics.at("latency");
  for (const auto& [metric, weight] : instance_.objective) {
    const bool counts_megabytes = metric == "bytes" && instance_.objective.size() > 1;
    plan.value += weight * plan.metrics.at(metric) * (counts_megabytes ? 1e-6 : 1);
  }
  plans_.push_back(plan);
}

std::vector<Exhaustive::NaiveHop> Exhaustive::Hops() const {
  std::vector<NaiveHop> hops;
  const RandomHost* at = source_;
  double data = instance_.input;
  for (const NaiveStage& stage : stages_) {
    if (at != stage.host) hops.push_back({at, stage.host, data});
    at = stage.host;
    data = at->output[static_cast<std::size_t>(stage.last)];
  }
  if (instance_.returns_output && at != source_) hops.push_back({at, source_, data});
  return hops;
}

double Exhaustive::HopTime(const NaiveHop& hop) const {
  const Link& link = *instance_.network.Find(hop.from->name, hop.to->name);
  const double there = link.latency.count() + hop.bytes / link.bytes_per_second;
  if (!instance_.counts_replies) return there;
  const Link& back = *instance_.network.Find(hop.to->name, hop.from->name);
  return there + back.latency.count() + hop.to->output.back() / back.bytes_per_second;
}

/// What the source's own worker takes for the input.
double Exhaustive::EntryTime() const {
  const Link* own = instance_.network.Find(source_->name, source_->name);
  if (own == nullptr) return 0;
  const double there = own->latency.count() + instance_.input / own->bytes_per_second;
  if (!instance_.counts_replies) return there;
  return there + own->latency.count() + source_->output.back() / own->bytes_per_second;
}

/// Everything that crosses a link: what hops carry, and the answers to them.
std::vector<Exhaustive::NaiveHop> Exhaustive::Crossings() const {
  std::vector<NaiveHop> crossings;
  for (const NaiveHop& hop : Hops()) {
    crossings.push_back(hop);
    if (instance_.counts_replies) crossings.push_back({hop.to, hop.from, hop.to->output.back()});
  }
  return crossings;
}

double Exhaustive::StageTime(const NaiveStage& stage) const {
  const double segment =
      stage.host
          ->seconds[static_cast<std::size_t>(stage.first)][static_cast<std::size_t>(stage.last)];
  return stage.host->startup + segment + segment * stage.host->startup_part;
}

/// Of a tier, or of all.
double Exhaustive::Compute(const std::string& tier) const {
  double sum = 0;
  for (const NaiveStage& stage : stages_) {
    if (tier.empty() || stage.host->tier == tier) sum += StageTime(stage);
  }
  return sum;
}

double Exhaustive::Sent(const std::string& tier) const {
  double sum = 0;
  for (const NaiveHop& hop : Crossings()) {
    if (tier.empty() || hop.from->tier == tier) sum += hop.bytes;
  }
  return sum;
}

double Exhaustive::Period() const {
  std::map<std::string, double> busy;
  for (const NaiveStage& stage : stages_) busy[stage.host->name] += StageTime(stage);
  for (const NaiveHop& hop : Hops()) busy[hop.from->name + ">" + hop.to->name] += HopTime(hop);
  double longest = 0;
  for (const auto& [place, time] : busy) longest = std::max(longest, time);
  return longest;
}

std::map<std::string, double> Exhaustive::Metrics() const {
  double transfer = 0;
  double joules = 0;
  double price = 0;
  for (const NaiveStage& stage : stages_) {
    joules += StageTime(stage) * stage.host->watts;
    price += StageTime(stage) * stage.host->price_per_hour / 3600;
  }
  for (const NaiveHop& hop : Hops()) transfer += HopTime(hop);
  for (const NaiveHop& hop : Crossings()) {
    const auto found = instance_.link_facts.find({hop.from->name, hop.to->name});
    if (found == instance_.link_facts.end()) continue;
    joules += hop.bytes * found->second.joules_per_byte;
    price += hop.bytes * found->second.price_per_byte;
  }
  return {{"latency", Compute({}) + transfer + EntryTime()},
          {"throughput", Period()},
          {"bytes", Sent({})},
          {"energy", joules},
          {"cost", price}};
}

bool Exhaustive::MeetsShape() const {
  std::set<const RandomHost*> used;
  for (const NaiveStage& stage : stages_) used.insert(stage.host);
  const int count = static_cast<int>(used.size());
  if (instance_.max_stages != kNone && count > instance_.max_stages) return false;
  if (instance_.private_layer != kNone &&
      (stages_[0].host != source_ || instance_.private_layer > 2 * stages_[0].last + 1)) {
    return false;
  }
  for (const NaiveStage& stage : stages_) {
    const int layers = 2 * (stage.last - stage.first + 1);
    if (instance_.min_layers != kNone && layers < instance_.min_layers) return false;
    if (instance_.max_layers != kNone && layers > instance_.max_layers) return false;
  }
  const auto hops = Hops();
  return std::none_of(hops.begin(), hops.end(), [&](const NaiveHop& hop) {
    return instance_.excluded_link == std::pair(hop.from->name, hop.to->name);
  });
}

bool Exhaustive::MeetsMemory() const {
  return std::all_of(instance_.hosts.begin(), instance_.hosts.end(), [&](const RandomHost& host) {
    if (host.memory == kNone) return true;
    double weights = 0;
    double peak = 0;
    for (const NaiveStage& stage : stages_) {
      for (int block = stage.first; stage.host == &host && block <= stage.last; ++block) {
        weights += host.weights[static_cast<std::size_t>(block)];
        peak = std::max(peak, host.peak[static_cast<std::size_t>(block)]);
      }
    }
    return weights + peak <= host.memory;
  });
}

bool Exhaustive::MeetsAll() const {
  const auto metrics = Metrics();
  const auto is_kept = [&](const auto& limit) {
    return metrics.at(limit.first) <= limit.second * (1 + 1e-12);
  };
  return MeetsShape() && MeetsMemory() &&
         std::all_of(instance_.limits.begin(), instance_.limits.end(), is_kept) &&
         std::all_of(kAllTiers.begin(), kAllTiers.end(), [&](const std::string& tier) {
           return MeetsCriteria(tier) && MeetsLimits(tier);
         });
}

bool Exhaustive::MeetsCriteria(const std::string& tier) const {
  const std::string& criteria = instance_.texts.at(tier).criteria;
  if (criteria.empty()) return true;
  std::set<std::string> used;
  std::set<int> layers;
  for (const NaiveStage& stage : stages_) {
    if (stage.host->tier != tier) continue;
    used.insert(stage.host->name);
    for (int layer = 2 * stage.first; layer < 2 * stage.last + 2; ++layer) layers.insert(layer);
  }
  std::set<std::string> wanted;
  for (const std::string& criterion : Split(criteria, ',')) {
    const bool negated = criterion[0] == '!';
    const std::string word = criterion.substr(negated ? 1 : 0);
    if (word == "-1") {
      if (used.empty() == negated) return false;
    } else if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
      if (layers.contains(std::stoi(word)) == negated) return false;
    } else if (negated) {
      if (used.empty() || used.contains(word)) return false;
    } else {
      wanted.insert(word);
    }
  }
  return wanted.empty() ||
         (!used.empty() && std::includes(wanted.begin(), wanted.end(), used.begin(), used.end()));
}

bool Exhaustive::MeetsLimits(const std::string& tier) const {
  const TierTexts& texts = instance_.texts.at(tier);
  if (!texts.upload.empty() && Sent(tier) > std::stod(texts.upload) * 1e6 + 1e-6) return false;
  if (texts.time.empty()) return true;
  const double limit = std::stod(texts.time);
  return texts.time.back() == '%' ? Compute(tier) * 100 <= limit * Compute({}) + 1e-9
                                  : Compute(tier) <= limit;
}

}  // namespace scission::testing
