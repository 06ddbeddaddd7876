#include "base/unfinished_files.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>

namespace scission {
namespace {

/// `owner`: a child process inherits the list, not the files.
struct Unfinished {
  std::atomic<const char*> path = nullptr;
  std::atomic<pid_t> owner = 0;
};

std::array<Unfinished, 16> unfinished_files;

static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler reads it");

void RemoveAndEnd(int signal) {
  for (const Unfinished& file : unfinished_files) {
    const char* path = file.path;
    if (path != nullptr && file.owner == ::getpid()) ::unlink(path);
  }
  ::raise(signal);  // its default action by now, when this function returns
}

}  // namespace

void RemoveUnfinishedFilesOnSignals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // of nohup, for one
    action = {};
    action.sa_handler = RemoveAndEnd;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(signal, &action, nullptr);
  }
}

int AddUnfinishedFile(const char* path) {
  for (std::size_t i = 0; i < unfinished_files.size(); ++i) {
    Unfinished& file = unfinished_files[i];
    if (file.path != nullptr && file.owner == ::getpid()) continue;
    file.owner = ::getpid();
    file.path = path;
    return static_cast<int>(i);
  }
  return -1;
}

void Finished(int place) {
  if (place >= 0) unfinished_files[static_cast<std::size_t>(place)].path = nullptr;
}

}  // namespace scission
