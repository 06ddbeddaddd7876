// gRPC channels and credentials as all of Scission uses them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "wire/security.h"

namespace scission {

/// The largest message, unless the user says otherwise.
inline constexpr int kDefaultMaxMessageBytes = 256 << 20;

/// The version of proto/scission.proto.
inline constexpr int kControlProtocol = 1;
inline constexpr const char* kProtocolKey = "scission-protocol";

struct ChannelOptions {
  Security security;
  int max_message_bytes = kDefaultMaxMessageBytes;
};

/// A channel of its own (no connection is shared with another channel), with keep-alive pings that
/// notice a dead peer within some 20 s, to HOST:PORT. Connects when it is used.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const ChannelOptions& options);

/// What a server listens with: TLS that demands a certificate of the CA, or plaintext.
std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const Security& security);

/// The settings that server and channels share: message sizes, metadata size, keep-alive.
void Configure(grpc::ServerBuilder& builder, int max_message_bytes);

/// A host that answered with an error, or did not answer.
class RemoteError : public std::runtime_error {
 public:
  /// The text becomes "edge1 (10.0.0.2:7001): no route to host".
  RemoteError(const std::string& host, const std::string& address, const grpc::Status& status);

  const std::string& host() const { return host_; }
  grpc::StatusCode code() const { return code_; }

 private:
  std::string host_;
  grpc::StatusCode code_;
};

/// Throws RemoteError unless `status` is OK; INVALID_ARGUMENT, NOT_FOUND and FAILED_PRECONDITION
/// become InputError with the same text.
void RequireOk(const std::string& host, const std::string& address, const grpc::Status& status);

}  // namespace scission
