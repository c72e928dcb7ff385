// Url: the parts of a ws://, wss://, http:// or https:// URL that a connection needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"

namespace lavapp::websocket {

struct Url {
  bool tls = false;
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
  std::string target = "/";  ///< Path and query, as the request line wants them.

  /// RFC 9110 7.2: with brackets around an IPv6 literal, the port unless it is the scheme's own.
  std::string host_header() const;
  /// The target without the query, which may hold secrets.
  std::string_view path() const;
};

/// RFC 6455 section 3 and RFC 3986. Errors: `invalid_url`; the message names the part that is wrong and never repeats
/// the user information or the query.
Result<Url> parse_url(std::string_view text);

}  // namespace lavapp::websocket
