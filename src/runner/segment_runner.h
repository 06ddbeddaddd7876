// The child's side of a segment in a process of its own.
#pragma once

namespace scission {

/// The hidden command as which the program runs in the child, and where its socket is.
inline constexpr const char* kSegmentRunnerCommand = "segment-runner";
inline constexpr int kSegmentRunnerSocket = 3;

/// Serves the parent at the other end of `socket` (SegmentProcess) until that is closed: loads the
/// model that it names and runs the requests that it places in shared memory. Returns the exit
/// code. Throws InputError where `socket` is no such socket: the user called it.
int RunSegmentRunner(int socket = kSegmentRunnerSocket);

}  // namespace scission
