#include "deploy/testing/run_split.h"

#include <onnx/checker.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/file.h"
#include "base/sha256.h"
#include "deploy/testing/run_file.h"

namespace scission::testing {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void Require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("not as the manifest says: " + what);
}

TensorMap Pick(const TensorMap& values, const Json& tensors) {
  TensorMap picked;
  for (const Json& tensor : tensors) {
    const std::string name = tensor["name"];
    const TensorValue& value = values.at(name);
    Require(tensor["type"] == ToText(value.spec.type), "type of " + name);
    Require(tensor["shape"] == value.spec.shape, "shape of " + name);
    Require(tensor["bytes"] == value.data.size(), "size of " + name);
    picked[name] = value;
  }
  return picked;
}

fs::path CheckFiles(const fs::path& folder, const Json& files) {
  for (const Json& file : files) {
    const fs::path path = folder / file["name"].get<std::string>();
    Require(file["bytes"] == fs::file_size(path), "size of " + path.string());
    Require(file["sha256"] == Sha256OfFile(path), "hash of " + path.string());
  }
  fs::path onnx = folder / files.at(0)["name"].get<std::string>();
  onnx::checker::check_model(onnx.string());
  return onnx;
}

}  // namespace

TensorMap RunSplit(const fs::path& folder, const TensorMap& inputs) {
  const Json manifest = Json::parse(ReadFile(folder / "manifest.json"));
  TensorMap values = Pick(inputs, manifest["inputs"]);
  for (const Json& segment : manifest["segments"]) {
    const fs::path file = CheckFiles(folder, segment["files"]);
    TensorMap next = Pick(RunFile(file, Pick(values, segment["inputs"])), segment["outputs"]);
    next.merge(Pick(values, segment["passes_by"]));
    values = std::move(next);
  }
  return Pick(values, manifest["outputs"]);
}

}  // namespace scission::testing
