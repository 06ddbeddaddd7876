#include "certs/cluster_certs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/testing/error_of.h"

namespace scission {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;

/// "ca new, coordinator new, edge1 kept": with remarks behind.
std::string Told(const std::vector<CertsEntry>& entries) {
  std::string text;
  for (const CertsEntry& entry : entries) {
    text += (text.empty() ? "" : ", ") + entry.name + (entry.is_new ? " new" : " kept") +
            (entry.remark.empty() ? "" : " (" + entry.remark + ")");
  }
  return text;
}

TEST(ClusterCerts, AreTrustedAndNameTheirHosts) {
  const TemporaryFolder folder;
  const auto entries =
      MakeCertificates({.folder = folder.path() / "certs",
                        .hosts = {{"edge1", {"10.0.0.2:7001", "edge1.lab.example"}},
                                  {"pi_4", {"[fe80::2]:7001"}},
                                  {"cloud", {}}}});
  EXPECT_EQ(Told(entries), "ca new, coordinator new, edge1 new, pi_4 new, cloud new");
  EXPECT_THAT(entries[1].alternative_names, ElementsAre());
  EXPECT_THAT(entries[2].alternative_names,
              ElementsAre("10.0.0.2", "edge1.lab.example", "edge1", "localhost", "127.0.0.1"));
  EXPECT_THAT(entries[3].alternative_names, ElementsAre("fe80::2", "localhost", "127.0.0.1"));
  EXPECT_THAT(entries[4].alternative_names, ElementsAre("cloud", "localhost", "127.0.0.1"));
  const std::string authority = ReadFile(entries[0].certificate);
  for (const CertsEntry& entry : entries) {
    EXPECT_EQ(WhyUntrusted(ReadFile(entry.certificate), authority), "") << entry.name;
    RequireKey(entry.name, ReadFile(entry.key), ReadFile(entry.certificate));
  }
}

TEST(ClusterCerts, KeysAreTheOwnersAlone) {
  const TemporaryFolder folder;
  const mode_t old = ::umask(0);
  const auto entries = MakeCertificates({.folder = folder.path(), .hosts = {{"edge1", {}}}});
  ::umask(old);
  ASSERT_EQ(entries.size(), 3);
  for (const CertsEntry& entry : entries) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.key.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600) << entry.key;
  }
}

TEST(ClusterCerts, LaterHostsGetTheSameAuthority) {
  const TemporaryFolder folder;
  MakeCertificates({.folder = folder.path(), .hosts = {{"edge1", {}}}});
  const std::string authority = ReadFile(folder.path() / "ca.crt");
  const std::string edge1 = ReadFile(folder.path() / "edge1.crt");
  EXPECT_EQ(Told(MakeCertificates(
                {.folder = folder.path(), .hosts = {{"edge1", {"10.0.0.9"}}, {"edge2", {}}}})),
            "ca kept, coordinator kept, edge1 kept (is not for 10.0.0.9), edge2 new");
  EXPECT_EQ(ReadFile(folder.path() / "ca.crt"), authority);
  EXPECT_EQ(ReadFile(folder.path() / "edge1.crt"), edge1);
  EXPECT_EQ(WhyUntrusted(ReadFile(folder.path() / "edge2.crt"), authority), "");
}

TEST(ClusterCerts, RenewsAllButTheAuthority) {
  const TemporaryFolder folder;
  MakeCertificates({.folder = folder.path(), .hosts = {{"edge1", {}}}, .days = 1});
  const std::string key = ReadFile(folder.path() / "edge1.key");
  const auto entries = MakeCertificates(
      {.folder = folder.path(), .hosts = {{"edge1", {}}}, .days = 10, .renews = true});
  EXPECT_EQ(Told(entries), "ca kept, coordinator new, edge1 new");
  EXPECT_NE(ReadFile(folder.path() / "edge1.key"), key);
  EXPECT_GT(entries[2].until, std::chrono::system_clock::now() + std::chrono::hours(9 * 24));
}

TEST(ClusterCerts, OutliveNotTheirAuthority) {
  const TemporaryFolder folder;
  const auto entries = MakeCertificates({.folder = folder.path(), .days = 5000});
  EXPECT_EQ(entries[1].until, entries[0].until);
}

TEST(ClusterCerts, OfAnotherAuthorityAreRemarkedOn) {
  const TemporaryFolder folder;
  MakeCertificates({.folder = folder.path(), .hosts = {{"edge1", {}}}});
  fs::remove(folder.path() / "ca.crt");
  fs::remove(folder.path() / "ca.key");
  EXPECT_EQ(Told(MakeCertificates({.folder = folder.path(), .hosts = {{"edge1", {}}}})),
            "ca new, coordinator kept (is of another CA), edge1 kept (is of another CA)");
}

TEST(ClusterCerts, AnAuthorityInPartIsRefused) {
  const TemporaryFolder folder;
  MakeCertificates({.folder = folder.path()});
  fs::remove(folder.path() / "ca.key");
  EXPECT_THAT(ErrorOf([&] { MakeCertificates({.folder = folder.path()}); }),
              HasSubstr("ca.key: is missing, but "));
}

TEST(ClusterCerts, AnAuthorityWithAnotherKeyIsRefused) {
  const TemporaryFolder folder;
  MakeCertificates({.folder = folder.path()});
  fs::rename(folder.path() / "coordinator.key", folder.path() / "ca.key");
  EXPECT_THAT(ErrorOf([&] { MakeCertificates({.folder = folder.path()}); }),
              HasSubstr("ca.key: is not the key of the certificate"));
}

TEST(ClusterCerts, ChecksNamesAndAddressesBeforeItWrites) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& name, const std::string& address = "10.0.0.1") {
    return ErrorOf([&] {
      MakeCertificates({.folder = folder.path() / "certs", .hosts = {{name, {address}}}});
    });
  };
  for (const std::string name : {"", "..", "a/b", ".a", "-a", "a b", "a\nb", "ä"}) {
    EXPECT_THAT(error_of(name), HasSubstr("is no name for a certificate")) << name;
  }
  EXPECT_THAT(error_of(std::string(64, 'a')), HasSubstr("is no name for a certificate"));
  EXPECT_EQ(error_of("CA"),
            "'CA': is the name of another file that is made; call the host otherwise");
  EXPECT_THAT(error_of("coordinator"), HasSubstr("another file"));
  EXPECT_EQ(error_of("edge1", "a b"), "edge1=a b: is neither a host's name nor an IP address");
  EXPECT_EQ(error_of("edge1", "*"), "edge1=*: is neither a host's name nor an IP address");
  EXPECT_EQ(error_of("edge1", "0.0.0.0:7001"),
            "edge1=0.0.0.0:7001: is no address by which others reach a host");
  EXPECT_EQ(ErrorOf([&] {
              MakeCertificates(
                  {.folder = folder.path() / "certs", .hosts = {{"edge1", {}}, {"Edge1", {}}}});
            }),
            "'Edge1': stands twice");
  EXPECT_FALSE(fs::exists(folder.path() / "certs"));
}

}  // namespace
}  // namespace scission
