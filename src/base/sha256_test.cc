#include "base/sha256.h"

#include <gtest/gtest.h>

namespace scission {
namespace {

TEST(Sha256, GivesThePublishedDigest) {  // FIPS 180-2, appendix B.1
  Sha256 hash;
  hash.Add("a");
  hash.Add("bc");
  EXPECT_EQ(hash.Finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace scission
