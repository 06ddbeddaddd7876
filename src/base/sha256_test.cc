#include "base/sha256.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"

namespace scission {
namespace {

TEST(Sha256, GivesThePublishedDigest) {  // FIPS 180-2, appendix B.1
  Sha256 hash;
  hash.Add("a");
  hash.Add("bc");
  EXPECT_EQ(hash.Finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256OfFile, ReadsFilesLargerThanAPiece) {
  const TemporaryFolder folder;
  const std::string text(3'000'000, 'a');
  WriteFileAtomically(folder.path() / "x", text);
  WriteFileAtomically(folder.path() / "empty", "");
  Sha256 hash;
  hash.Add(text);
  EXPECT_EQ(Sha256OfFile(folder.path() / "x"), hash.Finish());
  EXPECT_EQ(Sha256OfFile(folder.path() / "empty"), Sha256().Finish());
  EXPECT_THROW(Sha256OfFile(folder.path() / "none"), InputError);
  EXPECT_THROW(Sha256OfFile(folder.path()), InputError);
}

}  // namespace
}  // namespace scission
