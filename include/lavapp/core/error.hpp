// Error: what went wrong, as a value, and whether trying again can help.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "lavapp/core/optional.hpp"

namespace lavapp {

/// Every way an operation of this library can fail. Compare with `error.code == Errc::pong_timeout`.
enum class Errc {
  // The caller's mistakes.
  invalid_argument = 1,  ///< A value out of range or of the wrong form; `Error::message` names it.
  invalid_url,           ///< Not a ws://, wss://, http:// or https:// URL with a host.
  invalid_header,        ///< A header with CR, LF or NUL, or a name that the handshake reserves.
  not_open,              ///< The connection or node is not open (yet, or any more).
  already_connecting,    ///< connect() while an earlier connect() is under way or has succeeded.
  queue_full,            ///< The bound of a send queue, of a queue of tracks, or of a node's requests is reached.
  unsupported,           ///< The node says that it does not have this (filter, route, plugin).

  // The end of an operation from this side.
  cancelled,  ///< Cancelled by its CancelToken, by an Asio slot, or because its owner was closed.
  closed,     ///< The owner was closed or destroyed while the operation waited.
  abandoned,  ///< The runtime ended before the operation did.

  // One name for each step that has a deadline.
  resolve_timeout = 100,
  connect_timeout,
  proxy_timeout,
  tls_timeout,
  handshake_timeout,
  pong_timeout,
  write_timeout,
  close_timeout,
  ready_timeout,
  request_timeout,
  idle_timeout,

  // The network.
  resolve_failed = 200,    ///< The host name has no address.
  connect_failed,          ///< TCP could not connect; `Error::cause` is the system's reason.
  tls_failed,              ///< The TLS handshake failed.
  certificate_rejected,  ///< The peer's certificate is not trusted, has expired or names another host.
  proxy_refused,         ///< The proxy did not open the way; `Error::http_status` or `message` is what it said.
  proxy_unauthorized,    ///< The proxy wants credentials, or others.
  connection_lost,       ///< Reset, or ended without a closing handshake.

  // WebSocket (RFC 6455).
  handshake_refused = 300,  ///< An HTTP status other than 101; status, headers and body are in the error.
  bad_handshake,            ///< A 101 that RFC 6455 4.1 does not accept, or no HTTP at all.
  protocol_error,           ///< Frames that RFC 6455 forbids (close code 1002).
  invalid_utf8,             ///< Text that is not UTF-8 (close code 1007).
  message_too_big,          ///< A message over the limit (close code 1009).
  unsupported_data,         ///< A kind of data that is not expected here (close code 1003).
  closed_by_peer,           ///< The peer closed; `Error::close_code` and `message` are what it said.

  // Lavalink.
  http_status = 400,    ///< A REST answer outside 2xx; see `Error::http_status` and `message`.
  bad_response,         ///< A REST answer whose body is not what the route promises.
  not_a_lavalink_node,  ///< The server answers, but not as a Lavalink v4 node does.
  session_refused,      ///< Close 1011 before `ready`: the node did not accept the handshake's headers.
  no_session,           ///< The operation needs a session and the node has none at the moment.
  tracks_failed,        ///< Track after track could not be played; the queue has stopped.
  slow_listener,        ///< A listener has blocked for longer than NodeOptions::slow_listener; a `warning`, no failure.
  circuit_open,         ///< Requests to the node failed in a row; not sent. `Error::retry_after`: when the next one is.
  nothing_found,        ///< The node looked, and there is no track; `Error::message` names what was asked for.
  load_failed,          ///< The node could not load what was asked for; `Error::message` is why.

  // Discord's gateway; those up to disallowed_intents are its close codes, and fatal.
  authentication_failed = 500,  ///< 4004: the token is not valid.
  invalid_shard,                ///< 4010
  sharding_required,            ///< 4011: more guilds than one shard may have; Error::message says so.
  invalid_api_version,          ///< 4012
  invalid_intents,              ///< 4013
  disallowed_intents,           ///< 4014: privileged intents that the application has not been given.
  hello_timeout,                ///< The connection was open and HELLO did not come.
  heartbeat_not_acknowledged,   ///< The connection is dead: no ack came between two heartbeats.
  session_invalid,              ///< The session cannot be resumed (op 9, or a close code that ends it).
  reconnect_requested,          ///< op 7
  bad_payload,                  ///< What came is no payload: broken JSON, ETF or compression.
  payload_too_big,              ///< More than 4,096 bytes encoded; nothing was sent.
  rate_limited,                 ///< The gateway's RATE_LIMITED, with retry_after; or a local limit with nowhere to wait.

  // Voice: what Discord's voice servers, by way of the node, say with their close codes.
  voice_timeout = 600,          ///< Not connected in time; Error::message says what was missing.
  voice_disconnected,           ///< Discord took the bot out of the channel: 4014, 4022, or a voice state without channel.
  voice_authentication_failed,  ///< 4004: the voice server does not know the token.
  voice_dave_required,          ///< 4017: the channel is end-to-end encrypted, and the node cannot do that (DAVE).
  voice_rate_limited,           ///< 4021, with retry_after.
  voice_closed,                 ///< Any other code, in Error::close_code.
};

const std::error_category& error_category() noexcept;
std::error_code make_error_code(Errc code) noexcept;

/// What went wrong. A value: it arrives in `Result`, in `error` events, and inside `Exception`.
/// It never holds a password or a token.
struct Error {
  /// What kind of failure; of `error_category()`.
  std::error_code code;
  /// What exactly was wrong, in words: the field's name, or what the peer said. May be empty.
  std::string message = {};
  /// The system's, TLS library's or resolver's own reason, where there is one.
  std::error_code cause = {};
  /// HTTP status of a refused handshake or a REST answer; 0 where there was none.
  int http_status = 0;
  /// WebSocket close code (RFC 6455 7.4); 0 where there was none.
  int close_code = 0;
  /// The request's method and path, without query and credentials ("GET /v4/info"). Empty outside of HTTP.
  std::string route = {};
  /// What the server asked to wait before the next try (`Retry-After`).
  Optional<std::chrono::milliseconds> retry_after = {};
  /// The body of a refused handshake or of an HTTP error, at most 64 KiB of it, as it came.
  std::string body = {};
  /// Lavalink's server-side stack trace, when it was asked for.
  std::string trace = {};

  Error() = default;
  Error(Errc errc, std::string what = {}, std::error_code why = {})
      : code(make_error_code(errc)), message(std::move(what)), cause(why) {}

  /// One line for a log: code, message, status, route, cause.
  std::string what() const;

  friend bool operator==(const Error& a, Errc b) noexcept { return a.code == make_error_code(b); }
  friend bool operator!=(const Error& a, Errc b) noexcept { return !(a == b); }
};

/// True if trying the same again cannot help until the options change: a mistake of the caller, a certificate that is
/// not trusted, a refusal with any 4xx but 408, 425 and 429, close 1011 before `ready`. Reconnection asks this alone.
bool is_fatal(const Error& error) noexcept;

/// An Error, thrown: by `Result::value()`, `std::future::get()` and `co_await`.
class Exception : public std::runtime_error {
 public:
  explicit Exception(Error error) : std::runtime_error(error.what()), error_(std::move(error)) {}
  const Error& error() const noexcept { return error_; }
  const std::error_code& code() const noexcept { return error_.code; }

 private:
  Error error_;
};

}  // namespace lavapp

template <>
struct std::is_error_code_enum<lavapp::Errc> : std::true_type {};
