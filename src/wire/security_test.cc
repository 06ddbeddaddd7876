#include "wire/security.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/error_of.h"
#include "certs/certificate.h"

namespace scission {
namespace {

using std::chrono::hours;
using testing::ErrorOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A folder with a.crt, a.key and ca.crt that fit.
class SecurityTest : public ::testing::Test {
 protected:
  SecurityTest() {
    Write("ca.crt", authority_.certificate);
    WriteHost(ValidFor(hours(24)));
  }

  void WriteHost(const Validity& validity) {
    const PemPair host = MakeCertificate(authority_, {.name = "a", .validity = validity});
    Write("a.crt", host.certificate);
    Write("a.key", host.key);
  }
  void Write(const std::string& name, const std::string& text) {
    WriteFileAtomically(folder_.path() / name, text);
  }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  Security Files() const { return {Path("a.crt"), Path("a.key"), Path("ca.crt")}; }
  std::string Error() const {
    return ErrorOf([this] { CheckSecurity(Files()); });
  }

  TemporaryFolder folder_;
  PemPair authority_ = MakeAuthority(ValidFor(hours(48)));
};

TEST_F(SecurityTest, TakesFilesThatFit) {
  EXPECT_EQ(Error(), "no error");
  EXPECT_EQ(ErrorOf([] { CheckSecurity({}); }), "no error");
}

TEST_F(SecurityTest, NamesTheOptionThatIsMissing) {
  const std::string rest = ": is missing: --tls-cert, --tls-key and --tls-ca go together";
  EXPECT_EQ(ErrorOf([&] { CheckSecurity({.key = Path("a.key")}); }), "--tls-cert" + rest);
  EXPECT_EQ(ErrorOf([&] { CheckSecurity({.certificate = Path("a.crt")}); }), "--tls-key" + rest);
  EXPECT_EQ(ErrorOf([&] { CheckSecurity({Path("a.crt"), Path("a.key")}); }), "--tls-ca" + rest);
}

TEST_F(SecurityTest, NamesAFileThatIsNotThereOrNotPem) {
  std::filesystem::remove(Path("a.key"));
  EXPECT_EQ(Error(), Path("a.key") + ": cannot be opened: No such file or directory");
  Write("a.key", "x");
  EXPECT_EQ(Error(), Path("a.key") + ": is not a private key in PEM form");
  Write("ca.crt", "x");
  Write("a.crt", "x");
  EXPECT_EQ(Error(), Path("a.crt") + ": is not a certificate in PEM form");
}

TEST_F(SecurityTest, NamesAKeyOfAnotherCertificate) {
  Write("a.key", authority_.key);
  EXPECT_EQ(Error(), Path("a.key") + ": is not the key of the certificate");
}

TEST_F(SecurityTest, NamesACertificateOfAnotherAuthority) {
  Write("ca.crt", MakeAuthority(ValidFor(hours(1))).certificate);
  EXPECT_THAT(Error(), StartsWith(Path("a.crt") + ": is not signed by " + Path("ca.crt")));
}

TEST_F(SecurityTest, NamesWhatIsOutOfDate) {
  const Time now = std::chrono::system_clock::now();
  WriteHost({now - hours(48), now - hours(24)});
  EXPECT_EQ(Error(),
            Path("a.crt") + ": the certificate 'a' has expired on " + DateOf(now - hours(24)));
  WriteHost({now + hours(24), now + hours(48)});
  EXPECT_EQ(Error(), Path("a.crt") + ": the certificate 'a' is valid from " +
                         DateOf(now + hours(24)) + " on; is the clock right?");
  WriteHost(ValidFor(hours(24)));
  Write("ca.crt", MakeAuthority({now - hours(48), now - hours(24)}).certificate);
  EXPECT_THAT(Error(), HasSubstr("ca.crt: the certificate 'Scission CA "));
}

TEST(RequireSafe, LetsPlaintextBeOnThisMachineAlone) {
  const auto error_of = [](const std::string& address, const Security& security = {}) {
    return ErrorOf([&] { RequireSafe("--listen", address, security); });
  };
  for (const char* address : {"127.0.0.1:7001", "[::1]:0", "localhost:1"}) {
    EXPECT_EQ(error_of(address), "no error");
  }
  for (const char* address : {"0.0.0.0:7001", "[::]:7001", "10.0.0.2:7001", "edge1:7001"}) {
    EXPECT_EQ(error_of(address),
              std::string("--listen: ") + address +
                  " is beyond this machine: give --tls-cert, --tls-key and --tls-ca ('scission "
                  "certs' makes them), or --insecure");
    EXPECT_EQ(error_of(address, {.allows_plaintext = true}), "no error");
    EXPECT_EQ(error_of(address, {.certificate = "a.crt"}), "no error");
  }
  EXPECT_EQ(error_of("7001"), "--listen: '7001' is not HOST:PORT");
  EXPECT_EQ(error_of("a b:1", {.allows_plaintext = true}), "--listen: 'a b:1' is not HOST:PORT");
}

}  // namespace
}  // namespace scission
