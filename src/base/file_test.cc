#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>

#include "base/child.h"
#include "base/error.h"

namespace scission {
namespace {

std::string ErrorOf(const std::filesystem::path& path, std::size_t max_bytes = 100) {
  try {
    ReadFile(path, max_bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ReadFile, ReturnsWhatWasWritten) {
  const TemporaryFolder folder;
  const std::string contents("a\0b\n", 4);
  WriteFileAtomically(folder.path() / "x", contents);
  EXPECT_EQ(ReadFile(folder.path() / "x"), contents);
}

TEST(ReadFile, NamesThePathInEveryError) {
  const TemporaryFolder folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  WriteFileAtomically(folder.path() / "big", std::string(101, 'x'));

  EXPECT_EQ(ErrorOf("/no/such"), "/no/such: cannot be opened: No such file or directory");
  EXPECT_EQ(ErrorOf(folder.path()), folder.path().string() + ": is a directory, not a file");
  EXPECT_EQ(ErrorOf(fifo), fifo.string() + ": is not a file");
  EXPECT_NE(ErrorOf(folder.path() / "big").find("is too large: 101 bytes"), std::string::npos);
}

TEST(AtomicFile, LeavesTheOldFileAndNoTraceWhenNotCommitted) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.path() / "x", "old");
  {
    AtomicFile file(folder.path() / "x");
    file.Write("new");
  }
  EXPECT_EQ(ReadFile(folder.path() / "x"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, LeavesNoTraceWhenASignalEndsTheProcess) {
  const TemporaryFolder folder;
  const AtomicFile of_the_parent(folder.path() / "y");
  const ChildResult child = RunInChild([&]() -> int {
    AtomicFile file(folder.path() / "x");
    file.Write("new");
    return std::raise(SIGTERM);
  });
  EXPECT_EQ(child.signal, SIGTERM);
  std::vector<std::filesystem::path> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    left.push_back(entry.path());
  }
  EXPECT_EQ(left, std::vector{of_the_parent.temporary_path()});
}

TEST(AtomicFile, NamesAFolderThatDoesNotExist) {
  EXPECT_THROW(WriteFileAtomically("/no/such/folder/x", ""), InputError);
}

}  // namespace
}  // namespace scission
