// The table of bad inputs: what a user can get wrong, and what the program says to it. A test file
// fills a vector of BadInput and instantiates the suite:
//   INSTANTIATE_TEST_SUITE_P(Predict, BadInputTest, ::testing::ValuesIn(PredictCases()), CaseName);
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace scission::testing {

/// Makes or spoils files in the folder that it is given, in which the program will run.
using Preparation = std::function<void(const std::filesystem::path& folder)>;

struct BadInput {
  std::string name;     ///< of letters and digits
  Preparation prepare;  ///< on top of what the suite's fixture made
  std::vector<std::string> arguments;
  int exit_code = 2;
  std::string fragment;  ///< of the only line on standard error
};

/// So that a failure names the case instead of its bytes.
inline void PrintTo(const BadInput& input, std::ostream* stream) { *stream << input.name; }

inline std::string CaseName(const ::testing::TestParamInfo<BadInput>& info) {
  return info.param.name;
}

// Preparations. Paths are relative to the folder.
Preparation Nothing();
Preparation File(const std::string& path, const std::string& contents);
Preparation Folder(const std::string& path);
Preparation Fifo(const std::string& path);
Preparation Gone(const std::string& path);
Preparation Both(Preparation first, Preparation second);

/// Runs the program on one bad input: exactly one line on standard error, the right exit code,
/// nothing on standard output, and no file made, changed in name or removed.
class BadInputTest : public ::testing::TestWithParam<BadInput> {};

}  // namespace scission::testing
