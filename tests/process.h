// For end-to-end tests: runs a program as a user would, without a shell.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace scission::testing {

struct ProcessResult {
  int exit_code = 0;  ///< minus the signal's number where one ended the process
  bool timed_out = false;
  std::string standard_output;
  std::string standard_error;
};

/// Runs argv[0] in `directory` with no standard input and waits. Kills it after `timeout`.
ProcessResult RunProcess(const std::vector<std::string>& argv,
                         const std::filesystem::path& directory = ".",
                         std::chrono::seconds timeout = std::chrono::seconds(120));

/// The lines of `text`, without their ends.
std::vector<std::string> Lines(const std::string& text);

}  // namespace scission::testing
