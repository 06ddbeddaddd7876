// For tests only: a Triton model repository as protobuf's own parser reads it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "deploy/testing/triton_config.pb.h"

namespace scission::testing {

struct TritonModel {
  triton::ModelConfig config;
  std::filesystem::path file;  ///< the ONNX file of version 1; empty where there is none
};

/// The models of the repository in `folder` by the names of their folders. Throws
/// std::runtime_error where something is not where Triton's documentation has it, or does not
/// parse.
std::map<std::string, TritonModel> ReadTritonRepository(const std::filesystem::path& folder);

}  // namespace scission::testing
