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

/// Where `location`, a redirect's field of that name, leads from `base` (RFC 3986 5.2; RFC 9110 10.2.2). Its fragment is left
/// out. Errors: `invalid_url`, also for a way from wss:// to ws://.
Result<Url> follow_location(const Url& base, std::string_view location);
/// Scheme, host and port are the same (RFC 6454 5), so that credentials for the one may go to the other.
bool same_origin(const Url& a, const Url& b);

/// RFC 6455 section 3 and RFC 3986. Errors: `invalid_url`; the message names the part that is wrong and never repeats
/// the user information or the query.
Result<Url> parse_url(std::string_view text);

}  // namespace lavapp::websocket
