#include "bench/pin_threads.h"

#include "base/error.h"
#include "base/machine.h"

namespace scission {

void PinThreads(EngineOptions& engine) {
  const std::vector<int> cores = UsableCoreNumbers();
  engine.threads = ThreadCount(engine);  // asked now: this thread sees one core from here on
  if (cores.empty() || !PinThisThread(cores.front())) {
    throw InputError("--pin", "threads cannot be pinned to cores on this system");
  }
  engine.cores_of_helpers.clear();
  for (std::size_t i = 1; i < static_cast<std::size_t>(engine.threads); ++i) {
    engine.cores_of_helpers.push_back(cores[i % cores.size()]);
  }
}

}  // namespace scission
