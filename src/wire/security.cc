#include "wire/security.h"

#include <chrono>

#include "base/address.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "certs/certificate.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

void RequireAllOrNone(const Security& security) {
  const bool has_any =
      !security.certificate.empty() || !security.key.empty() || !security.authority.empty();
  if (!has_any) return;
  const auto require = [](const fs::path& file, const char* option) {
    if (!file.empty()) return;
    throw InputError(option, "is missing: --tls-cert, --tls-key and --tls-ca go together");
  };
  require(security.certificate, "--tls-cert");
  require(security.key, "--tls-key");
  require(security.authority, "--tls-ca");
}

void RequireInDate(const fs::path& file, const std::string& pem) {
  const Time now = std::chrono::system_clock::now();
  for (const CertificateFacts& facts : ReadCertificates(file.string(), pem)) {
    const std::string which = "'" + Printable(facts.name) + "'";
    if (facts.validity.until < now) {
      throw InputError(file.string(), "the certificate " + which + " has expired on " +
                                          DateOf(facts.validity.until));
    }
    if (facts.validity.from > now) {
      throw InputError(file.string(), "the certificate " + which + " is valid from " +
                                          DateOf(facts.validity.from) + " on; is the clock right?");
    }
  }
}

}  // namespace

void CheckSecurity(const Security& security) {
  RequireAllOrNone(security);
  if (!security.has_tls()) return;
  const std::string certificate = ReadFile(security.certificate);
  const std::string authority = ReadFile(security.authority);
  RequireInDate(security.certificate, certificate);
  RequireKey(security.key.string(), ReadFile(security.key), certificate);
  RequireInDate(security.authority, authority);
  const std::string reason = WhyUntrusted(certificate, authority);
  if (reason.empty()) return;
  throw InputError(security.certificate.string(),
                   "is not signed by " + security.authority.string() + " (" + reason + ")");
}

void RequireSafe(const std::string& place, const std::string& address, const Security& security) {
  const std::string shown = Printable(address, 100);
  const auto parsed = ParseAddress(address);
  if (!parsed) throw InputError(place, "'" + shown + "' is not HOST:PORT");
  if (IsLoopbackHost(parsed->host) || security.has_tls() || security.allows_plaintext) return;
  throw InputError(place, shown +
                              " is beyond this machine: give --tls-cert, --tls-key and "
                              "--tls-ca ('scission certs' makes them), or --insecure");
}

}  // namespace scission
