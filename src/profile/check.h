// What every reader promises about the profiles it returns.
#pragma once

#include "profile/profile.h"

namespace scission {

/// Throws InputError naming `profile.file` unless name and tier are given, no model stands twice,
/// and in each model the blocks are contiguous, every block was measured, every range begins and
/// ends with a block, and none stands twice.
void CheckProfile(const Profile& profile);

}  // namespace scission
