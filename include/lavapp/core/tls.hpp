// TlsOptions: whom a wss:// or https:// connection trusts, and who it is itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace lavapp {

/// The oldest protocol version to speak.
enum class TlsVersion { tls1_2, tls1_3 };

/// TLS of a client. The peer's certificate is checked against the trusted authorities and against the host name, and
/// the host name is sent as SNI (never for an IP literal), unless told otherwise here.
/// The connections of a runtime (of its io_context) with the same options share what they trust: it is read once, and a file
/// that changes is not read again.
/// Errors: what cannot be loaded gives `Errc::invalid_argument` that names the field, at the first connection.
struct TlsOptions {
  /// Certificate authorities to trust, PEM text, one or more. Empty: see `ca_file`.
  std::string ca_pem = {};
  /// File with certificate authorities, PEM. With both empty, the system's own are trusted.
  std::string ca_file = {};
  /// Client certificate (PEM text, chain included), and its private key. Both or none.
  std::string certificate_pem = {};
  std::string private_key_pem = {};
  /// Name to check the certificate against and to send as SNI instead of the URL's host.
  std::string server_name = {};
  TlsVersion minimum_version = TlsVersion::tls1_2;
  /// If not empty, the server's public key must be one of these besides all else: each the SHA-256 of its
  /// SubjectPublicKeyInfo in base64, as RFC 7469 2.4 pins it (`openssl x509 -pubkey -noout | openssl pkey -pubin -outform
  /// der | openssl dgst -sha256 -binary | base64`). Any other key is `Errc::certificate_rejected`.
  std::vector<std::string> pinned_public_keys = {};
  /// The caller's own `SSL_CTX` of OpenSSL 3, in place of the authorities and the client certificate above: who is
  /// trusted is then its affair, the host's name is still checked if it verifies its peers. Shared with the
  /// connections made with it; not to be changed once one has been made. Example:
  /// `std::shared_ptr<void>(SSL_CTX_new(TLS_client_method()), [](void* p) { SSL_CTX_free(static_cast<SSL_CTX*>(p)); })`
  std::shared_ptr<void> native_context = {};
  /// Accepts any certificate of anybody: whoever sits on the way can read and change everything. For tests alone.
  bool insecure_accept_any_certificate = false;
};

}  // namespace lavapp
