#include "bad_input.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <stdexcept>

#include "base/file.h"
#include "process.h"

namespace scission::testing {
namespace {

namespace fs = std::filesystem;

std::set<fs::path> Contents(const fs::path& folder) {
  std::set<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) paths.insert(entry.path());
  return paths;
}

}  // namespace

Preparation Nothing() {
  return [](const fs::path&) {};
}

Preparation File(const std::string& path, const std::string& contents) {
  return [=](const fs::path& folder) {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << contents;
  };
}

Preparation Folder(const std::string& path) {
  return [=](const fs::path& folder) {
    fs::remove_all(folder / path);
    fs::create_directories(folder / path);
  };
}

Preparation Fifo(const std::string& path) {
  return [=](const fs::path& folder) {
    fs::remove_all(folder / path);
    if (::mkfifo((folder / path).c_str(), 0600) != 0) throw std::runtime_error("no FIFO: " + path);
  };
}

Preparation Gone(const std::string& path) {
  return [=](const fs::path& folder) { fs::remove_all(folder / path); };
}

Preparation Both(Preparation first, Preparation second) {
  return [first = std::move(first), second = std::move(second)](const fs::path& folder) {
    first(folder);
    second(folder);
  };
}

TEST_P(BadInputTest, GetsOneClearLineAndNothingElse) {
  const BadInput& input = GetParam();
  const TemporaryFolder folder;
  input.prepare(folder.path());
  const auto before = Contents(folder.path());
  std::vector<std::string> argv = {Program()};
  argv.insert(argv.end(), input.arguments.begin(), input.arguments.end());

  const ProcessResult result = RunProcess(argv, folder.path());

  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, input.exit_code);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_EQ(Lines(result.standard_error).size(), 1u) << result.standard_error;
  EXPECT_THAT(result.standard_error, ::testing::HasSubstr(input.fragment));
  EXPECT_EQ(Contents(folder.path()), before);
}

}  // namespace scission::testing
