#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "base/text.h"

namespace scission {
namespace {

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsDnsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

std::optional<int> ParsePort(std::string_view text) {
  const bool has_only_digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto port = ParseInteger(text);
  if (!has_only_digits || !port || *port > 65535) return std::nullopt;
  return static_cast<int>(*port);
}

bool IsIpV4(const std::string& host, in_addr& address) {
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool IsIpV6(const std::string& host, in6_addr& address) {
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = ParsePort(text.substr(colon + 1));
  if (!port) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    in6_addr address{};
    if (!IsIpV6(host, address)) return std::nullopt;
    return Address{host, *port};
  }
  in_addr address{};
  if (!IsIpV4(host, address) && !IsDnsName(host)) return std::nullopt;
  return Address{host, *port};
}

bool IsIpAddress(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return IsIpV4(host, v4) || IsIpV6(host, v6);
}

bool IsDnsName(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  while (true) {
    const auto dot = host.find('.');
    if (!IsDnsLabel(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool IsLoopbackHost(const std::string& host) {
  in_addr v4{};
  if (IsIpV4(host, v4)) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (IsIpV6(host, v6)) return IN6_IS_ADDR_LOOPBACK(&v6);
  return ToLower(host) == "localhost";
}

}  // namespace scission
