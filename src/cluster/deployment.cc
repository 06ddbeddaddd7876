#include "cluster/deployment.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "deploy/segments.h"
#include "scission.pb.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> HandedOn(const Model& model, LayerRange layers) {
  const SegmentTensors tensors = TensorsOf(model, {{layers, "", ""}}).front();
  std::vector<std::string> names;
  if (tensors.passes_by.empty()) return names;
  for (const TensorSpec& spec : tensors.outputs) names.push_back(spec.name);
  for (const TensorSpec& spec : tensors.passes_by) names.push_back(spec.name);
  return names;
}

}  // namespace

const SegmentFile& SegmentFolder::Of(LayerRange layers) {
  const auto [entry, is_new] = files_.try_emplace({layers.first, layers.last});
  SegmentFile& file = entry->second;
  if (!is_new) return file;
  file.handed_on = HandedOn(model_, layers);
  file.model = folder_.path() / fmt::format("layers-{}-{}.onnx", layers.first, layers.last);
  WriteSegment(model_, layers, file.model);
  if (fs::exists(DataFileOf(file.model))) file.data = DataFileOf(file.model);
  return file;
}

Deployment::Deployment(Pipeline pipeline, SegmentFolder& files, Workers& workers,
                       DeployOptions options, Say say)
    : pipeline_(std::move(pipeline)),
      files_(files),
      workers_(workers),
      options_(std::move(options)),
      say_(std::move(say)),
      segments_(pipeline_.stages.size()),
      handed_on_(pipeline_.stages.size()),
      is_loaded_(pipeline_.stages.size(), false) {}

Deployment::~Deployment() {
  if (!keeps_) UnloadAll();
}

void Deployment::PushSegments() {
  bool is_first = true;
  for (std::size_t i = 0; i < pipeline_.stages.size(); ++i) {
    const PipelineStage& stage = pipeline_.stages[i];
    if (stage.kind != StageKind::kSegment) continue;
    const SegmentFile& file = files_.Of(stage.layers);
    handed_on_[i] = file.handed_on;
    v1::Segment& segment = segments_[i];
    segment.set_model_sha256(workers_.Push(stage.worker, stage.address, file.model));
    if (!file.data.empty()) {
      segment.set_data_sha256(workers_.Push(stage.worker, stage.address, file.data));
      segment.set_data_name(file.data.filename().string());
    }
    segment.set_threads(stage.threads);
    if (is_first) segment.set_preprocessing(options_.preprocessing);
    is_first = false;
  }
}

v1::LoadRequest Deployment::RequestOf(std::size_t index) const {
  const PipelineStage& stage = pipeline_.stages[index];
  v1::LoadRequest request;
  request.set_name(stage.name);
  for (const std::string& name : handed_on_[index]) request.add_outputs(name);
  switch (stage.kind) {
    case StageKind::kSegment:
      *request.mutable_segment() = segments_[index];
      break;
    case StageKind::kRemote:
      request.mutable_remote()->set_address(stage.remote_address);
      request.mutable_remote()->set_model(stage.remote_model);
      request.mutable_remote()->set_host(stage.host);
      break;
    case StageKind::kRelay:
      request.mutable_relay();
      break;
  }
  if (index == pipeline_.hop_count()) return request;
  const PipelineStage& next = pipeline_.stages[index + 1];
  request.mutable_next()->set_address(next.address);
  request.mutable_next()->set_model(next.name);
  request.mutable_next()->set_host(next.worker);
  request.mutable_next()->set_codec(ToText(codecs_[index]));
  return request;
}

void Deployment::LoadStage(std::size_t index) {
  const PipelineStage& stage = pipeline_.stages[index];
  say_(fmt::format("{}: loading {}", stage.worker, stage.name));
  // Before the call: what fails may be there all the same.
  is_loaded_[index] = true;
  try {
    workers_.Load(stage.worker, stage.address, RequestOf(index));
  } catch (const HostError& error) {
    const bool is_server_at_fault = stage.kind == StageKind::kRemote &&
                                    workers_.State(stage.worker, stage.address).ailment.empty();
    if (is_server_at_fault) throw HostError(stage.host, error.what());
    throw;
  }
}

void Deployment::Load(const std::vector<Codec>& codecs) {
  codecs_ = codecs;
  PushSegments();
  for (std::size_t i = pipeline_.stages.size(); i-- > 0;) LoadStage(i);
}

void Deployment::ChangeCodecs(const std::vector<Codec>& codecs) {
  const std::vector<Codec> before = std::exchange(codecs_, codecs);
  for (std::size_t i = pipeline_.hop_count(); i-- > 0;) {
    if (codecs_[i] != before[i]) LoadStage(i);
  }
}

void Deployment::UnloadAll() {
  for (std::size_t i = 0; i < pipeline_.stages.size(); ++i) {
    if (!is_loaded_[i]) continue;
    const PipelineStage& stage = pipeline_.stages[i];
    is_loaded_[i] = false;
    try {
      workers_.Unload(stage.worker, stage.address, stage.name);
    } catch (const std::exception&) {
      // A worker that is gone has nothing loaded; one that is stuck will say so itself.
    }
  }
}

}  // namespace scission
