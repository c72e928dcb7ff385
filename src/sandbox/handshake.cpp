#include "sandbox/handshake.hpp"

#include "sandbox/coerce.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::sandbox {
namespace {

std::string header(const Headers& headers, std::string_view name) {
  const auto* found = find_header(headers, name);
  return found ? *found : std::string();
}

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// What Spring's handler says after Lavalink's own checks, by then with the Session-Resumed header.
std::optional<Reply> spring_refusal(const net::HttpRequest& request, const std::string& own_origin) {
  if (request.method != "GET") {
    auto reply = Reply::empty(405);
    reply.headers.emplace_back("Allow", "GET");
    return reply;
  }
  if (lower(header(request.headers, "Upgrade")) != "websocket") {
    return Reply{Reply::Form::text, 400, {}, "Can \"Upgrade\" only to \"WebSocket\"."};
  }
  if (!websocket::list_has_token(header(request.headers, "Connection"), "upgrade")) {
    return Reply{Reply::Form::text, 400, {}, "\"Connection\" must be \"upgrade\"."};
  }
  if (header(request.headers, "Sec-WebSocket-Version") != "13") {
    auto reply = Reply::empty(426);
    reply.headers.emplace_back("Sec-WebSocket-Version", "13,8,7");
    return reply;
  }
  const auto* origin = find_header(request.headers, "Origin");
  if (origin && *origin != own_origin) return Reply::empty(403);
  if (header(request.headers, "Sec-WebSocket-Key").empty()) return Reply::empty(400);
  return std::nullopt;
}

}  // namespace

Handshake judge_handshake(NodeState& node, const net::HttpRequest& request, std::uint16_t port, Time now) {
  Handshake result;
  const auto& headers = request.headers;
  // Here a wrong password is 401 as well as a missing one; REST answers 403.
  if (header(headers, "Authorization") != node.options().password) {
    result.refusal = Reply::empty(401);
    return result;
  }
  result.owner.user_id = header(headers, "User-Id");
  result.owner.client_name = header(headers, "Client-Name");
  const auto user = to_int64(Json(result.owner.user_id));
  if (result.owner.user_id.empty() || user == 0) {
    result.refusal = Reply::empty(400);
    return result;
  }
  result.fails_at_once = !user;

  bool resumable = false;
  if (const auto* id = find_header(headers, "Session-Id")) {
    result.session_id = *id;
    if (auto* session = node.find(*id)) resumable = session->stop_timeout();
  }
  const std::pair<std::string, std::string> resumed{"Session-Resumed", resumable ? "true" : "false"};
  const auto host = header(headers, "Host");
  const auto authority = host.empty() ? "127.0.0.1:" + std::to_string(port) : host;
  result.refusal = spring_refusal(request, "http://" + authority);
  if (result.refusal) {
    result.refusal->headers.push_back(resumed);
    return result;
  }
  const auto origin = header(headers, "Origin");
  result.head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n";
  if (!origin.empty()) result.head += "Origin: " + origin + "\r\n";
  result.head += "Sec-WebSocket-Location: ws://" + authority + request.target + "\r\n" + resumed.first + ": " + resumed.second +
                 "\r\nUpgrade: WebSocket\r\nLavalink-Api-Version: 4\r\nSec-WebSocket-Accept: " +
                 websocket::accept_value(header(headers, "Sec-WebSocket-Key")) + "\r\nDate: " + http_date(node.wall(now)) +
                 "\r\n\r\n";
  return result;
}

}  // namespace lavapp::sandbox
