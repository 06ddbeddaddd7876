// The tables of docs/measuring.md, from profiles in which every range was measured.
//   fidelity_report MODEL.json ...
// Where MODEL-again.json lies beside MODEL.json, predictions rest on the one and the other is the
// truth, at the speed that the machine had then: its times are scaled so that the whole model takes
// the same in both; the column "speed" has by how much. Else they rest on every other sample, and
// the truth on those between them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/statistics.h"
#include "estimators.h"
#include "network/network.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

/// One model at one number of threads, measured twice.
struct Subject {
  std::string name;
  std::string machine;
  std::vector<std::string> notes;  ///< on what went on while it was measured
  bool has_two_runs = false;       ///< else both measurements are of the same sessions, in turn
  ModelProfile known;              ///< what predictions may rest on
  RangeTimes again;                ///< of `known`: what measuring once more says
  RangeTimes truth;
  double speed = 1;  ///< what the whole takes in the truth before it was scaled, against `again`
};

void ScaleToTheWhole(Subject& subject) {
  subject.speed = subject.truth[0].back() / subject.again[0].back();
  for (auto& row : subject.truth) {
    for (double& time : row) time /= subject.speed;
  }
}

std::string MachineOf(const Profile& profile) {
  return fmt::format("{}, {} cores, {}", profile.host.cpu, profile.host.cores,
                     profile.models.front().engine);
}

void AddNote(Subject& subject, const ModelProfile& run) {
  if (!run.stability || run.stability->IsStable()) return;
  subject.notes.push_back(fmt::format("{}, {} threads, {}: {}", run.model, run.threads, run.date,
                                      run.stability->Reasons()));
}

Subject MakeSubject(const std::filesystem::path& file) {
  const Profile profile = ReadProfile(file);
  const ModelProfile& first = profile.models.front();
  const auto second = file.parent_path() / (file.stem().string() + "-again.json");
  Subject subject{first.model, MachineOf(profile), {}, std::filesystem::exists(second)};
  AddNote(subject, first);
  subject.known = subject.has_two_runs ? first : HalfOf(first, 0);
  subject.again = MediansOf(subject.known);
  if (!subject.has_two_runs) {
    subject.truth = MediansOf(HalfOf(first, 1));
    return subject;
  }
  const ModelProfile other = ReadProfile(second).models.front();
  const bool has_same_ranges =
      std::equal(first.ranges.begin(), first.ranges.end(), other.ranges.begin(), other.ranges.end(),
                 [](const MeasuredRange& a, const MeasuredRange& b) {
                   return a.first_layer == b.first_layer && a.last_layer == b.last_layer;
                 });
  if (!has_same_ranges) throw InputError(second, "has other ranges than the first run");
  AddNote(subject, other);
  subject.truth = MediansOf(other);
  ScaleToTheWhole(subject);
  return subject;
}

double Error(double value, double truth) { return std::abs(value / truth - 1); }

/// Of the ranges that `effort` does not measure.
std::vector<double> HeldOutErrors(const Subject& subject, const RangeTimes& times, Effort effort) {
  const ModelProfile measured = Restricted(subject.known, effort);
  const auto& blocks = measured.blocks;
  std::vector<double> errors;
  for (std::size_t first = 0; first < blocks.size(); ++first) {
    for (std::size_t last = first; last < blocks.size(); ++last) {
      if (measured.FindRange(blocks[first].first_layer, blocks[last].last_layer)) continue;
      errors.push_back(Error(times[first][last], subject.truth[first][last]));
    }
  }
  return errors;
}

/// Of both stages together, at every cut.
std::vector<double> TwoStageErrors(const Subject& subject, const RangeTimes& times) {
  const std::size_t end = subject.truth.size() - 1;
  std::vector<double> errors;
  for (std::size_t cut = 0; cut < end; ++cut) {
    errors.push_back(Error(times[0][cut] + times[cut + 1][end],
                           subject.truth[0][cut] + subject.truth[cut + 1][end]));
  }
  return errors;
}

std::string Spread(const std::vector<double>& errors) {
  if (errors.empty()) return "- | - | -";
  return fmt::format("{:.1f} | {:.1f} | {:.1f}", 100 * Median(errors), 100 * Quantile(errors, 0.95),
                     100 * Quantile(errors, 1));
}

/// The column titles say what is in a row, and in this order.
constexpr const char* kGoalColumns =
    "| model | threads | runs | speed % | blocks | held out | again % | sum of blocks % | fit % | "
    "95 % | "
    "worst "
    "| fit / again | whole % | two stages % | by sums % |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

