// How the memory of messages comes and goes.
#pragma once

namespace scission {

/// For processes through which messages of many megabytes pass: from now on what they free is kept
/// for the next one. glibc would return it to the system with each message and take it again page
/// by page, which took longer than copying the message.
void KeepMemoryOfMessages();

/// Returns to the system what is kept, for it may be a while until it is needed.
void ReturnMemoryOfMessages();

}  // namespace scission
