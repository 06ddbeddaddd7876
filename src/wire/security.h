// Who may talk to whom, and whether others can listen.
#pragma once

#include <filesystem>
#include <string>

namespace scission {

/// Mutual TLS where the files are given. Without them only loopback addresses are used, unless the
/// user said `--insecure`.
struct Security {
  std::filesystem::path certificate;  ///< PEM, own chain
  std::filesystem::path key;          ///< PEM, of the certificate
  std::filesystem::path authority;    ///< PEM, the CA whose certificates are trusted
  bool allows_plaintext = false;      ///< beyond loopback

  bool has_tls() const { return !certificate.empty(); }
};

/// Throws InputError naming the option where some of the three files are missing, and the file
/// where one cannot be read, is not PEM, does not fit the others, or is out of date.
void CheckSecurity(const Security& security);

/// Throws InputError starting with `place` where `address` is not HOST:PORT, or is beyond loopback
/// and `security` has neither TLS nor allows plaintext.
void RequireSafe(const std::string& place, const std::string& address, const Security& security);

}  // namespace scission
