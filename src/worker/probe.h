// Measures a link from this worker to another one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "wire/channel.h"

namespace scission {

/// Sends messages of `sizes` bytes to the model "scission.probe" of the worker at `address`, over
/// a channel of its own, `rounds` times each, the sizes in turns so that a disturbance hits all
/// alike, after some unmeasured ones. `sample` gets each measured transfer as it ends: the time
/// from the call to its empty answer. Ends early, without an error, where `is_cancelled` returns
/// true, which it is asked between transfers. Throws RemoteError naming `host` where a transfer
/// fails or takes too long.
void ProbeLink(const std::string& host, const std::string& address, const ChannelOptions& options,
               const std::vector<std::int64_t>& sizes, int rounds,
               const std::function<bool()>& is_cancelled,
               const std::function<void(std::int64_t bytes, double seconds)>& sample);

}  // namespace scission
