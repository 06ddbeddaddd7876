// The network file: CSV with a header row, then source,destination,ping(ms),bandwidth(mbps).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "network/network.h"

namespace scission {

/// Reads a network file. The first row is a header; blank lines, lines that start with '#' and
/// blanks around values are skipped. ping is the one-way latency of the link; bandwidth in bytes/s
/// is mbps x 125000 rounded to a whole number, half to even, as the original tool does. A pair that
/// stands twice: the last row wins, with a line in `warnings`. Throws InputError naming file and
/// line.
Network ReadNetwork(const std::filesystem::path& file, std::vector<std::string>& warnings);

}  // namespace scission
