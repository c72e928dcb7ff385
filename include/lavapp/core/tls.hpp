// TlsOptions: whom a wss:// or https:// connection trusts, and who it is itself.
#pragma once

#include <string>

namespace lavapp {

/// TLS of a client. The peer's certificate is checked against the trusted authorities and against the host name, and
/// the host name is sent as SNI (never for an IP literal), unless told otherwise here. TLS 1.2 is the oldest accepted.
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
  /// Accepts any certificate of anybody: whoever sits on the way can read and change everything. For tests alone.
  bool insecure_accept_any_certificate = false;
};

}  // namespace lavapp
