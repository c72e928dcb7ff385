// How the WebSocket handshake's key is answered (RFC 6455 4.2.2).
#pragma once

#include <string>
#include <string_view>

namespace lavapp::net {

/// base64(SHA-1(text)).
std::string sha1_base64(std::string_view text);

}  // namespace lavapp::net
