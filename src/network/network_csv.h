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

/// Throws InputError starting with `place` where `host` cannot stand in a network file: names there
/// have no commas and line breaks, no blanks around them, and begin neither with '#' nor with a
/// quote.
void RequireNetworkName(const std::string& place, const std::string& host);

/// Puts a link into the network file, in the place of the rows that the pair has, or as a last one;
/// all else in the file stays. Makes the file, with a header, where it is not there. ReadNetwork
/// gives the same link where its latency has at most six decimals in milliseconds and its bandwidth
/// is a whole number of bytes per second. Throws InputError where the file is there and is no
/// network file, or cannot be written. The names are ones that RequireNetworkName takes.
void WriteLink(const std::filesystem::path& file, const std::string& source,
               const std::string& destination, const Link& link);

}  // namespace scission
