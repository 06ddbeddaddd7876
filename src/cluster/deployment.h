// Brings the stages of a pipeline to their workers, and takes them away again.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cluster/pipeline.h"
#include "cluster/workers.h"
#include "codec/codec.h"
#include "model/model.h"

namespace scission {

namespace v1 {
class Segment;
}

/// A segment in a file, and what it refers to.
struct SegmentFile {
  std::filesystem::path model;
  std::filesystem::path data;  ///< external data; empty: none
  /// What a stage of it hands on, by name, where that is more than the segment's outputs: tensors
  /// that pass by on their way to later stages. Empty: the outputs.
  std::vector<std::string> handed_on;
};

/// Segments of a model as files in a temporary folder, each written once.
class SegmentFolder {
 public:
  /// `model` must outlive this.
  explicit SegmentFolder(const Model& model) : model_(model) {}

  const SegmentFile& Of(LayerRange layers);

 private:
  const Model& model_;
  TemporaryFolder folder_;
  std::map<std::pair<int, int>, SegmentFile> files_;
};

struct DeployOptions {
  /// How the first segment turns an encoded image into its input; empty: it takes none.
  std::string preprocessing;
};

/// Told what is done, a line each.
using Say = std::function<void(const std::string& line)>;

/// A pipeline on its workers.
class Deployment {
 public:
  /// `files` and `workers` must outlive this. Does nothing yet.
  Deployment(Pipeline pipeline, SegmentFolder& files, Workers& workers, DeployOptions options,
             Say say);
  /// Unloads what was loaded, whatever workers say to it.
  ~Deployment();
  Deployment(const Deployment&) = delete;
  Deployment& operator=(const Deployment&) = delete;

  /// Pushes all segments, then loads all stages, from the last to the first; hop i uses codecs[i].
  /// Throws HostError; where the worker is well that is to call a server of another kind, that is
  /// the server's.
  void Load(const std::vector<Codec>& codecs);
  /// Loads those stages anew whose hops have other codecs now.
  void ChangeCodecs(const std::vector<Codec>& codecs);
  /// The stages stay loaded.
  void Keep() { keeps_ = true; }

  const Pipeline& pipeline() const { return pipeline_; }
  const std::vector<Codec>& codecs() const { return codecs_; }

 private:
  v1::LoadRequest RequestOf(std::size_t stage) const;
  void PushSegments();
  void LoadStage(std::size_t stage);
  void UnloadAll();

  Pipeline pipeline_;
  SegmentFolder& files_;
  Workers& workers_;
  DeployOptions options_;
  Say say_;
  std::vector<Codec> codecs_;
  std::vector<v1::Segment> segments_;                ///< [stage]
  std::vector<std::vector<std::string>> handed_on_;  ///< [stage]
  std::vector<bool> is_loaded_;                      ///< [stage]
  bool keeps_ = false;
};

}  // namespace scission
