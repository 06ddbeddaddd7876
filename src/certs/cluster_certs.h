// The folder of certificates of a small cluster.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "certs/certificate.h"

namespace scission {

struct CertsHost {
  std::string name;
  /// Each HOST, IP address, HOST:PORT or [V6]:PORT; by these others reach it, besides its name.
  std::vector<std::string> addresses;
};

struct CertsOptions {
  std::filesystem::path folder;
  std::vector<CertsHost> hosts;
  int days = 825;       ///< how long new certificates are valid; that of a new CA: ten years
  bool renews = false;  ///< those that are there are made anew, but not the CA
};

/// A certificate that is in the folder now.
struct CertsEntry {
  std::string name;
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::vector<std::string> alternative_names;
  Time until;
  bool is_new = false;
  std::string remark;  ///< why one that was kept may be of no use; empty where it is good
};

/// Makes what is missing of ca.crt, coordinator.crt (for those who drive the workers), NAME.crt for
/// each host, and the keys beside them, which nobody but the owner can ever read. Returns them in
/// this order. Throws InputError for names and addresses that are none, before anything is written,
/// and where what is in the folder does not go together.
std::vector<CertsEntry> MakeCertificates(const CertsOptions& options);

}  // namespace scission
