#include "background.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace scission::testing {

BackgroundProcess::BackgroundProcess(const std::vector<std::string>& argv,
                                     const std::filesystem::path& directory)
    : process_(Spawn(argv, directory, folder_.path() / "output", folder_.path() / "error")) {}

BackgroundProcess::~BackgroundProcess() {
  if (!IsRunning()) return;
  kill(process_, SIGCONT);
  kill(process_, SIGKILL);
  Wait();
}

std::string BackgroundProcess::Output() const { return ReadFile(folder_.path() / "output"); }
std::string BackgroundProcess::Error() const { return ReadFile(folder_.path() / "error"); }

void BackgroundProcess::WaitFor(const std::string& text, std::chrono::seconds timeout) const {
  const auto has_text = [&] { return (Output() + Error()).find(text) != std::string::npos; };
  const bool is_there = Eventually(has_text, timeout);
  if (!is_there) throw std::runtime_error("no '" + text + "' in:\n" + Output() + Error());
}

void BackgroundProcess::Signal(int signal) const { kill(process_, signal); }

bool BackgroundProcess::IsRunning() {
  if (!has_ended_) has_ended_ = waitpid(process_, &status_, WNOHANG) == process_;
  return !has_ended_;
}

int BackgroundProcess::Wait(std::chrono::seconds timeout) {
  if (!Eventually([&] { return !IsRunning(); }, timeout)) return -1000;
  return WIFSIGNALED(status_) ? -WTERMSIG(status_) : WEXITSTATUS(status_);
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  const std::filesystem::path tasks = "/proc/" + std::to_string(parent) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace scission::testing
