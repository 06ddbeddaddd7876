// An interruption that gives the command time to tidy up.
#pragma once

namespace scission {

/// From now on a first SIGINT or SIGTERM is only noted. Another one, two seconds or more later,
/// does what it did before. (A terminal's Ctrl-C comes twice at once where a parent passes it on.)
void NoteInterrupts();
bool WasInterrupted();

}  // namespace scission
