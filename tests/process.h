// For end-to-end tests: runs a program as a user would, without a shell.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace scission::testing {

struct ProcessResult {
  int exit_code = 0;  ///< minus the signal's number where one ended the process
  bool timed_out = false;
  /// The most that the process, or one that it waited for, had in memory at a time. Never below
  /// what the test's own process had (Linux counts from before the program is loaded).
  std::size_t peak_memory_bytes = 0;
  std::string standard_output;
  std::string standard_error;
};

/// The program that is tested: $SCISSION_PROGRAM, or the one that was built with the test.
std::string Program();

/// Runs argv[0] in `directory` with no standard input and waits. Kills it after `timeout`.
ProcessResult RunProcess(const std::vector<std::string>& argv,
                         const std::filesystem::path& directory = ".",
                         std::chrono::seconds timeout = std::chrono::seconds(120));

/// Starts argv[0] in `directory` with no standard input; its output and its errors go to files.
pid_t Spawn(const std::vector<std::string>& argv, const std::filesystem::path& directory,
            const std::filesystem::path& output, const std::filesystem::path& error);

/// The lines of `text`, without their ends.
std::vector<std::string> Lines(const std::string& text);

}  // namespace scission::testing
