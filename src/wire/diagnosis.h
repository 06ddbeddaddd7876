// Why a connection cannot be made, found out by making one.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "base/units.h"
#include "wire/security.h"

namespace scission {

/// Opens a connection of its own to HOST:PORT, as a channel with `security` would, and says what is
/// wrong with it: "its certificate has expired", "demands TLS: give ...". Empty where
/// nothing is, or it cannot be told. Takes at most about `timeout`.
std::string DiagnoseConnection(const std::string& address, const Security& security,
                               Seconds timeout = Seconds(3));

/// `status`, or where it says that there is no connection (which gRPC explains badly), the same
/// code with what DiagnoseConnection finds.
grpc::Status Diagnosed(const grpc::Status& status, const std::string& address,
                       const Security& security);

}  // namespace scission
