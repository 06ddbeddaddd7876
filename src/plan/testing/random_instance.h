// For tests only: random problems and constraints, in terms of their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "network/hosts.h"
#include "network/network.h"
#include "profile/profile.h"

namespace scission::testing {

inline constexpr int kNone = -1;
inline const std::vector<std::string> kAllTiers = {"device", "edge", "cloud", "fog"};

struct RandomHost {
  std::string name;
  std::string tier;
  std::vector<std::vector<double>> seconds;  ///< [first block][last block]; -1: not measured
  std::vector<double> output;                ///< bytes behind each block
  std::vector<double> weights;               ///< bytes of each block
  std::vector<double> peak;                  ///< bytes of activations in each block
  double memory = kNone;                     ///< bytes
  double startup = 0;                        ///< seconds of each stage
  double startup_part = 0;                   ///< of the segment's time
  double watts = 0;
  double price_per_hour = 0;
  bool is_source = false;
};

struct TierTexts {
  std::string criteria;
  std::string upload;
  std::string time;
};

/// Block b has the layers 2b and 2b + 1.
struct RandomInstance {
  int blocks = 0;
  double input = 0;
  std::vector<RandomHost> hosts;
  Network network;
  std::map<std::string, TierTexts> texts;  ///< by tier
  int max_stages = kNone;
  int min_layers = kNone;
  int max_layers = kNone;
  int private_layer = kNone;
  std::optional<std::pair<std::string, std::string>> excluded_link;
  std::map<std::pair<std::string, std::string>, LinkFacts> link_facts;
  bool returns_output = false;
  bool counts_replies = false;  ///< not with returns_output
  bool may_revisit = false;
  std::vector<std::pair<std::string, double>> objective = {{"latency", 1}};  ///< weights
  std::map<std::string, double> limits;  ///< seconds, seconds ("throughput"), bytes, joules, money
};

RandomInstance MakeInstance(Random& random, int hosts, int blocks);

/// What the host has measured.
Profile ToProfile(const RandomHost& host);

/// Fills in what is estimated where a host has not measured a segment.
void AddEstimates(RandomHost& host);

}  // namespace scission::testing
