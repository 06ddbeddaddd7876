// models and export as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "process.h"

namespace scission::testing {
namespace {

using nlohmann::json;

ProcessResult Scission(std::vector<std::string> arguments,
                       const std::filesystem::path& directory = ".") {
  arguments.insert(arguments.begin(), Program());
  return RunProcess(arguments, directory);
}

TEST(ModelsCommand, ListsThemAllForPeopleAndPrograms) {
  const auto listed = json::parse(Scission({"models", "--format", "json"}).standard_output);
  ASSERT_EQ(listed["models"].size(), 18);
  const json& first = listed["models"][0];
  EXPECT_EQ(first["name"], "vgg16");
  EXPECT_EQ(first["layer_count"], 23);
  EXPECT_EQ(first["params"], 138357544);
  EXPECT_EQ(first["cut_count"], 21);

  const auto csv = Lines(Scission({"models", "--format", "csv"}).standard_output);
  ASSERT_EQ(csv.size(), 19);
  EXPECT_EQ(csv[0], "name,layer_count,cut_count,params,gflops,input_size,preprocessing");
  EXPECT_TRUE(csv[1].starts_with("vgg16,23,21,138357544,30.9")) << csv[1];
  EXPECT_TRUE(csv[1].ends_with(",224,caffe")) << csv[1];
  EXPECT_EQ(Lines(Scission({"models"}).standard_output).size(), 19);
}

TEST(ExportCommand, WritesIntoAFolderThatIsThere) {
  const TemporaryFolder folder;
  const auto exported = Scission({"export", "MobileNet", "-o", folder.path().string()});
  EXPECT_EQ(exported.exit_code, 0) << exported.standard_error;
  EXPECT_GT(std::filesystem::file_size(folder.path() / "mobilenet.onnx"), 4 * 4253864);
}

TEST(ExportCommand, WritesThemAll) {
  const TemporaryFolder folder;
  const auto exported = Scission({"export", "all", "-o", "models"}, folder.path());
  EXPECT_EQ(exported.exit_code, 0) << exported.standard_error;
  EXPECT_EQ(Lines(exported.standard_output).size(), 18);
  for (const auto& model :
       json::parse(Scission({"models", "--format", "json"}).standard_output)["models"]) {
    const auto file = folder.path() / "models" / (model["name"].get<std::string>() + ".onnx");
    EXPECT_GT(std::filesystem::file_size(file), 4 * model["params"].get<std::size_t>());
  }
}

}  // namespace
}  // namespace scission::testing
