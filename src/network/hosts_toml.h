// The hosts file: TOML. docs/formats.md describes it; keep the two together.
#pragma once

#include <filesystem>

#include "network/hosts.h"

namespace scission {

/// Throws InputError naming file and line: for what is not TOML, keys that it does not know,
/// wrong types, numbers out of their range, and hosts or links that stand twice.
Hosts ReadHosts(const std::filesystem::path& file);

}  // namespace scission
