#include "cluster/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"

namespace scission {
namespace {

const HostFacts& FactsOf(const Hosts& hosts, const std::string& name) {
  const HostFacts* facts = hosts.Find(name);
  if (facts == nullptr) {
    throw InputError(hosts.file, fmt::format("has no host '{}', which the plan needs", name));
  }
  if (facts->address.empty()) {
    throw InputError(hosts.file, fmt::format("has no address of '{}', which the plan needs", name));
  }
  return *facts;
}

PipelineStage OnWorker(const Hosts& hosts, const std::string& host, StageKind kind) {
  const HostFacts& facts = FactsOf(hosts, host);
  PipelineStage stage;
  stage.host = stage.worker = host;
  stage.address = facts.address;
  stage.kind = kind;
  return stage;
}

}  // namespace

std::vector<std::string> Pipeline::StageNames() const {
  std::vector<std::string> names;
  for (const PipelineStage& stage : stages) names.push_back(stage.name);
  return names;
}

Pipeline MakePipeline(const std::string& model, const Plan& plan, const Hosts& hosts) {
  Pipeline pipeline;
  if (plan.source != plan.stages.front().host) {
    pipeline.stages.push_back(OnWorker(hosts, plan.source, StageKind::kRelay));
  }
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& planned = plan.stages[i];
    PipelineStage stage = OnWorker(hosts, planned.host, StageKind::kSegment);
    stage.layers = {planned.first_layer, planned.last_layer};
    stage.threads = planned.threads;
    stage.planned = i;
    pipeline.stages.push_back(std::move(stage));
  }
  for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
    pipeline.stages[i].name = i == 0 ? model : fmt::format("{}.{}", model, i);
  }
  return pipeline;
}

const Hop* ReturnHop(const Plan& plan) {
  const std::size_t on_the_way = plan.stages.size() - (plan.source == plan.stages[0].host ? 1 : 0);
  return plan.hops.size() > on_the_way ? &plan.hops.back() : nullptr;
}

Seconds Bottleneck(const Plan& plan) {
  std::map<std::string, Seconds> busy;
  for (const Stage& stage : plan.stages) busy[stage.host] += stage.compute;
  Seconds longest{0};
  for (const auto& [host, time] : busy) longest = std::max(longest, time);
  for (const Hop& hop : plan.hops) longest = std::max(longest, hop.time);
  return longest;
}

std::vector<std::string> HostsOf(const Plan& plan) {
  std::vector<std::string> hosts = {plan.source};
  for (const Stage& stage : plan.stages) {
    if (std::find(hosts.begin(), hosts.end(), stage.host) == hosts.end()) {
      hosts.push_back(stage.host);
    }
  }
  return hosts;
}

}  // namespace scission
