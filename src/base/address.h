// Where something listens, as people write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace scission {

struct Address {
  std::string host;  ///< an IP address (without brackets) or a name
  int port = 0;      ///< 0 to 65535
};

/// HOST:PORT or [V6]:PORT; absent where `text` is neither.
std::optional<Address> ParseAddress(std::string_view text);

/// Whether `host` is an IPv4 or IPv6 address, without brackets.
bool IsIpAddress(const std::string& host);

/// Whether `host` is a name as DNS has them: labels of letters, digits and '-' between dots.
bool IsDnsName(std::string_view host);

/// Whether `host` is this machine alone: 127.0.0.0/8, ::1, localhost.
bool IsLoopbackHost(const std::string& host);

}  // namespace scission
