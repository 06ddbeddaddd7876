#include "base/child.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "base/unfinished_files.h"

namespace scission {
namespace {

volatile std::sig_atomic_t running_child = 0;
volatile std::sig_atomic_t was_interrupted = 0;

void PassOn(int signal) {
  was_interrupted = 1;
  if (running_child > 0) ::kill(running_child, signal);
}

/// Passes SIGINT and SIGTERM on to the child while it runs, then restores what was there.
class SignalRelay {
 public:
  SignalRelay() {
    struct sigaction action {};
    action.sa_handler = PassOn;
    ::sigaction(SIGINT, &action, &interrupt_);
    ::sigaction(SIGTERM, &action, &terminate_);
  }
  ~SignalRelay() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGTERM, &terminate_, nullptr);
  }
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;

 private:
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

[[noreturn]] void BeChild(const std::function<int()>& work) {
  RemoveUnfinishedFilesOnSignals();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // no orphan goes on measuring
  const int code = work();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  ::_exit(code);
}

}  // namespace

std::string ChildResult::CrashText() const {
  if (signal == 0) return {};
  const std::string reason = signal == SIGKILL ? " (out of memory?)" : "";
  return fmt::format("was killed: {}{}", ::strsignal(signal), reason);
}

ChildResult RunInChild(const std::function<int()>& work) {
  std::cout.flush();
  std::cerr.flush();
  const SignalRelay relay;
  was_interrupted = 0;
  const pid_t child = ::fork();
  running_child = child;
  if (child < 0) {
    throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
  }
  if (child == 0) BeChild(work);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  running_child = 0;
  const bool interrupted = was_interrupted != 0;
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status), interrupted};
  return {WEXITSTATUS(status), 0, interrupted};
}

}  // namespace scission
