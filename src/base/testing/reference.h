// For tests only: where the reference data lies, which is not part of the repository.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace scission::testing {

/// $SCISSION_REFERENCE, or ../shared/reference beside the repository. Tests skip where it is
/// absent.
inline std::filesystem::path ReferenceFolder() {
  if (const char* folder = std::getenv("SCISSION_REFERENCE")) return folder;
  return std::filesystem::path(SCISSION_SOURCE_DIR) / "../shared/reference";
}

}  // namespace scission::testing

#define SCISSION_REQUIRE_REFERENCE()                                                   \
  if (!std::filesystem::exists(scission::testing::ReferenceFolder()))                  \
  GTEST_SKIP() << "reference data absent: no " << scission::testing::ReferenceFolder() \
               << " (set SCISSION_REFERENCE)"
