// The directed links between hosts.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/units.h"

namespace scission {

/// Files and tables give bandwidths in Mbit/s.
inline constexpr double kBytesPerSecondPerMbps = 1e6 / 8;

struct Link {
  Seconds latency{0};
  double bytes_per_second = 0;  ///< > 0

  bool operator==(const Link&) const = default;
};

/// latency + size / bandwidth
inline Seconds TransferTime(Bytes size, const Link& link) {
  return link.latency + Seconds(size.count / link.bytes_per_second);
}

/// Links by (source, destination) host name. A pair without a link cannot be used in that
/// direction.
struct Network {
  std::string file;  ///< where it was read from, for messages
  std::map<std::pair<std::string, std::string>, Link> links;

  const Link* Find(const std::string& source, const std::string& destination) const {
    const auto link = links.find({source, destination});
    return link == links.end() ? nullptr : &link->second;
  }
};

}  // namespace scission
