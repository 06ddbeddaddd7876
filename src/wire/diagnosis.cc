#include "wire/diagnosis.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "base/address.h"
#include "base/file.h"
#include "base/text.h"
#include "certs/certificate.h"
#include "certs/openssl.h"
#include "wire/status_text.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// OpenSSL writes with write(), which raises it where the other side has hung up.
class SigpipeBlock {
 public:
  SigpipeBlock() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &old_);
  }
  ~SigpipeBlock() {
    const struct timespec at_once {};
    while (::sigtimedwait(&pipe_, nullptr, &at_once) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t old_{};
};

class Socket {
 public:
  explicit Socket(Clock::time_point deadline) : deadline_(deadline) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }

  /// Empty where it is connected.
  std::string Connect(const Address& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(address.port);
    if (::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found) != 0) {
      return "its address is not known";
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    int error = 0;
    for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
      error = ConnectTo(*next);
      if (error == 0) return {};
    }
    if (error == ECONNREFUSED) return "connection refused; does its worker run?";
    if (error == ETIMEDOUT) return "does not answer";
    return "cannot be reached: " + ToLower(std::strerror(error));
  }

  bool WaitFor(short events) const {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    pollfd entry{.fd = descriptor_, .events = events, .revents = 0};
    return left > 0 && ::poll(&entry, 1, static_cast<int>(left)) > 0;
  }

 private:
  int ConnectTo(const addrinfo& target) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = ::socket(target.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return errno;
    if (::connect(descriptor_, target.ai_addr, target.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!WaitFor(POLLOUT)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }

  Clock::time_point deadline_;
  int descriptor_ = -1;
};

/// How a step of TLS ended.
enum class Step { kDone, kTimeout, kClosed, kFailed };

class TlsProbe {
 public:
  TlsProbe(const Socket& socket, const Address& address, const Security& security)
      : socket_(socket),
        address_(address),
        security_(security),
        context_(::SSL_CTX_new(::TLS_client_method())) {
    if (security.has_tls()) UseFiles();
    connection_.reset(::SSL_new(context_.get()));
    ::SSL_set_fd(connection_.get(), socket.descriptor());
    constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};
    ::SSL_set_alpn_protos(connection_.get(), kHttp2.data(), kHttp2.size());
    if (!IsIpAddress(address.host)) {
      // The macro casts const away.
      SSL_ctrl(connection_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(address.host.c_str()));
    }
  }

  std::string Run() {
    const Step handshake = Repeat([this] { return ::SSL_connect(connection_.get()); });
    return security_.has_tls() ? WithTls(handshake) : WithoutTls(handshake);
  }

 private:
  void UseFiles() {
    X509_STORE* store = ::SSL_CTX_get_cert_store(context_.get());
    ::X509_STORE_load_file(store, security_.authority.c_str());
    ::SSL_CTX_use_certificate_chain_file(context_.get(), security_.certificate.c_str());
    ::SSL_CTX_use_PrivateKey_file(context_.get(), security_.key.c_str(), SSL_FILETYPE_PEM);
  }

  template <typename Operation>
  Step Repeat(const Operation& operation) {
    while (true) {
      ::ERR_clear_error();
      errno = 0;
      const int result = operation();
      if (result > 0) return Step::kDone;
      const int error = ::SSL_get_error(connection_.get(), result);
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        if (!socket_.WaitFor(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) {
          return Step::kTimeout;
        }
        continue;
      }
      reason_ = ERR_GET_REASON(::ERR_peek_error());
      const bool is_closed =
          error != SSL_ERROR_SSL || reason_ == SSL_R_UNEXPECTED_EOF_WHILE_READING;
      return is_closed ? Step::kClosed : Step::kFailed;
    }
  }

  /// What came is no TLS.
  bool IsPlaintext() const {
    return reason_ == SSL_R_WRONG_VERSION_NUMBER || reason_ == SSL_R_HTTP_REQUEST ||
           reason_ == SSL_R_PACKET_LENGTH_TOO_LONG || reason_ == SSL_R_BAD_RECORD_TYPE ||
           reason_ == SSL_R_RECORD_LENGTH_MISMATCH;
  }

  std::string WithoutTls(Step handshake) const {
    const bool is_tls = handshake == Step::kDone || (handshake == Step::kFailed && !IsPlaintext());
    return is_tls ? "demands TLS: give --tls-cert, --tls-key and --tls-ca" : "";
  }

  std::string WithTls(Step handshake) {
    if (handshake == Step::kTimeout) return "does not answer";
    if (handshake == Step::kClosed) return "hung up when TLS began; does it speak TLS?";
    if (handshake == Step::kFailed) {
      return IsPlaintext() ? "speaks no TLS; was its worker started without --tls-cert?"
                           : "refused the TLS handshake";
    }
    const std::string fault = FaultOfPeer();
    return fault.empty() ? FaultOfOurs() : fault;
  }

  std::string FaultOfPeer() const {
    const openssl::Certificate peer(::SSL_get1_peer_certificate(connection_.get()));
    if (!peer) return "has no certificate";
    const long result = ::SSL_get_verify_result(connection_.get());
    if (result == X509_V_ERR_CERT_HAS_EXPIRED) return "its certificate has expired";
    if (result == X509_V_ERR_CERT_NOT_YET_VALID) {
      return "its certificate is not valid yet; are the clocks right?";
    }
    if (result != X509_V_OK) {
      return "its certificate is not signed by " + security_.authority.string() + " (" +
             ::X509_verify_cert_error_string(result) + ")";
    }
    const bool fits = IsIpAddress(address_.host)
                          ? ::X509_check_ip_asc(peer.get(), address_.host.c_str(), 0) == 1
                          : ::X509_check_host(peer.get(), address_.host.data(),
                                              address_.host.size(), 0, nullptr) == 1;
    return fits ? ""
                : "its certificate is not for " + address_.host +
                      "; make one with 'scission certs --renew NAME=" + address_.host + "'";
  }

  /// In TLS 1.3 the server's verdict on us comes after the handshake.
  std::string FaultOfOurs() {
    char first = 0;
    const Step reading = Repeat([&] { return ::SSL_read(connection_.get(), &first, 1); });
    return reading == Step::kDone || reading == Step::kTimeout ? "" : RefusalOfOurs();
  }

  /// gRPC 1.51 hangs up without a reason, so ours has to be looked at once more.
  std::string RefusalOfOurs() const {
    const std::string ours = security_.certificate.string();
    const Time until = ReadCertificates(ours, ReadFile(ours)).front().validity.until;
    const bool has_expired = until < std::chrono::system_clock::now();
    if (has_expired) return "refuses our certificate " + ours + ", expired on " + DateOf(until);
    return "refuses our certificate " + ours +
           (reason_ == SSL_R_TLSV1_ALERT_UNKNOWN_CA ? ", whose CA it does not know"
                                                    : "; does it know its CA?");
  }

  const Socket& socket_;
  const Address& address_;
  const Security& security_;
  openssl::Context context_;
  openssl::Connection connection_;
  int reason_ = 0;
};

}  // namespace

std::string DiagnoseConnection(const std::string& address, const Security& security,
                               Seconds timeout) {
  const auto parsed = ParseAddress(address);
  if (!parsed) return "'" + Printable(address, 100) + "' is not HOST:PORT";
  const SigpipeBlock block;
  Socket socket(Clock::now() + std::chrono::duration_cast<Clock::duration>(timeout));
  std::string found = socket.Connect(*parsed);
  if (found.empty()) found = TlsProbe(socket, *parsed, security).Run();
  ::ERR_clear_error();
  return found;
}

grpc::Status Diagnosed(const grpc::Status& status, const std::string& address,
                       const Security& security) {
  if (!IsConnectionFailure(status)) return status;
  const std::string found = DiagnoseConnection(address, security);
  return found.empty() ? status : grpc::Status(status.error_code(), found);
}

}  // namespace scission