std::string GoalRow(const Subject& subject) {
  const std::vector<Estimator> estimators = Estimators();
  const auto fit = estimators.back().estimate(Restricted(subject.known, Effort::kNormal));
  const auto sums = estimators.front().estimate(Restricted(subject.known, Effort::kQuick));
  const auto errors = HeldOutErrors(subject, fit, Effort::kNormal);
  if (errors.empty()) return fmt::format("| {} | all ranges are measured |\n", subject.name);
  const double again = Median(HeldOutErrors(subject, subject.again, Effort::kNormal));
  const std::size_t end = subject.truth.size() - 1;
  return fmt::format(
      "| {} | {} | {} | {:+.1f} | {} | {} | {:.1f} | {:.1f} | {} | {:.2f} | {:.1f} | {:.1f} | "
      "{:.1f} |\n",
      subject.name, subject.known.threads, subject.has_two_runs ? 2 : 1, 100 * (subject.speed - 1),
      end + 1, errors.size(), 100 * again,
      100 * Median(HeldOutErrors(subject, sums, Effort::kNormal)), Spread(errors),
      Median(errors) / again, 100 * Error(fit[0][end], subject.truth[0][end]),
      100 * Median(TwoStageErrors(subject, fit)), 100 * Median(TwoStageErrors(subject, sums)));
}

void PrintGoals(const std::vector<Subject>& subjects) {
  fmt::print("## Goals\n\n{}", kGoalColumns);
  for (const Subject& subject : subjects) fmt::print("{}", GoalRow(subject));
  std::set<std::string> machines;
  for (const Subject& subject : subjects) machines.insert(subject.machine);
  fmt::print("\n");
  for (const std::string& machine : machines) fmt::print("Measured on: {}\n", machine);
  for (const Subject& subject : subjects) {
    for (const std::string& note : subject.notes) fmt::print("{}\n", note);
  }
}

/// All on the ranges that neither effort measures.
void PrintEstimators(const std::vector<Subject>& subjects, const std::string& title) {
  if (subjects.empty()) return;
  fmt::print(
      "\n## Estimators, {}\n\n| estimator | effort | median % | 95 % | worst | error / again |\n"
      "|---|---|---|---|---|---|\n",
      title);
  std::vector<double> floor;
  for (const Subject& subject : subjects) {
    const auto errors = HeldOutErrors(subject, subject.again, Effort::kNormal);
    floor.insert(floor.end(), errors.begin(), errors.end());
  }
  for (const Estimator& estimator : Estimators()) {
    std::vector<double> all;
    for (const Subject& subject : subjects) {
      const auto times = estimator.estimate(Restricted(subject.known, estimator.effort));
      const auto errors = HeldOutErrors(subject, times, Effort::kNormal);
      all.insert(all.end(), errors.begin(), errors.end());
    }
    fmt::print("| {} | {} | {} | {:.2f} |\n", estimator.name, ToText(estimator.effort), Spread(all),
               Median(all) / Median(floor));
  }
  fmt::print("| measuring again | exhaustive | {} | 1.00 |\n", Spread(floor));
}

/// Errors of an estimator's times, some of them or all.
using ErrorsOf = std::vector<double>(const Subject& subject, const RangeTimes& times);

std::vector<double> NormalErrors(const Subject& subject, const RangeTimes& times) {
  return HeldOutErrors(subject, times, Effort::kNormal);
}

/// Median errors of each row alone, in %, and in how many rows an estimator is better than the fit.
void PrintMedians(const std::vector<Subject>& subjects, const std::string& title,
                  ErrorsOf* errors_of) {
  if (subjects.empty()) return;
  fmt::print("\n## {}, median errors in %, row by row\n\n| estimator |", title);
  for (const Subject& subject : subjects) {
    fmt::print(" {}, {} |", subject.name, subject.known.threads);
  }
  fmt::print(" better than the fit |\n|---|");
  for (std::size_t i = 0; i <= subjects.size(); ++i) fmt::print("---|");
  const auto print_row = [&](const std::string& name, const auto& times_of) {
    int better = 0;
    fmt::print("\n| {} |", name);
    for (const Subject& subject : subjects) {
      const auto fit = Estimators().back().estimate(Restricted(subject.known, Effort::kNormal));
      const double error = 100 * Median(errors_of(subject, times_of(subject)));
      better += error < 100 * Median(errors_of(subject, fit)) ? 1 : 0;
      fmt::print(" {:.2f} |", error);
    }
    fmt::print(" {} of {} |", better, subjects.size());
  };
  for (const auto& [name, effort, estimate] : Estimators()) {
    print_row(name,
              [&](const Subject& subject) { return estimate(Restricted(subject.known, effort)); });
  }
  print_row("measuring again", [](const Subject& subject) { return subject.again; });
  fmt::print("\n");
}

/// Three hosts that know the same blocks, how much faster than measured each is, and one link for
/// all pairs.
struct Hosts {
  std::vector<const RangeTimes*> times;
  std::vector<double> speed;
  std::vector<Bytes> bytes;  ///< before each block
  Link link;
};

/// The cheapest plan, by the costs in `hosts`; every order of hosts, each once, from the first one.
struct Search {
  const Hosts& hosts;
  double best = INFINITY;
  std::vector<std::array<std::size_t, 3>> plan;  ///< host, first and last block of each stage

