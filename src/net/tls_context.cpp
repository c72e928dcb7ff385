#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "net/base64.hpp"
#include "net/resolver.hpp"

namespace lavapp::net {
namespace {

class TlsCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int code) const override {
    const auto packed = static_cast<unsigned long>(static_cast<unsigned>(code));
    if (const char* reason = ERR_reason_error_string(packed)) return reason;
    char text[128];
    ERR_error_string_n(packed, text, sizeof(text));
    return text;
  }
};

const TlsCategory& tls_category() noexcept {
  static const TlsCategory category;
  return category;
}

struct Free {
  void operator()(BIO* p) const noexcept { BIO_free(p); }
  void operator()(X509* p) const noexcept { X509_free(p); }
  void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Error wrong(std::string_view field, std::string_view what) {
  const auto reason = take_tls_error();
  return {Errc::invalid_argument, std::string(field) + ": " + std::string(what), reason};
}

Owned<BIO> text(const std::string& pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// OpenSSL's own answer to an encrypted key would be to ask at the terminal.
int no_password(char*, int, int, void*) { return -1; }

/// Hands each certificate of `pem` to `take`. There must be one at least, and nothing broken among them.
template <class Take>
Result<void> each_certificate(std::string_view field, const std::string& pem, Take&& take) {
  ERR_clear_error();
  const auto bio = text(pem);
  for (int count = 0; bio; ++count) {
    const Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
    if (!certificate) {
      const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
      if (count == 0) return wrong(field, "no certificate in PEM form in it");
      if (!at_end) return wrong(field, "a certificate in it is broken");
      ERR_clear_error();
      return {};
    }
    if (!take(certificate.get(), count)) return wrong(field, "a certificate in it was not accepted");
  }
  return wrong(field, "cannot be read");
}

Result<void> trust(SSL_CTX* context, std::string_view field, const std::string& pem) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  return each_certificate(field, pem,
                          [&](X509* certificate, int) { return X509_STORE_add_cert(store, certificate) == 1; });
}

Result<void> identify(SSL_CTX* context, const std::string& certificate_pem, const std::string& private_key_pem) {
  if (private_key_pem.empty()) return wrong("private_key_pem", "missing, and certificate_pem is given");
  if (certificate_pem.empty()) return wrong("certificate_pem", "missing, and private_key_pem is given");
  auto loaded = each_certificate("certificate_pem", certificate_pem, [&](X509* certificate, int index) {
    return index == 0 ? SSL_CTX_use_certificate(context, certificate) == 1
                      : SSL_CTX_add1_chain_cert(context, certificate) == 1;
  });
  if (!loaded) return loaded;
  const auto bio = text(private_key_pem);
  const Owned<EVP_PKEY> key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (!key) return wrong("private_key_pem", "no private key without a password in PEM form in it");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return wrong("private_key_pem", "does not belong to certificate_pem");
  return {};
}

/// A write may take one record and come back with the rest of its text elsewhere.
constexpr auto kWriteModes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;

TlsContext new_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method), [](SSL_CTX* p) { SSL_CTX_free(p); });
  if (!context) return {};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  return context;
}

Error no_memory() { return {Errc::tls_failed, "OpenSSL could not make a context", take_tls_error()}; }

bool same(const TlsOptions& a, const TlsOptions& b) {
  const auto fields = [](const TlsOptions& o) {
    return std::tie(o.ca_pem, o.ca_file, o.certificate_pem, o.private_key_pem, o.server_name,
                    o.insecure_accept_any_certificate, o.minimum_version, o.native_context);
  };
  return fields(a) == fields(b);
}

}  // namespace

void TlsSessionDeleter::operator()(SSL* session) const noexcept { SSL_free(session); }

std::error_code take_tls_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return {};
  return {static_cast<int>(code), tls_category()};
}

bool is_tls_error(const std::error_code& error) noexcept { return error.category() == tls_category(); }

bool KeyPins::allow(const SSL& session) const {
  if (pins_.empty()) return true;
  const Owned<X509> certificate(SSL_get1_peer_certificate(&session));
  if (!certificate) return false;
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (size <= 0) return false;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int digest_size = 0;
  const bool made = EVP_Digest(der, static_cast<std::size_t>(size), digest, &digest_size, EVP_sha256(), nullptr) == 1;
  OPENSSL_free(der);
  if (!made) return false;
  const auto pin = base64({reinterpret_cast<const char*>(digest), digest_size});
  return std::find(pins_.begin(), pins_.end(), pin) != pins_.end();
}

