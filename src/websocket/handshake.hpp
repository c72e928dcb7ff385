// The opening handshake of RFC 6455 section 4 as pure rules: what a client asks, and which answers it accepts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/result.hpp"
#include "lavapp/websocket.hpp"
#include "net/http_message.hpp"
#include "websocket/permessage_deflate.hpp"
#include "websocket/url.hpp"

namespace lavapp::websocket {

/// Of a refusal's body so much is kept.
inline constexpr std::size_t kMaxRefusalBody = 64 * 1024;

/// What is wrong with the headers, subprotocols or time limits, if anything is. Values are never repeated.
Result<void> check_options(const WebSocketOptions& options);

/// The value of Sec-WebSocket-Key for 16 random bytes.
std::string make_key(std::string_view random_bytes);
/// What a server must answer to that key (RFC 6455 4.2.2).
std::string accept_value(std::string_view key);

/// A header for a reader's eyes. Only values that are known to be no secret are shown: a caller may put a token into any.
std::string shown(std::string_view name, std::string_view value);

net::HttpRequest make_request(const Url& url, const WebSocketOptions& options, std::string_view key);

/// What a server has agreed to.
struct Agreement {
  HandshakeResponse response;
  std::optional<PermessageDeflate> deflate;
};
/// Errors: `handshake_refused` for any status but 101, `bad_handshake` naming what RFC 6455 4.1 does not accept.
Result<Agreement> check_response(const net::HttpResponse& response, const Url& url, std::string_view key,
                                 const WebSocketOptions& offered);

/// Whether `list`, elements between commas, holds `token`, without regard to case.
bool list_has_token(std::string_view list, std::string_view token);

}  // namespace lavapp::websocket
