#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "profile/profile_io.h"
#include "profile/testing/pickle_writer.h"

namespace scission {
namespace {

class ProfileFolder : public ::testing::Test {
 protected:
  void Add(const std::string& name, const std::string& contents) {
    WriteFileAtomically(folder_.path() / name, contents);
  }

  std::string Error() {
    try {
      ReadProfiles(folder_.path());
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  const std::string good_ =
      testing::ProfileFile({{"m", {testing::BlockOp(0, 1, testing::FloatOp(1), 1)}}});
  const TemporaryFolder folder_;
};

TEST_F(ProfileFolder, IsReadInTheOrderOfFileNamesWithoutOtherFiles) {
  Add("edge-b.dat", good_);
  Add("cloud-a.dat", good_);
  Add("notes.txt", "x");
  Add("network.csv", "x");
  Add("summary.json", "x");
  const auto profiles = ReadProfiles(folder_.path());
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(profiles[0].host.name, "a");
  EXPECT_EQ(profiles[1].host.name, "b");
}

TEST_F(ProfileFolder, RefusesTwoProfilesOfOneHost) {
  Add("edge-pi.dat", good_);
  Add("device-pi.dat", good_);
  const std::string folder = folder_.path().string();
  EXPECT_EQ(Error(),
            folder + "/edge-pi.dat: claims the host 'pi', as " + folder + "/device-pi.dat does");
}

TEST_F(ProfileFolder, NamesTheBadFileAmongGoodOnes) {
  Add("edge-a.dat", good_);
  Add("edge-b.dat", "");
  EXPECT_EQ(Error(), folder_.path().string() + "/edge-b.dat: is empty");
}

TEST_F(ProfileFolder, MustExistAndHoldAProfile) {
  const std::string folder = folder_.path().string();
  EXPECT_EQ(Error(), folder + ": holds no profile (TIER-NAME.json or TIER-NAME.dat)");
  Add("x", "");
  EXPECT_THROW(ReadProfiles(folder_.path() / "x"), InputError);
  EXPECT_THROW(ReadProfiles(folder_.path() / "none"), InputError);
}

}  // namespace
}  // namespace scission
