// The picture of a validation.
#pragma once

#include <filesystem>
#include <string>

#include "validate/range_validation.h"

namespace scission {

/// The gnuplot commands: predicted against measured times in ms on logarithmic axes, with standard
/// errors and with the diagonal on which both are equal; the sums of blocks besides. There must be
/// ranges.
std::string ValidationScript(const RangeValidation& validation, const std::string& title);

/// Writes `path`.png and `path`.svg. Throws InputError as DrawPictures does.
void PlotValidation(const RangeValidation& validation, const std::string& title,
                    const std::filesystem::path& path);

}  // namespace scission
