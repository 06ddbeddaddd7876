// What gRPC says, in words that a user can do something with.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

namespace scission {

/// The text of a status that is not OK: as the other side sent it, or for gRPC's own texts about
/// connections, names, sizes and deadlines one of ours.
std::string TextOf(const grpc::Status& status);

/// Whether gRPC itself says that there is no connection, or is none any more.
bool IsConnectionFailure(const grpc::Status& status);

}  // namespace scission
