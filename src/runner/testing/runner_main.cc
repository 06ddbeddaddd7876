// The main() of tests that start segments' processes, which are this program again.
#include <gtest/gtest.h>

#include <string_view>

#include "runner/segment_runner.h"

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view(scission::kSegmentRunnerCommand)) {
    return scission::RunSegmentRunner();
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
