// What tests of the benchmark command share.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "model/testing/onnx_builder.h"
#include "process.h"

namespace scission::testing {

/// A folder of its own in which the program runs.
class BenchmarkFixture : public ::testing::Test {
 protected:
  ProcessResult Scission(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), Program());
    return RunProcess(arguments, folder_.path());
  }

  void WriteModel(const std::string& file, std::uint64_t seed) const {
    WriteFileAtomically(folder_.path() / file, RandomModel(seed, 10).SerializeAsString());
  }

  nlohmann::json ReadJson(const std::string& file) const {
    return nlohmann::json::parse(ReadFile(folder_.path() / file));
  }

  bool Exists(const std::string& file) const {
    return std::filesystem::exists(folder_.path() / file);
  }

  TemporaryFolder folder_;
};

/// Measured, perhaps on a machine that other tests disturb meanwhile.
inline bool IsMeasured(const ProcessResult& result) {
  return result.exit_code == 0 || result.exit_code == 4;
}

inline std::vector<std::string> ModelNames(const nlohmann::json& profile) {
  std::vector<std::string> names;
  for (const auto& model : profile.at("models")) names.push_back(model.at("model"));
  return names;
}

}  // namespace scission::testing
