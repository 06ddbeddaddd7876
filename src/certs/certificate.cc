#include "certs/certificate.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <ctime>
#include <stdexcept>

#include "base/address.h"
#include "base/error.h"
#include "base/text.h"
#include "certs/openssl.h"

namespace scission {
namespace {

constexpr int kX509Version3 = 2;  // as the format counts

[[noreturn]] void Fail() {
  const unsigned long code = ::ERR_get_error();
  ::ERR_clear_error();
  const char* reason = ::ERR_reason_error_string(code);
  throw std::runtime_error(std::string("OpenSSL: ") + (reason != nullptr ? reason : "failed"));
}

void Must(bool is_done) {
  if (!is_done) Fail();
}

template <typename Owner>
Owner MustHave(Owner object) {
  if (!object) Fail();
  return object;
}

openssl::Bio Reader(const std::string& text) {
  return MustHave(openssl::Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
}

/// What `write` puts into a BIO.
template <typename Write>
std::string Written(const Write& write) {
  const openssl::Bio bio = MustHave(openssl::Bio(::BIO_new(::BIO_s_mem())));
  Must(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// OpenSSL's own would ask at the terminal.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

openssl::Key ReadKey(const std::string& place, const std::string& pem) {
  bool was_asked = false;
  openssl::Key key(::PEM_read_bio_PrivateKey(Reader(pem).get(), nullptr, NoPassphrase, &was_asked));
  ::ERR_clear_error();
  if (key) return key;
  throw InputError(place, was_asked ? "is a key with a passphrase; give one without"
                                    : "is not a private key in PEM form");
}

std::vector<openssl::Certificate> ReadAll(const std::string& place, const std::string& pem) {
  const openssl::Bio bio = Reader(pem);
  std::vector<openssl::Certificate> certificates;
  while (true) {
    bool was_asked = false;
    openssl::Certificate next(::PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, &was_asked));
    if (!next) break;
    certificates.push_back(std::move(next));
  }
  const int reason = ERR_GET_REASON(::ERR_peek_last_error());
  ::ERR_clear_error();
  if (certificates.empty()) throw InputError(place, "is not a certificate in PEM form");
  if (reason != PEM_R_NO_START_LINE) {
    throw InputError(place, fmt::format("its certificate {} is damaged", certificates.size() + 1));
  }
  return certificates;
}

openssl::Key MakeKey() { return MustHave(openssl::Key(EVP_EC_gen("P-256"))); }

void SetValidity(X509* certificate, const Validity& validity) {
  using Clock = std::chrono::system_clock;
  Must(::ASN1_TIME_set(::X509_getm_notBefore(certificate), Clock::to_time_t(validity.from)) !=
       nullptr);
  Must(::ASN1_TIME_set(::X509_getm_notAfter(certificate), Clock::to_time_t(validity.until)) !=
       nullptr);
}

std::array<unsigned char, 16> RandomBytes() {
  std::array<unsigned char, 16> bytes{};
  Must(::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  return bytes;
}

void SetSerial(X509* certificate) {
  auto bytes = RandomBytes();
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7F) | 0x40);  // positive, of full length
  const openssl::BigNumber number =
      MustHave(openssl::BigNumber(::BN_bin2bn(bytes.data(), bytes.size(), nullptr)));
  Must(::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) != nullptr);
}

void SetName(X509* certificate, const std::string& name) {
  Must(::X509_NAME_add_entry_by_NID(::X509_get_subject_name(certificate), NID_commonName,
                                    MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const openssl::Extension extension =
      MustHave(openssl::Extension(::X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())));
  Must(::X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// All but what tells an authority from others.
openssl::Certificate Begin(const std::string& name, const Validity& validity, EVP_PKEY* key) {
  openssl::Certificate certificate = MustHave(openssl::Certificate(::X509_new()));
  Must(::X509_set_version(certificate.get(), kX509Version3) == 1);
  SetSerial(certificate.get());
  SetValidity(certificate.get(), validity);
  SetName(certificate.get(), name);
  Must(::X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

PemPair Signed(X509* certificate, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Must(::X509_set_issuer_name(certificate, ::X509_get_subject_name(issuer)) == 1);
  AddExtension(certificate, issuer, NID_subject_key_identifier, "hash");
  AddExtension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  Must(::X509_sign(certificate, issuer_key, ::EVP_sha256()) != 0);
  return {.certificate = Written([&](BIO* bio) { return ::PEM_write_bio_X509(bio, certificate); }),
          .key = Written([&](BIO* bio) {
            return ::PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

/// Checked here, as what is made of them is a line of OpenSSL's configuration language.
std::string ExtensionText(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const bool is_ip = IsIpAddress(name);
    if (!is_ip && !IsDnsName(name)) {
      throw InputError("'" + Printable(name) + "'", "is neither a host's name nor an IP address");
    }
    parts.push_back((is_ip ? "IP:" : "DNS:") + name);
  }
  return Join(parts, ",");
}

std::string CommonName(const X509* certificate) {
  char name[256] = "";
  ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name,
                              sizeof(name));
  return name;
}

std::string IpText(const ASN1_OCTET_STRING* bytes) {
  const int family = ::ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  char text[INET6_ADDRSTRLEN] = "";
  if (::ASN1_STRING_length(bytes) != 4 && ::ASN1_STRING_length(bytes) != 16) return text;
  ::inet_ntop(family, ::ASN1_STRING_get0_data(bytes), text, sizeof(text));
  return text;
}

std::vector<std::string> AlternativeNames(const X509* certificate) {
  const openssl::Names names(static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> texts;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_IPADD) texts.push_back(IpText(name->d.iPAddress));
    if (name->type != GEN_DNS) continue;
    texts.emplace_back(reinterpret_cast<const char*>(::ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(::ASN1_STRING_length(name->d.dNSName)));
  }
  return texts;
}

Time ToTime(const ASN1_TIME* time) {
  struct tm parts {};
  Must(::ASN1_TIME_to_tm(time, &parts) == 1);
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

}  // namespace

Validity ValidFor(std::chrono::hours time) {
  const Time now = std::chrono::system_clock::now();
  return {now - std::chrono::hours(1), now + time};
}

PemPair MakeAuthority(const Validity& validity) {
  const openssl::Key key = MakeKey();
  // Two authorities must not be taken for each other by their names.
  const auto random = RandomBytes();
  const std::string name = fmt::format("Scission CA {:02x}{:02x}{:02x}{:02x}", random[0], random[1],
                                       random[2], random[3]);
  const openssl::Certificate certificate = Begin(name, validity, key.get());
  X509* self = certificate.get();
  AddExtension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  AddExtension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  return Signed(self, key.get(), self, key.get());
}

PemPair MakeCertificate(const PemPair& authority, const CertificateRequest& request) {
  const auto issuers = ReadAll("the authority's certificate", authority.certificate);
  const openssl::Key issuer_key = ReadKey("the authority's key", authority.key);
  X509* issuer = issuers.front().get();
  const openssl::Key key = MakeKey();
  const openssl::Certificate certificate = Begin(request.name, request.validity, key.get());
  X509* made = certificate.get();
  AddExtension(made, issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(made, issuer, NID_key_usage, "critical,digitalSignature");
  AddExtension(made, issuer, NID_ext_key_usage,
               request.is_server ? "serverAuth,clientAuth" : "clientAuth");
  if (!request.alternative_names.empty()) {
    AddExtension(made, issuer, NID_subject_alt_name, ExtensionText(request.alternative_names));
  }
  return Signed(made, key.get(), issuer, issuer_key.get());
}

std::vector<CertificateFacts> ReadCertificates(const std::string& place, const std::string& pem) {
  std::vector<CertificateFacts> facts;
  for (const openssl::Certificate& certificate : ReadAll(place, pem)) {
    const X509* read = certificate.get();
    facts.push_back(
        {.name = CommonName(read),
         .alternative_names = AlternativeNames(read),
         .validity = {ToTime(::X509_get0_notBefore(read)), ToTime(::X509_get0_notAfter(read))}});
  }
  return facts;
}

void RequireKey(const std::string& place, const std::string& key, const std::string& certificates) {
  const openssl::Key read = ReadKey(place, key);
  const auto all = ReadAll("the certificate", certificates);
  const bool fits = ::X509_check_private_key(all.front().get(), read.get()) == 1;
  ::ERR_clear_error();
  if (!fits) throw InputError(place, "is not the key of the certificate");
}

std::string WhyUntrusted(const std::string& certificates, const std::string& authorities) {
  const auto chain = ReadAll("the certificate", certificates);
  const openssl::Store store = MustHave(openssl::Store(::X509_STORE_new()));
  for (const openssl::Certificate& authority : ReadAll("the authority", authorities)) {
    Must(::X509_STORE_add_cert(store.get(), authority.get()) == 1);
  }
  ::X509_STORE_set_flags(store.get(), X509_V_FLAG_NO_CHECK_TIME);
  // The stack only borrows the certificates.
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> others(
      sk_X509_new_null(), [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  for (const openssl::Certificate& one : chain) Must(sk_X509_push(others.get(), one.get()) > 0);
  const openssl::StoreContext context = MustHave(openssl::StoreContext(::X509_STORE_CTX_new()));
  Must(::X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others.get()) == 1);
  if (::X509_verify_cert(context.get()) == 1) return {};
  ::ERR_clear_error();
  return ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(context.get()));
}

std::string DateOf(Time time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  struct tm parts {};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%d", &parts);
  return text;
}

}  // namespace scission
