// The main() of tests that start segments' processes, which are this program again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "runner/segment_runner.h"

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view(scission::kSegmentRunnerCommand)) {
    return scission::RunSegmentRunner();
  }
  // A crash there is to be one, and not an exit of the address sanitizer's.
  const char* options = std::getenv("ASAN_OPTIONS");
  const std::string all = std::string(options == nullptr ? "" : options) + ":handle_sigfpe=0";
  ::setenv("ASAN_OPTIONS", all.c_str(), 1);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
