#include "wire/channel.h"

#include <fmt/format.h>
#include <grpc/support/log.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "wire/message_memory.h"
#include "wire/status_text.h"

namespace scission {
namespace {

constexpr int kPingEveryMs = 10'000;
constexpr int kPongWithinMs = 5'000;
constexpr int kMaxMetadataBytes = 64 << 10;
constexpr std::size_t kMaxStatusText = 2000;

/// What both ends set, as pairs of a name and a number.
constexpr std::pair<const char*, int> kShared[] = {
    {GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMs},
    {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPongWithinMs},
    {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
    {GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0},  // as many as it takes
    {GRPC_ARG_HTTP2_MIN_SENT_PING_INTERVAL_WITHOUT_DATA_MS, kPingEveryMs},
    {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes},
};

constexpr std::pair<const char*, int> kServerOnly[] = {
    {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kPingEveryMs / 2},
    {GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0},  // pings are never a reason to hang up
    {GRPC_ARG_ALLOW_REUSEPORT, 0},         // or two workers on one port would share the calls
};

constexpr std::pair<const char*, int> kClientOnly[] = {
    {GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1},
    {GRPC_ARG_ENABLE_HTTP_PROXY, 0},
    {GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1},
    {GRPC_ARG_ENABLE_RETRIES, 0},  // nobody configures them, and they keep copies of messages
    {GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100},
    {GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000},  // and how long connecting may take
    {GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000},
};

void PrepareProcess() {
  // gRPC writes lines of its own to standard error, whatever becomes of a call. Whoever wants them
  // sets GRPC_VERBOSITY.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) ::gpr_set_log_function([](gpr_log_func_args*) {});
  KeepMemoryOfMessages();
}

/// Before a process's first connection.
void PrepareProcessOnce() {
  static std::once_flag is_done;
  std::call_once(is_done, PrepareProcess);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const Security& security) {
  if (!security.has_tls()) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = ReadFile(security.authority),
                               .pem_private_key = ReadFile(security.key),
                               .pem_cert_chain = ReadFile(security.certificate)});
}

}  // namespace

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const ChannelOptions& options) {
  PrepareProcessOnce();
  grpc::ChannelArguments arguments;
  for (const auto& [name, value] : kShared) arguments.SetInt(name, value);
  for (const auto& [name, value] : kClientOnly) arguments.SetInt(name, value);
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  arguments.SetMaxSendMessageSize(options.max_message_bytes);
  return grpc::CreateCustomChannel("dns:///" + address, ChannelCredentialsOf(options.security),
                                   arguments);
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const Security& security) {
  if (!security.has_tls()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadFile(security.authority);
  options.pem_key_cert_pairs.push_back(
      {.private_key = ReadFile(security.key), .cert_chain = ReadFile(security.certificate)});
  return grpc::SslServerCredentials(options);
}

void Configure(grpc::ServerBuilder& builder, int max_message_bytes) {
  PrepareProcessOnce();
  for (const auto& [name, value] : kShared) builder.AddChannelArgument(name, value);
  for (const auto& [name, value] : kServerOnly) builder.AddChannelArgument(name, value);
  builder.SetMaxReceiveMessageSize(max_message_bytes);
  builder.SetMaxSendMessageSize(max_message_bytes);
}

RemoteError::RemoteError(const std::string& host, const std::string& address,
                         const grpc::Status& status)
    : std::runtime_error(
          fmt::format("{} ({}): {}", host, address, Printable(TextOf(status), kMaxStatusText))),
      host_(host),
      code_(status.error_code()) {}

void RequireOk(const std::string& host, const std::string& address, const grpc::Status& status) {
  if (status.ok()) return;
  const RemoteError error(host, address, status);
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::FAILED_PRECONDITION:
      throw InputError(error.what());
    default:
      throw error;
  }
}

}  // namespace scission
