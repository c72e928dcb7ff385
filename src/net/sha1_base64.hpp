// The two encodings of the WebSocket handshake (RFC 6455 4.2.2).
#pragma once

#include <string>
#include <string_view>

namespace lavapp::net {

std::string base64(std::string_view bytes);
/// base64(SHA-1(text)).
std::string sha1_base64(std::string_view text);

}  // namespace lavapp::net
