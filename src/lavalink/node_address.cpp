#include "lavalink/node_address.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "lavapp/core/reconnect.hpp"
#include "net/proxy.hpp"

namespace lavapp::lavalink {
namespace {

using std::chrono::milliseconds;

// The longest time limit: far from where adding it to the clock would overflow.
constexpr milliseconds kLongest = std::chrono::hours(24);

Error wrong(std::string_view field, std::string_view what) {
  return {Errc::invalid_argument, std::string(field) + " " + std::string(what)};
}

bool printable(char c) noexcept { return c > 0x20 && c < 0x7f; }

bool is_token(std::string_view name) noexcept {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != std::string_view::npos;
  });
}

/// RFC 9110 5.5: no control characters, and blanks at the ends would be stripped on the way.
bool is_field_value(std::string_view value) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  if (!value.empty() && (blank(value.front()) || blank(value.back()))) return false;
  return std::none_of(value.begin(), value.end(), [&](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t') || u == 0x7f;
  });
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 11> reserved = {
      "authorization", "user-id",        "client-name",  "session-id",        "host",   "connection",
      "upgrade",       "content-length", "content-type", "transfer-encoding", "expect",
  };
  const auto wanted = lower(name);
  return std::find(reserved.begin(), reserved.end(), wanted) != reserved.end() ||
         wanted.rfind("sec-websocket-", 0) == 0;
}

