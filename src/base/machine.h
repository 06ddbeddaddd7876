// What the system lets this process use.
#pragma once

namespace scission {

/// Cores that this process may run on (its CPU affinity); at least 1.
int UsableCores();

}  // namespace scission
