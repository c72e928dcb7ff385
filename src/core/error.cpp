#include "lavapp/core/error.hpp"

namespace lavapp {
namespace {

const char* text(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument: return "invalid argument";
    case Errc::invalid_url: return "invalid URL";
    case Errc::invalid_header: return "invalid header";
    case Errc::not_open: return "not open";
    case Errc::already_connecting: return "already connecting or connected";
    case Errc::queue_full: return "queue full";
    case Errc::unsupported: return "not supported by the node";
    case Errc::cancelled: return "cancelled";
    case Errc::closed: return "closed";
    case Errc::abandoned: return "abandoned: the runtime ended";
    case Errc::resolve_timeout: return "timed out resolving the host name";
    case Errc::connect_timeout: return "timed out connecting";
    case Errc::proxy_timeout: return "timed out talking to the proxy";
    case Errc::tls_timeout: return "timed out in the TLS handshake";
    case Errc::handshake_timeout: return "timed out in the WebSocket handshake";
    case Errc::pong_timeout: return "timed out waiting for a pong";
    case Errc::write_timeout: return "timed out writing";
    case Errc::close_timeout: return "timed out in the closing handshake";
    case Errc::ready_timeout: return "timed out waiting for ready";
    case Errc::request_timeout: return "timed out waiting for the response";
    case Errc::idle_timeout: return "timed out waiting for a message";
    case Errc::resolve_failed: return "host name not found";
    case Errc::connect_failed: return "could not connect";
    case Errc::tls_failed: return "TLS handshake failed";
    case Errc::certificate_rejected: return "certificate rejected";
    case Errc::proxy_refused: return "the proxy refused";
    case Errc::proxy_unauthorized: return "the proxy wants other credentials";
    case Errc::connection_lost: return "connection lost";
    case Errc::handshake_refused: return "WebSocket handshake refused";
    case Errc::bad_handshake: return "not a WebSocket handshake";
    case Errc::protocol_error: return "WebSocket protocol error";
    case Errc::invalid_utf8: return "text is not valid UTF-8";
    case Errc::message_too_big: return "message too big";
    case Errc::unsupported_data: return "unsupported kind of data";
    case Errc::closed_by_peer: return "closed by the peer";
    case Errc::http_status: return "HTTP error";
    case Errc::bad_response: return "unexpected response body";
    case Errc::not_a_lavalink_node: return "not a Lavalink v4 node";
    case Errc::session_refused: return "session refused";
    case Errc::no_session: return "no session";
    case Errc::tracks_failed: return "track after track failed";
    case Errc::slow_listener: return "slow listener";
    case Errc::circuit_open: return "not sent: the node has failed too often";
    case Errc::nothing_found: return "nothing found";
    case Errc::load_failed: return "loading failed";
    case Errc::authentication_failed: return "authentication failed: the token is not valid";
    case Errc::invalid_shard: return "invalid shard";
    case Errc::sharding_required: return "sharding required";
    case Errc::invalid_api_version: return "invalid API version";
    case Errc::invalid_intents: return "invalid intents";
    case Errc::disallowed_intents: return "disallowed intents";
    case Errc::hello_timeout: return "timed out waiting for HELLO";
    case Errc::heartbeat_not_acknowledged: return "the heartbeat was not acknowledged";
    case Errc::session_invalid: return "the session is invalid";
    case Errc::reconnect_requested: return "the gateway asked to reconnect";
    case Errc::bad_payload: return "unreadable payload";
    case Errc::payload_too_big: return "payload too big";
    case Errc::rate_limited: return "rate limited";
    case Errc::voice_timeout: return "timed out joining the voice channel";
    case Errc::voice_disconnected: return "disconnected from the voice channel";
    case Errc::voice_authentication_failed: return "the voice server does not know the token";
    case Errc::voice_dave_required: return "the voice channel requires end-to-end encryption (DAVE)";
    case Errc::voice_rate_limited: return "rate limited by the voice server";
    case Errc::voice_closed: return "the voice connection was closed";
  }
  return "unknown error";
}

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "lavapp"; }
  std::string message(int code) const override { return text(static_cast<Errc>(code)); }
};

bool fatal_status(int status) noexcept {
  return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

}  // namespace

const std::error_category& error_category() noexcept {
  static const Category category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), error_category()}; }

std::string Error::what() const {
  std::string line = code.message();
  if (http_status != 0) line += " (status " + std::to_string(http_status) + ")";
  if (close_code != 0) line += " (close code " + std::to_string(close_code) + ")";
  if (!route.empty()) line += " at " + route;
  if (!message.empty()) line += ": " + message;
  if (cause) line += " [" + cause.message() + "]";
  return line;
}

bool is_fatal(const Error& error) noexcept {
  if (error.code.category() != error_category()) return false;
  switch (static_cast<Errc>(error.code.value())) {
    case Errc::invalid_argument:
    case Errc::invalid_url:
    case Errc::invalid_header:
    case Errc::unsupported:
    case Errc::already_connecting:
    case Errc::cancelled:
    case Errc::closed:
    case Errc::abandoned:
    case Errc::certificate_rejected:
    case Errc::proxy_unauthorized:
    case Errc::session_refused:
    case Errc::not_a_lavalink_node:
    case Errc::authentication_failed:
    case Errc::invalid_shard:
    case Errc::sharding_required:
    case Errc::invalid_api_version:
    case Errc::invalid_intents:
    case Errc::disallowed_intents:
    case Errc::voice_dave_required:
      return true;
    case Errc::proxy_refused:
    case Errc::handshake_refused:
    case Errc::http_status:
      return fatal_status(error.http_status);
    default:
      return false;
  }
}

}  // namespace lavapp