bool is_ipv6(std::string_view host) noexcept {
  const auto address = host.substr(0, host.find('%'));
  return std::count(address.begin(), address.end(), ':') >= 2 &&
         std::all_of(address.begin(), address.end(),
                     [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.'; });
}

Result<void> check_host(std::string_view host) {
  if (host.empty()) return wrong("host", "must not be empty");
  if (host.size() > 253) return wrong("host", "must have at most 253 characters");
  if (!std::all_of(host.begin(), host.end(), printable)) {
    return wrong("host", "must be ASCII without blanks and control characters");
  }
  if (host.find("://") != std::string_view::npos) return wrong("host", "must be a name or an address, not a URL");
  if (host.find_first_of("[]") != std::string_view::npos) return wrong("host", "must be given without brackets");
  if (host.find(':') != std::string_view::npos && !is_ipv6(host)) {
    return wrong("host", "must be a name or an address alone; the port has its own field");
  }
  if (host.find_first_of("/?#@\\\"<>^`{|}") != std::string_view::npos ||
      (host.find('%') != std::string_view::npos && !is_ipv6(host))) {
    return wrong("host", "must be a name or an address");
  }
  return {};
}

Result<void> check_headers(const NodeOptions& options) {
  if (!is_field_value(options.password)) {
    return wrong("password", "must have no control characters, and no blank at its ends");
  }
  if (options.client_name.empty() || !is_field_value(options.client_name)) {
    return wrong("client_name", "must be NAME/VERSION without control characters, and without a blank at its ends");
  }
  if (!std::all_of(options.session_id.begin(), options.session_id.end(), printable)) {
    return wrong("session_id", "must be ASCII without blanks and control characters");
  }
  for (const auto& [name, value] : options.headers) {
    // The value may be a secret of the caller's, and a name that is none may hold anything.
    if (!is_token(name)) return wrong("headers", "must have names that are tokens (RFC 9110 5.1)");
    if (is_reserved(name)) return wrong("headers", "must not have " + name + ": it is set here");
    if (!is_field_value(value)) return wrong("headers", "must have no control characters in " + name);
  }
  return {};
}

Result<void> check_times(const NodeOptions& options) {
  struct Limit {
    std::string_view field;
    milliseconds value;
    bool zero_allowed;
  };
  const std::array<Limit, 8> limits = {{
      {"connect_timeout", options.connect_timeout, false},
      {"ready_timeout", options.ready_timeout, false},
      {"heartbeat_interval", options.heartbeat_interval, true},
      {"pong_timeout", options.pong_timeout, true},
      {"request_timeout", options.request_timeout, false},
      {"load_timeout", options.load_timeout, false},
      {"voice_timeout", options.voice_timeout, false},
      {"slow_listener", options.slow_listener, true},
  }};
  for (const auto& [field, value, zero_allowed] : limits) {
    if (value.count() < 0 || (value.count() == 0 && !zero_allowed)) {
      return wrong(field, zero_allowed ? "must be at least 0 ms" : "must be more than 0 ms");
    }
    if (value > kLongest) return wrong(field, "must be at most a day");
  }
  // Lavalink reads seconds as a 32-bit number.
  if (options.resume_timeout.count() <= 0 ||
      options.resume_timeout.count() > std::numeric_limits<std::int32_t>::max()) {
    return wrong("resume_timeout", "must be 1 to 2147483647 s");
  }
  try {
    Backoff(options.reconnect, 0);
  } catch (const std::invalid_argument& error) {
    std::string_view what = error.what();
    constexpr std::string_view prefix = "lavapp: ";
    if (what.rfind(prefix, 0) == 0) what.remove_prefix(prefix.size());
    return Error(Errc::invalid_argument, "reconnect." + std::string(what));
  }
  return {};
}

Result<void> check_rest(const RestOptions& rest) {
  if (rest.max_attempts < 1 || rest.max_attempts > 100) return wrong("rest.max_attempts", "must be 1 to 100");
  if (rest.max_pending < 1 || rest.max_pending > 1'000'000) return wrong("rest.max_pending", "must be 1 to 1000000");
  if (rest.initial_pause.count() <= 0) return wrong("rest.initial_pause", "must be more than 0 ms");
  if (!(rest.factor >= 1.0) || !std::isfinite(rest.factor)) return wrong("rest.factor", "must be a number of at least 1");
  if (rest.max_pause < rest.initial_pause) return wrong("rest.max_pause", "must be at least initial_pause");
  if (rest.max_pause > kLongest) return wrong("rest.max_pause", "must be at most a day");
  if (rest.breaker_pause.count() <= 0) return wrong("rest.breaker_pause", "must be more than 0 ms");
  if (rest.breaker_pause > kLongest) return wrong("rest.breaker_pause", "must be at most a day");
  return {};
}

}  // namespace

Result<void> validate(const NodeOptions& options) {
  if (auto host = check_host(options.host); !host) return host;
  if (options.port == 0) return wrong("port", "must not be 0");
  // A node closes 1011 on an id that does not fit Java's long.
  if (options.user_id.value() == 0) return wrong("user_id", "must not be 0");
  if (options.user_id.value() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return wrong("user_id", "must be at most 9223372036854775807");
  }
  if (!options.path_prefix.empty() && options.path_prefix.front() != '/') {
    return wrong("path_prefix", "must be empty or begin with /");
  }
  if (!std::all_of(options.path_prefix.begin(), options.path_prefix.end(), printable) ||
      options.path_prefix.find_first_of("?#") != std::string::npos) {
    return wrong("path_prefix", "must be a path: ASCII, without blanks, ? and #");
  }
  if (!options.proxy.empty()) {
    if (auto proxy = net::parse_proxy(options.proxy); !proxy) return std::move(proxy).error();
  }
  if (auto headers = check_headers(options); !headers) return headers;
  if (auto times = check_times(options); !times) return times;
  if (options.rest_connections < 1 || options.rest_connections > 64) {
    return wrong("rest_connections", "must be 1 to 64");
  }
  if (options.max_waiting_events < 1 || options.max_waiting_events > 1'000'000) {
    return wrong("max_waiting_events", "must be 1 to 1000000");
  }
  if (auto rest = check_rest(options.rest); !rest) return rest;
  if (options.max_message_size == 0) return wrong("max_message_size", "must be more than 0");
  return {};
}

std::string authority(const NodeOptions& options) {
  const bool literal = options.host.find(':') != std::string::npos;
  return (literal ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port);
}

std::string_view path_prefix(const NodeOptions& options) {
  std::string_view prefix = options.path_prefix;
  while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
  return prefix;
}

std::string websocket_url(const NodeOptions& options) {
  return (options.secure ? "wss://" : "ws://") + authority(options) + std::string(path_prefix(options)) +
         "/v4/websocket";
}

Headers websocket_headers(const NodeOptions& options, std::string_view session_id) {
  Headers headers = {{"Authorization", options.password},
                     {"User-Id", options.user_id.to_string()},
                     {"Client-Name", options.client_name}};
  if (!session_id.empty()) headers.emplace_back("Session-Id", session_id);
  headers.insert(headers.end(), options.headers.begin(), options.headers.end());
  return headers;
}

Headers rest_headers(const NodeOptions& options) {
  Headers headers = {{"Authorization", options.password}};
  headers.insert(headers.end(), options.headers.begin(), options.headers.end());
  return headers;
}

}  // namespace lavapp::lavalink
