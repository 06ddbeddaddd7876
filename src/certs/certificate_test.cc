#include "certs/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace scission {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using testing::ErrorOf;
using ::testing::HasSubstr;

PemPair HostOf(const PemPair& authority) {
  return MakeCertificate(authority, {.name = "edge1",
                                     .alternative_names = {"edge1", "10.0.0.2", "fe80::2"},
                                     .validity = ValidFor(hours(48))});
}

TEST(Certificate, HasTheNamesAndDatesThatWereAskedFor) {
  const PemPair host = HostOf(MakeAuthority(ValidFor(hours(480))));
  const auto facts = ReadCertificates("x", host.certificate);
  ASSERT_EQ(facts.size(), 1);
  EXPECT_EQ(facts[0].name, "edge1");
  EXPECT_THAT(facts[0].alternative_names, ElementsAre("edge1", "10.0.0.2", "fe80::2"));
  const auto now = std::chrono::system_clock::now();
  EXPECT_NEAR((facts[0].validity.until - now) / std::chrono::seconds(1), 48 * 3600, 5);
  EXPECT_NEAR((now - facts[0].validity.from) / std::chrono::seconds(1), 3600, 5);
}

TEST(Certificate, IsTrustedByItsOwnAuthorityAlone) {
  const PemPair authority = MakeAuthority(ValidFor(hours(480)));
  const PemPair other = MakeAuthority(ValidFor(hours(480)));
  const PemPair host = HostOf(authority);
  EXPECT_EQ(WhyUntrusted(host.certificate, authority.certificate), "");
  EXPECT_EQ(WhyUntrusted(host.certificate, other.certificate + authority.certificate), "");
  EXPECT_EQ(WhyUntrusted(host.certificate, other.certificate),
            "unable to get local issuer certificate");
}

TEST(Certificate, OfAHostSignsNoOthers) {
  const PemPair authority = MakeAuthority(ValidFor(hours(480)));
  const PemPair host = HostOf(authority);
  const PemPair forged = HostOf(host);
  EXPECT_NE(WhyUntrusted(forged.certificate + host.certificate, authority.certificate), "");
}

TEST(Certificate, BelongsToItsKey) {
  const PemPair authority = MakeAuthority(ValidFor(hours(480)));
  const PemPair host = HostOf(authority);
  RequireKey("x.key", host.key, host.certificate);
  EXPECT_EQ(ErrorOf([&] { RequireKey("x.key", authority.key, host.certificate); }),
            "x.key: is not the key of the certificate");
  EXPECT_EQ(ErrorOf([&] { RequireKey("x.key", host.certificate, host.certificate); }),
            "x.key: is not a private key in PEM form");
}

TEST(Certificate, AKeyWithAPassphraseIsRefusedWithoutAskingForIt) {
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjGoUiCfESGJQICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPzzfQfNpXzbkXbVtZzmnfcEgZCu\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  const PemPair authority = MakeAuthority(ValidFor(hours(1)));
  EXPECT_THAT(ErrorOf([&] { RequireKey("x.key", encrypted, authority.certificate); }),
              HasSubstr("x.key: is"));
}

TEST(Certificate, WhatIsNoneIsRefused) {
  const PemPair authority = MakeAuthority(ValidFor(hours(1)));
  const auto error_of = [](const std::string& pem) {
    return ErrorOf([&] { ReadCertificates("x.crt", pem); });
  };
  EXPECT_EQ(error_of(""), "x.crt: is not a certificate in PEM form");
  EXPECT_EQ(error_of("hello\n"), "x.crt: is not a certificate in PEM form");
  EXPECT_EQ(error_of(authority.key), "x.crt: is not a certificate in PEM form");
  std::string damaged = authority.certificate;
  damaged.erase(damaged.size() / 2, 8);
  EXPECT_EQ(error_of(damaged), "x.crt: is not a certificate in PEM form");
  EXPECT_EQ(error_of(authority.certificate + damaged), "x.crt: its certificate 2 is damaged");
}

TEST(Certificate, NamesCannotSmuggleOthersIn) {
  const PemPair authority = MakeAuthority(ValidFor(hours(1)));
  EXPECT_EQ(ErrorOf([&] {
              MakeCertificate(authority, {.name = "x",
                                          .alternative_names = {"a,DNS:bank.example"},
                                          .validity = ValidFor(hours(1))});
            }),
            "'a,DNS:bank.example': is neither a host's name nor an IP address");
}

TEST(Certificate, OfAnAuthorityLastsBeyond2049) {
  const PemPair authority = MakeAuthority(ValidFor(hours(24 * 365 * 40)));
  const auto facts = ReadCertificates("x", authority.certificate);
  EXPECT_GT(DateOf(facts[0].validity.until), "2060-01-01");
  EXPECT_THAT(facts[0].name, HasSubstr("Scission CA "));
}

TEST(DateOf, IsIso8601) { EXPECT_EQ(DateOf(Time(hours(24 * 365))), "1971-01-01"); }

}  // namespace
}  // namespace scission
