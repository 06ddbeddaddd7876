// Until when a call is worth answering.
#pragma once

#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>

#include "base/units.h"
#include "runner/segment_process.h"

namespace scission {

/// The caller's own deadline, but at most `longest` from now; a caller that gave none has one that
/// is far away.
inline Deadline DeadlineOf(const grpc::ServerContextBase& context, Seconds longest) {
  const auto left =
      std::chrono::duration_cast<Seconds>(context.deadline() - std::chrono::system_clock::now());
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<Deadline::duration>(std::min(left, longest));
}

}  // namespace scission
