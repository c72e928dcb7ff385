// ByteStream: the one seam between protocols and sockets. Beast, Asio streams and OpenSSL stay behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "core/strand.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/tls.hpp"

namespace lavapp::net {

/// Receives what a ByteStream does. Calls come on the stream's strand, never inside the call that asked for them.
class ByteStreamHandler {
 public:
  virtual ~ByteStreamHandler() = default;
  /// A read ended: `size` bytes are in the buffer. With an error, size is 0. The orderly end of the stream is
  /// Errc::connection_lost with an empty cause; so is a TLS stream cut without close_notify.
  virtual void on_read(const std::error_code& error, std::size_t size) = 0;
  /// The whole of the buffer has been written, or not.
  virtual void on_written(const std::error_code& error) = 0;
};

/// A connected TCP or TLS stream. At most one read and one write at a time. Used on its strand only.
/// Lifetime: each operation keeps the stream and its handler alive until it has ended; close() ends them soon.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual void read_some(std::shared_ptr<ByteStreamHandler> handler, char* buffer, std::size_t size) = 0;
  virtual void write(std::shared_ptr<ByteStreamHandler> handler, std::string_view data) = 0;
  /// Cuts the connection: pending operations end with operation_canceled, the kernel sends FIN (`reset`: RST).
  virtual void close(bool reset = false) = 0;
  /// Sends FIN (TLS: close_notify first), reading goes on.
  virtual void shutdown_send() = 0;
  virtual bool is_open() const = 0;
  /// When the operating system last took bytes of a write: how one tells a slow peer from a dead one.
  virtual Clock::time_point last_progress() const = 0;
};

class Resolver;

/// Where to connect to.
struct Endpoint {
  std::string host;  ///< A name or an IP literal, without brackets.
  std::uint16_t port = 0;
  bool tls = false;
};

struct DialOptions {
  std::chrono::milliseconds resolve_timeout{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds proxy_timeout{10'000};
  std::chrono::milliseconds tls_timeout{5'000};
  TlsOptions tls = {};
  /// As parse_proxy() reads it; empty: none.
  std::string proxy = {};
  /// Path of a Unix domain socket that leads to the endpoint; empty: TCP.
  std::string unix_socket = {};
  /// Told of each step, for `debug`.
  std::function<void(std::string_view)> trace = {};
  /// Null: the system's.
  std::shared_ptr<Resolver> resolver = {};
};

/// One attempt to connect, with a time limit for each of its steps. Ends exactly once, on the strand, never inside
/// dial(). cancel() ends it with Errc::cancelled.
class Dialer {
 public:
  using Done = MoveFunction<void(Result<std::shared_ptr<ByteStream>>)>;
  virtual ~Dialer() = default;
  virtual void cancel() = 0;
  /// What a time limit over all would have to be called if it passed now: the step that is under way. On the strand.
  virtual Errc step_timeout() const = 0;
};
std::shared_ptr<Dialer> dial(const detail::Strand& strand, Endpoint endpoint, DialOptions options, Dialer::Done done);

/// Accepts TCP connections on 127.0.0.1: for the sandbox and the tests.
class Listener {
 public:
  using Accepted = std::function<void(std::shared_ptr<ByteStream>)>;
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
  /// Stops accepting; the port is free afterwards.
  virtual void close() = 0;
};
/// \param port  0: a free one. `on_accept` runs on `strand`, and the accepted streams live on it.
/// \param certificate_pem, private_key_pem  both empty: plain TCP, else TLS (its handshake is done before on_accept).
/// \param client_ca_pem  not empty: clients must show a certificate that these have signed
Result<std::shared_ptr<Listener>> listen(const detail::Strand& strand, std::uint16_t port, Listener::Accepted on_accept,
                                         std::string certificate_pem = {}, std::string private_key_pem = {},
                                         std::string client_ca_pem = {});

}  // namespace lavapp::net
