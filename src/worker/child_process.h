// Another program as a child of a process with threads.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/units.h"

namespace scission {

struct ChildProgram {
  std::filesystem::path program;
  std::vector<std::string> arguments;  ///< without its name
  std::filesystem::path directory;     ///< where it runs
  Seconds patience{10};                ///< between SIGINT and SIGKILL
};

/// Runs it, with nothing on its standard input and its standard output thrown away, and waits.
/// `line` gets each line of its standard error, printable, as it comes, and does not throw. Where
/// `is_cancelled` returns true, which it is asked some times a second, the child gets SIGINT; where
/// that does not end it within the patience, SIGKILL. It dies with the thread that called this.
/// Throws std::runtime_error where it cannot be started.
ChildResult RunProgram(const ChildProgram& program,
                       const std::function<void(const std::string& text)>& line,
                       const std::function<bool()>& is_cancelled);

}  // namespace scission
