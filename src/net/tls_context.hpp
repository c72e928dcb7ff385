// TLS contexts and sessions of OpenSSL, made from options: who is trusted, and who we are.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "lavapp/core/result.hpp"
#include "lavapp/core/tls.hpp"

namespace lavapp::net {

using TlsContext = std::shared_ptr<SSL_CTX>;

struct TlsSessionDeleter {
  void operator()(SSL* session) const noexcept;
};
using TlsSession = std::unique_ptr<SSL, TlsSessionDeleter>;

/// Errors: `invalid_argument`, whose message begins with the field's name.
Result<TlsContext> make_client_context(const TlsOptions& options);

struct TlsServerOptions {
  std::string certificate_pem = {};  ///< chain included
  std::string private_key_pem = {};
  std::string client_ca_pem = {};  ///< if not empty, clients must show a certificate that these have signed
};
Result<TlsContext> make_server_context(const TlsServerOptions& options);

/// A session that will check the peer's certificate against `host` (or options.server_name) and names it in SNI, which
/// holds host names only (RFC 6066 3).
Result<TlsSession> make_client_session(const TlsContext& context, const std::string& host, const TlsOptions& options);
Result<TlsSession> make_server_session(const TlsContext& context);

/// The public keys that a peer may have (RFC 7469 2.4); none: any.
class KeyPins {
 public:
  KeyPins() = default;
  /// \param sha256_base64  of SubjectPublicKeyInfo, as check_pins() accepts them
  explicit KeyPins(std::vector<std::string> sha256_base64) : pins_(std::move(sha256_base64)) {}
  bool allow(const SSL& session) const;

 private:
  std::vector<std::string> pins_;
};
/// Errors: `invalid_argument` for what is no SHA-256 in base64.
Result<void> check_pins(const std::vector<std::string>& pins);

/// Remembers the contexts of the options it saw last: the system's certificates take milliseconds to read, and most of a MiB.
class TlsContextCache {
 public:
  static constexpr std::size_t kMost = 8;
  Result<TlsContext> get(const TlsOptions& options);

 private:
  struct Entry {
    TlsOptions options;
    TlsContext context;
  };
  std::mutex mutex_;  // guards what follows: connections on several strands may share the cache
  std::vector<Entry> entries_;
};

/// The oldest error in this thread's queue of OpenSSL, which is emptied; its text is OpenSSL's reason.
std::error_code take_tls_error();
/// Whether an error came from TLS, and not from the socket below: an alert of the peer's, say.
bool is_tls_error(const std::error_code& error) noexcept;

}  // namespace lavapp::net
