// Sends requests, so many at a time or so many a second, and keeps what became of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/units.h"

namespace scission {

enum class Arrivals {
  kPoisson,  ///< as independent clients send: exponential times between requests
  kFixed,    ///< one each 1 / rate seconds
};

struct Load {
  std::size_t requests = 20;
  int concurrency = 1;         ///< closed loop: so many clients, each waits for its answer
  std::optional<double> rate;  ///< open loop instead: requests a second, whatever the answers do
  Arrivals arrivals = Arrivals::kPoisson;
  std::uint64_t seed = 1;  ///< of Poisson's
};

/// Connections that an open loop has at most: requests beyond them wait, and their waiting counts.
inline constexpr int kMaxOpenConnections = 64;
/// How many clients send it; each has a number below that.
std::size_t ClientCount(const Load& load);

/// When the requests of an open loop are due, from its begin on.
std::vector<Seconds> ArrivalTimes(std::size_t count, double rate, Arrivals arrivals,
                                  std::uint64_t seed);

/// How a request failed.
enum class FailureKind {
  kUnreachable,  ///< no connection, or it broke
  kTimeout,      ///< no answer within the deadline
  kNotLoaded,    ///< the host is there but does not have the stage
  kBusy,         ///< the queue is full
  kRefused,      ///< the request is wrong
  kOther,
};

class RequestError : public std::runtime_error {
 public:
  /// `host`: where it failed; empty where that is not known.
  RequestError(FailureKind kind, std::string host, const std::string& text)
      : std::runtime_error(text), kind_(kind), host_(std::move(host)) {}

  FailureKind kind() const { return kind_; }
  const std::string& host() const { return host_; }

 private:
  FailureKind kind_;
  std::string host_;
};

struct RequestSlot {
  std::size_t number = 0;  ///< of the request, from 0
  Seconds due{0};          ///< since the load began
  Seconds begin{0};        ///< when it was sent
  Seconds end{0};          ///< when its answer was here
};

struct LoadResult {
  std::vector<RequestSlot> answered;    ///< in the order of their numbers
  std::size_t rejected = 0;             ///< as a queue was full: those are not sent again
  std::optional<RequestError> failure;  ///< what ended the load early: any other failure
  Seconds duration{0};                  ///< from the first request's being due to the last answer
};

/// Calls `send` for each request, in `concurrency` threads (kMaxOpenConnections for an open loop),
/// each with a number of its own, `client`. `send` returns when the answer is there, and throws
/// RequestError where there is none; after one that is not kBusy no request is begun any more, and
/// none after `is_cancelled` says so. What else it throws is thrown here.
LoadResult RunLoad(const Load& load,
                   const std::function<void(std::size_t request, std::size_t client)>& send,
                   const std::function<bool()>& is_cancelled);

}  // namespace scission
