// The WebSocket handshake as Lavalink, Spring and Undertow judge it, one after the other.
#pragma once

#include <optional>
#include <string>

#include "net/http_message.hpp"
#include "sandbox/node_state.hpp"
#include "sandbox/reply.hpp"

namespace lavapp::sandbox {

inline constexpr std::string_view websocket_path = "/v4/websocket";

struct Handshake {
  std::optional<Reply> refusal = {};
  /// If accepted: the head of the answer, and who comes in.
  std::string head = {};
  std::optional<std::string> session_id = {};
  SessionOwner owner = {};
  /// The User-Id is no number: Lavalink accepts and then fails on it, with close 1011 and no `ready`.
  bool fails_at_once = false;
};

/// Naming an away session stops its time to resume, whatever else becomes of the handshake.
Handshake judge_handshake(NodeState& node, const net::HttpRequest& request, std::uint16_t port, Time now);

}  // namespace lavapp::sandbox
