#include "cli/interrupt.h"

#include <csignal>
#include <ctime>

namespace scission {
namespace {

volatile std::sig_atomic_t was_interrupted = 0;
volatile std::sig_atomic_t second_of_interrupt = 0;
struct sigaction before_interrupt;
struct sigaction before_terminate;

std::sig_atomic_t MonotonicSecond() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::sig_atomic_t>(now.tv_sec);
}

void Note(int signal) {
  if (was_interrupted == 0) {
    was_interrupted = 1;
    second_of_interrupt = MonotonicSecond();
    return;
  }
  if (MonotonicSecond() - second_of_interrupt < 2) return;
  ::sigaction(signal, signal == SIGINT ? &before_interrupt : &before_terminate, nullptr);
  ::raise(signal);
}

}  // namespace

void NoteInterrupts() {
  struct sigaction action {};
  action.sa_handler = Note;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, &before_interrupt);
  ::sigaction(SIGTERM, &action, &before_terminate);
}

bool WasInterrupted() { return was_interrupted != 0; }

}  // namespace scission
