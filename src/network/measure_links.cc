#include "network/measure_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace scission {
namespace {

constexpr std::int64_t kGrowth = 4;
/// One hiccup should not end the growing.
constexpr int kTries = 2;

/// What a message of `bytes` would take, going on as from the last but one to the last size.
Seconds Expected(const std::vector<Transfer>& seen, std::int64_t bytes) {
  const Transfer& last = seen.back();
  const Transfer& before = seen[seen.size() - 2];
  const double bytes_grown = static_cast<double>(last.bytes - before.bytes);
  const double further = static_cast<double>(bytes - last.bytes) / bytes_grown;
  return last.time + std::max(Seconds(0), last.time - before.time) * further;
}

/// Calls `probe`, whose samples come from elsewhere.
void ProbeAll(const LinkProbe& probe, const HostPair& ends, const std::vector<std::int64_t>& sizes,
              int rounds, const std::function<void(const Transfer&)>& sample) {
  std::map<std::int64_t, int> missing;
  for (const std::int64_t bytes : sizes) missing[bytes] = rounds;
  probe(ends, sizes, rounds, [&](const Transfer& transfer) {
    const bool is_time = transfer.time > Seconds(0) && std::isfinite(transfer.time.count());
    if (!is_time || --missing[transfer.bytes] < 0) {
      throw std::runtime_error(fmt::format("{} gave a transfer of {} bytes in {} s", ends.from,
                                           transfer.bytes, transfer.time.count()));
    }
    sample(transfer);
  });
  for (const auto& [bytes, count] : missing) {
    if (count == 0) continue;
    throw std::runtime_error(
        fmt::format("{} left {} transfers of {} bytes out", ends.from, count, bytes));
  }
}

Transfer QuickestOf(const HostPair& ends, std::int64_t bytes, const LinkProbe& probe) {
  Transfer quickest{bytes, Seconds::max()};
  ProbeAll(probe, ends, {bytes}, kTries, [&](const Transfer& transfer) {
    quickest.time = std::min(quickest.time, transfer.time);
  });
  return quickest;
}

/// At least two.
std::vector<std::int64_t> SizesFor(const HostPair& ends, const LinkProbe& probe,
                                   const LinkMeasureOptions& options) {
  std::vector<Transfer> seen;
  std::vector<std::int64_t> sizes;
  for (std::int64_t bytes = options.smallest; bytes <= options.largest; bytes *= kGrowth) {
    if (seen.size() >= 2 && Expected(seen, bytes) > options.longest) break;
    seen.push_back(QuickestOf(ends, bytes, probe));
    sizes.push_back(bytes);
  }
  return sizes;
}

LinkMeasurement Measure(const HostPair& ends, const LinkProbe& probe,
                        const LinkMeasureOptions& options, const MeasureObserver& observer) {
  LinkMeasurement link{ends, options.date, {}, {}};
  const std::vector<std::int64_t> sizes = SizesFor(ends, probe, options);
  const int total = static_cast<int>(sizes.size()) * options.rounds;
  int done = 0;
  ProbeAll(probe, ends, sizes, options.rounds, [&](const Transfer& transfer) {
    link.transfers.push_back(transfer);
    if (observer.moved) observer.moved(ends, ++done, total);
  });
  link.fit = FitLink(link.transfers);
  return link;
}

}  // namespace

std::vector<HostPair> AllPairs(const std::vector<std::string>& hosts) {
  std::vector<HostPair> pairs;
  for (const std::string& host : hosts) pairs.push_back({host, host});
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    for (std::size_t j = i + 1; j < hosts.size(); ++j) {
      pairs.push_back({hosts[i], hosts[j]});
      pairs.push_back({hosts[j], hosts[i]});
    }
  }
  return pairs;
}

NetworkMeasurement MeasureLinks(const std::vector<HostPair>& pairs, const LinkProbe& probe,
                                const LinkMeasureOptions& options,
                                const MeasureObserver& observer) {
  NetworkMeasurement network;
  for (const HostPair& ends : pairs) {
    if (observer.begins) observer.begins(ends);
    try {
      network.links.push_back(Measure(ends, probe, options, observer));
    } catch (const std::runtime_error& error) {
      network.failed.push_back({ends, error.what()});
      if (observer.failed) observer.failed(network.failed.back());
      continue;
    }
    // Not above: what the observer throws, for example that it cannot save, is no fault of the
    // link.
    if (observer.measured) observer.measured(network.links.back());
  }
  return network;
}

}  // namespace scission
