#include "worker/work_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t CountIn(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

TEST(WorkFolder, IsRemovedAtTheEnd) {
  const TemporaryFolder folder;
  {
    const WorkFolder own(folder.path() / "workers");
    WriteFileAtomically(own.path() / "x", "1");
    EXPECT_EQ(CountIn(folder.path() / "workers"), 1);
  }
  EXPECT_EQ(CountIn(folder.path() / "workers"), 0);
}

TEST(WorkFolder, LeavesThoseOfTheLiving) {
  const TemporaryFolder folder;
  const WorkFolder first(folder.path());
  const WorkFolder second(folder.path());
  EXPECT_NE(first.path(), second.path());
  EXPECT_TRUE(fs::exists(first.path()));
  EXPECT_EQ(CountIn(folder.path()), 2);
}

TEST(WorkFolder, RemovesThoseOfTheKilled) {
  const TemporaryFolder folder;
  const ChildResult killed = RunInChild([&]() -> int {
    const WorkFolder orphan(folder.path());
    WriteFileAtomically(orphan.path() / "x", "1");
    ::_exit(3);
  });
  ASSERT_EQ(killed.exit_code, 3);
  EXPECT_EQ(CountIn(folder.path()), 1);
  const WorkFolder own(folder.path());
  EXPECT_EQ(CountIn(folder.path()), 1);
  EXPECT_TRUE(fs::exists(own.path()));
}

}  // namespace
}  // namespace scission
