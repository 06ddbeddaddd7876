#include "certs/cluster_certs.h"

#include <algorithm>
#include <set>

#include "base/address.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kDay(24);
constexpr int kAuthorityDays = 3650;
constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kLongestName = 63;
constexpr const char* kCoordinator = "coordinator";

fs::path CertificateFile(const CertsOptions& options, const std::string& name) {
  return options.folder / (name + ".crt");
}

fs::path KeyFile(const CertsOptions& options, const std::string& name) {
  return options.folder / (name + ".key");
}

/// It becomes a file's name and the certificate's.
void CheckName(const std::string& name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  const std::string shown = "'" + Printable(name, 80) + "'";
  if (name.empty() || name.size() > kLongestName || name.front() == '.' || name.front() == '-' ||
      !std::all_of(name.begin(), name.end(), is_plain)) {
    throw InputError(shown,
                     "is no name for a certificate: up to 63 letters, digits, '.', '_' and "
                     "'-', the first a letter, digit or '_'");
  }
  if (ToLower(name) == "ca" || ToLower(name) == kCoordinator) {
    throw InputError(shown, "is the name of another file that is made; call the host otherwise");
  }
}

std::string HostPart(const CertsHost& host, const std::string& text) {
  const auto address = ParseAddress(text);
  std::string part = address ? address->host : text;
  if (part.size() > 2 && part.front() == '[' && part.back() == ']') {
    part = part.substr(1, part.size() - 2);
  }
  const std::string place = host.name + "=" + Printable(text, 80);
  if (!IsIpAddress(part) && !IsDnsName(part)) {
    throw InputError(place, "is neither a host's name nor an IP address");
  }
  if (part == "0.0.0.0" || part == "::") {
    throw InputError(place, "is no address by which others reach a host");
  }
  return part;
}

std::vector<std::string> AlternativeNamesOf(const CertsHost& host) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const std::string& address : host.addresses) add(HostPart(host, address));
  if (IsDnsName(host.name)) add(host.name);
  add("localhost");
  add("127.0.0.1");
  return names;
}

void CheckHosts(const CertsOptions& options) {
  std::set<std::string> seen;
  for (const CertsHost& host : options.hosts) {
    CheckName(host.name);
    if (!seen.insert(ToLower(host.name)).second) {
      throw InputError("'" + host.name + "'", "stands twice");
    }
    AlternativeNamesOf(host);
  }
}

/// The key first: a certificate is never without its key.
void Write(const CertsOptions& options, const std::string& name, const PemPair& pair) {
  AtomicFile key(KeyFile(options, name), kOwnerOnly);
  AtomicFile certificate(CertificateFile(options, name));
  key.Write(pair.key);
  certificate.Write(pair.certificate);
  key.Commit();
  certificate.Commit();
}

CertsEntry EntryOf(const CertsOptions& options, const std::string& name, const std::string& pem,
                   bool is_new) {
  const fs::path file = CertificateFile(options, name);
  const CertificateFacts facts = ReadCertificates(file.string(), pem).front();
  return {.name = name,
          .certificate = file,
          .key = KeyFile(options, name),
          .alternative_names = facts.alternative_names,
          .until = facts.validity.until,
          .is_new = is_new};
}

PemPair ReadPair(const CertsOptions& options, const std::string& name) {
  const fs::path key = KeyFile(options, name);
  PemPair pair{ReadFile(CertificateFile(options, name)), ReadFile(key)};
  RequireKey(key.string(), pair.key, pair.certificate);
  return pair;
}

PemPair OpenAuthority(const CertsOptions& options, CertsEntry& entry) {
  const fs::path certificate = CertificateFile(options, "ca");
  const fs::path key = KeyFile(options, "ca");
  const bool has_certificate = fs::exists(certificate);
  if (has_certificate != fs::exists(key)) {
    throw InputError((has_certificate ? key : certificate).string(),
                     "is missing, but " + (has_certificate ? certificate : key).string() +
                         " is there; bring it back, or move that away for a new CA");
  }
  PemPair pair;
  if (has_certificate) {
    pair = ReadPair(options, "ca");
  } else {
    pair = MakeAuthority(ValidFor(kDay * kAuthorityDays));
    Write(options, "ca", pair);
  }
  entry = EntryOf(options, "ca", pair.certificate, !has_certificate);
  if (entry.until < std::chrono::system_clock::now()) {
    throw InputError(certificate.string(), "has expired on " + DateOf(entry.until) +
                                               "; move the folder away for a new CA");
  }
  return pair;
}

/// Why the certificate that is there does not do what it is asked for.
std::string RemarkOn(const CertsEntry& kept, const std::vector<std::string>& wanted,
                     const std::string& pem, const PemPair& authority) {
  if (!WhyUntrusted(pem, authority.certificate).empty()) return "is of another CA";
  if (kept.until < std::chrono::system_clock::now()) return "has expired";
  for (const std::string& name : wanted) {
    const auto& names = kept.alternative_names;
    if (std::find(names.begin(), names.end(), name) == names.end()) return "is not for " + name;
  }
  return {};
}

CertsEntry Provide(const CertsOptions& options, const PemPair& authority, Time authority_ends,
                   const CertificateRequest& wanted) {
  if (fs::exists(CertificateFile(options, wanted.name)) && !options.renews) {
    const std::string pem = ReadPair(options, wanted.name).certificate;
    CertsEntry kept = EntryOf(options, wanted.name, pem, false);
    kept.remark = RemarkOn(kept, wanted.alternative_names, pem, authority);
    return kept;
  }
  CertificateRequest request = wanted;
  request.validity.until = std::min(request.validity.until, authority_ends);
  const PemPair pair = MakeCertificate(authority, request);
  Write(options, request.name, pair);
  return EntryOf(options, request.name, pair.certificate, true);
}

}  // namespace

std::vector<CertsEntry> MakeCertificates(const CertsOptions& options) {
  CheckHosts(options);
  CreateFolder(options.folder);
  std::vector<CertsEntry> entries(1);
  const PemPair authority = OpenAuthority(options, entries.front());
  const Time authority_ends = entries.front().until;
  const Validity validity = ValidFor(kDay * options.days);
  const auto provide = [&](const std::string& name, std::vector<std::string> names,
                           bool is_server) {
    entries.push_back(Provide(options, authority, authority_ends,
                              {.name = name,
                               .alternative_names = std::move(names),
                               .is_server = is_server,
                               .validity = validity}));
  };
  provide(kCoordinator, {}, false);
  for (const CertsHost& host : options.hosts) {
    provide(host.name, AlternativeNamesOf(host), true);
  }
  return entries;
}

}  // namespace scission
