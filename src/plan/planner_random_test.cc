// The planner against an exhaustive search on random instances. The search is written from the
// rules and not from the planner: all sequences of distinct hosts, all cuts, texts of criteria.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "plan/planner.h"
#include "plan/testing/profile_builder.h"
#include "plan/testing/random_instance.h"

namespace scission {
namespace {

using testing::kAllTiers;
using testing::kNone;
using testing::RandomHost;
using testing::RandomInstance;
using testing::TierTexts;

struct NaiveStage {
  const RandomHost* host = nullptr;
  int first = 0;
  int last = 0;
};

/// All plans, by recursion.
class Exhaustive {
 public:
  explicit Exhaustive(const RandomInstance& instance) : instance_(instance) {
    for (const RandomHost& host : instance.hosts) {
      source_ = &host;
      if (host.is_source) Extend(0);
    }
    std::sort(latencies_.begin(), latencies_.end());
  }

  const std::vector<double>& latencies() const { return latencies_; }

 private:
  void Extend(int next) {
    if (next == instance_.blocks) {
      if (MeetsAll()) latencies_.push_back(Compute({}) + Transfer({}, false));
      return;
    }
    const RandomHost* at = stages_.empty() ? source_ : stages_.back().host;
    for (const RandomHost& host : instance_.hosts) {
      const bool is_used = std::any_of(stages_.begin(), stages_.end(),
                                       [&](const NaiveStage& s) { return s.host == &host; });
      if (is_used) continue;
      if (&host != at && instance_.network.Find(at->name, host.name) == nullptr) continue;
      for (int last = next; last < instance_.blocks; ++last) {
        stages_.push_back({&host, next, last});
        Extend(last + 1);
        stages_.pop_back();
      }
    }
  }

  /// Of a tier, or of all.
  double Compute(const std::string& tier) const {
    double sum = 0;
    for (const NaiveStage& stage : stages_) {
      if (!tier.empty() && stage.host->tier != tier) continue;
      sum += stage.host->seconds[static_cast<std::size_t>(stage.first)]
                                [static_cast<std::size_t>(stage.last)];
    }
    return sum;
  }

  /// Seconds, or bytes, that the hosts of a tier send, or all.
  double Transfer(const std::string& tier, bool bytes) const {
    double sum = 0;
    const RandomHost* at = source_;
    double data = instance_.input;
    for (const NaiveStage& stage : stages_) {
      if (at != stage.host && (tier.empty() || at->tier == tier)) {
        const Link& link = *instance_.network.Find(at->name, stage.host->name);
        sum += bytes ? data : link.latency.count() + data / link.bytes_per_second;
      }
      at = stage.host;
      data = at->output[static_cast<std::size_t>(stage.last)];
    }
    return sum;
  }

  bool MeetsShape() const {
    const int count = static_cast<int>(stages_.size());
    if (instance_.max_stages != kNone && count > instance_.max_stages) return false;
    if (instance_.private_layer != kNone &&
        (stages_[0].host != source_ || instance_.private_layer > 2 * stages_[0].last + 1)) {
      return false;
    }
    const RandomHost* at = source_;
    for (const NaiveStage& stage : stages_) {
      const int layers = 2 * (stage.last - stage.first + 1);
      if (instance_.min_layers != kNone && layers < instance_.min_layers) return false;
      if (instance_.max_layers != kNone && layers > instance_.max_layers) return false;
      const bool is_hop = at != stage.host;
      if (is_hop && instance_.excluded_link == std::pair(at->name, stage.host->name)) return false;
      at = stage.host;
    }
    return true;
  }

  bool MeetsAll() const {
    return MeetsShape() &&
           std::all_of(kAllTiers.begin(), kAllTiers.end(), [&](const std::string& tier) {
             return MeetsCriteria(tier) && MeetsLimits(tier);
           });
  }

