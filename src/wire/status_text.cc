#include "wire/status_text.h"

#include <array>
#include <string_view>

namespace scission {
namespace {

struct Translation {
  std::string_view part;  ///< of gRPC's text
  const char* text;
};

/// The first that fits counts. Texts of gRPC 1.51 (and of the system) for UNAVAILABLE. None of ours
/// contains a part of theirs: one that a worker passes on, with a host's name, must stay.
constexpr std::array kConnectionTexts = {
    Translation{"Connection refused", "connection refused; does its worker run?"},
    Translation{"No route to host", "no route to host"},
    Translation{"Network is unreachable", "the network is unreachable"},
    Translation{"DNS resolution failed", "its address is not known"},
    Translation{"Domain name not found", "its address is not known"},
    Translation{"Connection timed out", "does not answer"},
    Translation{"FD Shutdown", "does not answer"},
    Translation{"wrong version number",
                "speaks no TLS; was its worker started without --tls-cert?"},
    Translation{"WRONG_VERSION_NUMBER",
                "speaks no TLS; was its worker started without --tls-cert?"},
    Translation{"certificate verify failed", "its certificate is not trusted"},
    Translation{"CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted"},
    Translation{"Hostname Verification", "its certificate is for another address"},
    Translation{"andshake failed", "the TLS handshake broke off"},
    Translation{"keepalive watchdog", "no longer answers"},
    Translation{"ping timeout", "no longer answers"},
    Translation{"Connection reset by peer", "the connection broke off"},
    Translation{"Broken pipe", "the connection broke off"},
    Translation{"Socket closed", "the connection broke off"},
    Translation{"Transport closed", "the connection broke off"},
    Translation{"GOAWAY", "the connection broke off"},
    Translation{"failed to connect to all addresses", "cannot be reached"},
};

/// Null where the text is not gRPC's own about a connection.
const char* ConnectionText(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return nullptr;
  for (const Translation& translation : kConnectionTexts) {
    if (status.error_message().find(translation.part) != std::string::npos) {
      return translation.text;
    }
  }
  return nullptr;
}

}  // namespace

bool IsConnectionFailure(const grpc::Status& status) { return ConnectionText(status) != nullptr; }

std::string TextOf(const grpc::Status& status) {
  const std::string& text = status.error_message();
  if (const char* translated = ConnectionText(status)) return translated;
  if (text == "Deadline Exceeded") return "did not answer in time";
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED && text.empty()) {
    return "does not know this call; is its worker of another version?";
  }
  if (text.empty()) {
    return "failed with gRPC status " + std::to_string(static_cast<int>(status.error_code()));
  }
  return text;
}

}  // namespace scission
