#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "profile/profile_io.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

bool IsProfile(const fs::path& file) {
  const auto extension = file.extension();
  if (extension != ".json" && extension != ".dat") return false;
  const auto dash = file.stem().string().find('-');
  return dash != std::string::npos && dash > 0;
}

/// Sorted, so that the order of equal plans does not depend on the file system.
std::vector<fs::path> ListProfiles(const fs::path& folder) {
  if (!fs::exists(folder)) throw InputError(folder.string(), "there is no such folder");
  if (!fs::is_directory(folder)) {
    throw InputError(folder.string(), "is not a folder; profiles are read from a folder");
  }
  std::vector<fs::path> files;
  try {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (IsProfile(entry.path())) files.push_back(entry.path());
    }
  } catch (const fs::filesystem_error& error) {
    throw InputError(folder.string(), "cannot be read: " + error.code().message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Profile> ReadProfiles(const fs::path& folder) {
  std::vector<Profile> profiles;
  std::map<std::string, std::string> file_by_host;
  for (const fs::path& file : ListProfiles(folder)) {
    Profile profile = file.extension() == ".dat" ? ReadDatProfile(file) : ReadProfile(file);
    const auto [claim, is_new] = file_by_host.emplace(profile.host.name, profile.file);
    if (!is_new) {
      throw InputError(profile.file, fmt::format("claims the host '{}', as {} does",
                                                 Printable(profile.host.name, 60), claim->second));
    }
    profiles.push_back(std::move(profile));
  }
  if (profiles.empty()) {
    throw InputError(folder.string(), "holds no profile (TIER-NAME.json or TIER-NAME.dat)");
  }
  return profiles;
}

}  // namespace scission
