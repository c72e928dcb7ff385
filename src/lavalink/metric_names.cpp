#include "lavalink/metric_names.hpp"

namespace lavapp::lavalink {
namespace {

/// The enumerator's name, of those that a node, the way to it or Discord's voice servers cause.
std::string_view name_of(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument: return "invalid_argument";
    case Errc::queue_full: return "queue_full";
    case Errc::unsupported: return "unsupported";
    case Errc::not_open: return "not_open";
    case Errc::cancelled: return "cancelled";
    case Errc::closed: return "closed";
    case Errc::resolve_timeout: return "resolve_timeout";
    case Errc::connect_timeout: return "connect_timeout";
    case Errc::proxy_timeout: return "proxy_timeout";
    case Errc::tls_timeout: return "tls_timeout";
    case Errc::handshake_timeout: return "handshake_timeout";
    case Errc::pong_timeout: return "pong_timeout";
    case Errc::write_timeout: return "write_timeout";
    case Errc::close_timeout: return "close_timeout";
    case Errc::ready_timeout: return "ready_timeout";
    case Errc::request_timeout: return "request_timeout";
    case Errc::idle_timeout: return "idle_timeout";
    case Errc::resolve_failed: return "resolve_failed";
    case Errc::connect_failed: return "connect_failed";
    case Errc::tls_failed: return "tls_failed";
    case Errc::certificate_rejected: return "certificate_rejected";
    case Errc::proxy_refused: return "proxy_refused";
    case Errc::proxy_unauthorized: return "proxy_unauthorized";
    case Errc::connection_lost: return "connection_lost";
    case Errc::handshake_refused: return "handshake_refused";
    case Errc::bad_handshake: return "bad_handshake";
    case Errc::protocol_error: return "protocol_error";
    case Errc::invalid_utf8: return "invalid_utf8";
    case Errc::message_too_big: return "message_too_big";
    case Errc::unsupported_data: return "unsupported_data";
    case Errc::closed_by_peer: return "closed_by_peer";
    case Errc::http_status: return "http_status";
    case Errc::bad_response: return "bad_response";
    case Errc::not_a_lavalink_node: return "not_a_lavalink_node";
    case Errc::session_refused: return "session_refused";
    case Errc::no_session: return "no_session";
    case Errc::circuit_open: return "circuit_open";
    case Errc::voice_timeout: return "voice_timeout";
    case Errc::voice_disconnected: return "voice_disconnected";
    case Errc::voice_authentication_failed: return "voice_authentication_failed";
    case Errc::voice_dave_required: return "voice_dave_required";
    case Errc::voice_rate_limited: return "voice_rate_limited";
    case Errc::voice_closed: return "voice_closed";
    default: return "other";
  }
}

}  // namespace

std::string metric_name(const Error& error) {
  if (error.code.category() != error_category()) return "other";
  if ((error == Errc::http_status || error == Errc::handshake_refused) && error.http_status != 0) {
    return "status " + metric_name_of_status(error.http_status);
  }
  // RFC 6455 7.4.2: the codes that may be on the wire.
  if (error == Errc::closed_by_peer && error.close_code >= 1000 && error.close_code <= 4999) {
    return "close " + std::to_string(error.close_code);
  }
  return std::string(name_of(static_cast<Errc>(error.code.value())));
}

std::string metric_name_of_status(int status) {
  return status >= 100 && status <= 599 ? std::to_string(status) : "other";
}

std::string_view metric_name(MessageKind kind) noexcept {
  switch (kind) {
    case MessageKind::ready: return "ready";
    case MessageKind::stats: return "stats";
    case MessageKind::player_update: return "playerUpdate";
    case MessageKind::track_start: return "TrackStartEvent";
    case MessageKind::track_end: return "TrackEndEvent";
    case MessageKind::track_exception: return "TrackExceptionEvent";
    case MessageKind::track_stuck: return "TrackStuckEvent";
    case MessageKind::voice_closed: return "WebSocketClosedEvent";
    case MessageKind::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace lavapp::lavalink
