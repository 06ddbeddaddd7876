// Profiles in files: our JSON (docs/formats.md) and the original tool's .dat.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "profile/profile.h"

namespace scission {

/// Reads TIER-NAME.json as written by WriteProfile. Throws InputError naming file and place.
Profile ReadProfile(const std::filesystem::path& file);

/// Writes `profile` atomically as versioned JSON.
void WriteProfile(const Profile& profile, const std::filesystem::path& file);

/// Reads the original tool's TIER-NAME.dat, a Python pickle: tier and name come from the file's
/// name, times and sizes as they stand. Builds plain data only; every global but the three that
/// such files need, and every opcode that they do not need, is refused.
Profile ReadDatProfile(const std::filesystem::path& file);

/// Every TIER-NAME.json and TIER-NAME.dat in `folder`, sorted by file name; other files are left
/// alone. Throws InputError if one cannot be read, two claim the same host, or there is none.
std::vector<Profile> ReadProfiles(const std::filesystem::path& folder);

}  // namespace scission
