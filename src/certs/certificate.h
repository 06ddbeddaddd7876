// X.509 certificates with keys on the curve P-256, as PEM.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace scission {

using Time = std::chrono::system_clock::time_point;

struct Validity {
  Time from;
  Time until;
};

/// `from` is an hour ago, as clocks differ.
Validity ValidFor(std::chrono::hours time);

struct PemPair {
  std::string certificate;
  std::string key;  ///< PKCS #8, not encrypted
};

/// A new CA that signs itself.
PemPair MakeAuthority(const Validity& validity);

struct CertificateRequest {
  std::string name;                            ///< the common name; at most 64 bytes
  std::vector<std::string> alternative_names;  ///< DNS names and IP addresses
  bool is_server = true;                       ///< else it serves clients alone
  Validity validity;
};

/// A certificate for a new key, signed by `authority`.
PemPair MakeCertificate(const PemPair& authority, const CertificateRequest& request);

/// What of a certificate matters here.
struct CertificateFacts {
  std::string name;                            ///< the common name
  std::vector<std::string> alternative_names;  ///< in their order
  Validity validity;
};

/// Those in a PEM file's text, in their order. Throws InputError starting with `place` where there
/// is none, or one cannot be read.
std::vector<CertificateFacts> ReadCertificates(const std::string& place, const std::string& pem);

/// Throws InputError starting with `place` where `key` is not PEM, needs a passphrase, or does not
/// fit the first certificate of `certificates`.
void RequireKey(const std::string& place, const std::string& key, const std::string& certificates);

/// Why the first of `certificates`, with the others as its chain, is not trusted by who trusts
/// those of `authorities`; empty where it is. Whether they are out of date is not looked at.
std::string WhyUntrusted(const std::string& certificates, const std::string& authorities);

/// "2026-01-31"
std::string DateOf(Time time);

}  // namespace scission
