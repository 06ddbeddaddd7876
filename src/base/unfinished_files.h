// What a signal must not leave behind.
#pragma once

namespace scission {

/// From now on SIGINT, SIGTERM and SIGHUP (where they are not ignored) remove the unfinished files
/// of this process before they end it as they always do.
void RemoveUnfinishedFilesOnSignals();

/// Enters `path`, which must stay where it is, as unfinished; returns its place for Finished(), or
/// -1 where too many are open. Not from several threads at once.
int AddUnfinishedFile(const char* path);
void Finished(int place);

}  // namespace scission