Result<void> check_pins(const std::vector<std::string>& pins) {
  // 32 bytes are 43 digits and one "=".
  const auto good = [](const std::string& pin) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return pin.size() == 44 && pin.find_first_not_of(digits) == 43 && pin.back() == '=';
  };
  if (std::all_of(pins.begin(), pins.end(), good)) return {};
  return Error(Errc::invalid_argument, "pinned_public_keys: one is no SHA-256 in base64");
}

Result<TlsContext> make_client_context(const TlsOptions& options) {
  ERR_clear_error();
  if (auto pins = check_pins(options.pinned_public_keys); !pins) return std::move(pins).error();
  if (options.native_context) {
    for (const auto* own : {&options.ca_pem, &options.ca_file, &options.certificate_pem, &options.private_key_pem}) {
      if (!own->empty()) return wrong("native_context", "authorities and certificates are its own; those here would be ignored");
    }
    if (options.insecure_accept_any_certificate)
      return wrong("native_context", "whom it trusts is its own affair; insecure_accept_any_certificate would be ignored");
    return std::static_pointer_cast<SSL_CTX>(options.native_context);
  }
  const auto context = new_context(TLS_client_method());
  if (!context) return no_memory();
  SSL_CTX_set_verify(context.get(), options.insecure_accept_any_certificate ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                     nullptr);

  if (!options.ca_pem.empty())
    if (auto trusted = trust(context.get(), "ca_pem", options.ca_pem); !trusted) return std::move(trusted).error();
  if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context.get(), options.ca_file.c_str()) != 1)
    return wrong("ca_file", "no certificates could be read from " + options.ca_file);
  if (options.ca_pem.empty() && options.ca_file.empty()) SSL_CTX_set_default_verify_paths(context.get());
  // Whom the user names is trusted, even if somebody else has signed its certificate.
  else
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);

  if (!options.certificate_pem.empty() || !options.private_key_pem.empty()) {
    auto identified = identify(context.get(), options.certificate_pem, options.private_key_pem);
    if (!identified) return std::move(identified).error();
  }
  ERR_clear_error();
  return context;
}

Result<TlsContext> make_server_context(const TlsServerOptions& options) {
  ERR_clear_error();
  const auto context = new_context(TLS_server_method());
  if (!context) return no_memory();
  if (auto identified = identify(context.get(), options.certificate_pem, options.private_key_pem); !identified)
    return std::move(identified).error();
  if (!options.client_ca_pem.empty()) {
    if (auto trusted = trust(context.get(), "client_ca_pem", options.client_ca_pem); !trusted)
      return std::move(trusted).error();
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  ERR_clear_error();
  return context;
}

Result<TlsSession> make_client_session(const TlsContext& context, const std::string& host, const TlsOptions& options) {
  ERR_clear_error();
  TlsSession session(SSL_new(context.get()));
  if (!session) return no_memory();
  SSL_set_connect_state(session.get());
  if (options.minimum_version == TlsVersion::tls1_3) SSL_set_min_proto_version(session.get(), TLS1_3_VERSION);
  SSL_set_mode(session.get(), kWriteModes);

  const auto* field = options.server_name.empty() ? "host" : "server_name";
  auto name = options.server_name.empty() ? host : options.server_name;
  const bool is_address = is_ip_literal(name);
  if (is_address)
    name = name.substr(0, name.find('%'));  // a zone is this machine's affair
  else if (!name.empty() && name.back() == '.')
    name.pop_back();  // RFC 6066 3: without a trailing dot
  if (name.empty() || name.find('\0') != std::string::npos)
    return wrong(field, "cannot be checked against a certificate");

  if (!is_address && SSL_set_tlsext_host_name(session.get(), name.c_str()) != 1)
    return wrong(field, "no host name that TLS can carry");
  if (options.insecure_accept_any_certificate) return session;
  auto* check = SSL_get0_param(session.get());
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str())
                             : X509_VERIFY_PARAM_set1_host(check, name.data(), name.size());
  if (set != 1) return wrong(field, "cannot be checked against a certificate");
  return session;
}

Result<TlsSession> make_server_session(const TlsContext& context) {
  TlsSession session(SSL_new(context.get()));
  if (!session) return no_memory();
  SSL_set_accept_state(session.get());
  SSL_set_mode(session.get(), kWriteModes);
  return session;
}

Result<TlsContext> TlsContextCache::get(const TlsOptions& options) {
  if (auto pins = check_pins(options.pinned_public_keys); !pins) return std::move(pins).error();  // no part of a context
  std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    if (same(options, entry.options)) return entry.context;
  }
  auto made = make_client_context(options);
  if (!made) return made;
  if (entries_.size() == kMost) entries_.erase(entries_.begin());
  entries_.push_back({options, *made});
  return made;
}

}  // namespace lavapp::net
