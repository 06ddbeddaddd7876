#include "cluster/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

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

/// Layers that another inference server has: the worker before it, `caller`, asks it.
PipelineStage OnServer(const Hosts& hosts, const Stage& planned, const PipelineStage& caller) {
  const HostFacts& facts = FactsOf(hosts, planned.host);
  const HostedSegment& hosted = *facts.hosted;
  if (hosted.first_layer != planned.first_layer || hosted.last_layer != planned.last_layer) {
    throw InputError(hosts.file,
                     fmt::format("'{}' hosts the layers {} - {}, but the plan runs {} - {} there",
                                 planned.host, hosted.first_layer, hosted.last_layer,
                                 planned.first_layer, planned.last_layer));
  }
  PipelineStage stage;
  stage.kind = StageKind::kRemote;
  stage.host = planned.host;
  stage.worker = caller.worker;
  stage.address = caller.address;
  stage.remote_address = facts.address;
  stage.remote_model = hosted.model;
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
  if (FactsOf(hosts, plan.source).hosted) {
    throw InputError(hosts.file, fmt::format("'{}', where the plan begins, is a server without a "
                                             "worker: it cannot hand on what it gives",
                                             plan.source));
  }
  if (plan.source != plan.stages.front().host) {
    pipeline.stages.push_back(OnWorker(hosts, plan.source, StageKind::kRelay));
  }
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& planned = plan.stages[i];
    const bool is_hosted = FactsOf(hosts, planned.host).hosted.has_value();
    PipelineStage stage = is_hosted ? OnServer(hosts, planned, pipeline.stages.back())
                                    : OnWorker(hosts, planned.host, StageKind::kSegment);
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
  std::map<std::pair<std::string, std::string>, Seconds> busy;  // hosts as (host, host)
  for (const Stage& stage : plan.stages) busy[{stage.host, stage.host}] += stage.compute;
  for (const Hop& hop : plan.hops) busy[{hop.from, hop.to}] += hop.time;
  Seconds longest{0};
  for (const auto& [place, time] : busy) longest = std::max(longest, time);
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
