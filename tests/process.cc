#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/file.h"

namespace scission::testing {

namespace fs = std::filesystem;

std::string Program() {
  const char* other = std::getenv("SCISSION_PROGRAM");
  return other == nullptr ? SCISSION_PROGRAM : other;
}

pid_t Spawn(const std::vector<std::string>& argv, const fs::path& directory, const fs::path& output,
            const fs::path& error) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT,
                                     0600);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error.c_str(), O_WRONLY | O_CREAT,
                                     0600);
  ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int failure =
      ::posix_spawn(&process, argv[0].c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error(argv[0] + ": " + std::strerror(failure));
  return process;
}

ProcessResult RunProcess(const std::vector<std::string>& argv, const fs::path& directory,
                         std::chrono::seconds timeout) {
  const TemporaryFolder folder;
  const fs::path output = folder.path() / "output";
  const fs::path error = folder.path() / "error";
  const pid_t process = Spawn(argv, directory, output, error);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  ProcessResult result;
  int status = 0;
  struct rusage usage {};
  while (::wait4(process, &status, WNOHANG, &usage) == 0) {
    if (!result.timed_out && std::chrono::steady_clock::now() > deadline) {
      result.timed_out = true;
      ::kill(process, SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  result.exit_code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  result.peak_memory_bytes = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
  result.standard_output = ReadFile(output);
  result.standard_error = ReadFile(error);
  return result;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace scission::testing
