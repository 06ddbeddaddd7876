// What the control plane asks of whoever runs the stages.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "runner/segment_process.h"
#include "scission.pb.h"
#include "worker/errors.h"

namespace scission {

/// The files of a segment, complete and verified. They belong to nobody else (the cache may forget
/// its blobs) and stay where they are as long as `folder` lives.
struct SegmentFiles {
  std::filesystem::path model;  ///< an ONNX file, external data beside it
  std::shared_ptr<const TemporaryFolder> folder;
};

/// All members may be called by several threads at once.
class StageRegistry {
 public:
  virtual ~StageRegistry() = default;

  /// Makes the stage of `request` ready to be called and puts it in the place of the one that had
  /// its name before. `files` is null where the stage runs no segment. What can be told from the
  /// request alone was checked: a name, a kind of work, complete files, numbers not negative.
  /// Throws InputError where the model, codec, address or preprocessing is refused; ExhaustedError;
  /// what SegmentProcess throws where `deadline` passes. The stage that was there before serves
  /// until the new one is ready, and stays where it is refused.
  virtual void Load(const v1::LoadRequest& request, const std::shared_ptr<SegmentFiles>& files,
                    Deadline deadline) = 0;
  /// Ends a stage; returns when requests that it has are answered or `deadline` has passed, when
  /// they are broken off. Throws NotFoundError.
  virtual void Unload(const std::string& name, Deadline deadline) = 0;
  /// In the order of their names.
  virtual std::vector<v1::StageStatus> Statuses() = 0;
};

}  // namespace scission
