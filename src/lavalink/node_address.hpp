// NodeOptions, looked at: whether they can be used, and what URL and headers follow from them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/websocket.hpp"  // Headers

namespace lavapp::lavalink {

/// Errors: `invalid_argument`, whose message begins with the field's name. Values of secrets are not in it.
Result<void> validate(const NodeOptions& options);

/// "ws://host:2333/prefix/v4/websocket"; an IPv6 literal gets its brackets.
std::string websocket_url(const NodeOptions& options);
/// "host:2333", as the Host field has it.
std::string authority(const NodeOptions& options);
/// The prefix without a slash at its end.
std::string_view path_prefix(const NodeOptions& options);

/// Authorization, User-Id, Client-Name, Session-Id where there is one, and the caller's own. No Origin: a node refuses
/// every one but its own address with 403.
Headers websocket_headers(const NodeOptions& options, std::string_view session_id);
/// Authorization and the caller's own.
Headers rest_headers(const NodeOptions& options);

}  // namespace lavapp::lavalink
