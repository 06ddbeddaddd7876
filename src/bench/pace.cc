#include "bench/pace.h"

#include <algorithm>
#include <cmath>

#include "base/statistics.h"

namespace scission {
namespace {

constexpr int kPasses = 10;  ///< it converges in two or three
constexpr double kLeastSeconds = 1e-9;

/// They stand in profiles, one for each sample: digits that mean nothing are not written.
double Rounded(double part) { return std::max(std::round(part * 1e4), 1.0) / 1e4; }

/// Logarithms of the samples of one subject, by round.
std::vector<double> Logarithms(const std::vector<Seconds>& samples) {
  std::vector<double> logs;
  logs.reserve(samples.size());
  for (const Seconds sample : samples) {
    logs.push_back(std::log(std::max(sample.count(), kLeastSeconds)));
  }
  return logs;
}

double MedianOverRounds(const std::vector<double>& row, const std::vector<double>& rounds) {
  std::vector<double> rest;
  for (std::size_t i = 0; i < row.size(); ++i) rest.push_back(row[i] - rounds[i]);
  return Median(std::move(rest));
}

double MedianInRound(const std::vector<std::vector<double>>& rows,
                     const std::vector<double>& levels, std::size_t round) {
  std::vector<double> rest;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (round < rows[i].size()) rest.push_back(rows[i][round] - levels[i]);
  }
  return Median(std::move(rest));
}

void ScalePaces(double factor, MeasuredRange& range) {
  if (range.paces.empty()) range.paces.assign(range.samples.size(), 1);
  for (double& pace : range.paces) pace = Rounded(pace * factor);
}

}  // namespace

std::vector<double> PaceOfRounds(const InterleavedSamples& samples, Seconds usual) {
  std::vector<std::vector<double>> rows = {Logarithms(samples.anchor)};
  for (const auto& subject : samples.subjects) {
    if (!subject.empty()) rows.push_back(Logarithms(subject));
  }
  std::vector<double> rounds = rows.front();
  std::vector<double> levels(rows.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    for (std::size_t i = 0; i < rows.size(); ++i) levels[i] = MedianOverRounds(rows[i], rounds);
    for (std::size_t j = 0; j < rounds.size(); ++j) rounds[j] = MedianInRound(rows, levels, j);
  }
  const double anchor = MedianOverRounds(rows.front(), rounds);
  std::vector<double> paces;
  for (const double round : rounds) {
    paces.push_back(Rounded(std::exp(anchor + round) / std::max(usual.count(), kLeastSeconds)));
  }
  return paces;
}

std::optional<double> PrecisionAtUsualPace(const std::vector<Seconds>& subject,
                                           const std::vector<Seconds>& anchor) {
  std::vector<double> quotients;
  quotients.reserve(subject.size());
  for (std::size_t i = 0; i < subject.size(); ++i) {
    quotients.push_back(std::max(subject[i].count(), kLeastSeconds) /
                        std::max(anchor[i].count(), kLeastSeconds));
  }
  const auto reach = MedianReach(quotients);
  if (!reach || *reach == 0) return reach;
  return Rounded(*reach / Median(std::move(quotients)));
}

void AddSession(std::vector<MeasuredRange> ranges, const MeasuredRange& whole,
                ModelProfile& profile) {
  const auto known =
      std::find_if(profile.ranges.begin(), profile.ranges.end(), [&](const MeasuredRange& range) {
        return range.first_layer == whole.first_layer && range.last_layer == whole.last_layer;
      });
  const auto typical_of = [](const MeasuredRange& range) {
    return std::max(range.TypicalTime(), Seconds(kLeastSeconds));
  };
  const Seconds before = typical_of(*known);
  known->samples = known->SamplesAtUsualPace();
  known->paces.clear();
  known->samples.insert(known->samples.end(), whole.samples.begin(), whole.samples.end());
  const Seconds usual = typical_of(*known);
  for (MeasuredRange& range : profile.ranges) {
    if (&range != &*known) ScalePaces(before / usual, range);
  }
  for (MeasuredRange& range : ranges) {
    ScalePaces(typical_of(whole) / usual, range);
    profile.ranges.push_back(std::move(range));
  }
}

}  // namespace scission
