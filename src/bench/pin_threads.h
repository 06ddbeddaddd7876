// Threads that stay where they are.
#pragma once

#include "engine/session.h"

namespace scission {

/// Pins this thread, which is the first of every inference, to the first usable core and lets the
/// engine pin its others to the next ones, around again where there are more threads than cores.
/// Without it, the system may put two threads on one core for seconds. To be called once in a
/// process, before sessions are made. Throws InputError where the system refuses.
void PinThreads(EngineOptions& engine);

}  // namespace scission
