// Retry-After (RFC 9110 10.2.3): how long a server asks to wait, in seconds or until a date.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "lavapp/websocket.hpp"  // Headers

namespace lavapp::net {

/// Nothing if the field is not there or cannot be understood; a day at most. A date is compared with the answer's own Date,
/// so that it does not matter if our clock is wrong; without one, with `now`.
std::optional<std::chrono::milliseconds> retry_after(const Headers& headers, std::chrono::system_clock::time_point now);

/// A date of HTTP in one of its three forms (RFC 9110 5.6.7).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace lavapp::net
