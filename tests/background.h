// For end-to-end tests: a program that runs beside the test.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "process.h"

namespace scission::testing {

/// Killed, if it is still there, with the object.
class BackgroundProcess {
 public:
  explicit BackgroundProcess(const std::vector<std::string>& argv,
                             const std::filesystem::path& directory = ".");
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  pid_t id() const { return process_; }
  std::string Output() const;
  std::string Error() const;
  /// Waits until `text` stands in one of the streams; throws with both where `timeout` passes.
  void WaitFor(const std::string& text,
               std::chrono::seconds timeout = std::chrono::seconds(30)) const;
  void Signal(int signal) const;
  /// Waits for its end; the exit code, minus the signal that ended it. -1000 where it does not.
  int Wait(std::chrono::seconds timeout = std::chrono::seconds(30));
  bool IsRunning();

 private:
  TemporaryFolder folder_;
  pid_t process_;
  bool has_ended_ = false;
  int status_ = 0;
};

/// The processes that `parent` started and that are still there, oldest first.
std::vector<pid_t> ChildrenOf(pid_t parent);

/// Waits until `condition` holds; false where `timeout` passes before.
template <typename Condition>
bool Eventually(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    usleep(5'000);
  }
  return true;
}

}  // namespace scission::testing
