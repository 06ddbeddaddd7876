#include "plan/testing/random_instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "plan/testing/profile_builder.h"

namespace scission::testing {
namespace {

/// Few distinct values, so that ties, zeros and limits that are met exactly are common.
double Amount(Random& random, double unit) { return unit * random.Below(5); }

/// Some of the segments, or all, have arbitrary times; the others none yet (-1).
RandomHost MakeHost(Random& random, int number, int blocks) {
  RandomHost host;
  host.tier = kAllTiers[static_cast<std::size_t>(random.Below(4))];
  host.name = fmt::format("{}{}", host.tier[0], number);
  const int measured_of_4 = random.Below(3) == 0 ? 4 : random.Below(3);
  for (int i = 0; i < blocks; ++i) {
    host.output.push_back(Amount(random, 500));
    host.weights.push_back(Amount(random, 100));
    host.peak.push_back(Amount(random, 100));
  }
  if (random.Below(4) == 0) host.memory = Amount(random, 300);
  if (random.Below(4) == 0) host.startup = Amount(random, 0.25);
  if (random.Below(4) == 0) host.startup_part = Amount(random, 0.25);
  host.watts = Amount(random, 2);
  host.price_per_hour = Amount(random, 900);
  for (int first = 0; first < blocks; ++first) {
    host.seconds.emplace_back(blocks, -1);
    for (int last = first; last < blocks; ++last) {
      if (first != last && random.Below(4) >= measured_of_4) continue;
      host.seconds.back()[static_cast<std::size_t>(last)] =
          Amount(random, 0.25 * (1 + random.Below(last - first + 1)));
    }
  }
  return host;
}

std::string RandomCriteria(Random& random, const std::string& tier,
                           const std::vector<RandomHost>& hosts, int layers) {
  std::vector<std::string> names;
  for (const RandomHost& host : hosts) {
    if (host.tier == tier) names.push_back(host.name);
  }
  std::vector<std::string> criteria;
  for (int count = random.Below(6) - 3; count > 0; --count) {
    const std::string negation = random.Below(2) == 0 ? "!" : "";
    const int kind = random.Below(names.empty() ? 2 : 3);
    const auto name = static_cast<std::size_t>(random.Below(std::max<int>(1, names.size())));
    criteria.push_back(negation + (kind == 0   ? "-1"
                                   : kind == 1 ? std::to_string(random.Below(layers))
                                               : names[name]));
  }
  return Join(criteria, ",");
}

const std::vector<std::string> kMetricNames = {"latency", "throughput", "bytes", "energy", "cost"};

/// Half of the instances have the plain objective.
void AddObjective(Random& random, RandomInstance& instance) {
  for (const std::string& metric : kMetricNames) {
    const double most = metric == "bytes" ? 1000 : 1;
    if (random.Below(12) == 0) instance.limits[metric] = Amount(random, most);
  }
  if (random.Below(2) == 0) return;
  instance.objective = {{kMetricNames[static_cast<std::size_t>(random.Below(5))], 1}};
  if (random.Below(4) > 0) return;
  instance.objective = {{"latency", 1}, {"bytes", 500}, {"energy", 0.25}};
}

void AddLinks(Random& random, RandomInstance& instance) {
  const int missing_of_6 = random.Below(3);
  const bool all_links_alike = random.Below(3) == 0;
  for (const RandomHost& from : instance.hosts) {
    for (const RandomHost& to : instance.hosts) {
      if (random.Below(6) < missing_of_6) continue;
      instance.network.links[{from.name, to.name}] =
          all_links_alike ? Link{Seconds(0.125), 1000}
                          : Link{Seconds(Amount(random, 0.125)), 1000.0 * (1 + random.Below(3))};
      if (all_links_alike) continue;
      instance.link_facts[{from.name, to.name}] = {Amount(random, 0x1p-10),
                                                   Amount(random, 0x1p-10)};
    }
  }
}

}  // namespace

RandomInstance MakeInstance(Random& random, int hosts, int blocks) {
  RandomInstance instance;
  instance.blocks = blocks;
  instance.input = Amount(random, 500);
  for (int i = 0; i < hosts; ++i) instance.hosts.push_back(MakeHost(random, i, blocks));
  const bool has_twins = hosts > 1 && random.Below(3) == 0;
  if (has_twins) {
    instance.hosts[1].seconds = instance.hosts[0].seconds;
    instance.hosts[1].output = instance.hosts[0].output;
    instance.hosts[1].weights = instance.hosts[0].weights;
    instance.hosts[1].peak = instance.hosts[0].peak;
    instance.hosts[1].memory = instance.hosts[0].memory;
    instance.hosts[1].startup = instance.hosts[0].startup;
    instance.hosts[1].startup_part = instance.hosts[0].startup_part;
    instance.hosts[1].watts = instance.hosts[0].watts;
    instance.hosts[1].price_per_hour = instance.hosts[0].price_per_hour;
  }
  AddLinks(random, instance);
  for (const std::string& tier : kAllTiers) {
    TierTexts& texts = instance.texts[tier];
    texts.criteria = RandomCriteria(random, tier, instance.hosts, 2 * blocks);
    if (random.Below(6) == 0) texts.upload = fmt::format("{}", Amount(random, 0.0005));
    if (random.Below(6) == 0) texts.time = fmt::format("{}", Amount(random, 0.5));
    if (random.Below(6) == 0) texts.time = fmt::format("{}%", Amount(random, 25));
  }
  if (random.Below(3) == 0) instance.max_stages = 1 + random.Below(4);
  if (random.Below(6) == 0) instance.min_layers = 1 + random.Below(2 * blocks);
  if (random.Below(6) == 0) instance.max_layers = 1 + random.Below(2 * blocks);
  if (random.Below(6) == 0) instance.private_layer = random.Below(2 * blocks);
  if (random.Below(6) == 0) {
    const auto host = [&] { return static_cast<std::size_t>(random.Below(hosts)); };
    instance.excluded_link = {instance.hosts[host()].name, instance.hosts[host()].name};
  }
  instance.returns_output = random.Below(4) == 0;
  instance.may_revisit = std::pow(hosts, blocks) < 5000 && random.Below(4) == 0;
  AddObjective(random, instance);
  instance.hosts[static_cast<std::size_t>(random.Below(hosts))].is_source = true;
  if (random.Below(3) == 0) {
    instance.hosts[static_cast<std::size_t>(random.Below(hosts))].is_source = true;
  }
  instance.counts_replies = !instance.returns_output && random.Below(3) == 0;
  return instance;
}

Profile ToProfile(const RandomHost& host) {
  std::vector<BlockSpec> blocks;
  const int count = static_cast<int>(host.output.size());
  for (int b = 0; b < count; ++b) {
    const auto i = static_cast<std::size_t>(b);
    blocks.push_back({2 * b, 2 * b + 1, host.seconds[i][i], host.output[i]});
  }
  Profile profile = MakeProfile(host.tier, host.name, blocks);
  for (int first = 0; first < count; ++first) {
    for (int last = first + 1; last < count; ++last) {
      const double time =
          host.seconds[static_cast<std::size_t>(first)][static_cast<std::size_t>(last)];
      if (time >= 0) {
        profile.models[0].ranges.push_back({2 * first, 2 * last + 1, {Seconds(time)}});
      }
    }
  }
  return profile;
}

void AddEstimates(RandomHost& host) {
  const Profile profile = ToProfile(host);
  std::vector<int> last_layers;
  for (const Block& block : profile.models[0].blocks) last_layers.push_back(block.last_layer);
  const SegmentTable table(profile.models[0], last_layers);
  for (std::size_t first = 0; first < host.seconds.size(); ++first) {
    for (std::size_t last = first; last < host.seconds.size(); ++last) {
      host.seconds[first][last] = table.Time(first, last).count();
    }
  }
}

}  // namespace scission::testing
