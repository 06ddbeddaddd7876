#include "report/network_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace scission {
namespace {

constexpr std::size_t kMaxName = 40;

double MbpsOf(const Link& link) { return link.bytes_per_second / kBytesPerSecondPerMbps; }

}  // namespace

std::string NetworkText(const NetworkMeasurement& network) {
  if (network.links.empty()) return "";
  std::size_t width = 4;
  for (const LinkMeasurement& link : network.links) {
    width = std::max({width, Printable(link.ends.from, kMaxName).size(),
                      Printable(link.ends.to, kMaxName).size()});
  }
  std::string text = fmt::format("{:<{}}  {:<{}}  {:>10}  {:>10}  {:>11}  {:>7}\n", "from", width,
                                 "to", width, "latency ms", "Mbit/s", "fit error %", "worst %");
  for (const LinkMeasurement& link : network.links) {
    text +=
        fmt::format("{:<{}}  {:<{}}  {:>10.4f}  {:>10.2f}  {:>11.1f}  {:>7.1f}\n",
                    Printable(link.ends.from, kMaxName), width, Printable(link.ends.to, kMaxName),
                    width, ToMilliseconds(link.fit.link.latency), MbpsOf(link.fit.link),
                    100 * link.fit.median_error, 100 * link.fit.worst_error);
  }
  return text;
}

std::string LinkText(const LinkMeasurement& link) {
  return fmt::format("{}: {:.4f} ms, {:.2f} Mbit/s", EndsText(link.ends),
                     ToMilliseconds(link.fit.link.latency), MbpsOf(link.fit.link));
}

std::string EndsText(const HostPair& ends) {
  const bool is_own = ends.from == ends.to;
  return Printable(ends.from, kMaxName) + " to " +
         (is_own ? "itself" : Printable(ends.to, kMaxName));
}

}  // namespace scission
