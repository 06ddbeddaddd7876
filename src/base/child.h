// Work in a process of its own, so that a crash there is a message here.
#pragma once

#include <functional>
#include <string>

namespace scission {

/// How a child process ended.
struct ChildResult {
  int exit_code = 0;             ///< valid where `signal` is 0
  int signal = 0;                ///< the signal that killed it
  bool was_interrupted = false;  ///< SIGINT or SIGTERM came meanwhile

  /// "was killed: Segmentation fault"; for SIGKILL with the likely reason. Empty where it exited.
  std::string CrashText() const;
};

/// Forks, runs `work` in the child, whose return value becomes its exit code, and waits. To be
/// called before the process starts threads. Standard output and error are shared; `work` must not
/// throw. SIGINT and SIGTERM are passed on to the child; the parent waits for it all the same.
ChildResult RunInChild(const std::function<int()>& work);

}  // namespace scission