  bool MeetsCriteria(const std::string& tier) const {
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

  bool MeetsLimits(const std::string& tier) const {
    const TierTexts& texts = instance_.texts.at(tier);
    if (!texts.upload.empty() && Transfer(tier, true) > std::stod(texts.upload) * 1e6 + 1e-6) {
      return false;
    }
    if (texts.time.empty()) return true;
    const double limit = std::stod(texts.time);
    return texts.time.back() == '%' ? Compute(tier) * 100 <= limit * Compute({}) + 1e-9
                                    : Compute(tier) <= limit;
  }

  const RandomInstance& instance_;
  const RandomHost* source_ = nullptr;
  std::vector<NaiveStage> stages_;
  std::vector<double> latencies_;
};

Problem ToProblem(const RandomInstance& instance) {
  std::vector<Profile> profiles;
  for (const RandomHost& host : instance.hosts) profiles.push_back(testing::ToProfile(host));
  Problem problem = testing::MakeProblem(profiles, instance.network, instance.input);
  problem.sources.clear();
  for (int number = 0; number < problem.host_count(); ++number) {
    for (const RandomHost& host : instance.hosts) {
      if (host.is_source && host.name == problem.host(number).name) {
        problem.sources.push_back(number);
      }
    }
  }
  return problem;
}

Query ToQuery(const RandomInstance& instance, const Problem& problem) {
  Query query;
  const auto add = [&](const std::vector<int>& hosts, const Rule& rule) {
    Constraint constraint;
    constraint.hosts = hosts;
    constraint.rule = rule;
    query.constraints.push_back(constraint);
  };
  std::vector<int> all(problem.hosts.size());
  std::iota(all.begin(), all.end(), 0);
  if (instance.max_stages != kNone) add({}, StageLimit{instance.max_stages});
  if (instance.min_layers != kNone) add(all, SegmentRule{.min_layers = instance.min_layers});
  if (instance.max_layers != kNone) add(all, SegmentRule{.max_layers = instance.max_layers});
  if (instance.private_layer != kNone) add({}, PrivateRule{instance.private_layer});
  if (instance.excluded_link) {
    const auto& [from, to] = *instance.excluded_link;
    add({problem.FindHost(from)}, LinkRule{problem.FindHost(to)});
  }
  for (const auto& [tier, texts] : instance.texts) {
    const std::vector<int> hosts = problem.HostsOf(tier);
    for (Constraint& constraint : ParseCriteria(problem, "--" + tier, hosts, texts.criteria)) {
      query.constraints.push_back(std::move(constraint));
    }
    if (!texts.upload.empty()) {
      query.constraints.push_back(ParseUploadLimit("--upload", hosts, texts.upload));
    }
    if (!texts.time.empty())
      query.constraints.push_back(ParseTimeLimit("--time", hosts, texts.time));
  }
  return query;
}

std::string Identity(const Plan& plan) {
  std::string text = plan.source;
  for (const Stage& stage : plan.stages) {
    text += fmt::format(" {} {}-{}", stage.host, stage.first_layer, stage.last_layer);
  }
  return text;
}

/// Whether there was a plan.
bool CompareOnce(Random& random, int hosts, int blocks) {
  RandomInstance instance = testing::MakeInstance(random, hosts, blocks);
  const Problem problem = ToProblem(instance);
  for (RandomHost& host : instance.hosts) testing::AddEstimates(host);
  Query query = ToQuery(instance, problem);
  query.result_count = 1 + static_cast<std::size_t>(random.Below(12));
  auto expected = Exhaustive(instance).latencies();
  expected.resize(std::min(expected.size(), query.result_count));

  const auto plans = BestPlans(problem, query);
  EXPECT_EQ(plans.size(), expected.size());
  std::set<std::string> identities;
  for (std::size_t i = 0; i < std::min(plans.size(), expected.size()); ++i) {
    EXPECT_NEAR(plans[i].latency.count(), expected[i], 1e-12);
    EXPECT_TRUE(identities.insert(Identity(plans[i])).second);
  }
  return !expected.empty();
}

/// Solved instances among `count` of up to so many hosts and blocks.
int Compare(Random& random, int count, int max_hosts, int max_blocks) {
  int solved = 0;
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    const int hosts = 1 + random.Below(max_hosts);
    solved += CompareOnce(random, hosts, 1 + random.Below(max_blocks)) ? 1 : 0;
  }
  return solved;
}

TEST(Planner, AgreesWithExhaustiveSearchOnSmallInstances) {
  Random random(7);
  EXPECT_GT(Compare(random, 20'000, 4, 5), 5000);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyHosts) {
  Random random(8);
  EXPECT_GT(Compare(random, 500, 6, 6), 100);
}

TEST(Planner, AgreesWithExhaustiveSearchOnManyBlocks) {
  Random random(9);
  EXPECT_GT(Compare(random, 500, 4, 12), 100);
}

TEST(Planner, AgreesWithExhaustiveSearchOnTheLargestInstances) {
  Random random(10);
  EXPECT_GT(Compare(random, 30, 6, 12), 5);
}

}  // namespace
}  // namespace scission
