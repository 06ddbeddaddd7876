#include "deploy/testing/triton_repository.h"

#include <google/protobuf/text_format.h>

#include <set>
#include <stdexcept>

#include "base/file.h"

namespace scission::testing {
namespace {

namespace fs = std::filesystem;

std::set<std::string> Names(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

void RequireNames(const fs::path& folder, const std::set<std::string>& expected) {
  if (Names(folder) != expected) throw std::runtime_error(folder.string() + ": other contents");
}

/// A single file, or a folder of that name with the file and its data.
fs::path FindModelFile(const fs::path& version) {
  if (Names(version).empty()) return {};
  RequireNames(version, {"model.onnx"});
  const fs::path file = version / "model.onnx";
  if (!fs::is_directory(file)) return file;
  RequireNames(file, {"model.onnx", "model.onnx.data"});
  return file / "model.onnx";
}

}  // namespace

std::map<std::string, TritonModel> ReadTritonRepository(const fs::path& folder) {
  std::map<std::string, TritonModel> models;
  for (const std::string& name : Names(folder)) {
    RequireNames(folder / name, {"1", "config.pbtxt"});
    TritonModel& model = models[name];
    if (!google::protobuf::TextFormat::ParseFromString(ReadFile(folder / name / "config.pbtxt"),
                                                       &model.config)) {
      throw std::runtime_error(name + ": the configuration does not parse");
    }
    model.file = FindModelFile(folder / name / "1");
  }
  return models;
}

}  // namespace scission::testing
