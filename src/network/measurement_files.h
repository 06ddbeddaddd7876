// What `network measure` writes: the network file, and beside it all that was measured.
#pragma once

#include <filesystem>
#include <vector>

#include "network/measure_links.h"

namespace scission {

/// Where the measurements of the network file `csv` are: network.csv has network.json.
std::filesystem::path MeasurementFileOf(const std::filesystem::path& csv);

/// The links in a measurement file (docs/formats.md), each with its fit to the samples in it.
/// Throws InputError naming file and place.
std::vector<LinkMeasurement> ReadMeasurements(const std::filesystem::path& file);

/// Throws InputError where SaveMeasurement(csv, ...) would: to be found out before anything is
/// measured. Both files may be missing.
void RequireSavable(const std::filesystem::path& csv);

/// Puts the link into the network file `csv` and into its measurement file, in place of what they
/// had of the same ends; all else in them stays. Throws InputError naming the file where one is
/// there and is not what it should be, or cannot be written.
void SaveMeasurement(const std::filesystem::path& csv, const LinkMeasurement& link);

}  // namespace scission
