// Binds a saved plan to the files that it was made from: their SHA-256 stand in it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json_reader.h"

namespace scission {

/// Writes `plans`, what PlansJson gives, into `file`, whole or not at all, with a member "inputs":
/// path, relative to the folder of `file`, and SHA-256 of each of `inputs`.
void SavePlans(const std::string& plans, const std::vector<std::filesystem::path>& inputs,
               const std::filesystem::path& file);

/// The paths of the inputs of the plan `json`, which was read from `file`, from here, in the order
/// in which they were given; none where it was not saved so. Throws InputError naming file and
/// place.
std::vector<std::filesystem::path> InputsOf(const JsonReader& json,
                                            const std::filesystem::path& file);

/// Throws InputError where one of the inputs of the plan `json`, which was read from `file`, is
/// there and no longer what it was. Reads all of them. Plans that were not saved have none.
void RequireUnchangedInputs(const JsonReader& json, const std::filesystem::path& file);

}  // namespace scission
