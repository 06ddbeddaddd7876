// Exceptions as gRPC statuses: the edge at which errors leave a worker.
#pragma once

#include <grpcpp/support/status.h>

#include <functional>

namespace scission {

/// Runs `work`. What it throws becomes a status of one line: InputError INVALID_ARGUMENT,
/// RemoteError its own code, those of worker/errors.h as they say, ProcessTimeout
/// DEADLINE_EXCEEDED, ProcessError, EngineError and everything else INTERNAL.
grpc::Status StatusOf(const std::function<void()>& work);

/// The same for the exception that is being handled.
grpc::Status CurrentStatus();

}  // namespace scission
