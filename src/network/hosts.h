// What hosts and links have besides their speed: power, prices, memory, addresses.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"

namespace scission {

/// Layers that another inference server (of the Open Inference Protocol) has already, as a model.
struct HostedSegment {
  std::string model;  ///< its name there
  int first_layer = 0;
  int last_layer = 0;

  bool operator==(const HostedSegment&) const = default;
};

/// Empty text and absent numbers: the file does not tell.
struct HostFacts {
  std::string name;
  std::string tier;                      ///< any word, lower case
  std::string address;                   ///< where its worker listens, HOST:PORT or [V6]:PORT
  std::optional<double> watts;           ///< its power while it computes
  std::optional<double> price_per_hour;  ///< while it computes, in the currency of the file
  std::optional<Bytes> memory;           ///< what a segment's weights and activations may take
  Seconds startup{0};                    ///< what each request costs before its segment runs
  std::optional<HostedSegment> hosted;   ///< no worker of ours, and this is all that it runs
};

/// What a byte costs on a link, besides time.
struct LinkFacts {
  double joules_per_byte = 0;
  double price_per_byte = 0;

  bool operator==(const LinkFacts&) const = default;
};

/// What one hosts file tells. Hosts need not have a profile, nor hosts with a profile facts.
struct Hosts {
  std::string file;      ///< where it was read from, for messages
  std::string currency;  ///< for example "EUR"; may be empty
  std::vector<HostFacts> hosts;
  LinkFacts links;  ///< of every link that `own_links` does not have
  std::map<std::pair<std::string, std::string>, LinkFacts> own_links;  ///< by (from, to)

  const HostFacts* Find(const std::string& name) const {
    for (const HostFacts& host : hosts) {
      if (host.name == name) return &host;
    }
    return nullptr;
  }
  const LinkFacts& OfLink(const std::string& from, const std::string& to) const {
    const auto own = own_links.find({from, to});
    return own == own_links.end() ? links : own->second;
  }
};

}  // namespace scission
