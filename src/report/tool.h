// Other programs that draw for us, each run as a process of its own.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace scission {

struct Tool {
  const char* program;  ///< looked for in PATH
  const char* package;  ///< of Debian
  const char* purpose;  ///< "draws the pictures"
};

/// Runs `tool` with `arguments` and no standard input, and waits. Returns false where it took
/// longer than `limit` and was killed. Throws InputError where it is not installed, and
/// std::runtime_error with what it said where it failed.
bool RunTool(const Tool& tool, const std::vector<std::string>& arguments,
             std::chrono::seconds limit = std::chrono::hours(1));

}  // namespace scission
