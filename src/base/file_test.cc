#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/testing/error_of.h"

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

TEST(AtomicFile, NamesAFolderThatDoesNotExist) {
  EXPECT_THROW(WriteFileAtomically("/no/such/folder/x", ""), InputError);
}

/// The entries of `folder`, by name.
std::vector<std::string> Names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AtomicFolder, AppearsWithAllThatIsInIt) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "empty");
  for (const char* name : {"new", "slash/", "empty"}) {
    AtomicFolder made(folder.path() / name);
    WriteFileAtomically(made.temporary_path() / "x", name);
    made.Commit();
  }
  EXPECT_EQ(Names(folder.path()), (std::vector<std::string>{"empty", "new", "slash"}));
  EXPECT_EQ(ReadFile(folder.path() / "empty" / "x"), "empty");
  EXPECT_EQ(ReadFile(folder.path() / "slash" / "x"), "slash/");
}

TEST(AtomicFolder, LeavesNothingWhenNotCommitted) {
  const TemporaryFolder folder;
  {
    const AtomicFolder made(folder.path() / "new");
    WriteFileAtomically(made.temporary_path() / "x", "1");
  }
  EXPECT_EQ(Names(folder.path()), std::vector<std::string>());
}

TEST(AtomicFolder, ReplacesNothing) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& name) {
    return testing::ErrorOf([&] { AtomicFolder made(folder.path() / name); });
  };
  const std::string place = folder.path().string() + "/";
  std::filesystem::create_directory(folder.path() / "full");
  WriteFileAtomically(folder.path() / "full" / "x", "1");
  EXPECT_EQ(testing::ErrorOf([] { AtomicFolder made(""); }), "the name of the folder is empty");
  EXPECT_EQ(error_of("full"), place + "full: is there and not empty");
  EXPECT_EQ(error_of("full/x"), place + "full/x: is there and not a folder");
  EXPECT_EQ(error_of("none/x"),
            place + "none/x: cannot be made a folder: No such file or directory");
  EXPECT_EQ(Names(folder.path()), std::vector<std::string>{"full"});
}

}  // namespace
}  // namespace scission
