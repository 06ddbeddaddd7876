// What the system lets this process use.
#pragma once

#include <vector>

namespace scission {

/// Cores that this process may run on (its CPU affinity); at least 1.
int UsableCores();

/// Their numbers, ascending; empty where the system does not tell.
std::vector<int> UsableCoreNumbers();

/// Lets this thread, and those that it starts from now on, run on `core` alone. False where the
/// system refuses.
bool PinThisThread(int core);

}  // namespace scission
