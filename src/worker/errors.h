// What a worker answers besides InputError (INVALID_ARGUMENT) and RemoteError (its own code).
#pragma once

#include <stdexcept>
#include <string>

#include "base/error.h"

namespace scission {

/// There is no stage, model or blob of that name: NOT_FOUND.
class NotFoundError : public InputError {
 public:
  using InputError::InputError;
};

/// The call does not go with the state of this worker, or with its version: FAILED_PRECONDITION.
class PreconditionError : public InputError {
 public:
  using InputError::InputError;
};

/// The disk, the memory or a queue is full; later it may work: RESOURCE_EXHAUSTED.
class ExhaustedError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What arrived is not what was sent: DATA_LOSS.
class DamagedError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Another call is at the same thing; to be tried again: ABORTED.
class BusyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// This worker ends and takes no more calls: UNAVAILABLE.
class DrainingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Whoever called does not want the answer any more: CANCELLED.
class CancelledError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace scission