  void Extend(std::vector<std::array<std::size_t, 3>>& stages, std::size_t at, std::size_t block,
              double cost) {
    const std::size_t blocks = hosts.bytes.size();
    if (block == blocks) {
      if (cost < best) {
        best = cost;
        plan = stages;
      }
      return;
    }
    for (std::size_t host = 0; host < hosts.times.size(); ++host) {
      if (std::any_of(stages.begin(), stages.end(), [&](const auto& s) { return s[0] == host; })) {
        continue;
      }
      const double hop = host == at ? 0 : TransferTime(hosts.bytes[block], hosts.link).count();
      for (std::size_t last = block; last < blocks; ++last) {
        stages.push_back({host, block, last});
        Extend(stages, host, last + 1,
               cost + hop + (*hosts.times[host])[block][last] / hosts.speed[host]);
        stages.pop_back();
      }
    }
  }
};

std::vector<std::array<std::size_t, 3>> BestPlan(const Hosts& hosts) {
  Search search{hosts};
  std::vector<std::array<std::size_t, 3>> stages;
  search.Extend(stages, 0, 0, 0);
  return search.plan;
}

double CostOf(const std::vector<std::array<std::size_t, 3>>& plan, const Hosts& hosts) {
  double cost = 0;
  std::size_t at = 0;
  for (const auto& [host, first, last] : plan) {
    if (host != at) cost += TransferTime(hosts.bytes[first], hosts.link).count();
    cost += (*hosts.times[host])[first][last] / hosts.speed[host];
    at = host;
  }
  return cost;
}

std::vector<Link> Links() {
  std::vector<Link> links;
  for (const double latency_ms : {0.1, 1.0, 10.0}) {
    for (const double mbps : {10.0, 50.0, 200.0, 1000.0}) {
      links.push_back({Milliseconds(latency_ms), mbps * 125000});
    }
  }
  return links;
}

/// How much longer the plans take that are best by `one` and `two`, times at 1 and 2 threads, than
/// those that are best in truth: a slow device, an edge server, a fast cloud.
std::vector<double> Regrets(const Subject& one, const Subject& two, const RangeTimes& one_times,
                            const RangeTimes& two_times) {
  std::vector<double> regrets;
  std::vector<Bytes> bytes = {one.known.input_bytes};
  for (const Block& block : one.known.blocks) bytes.push_back(block.output_bytes);
  bytes.pop_back();
  for (const Link& link : Links()) {
    const Hosts truth{{&one.truth, &one.truth, &two.truth}, {0.25, 1, 3}, bytes, link};
    Hosts guess = truth;
    guess.times = {&one_times, &one_times, &two_times};
    const double best = CostOf(BestPlan(truth), truth);
    regrets.push_back(CostOf(BestPlan(guess), truth) / best - 1);
  }
  return regrets;
}

/// Regrets by what chose the plans.
using RegretTable = std::vector<std::pair<std::string, std::vector<double>>>;

void AddRegrets(RegretTable& table, const Subject& one, const Subject& two) {
  const auto add = [&](std::size_t row, const RangeTimes& a, const RangeTimes& b) {
    const auto more = Regrets(one, two, a, b);
    table[row].second.insert(table[row].second.end(), more.begin(), more.end());
  };
  const std::vector<Estimator> estimators = Estimators();
  for (std::size_t i = 0; i < estimators.size(); ++i) {
    const auto& [name, effort, estimate] = estimators[i];
    add(i, estimate(Restricted(one.known, effort)), estimate(Restricted(two.known, effort)));
  }
  add(estimators.size(), one.again, two.again);
}

void PrintRegret(const std::vector<Subject>& subjects) {
  RegretTable table;
  for (const Estimator& estimator : Estimators()) table.push_back({estimator.name, {}});
  table.push_back({"measuring again", {}});
  int models = 0;
  for (std::size_t i = 0; i + 1 < subjects.size(); ++i) {
    const Subject& one = subjects[i];
    const Subject& two = subjects[i + 1];
    if (one.name != two.name || one.known.threads != 1 || two.known.threads != 2) continue;
    AddRegrets(table, one, two);
    ++models;
  }
  fmt::print(
      "\n## Regret: {} models, {} links\n\n| plans chosen by | median % | 95 % | worst |\n"
      "|---|---|---|---|\n",
      models, Links().size());
  for (const auto& [name, regrets] : table) fmt::print("| {} | {} |\n", name, Spread(regrets));
}

void Report(const std::vector<std::string>& files) {
  std::vector<Subject> subjects;
  for (const std::string& file : files) subjects.push_back(MakeSubject(file));
  PrintGoals(subjects);
  std::erase_if(subjects, [](const Subject& subject) {
    return HeldOutErrors(subject, subject.again, Effort::kNormal).empty();
  });
  PrintEstimators(subjects, "all rows");
  PrintRegret(subjects);
  std::erase_if(subjects, [](const Subject& subject) { return !subject.has_two_runs; });
  PrintEstimators(subjects, "rows with two runs");
  PrintMedians(subjects, "Ranges that normal does not measure", NormalErrors);
  PrintMedians(subjects, "Two stages", TwoStageErrors);
}

}  // namespace
}  // namespace scission

int main(int argc, char** argv) {
  try {
    scission::Report({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "fidelity_report: {}\n", error.what());
    return 1;
  }
}
