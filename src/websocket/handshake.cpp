#include "websocket/handshake.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "net/base64.hpp"
#include "net/proxy.hpp"
#include "net/retry_after.hpp"
#include "net/sha1_base64.hpp"
#include "websocket/text.hpp"

namespace lavapp::websocket {
namespace {

using std::chrono::milliseconds;

Error invalid_header(std::string what) { return {Errc::invalid_header, std::move(what)}; }
Error invalid_argument(std::string what) { return {Errc::invalid_argument, std::move(what)}; }
Error bad_handshake(std::string what) { return {Errc::bad_handshake, std::move(what)}; }

/// Those that the handshake sets itself, and those that would give a GET a body (RFC 9112 6).
bool is_reserved(std::string_view name) {
  for (const std::string_view reserved : {"Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding"}) {
    if (equal_without_case(name, reserved)) return true;
  }
  constexpr std::string_view prefix = "Sec-WebSocket-";
  return equal_without_case(name.substr(0, prefix.size()), prefix);
}

Result<void> check_headers(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    // A name that is no token is shown only as far as it is one: the rest may be anything, a value too.
    if (!is_token(name)) {
      const auto good = std::find_if_not(name.begin(), name.end(), [](char c) { return is_token({&c, 1}); });
      return invalid_header(name.empty() ? std::string("a header has an empty name")
                                         : "the name that begins with \"" + std::string(name.begin(), good) +
                                               "\" holds a character that a header's name cannot have");
    }
    if (is_reserved(name)) return invalid_header(name + ": set by the handshake itself");
    for (const char c : value) {
      if (is_control(c) && c != '\t')
        return invalid_header(name + ": its value holds CR, LF, NUL or another control character");
    }
  }
  return {};
}

Result<void> check_limits(const WebSocketOptions& options) {
  const std::pair<const char*, milliseconds> positive[] = {{"resolve_timeout", options.resolve_timeout},
                                                           {"connect_timeout", options.connect_timeout},
                                                           {"proxy_timeout", options.proxy_timeout},
                                                           {"tls_timeout", options.tls_timeout},
                                                           {"handshake_timeout", options.handshake_timeout},
                                                           {"close_timeout", options.close_timeout}};
  for (const auto& [name, value] : positive) {
    if (value.count() <= 0) return invalid_argument(std::string(name) + " must be more than 0 ms");
  }
  const std::pair<const char*, milliseconds> not_negative[] = {{"heartbeat_interval", options.heartbeat_interval},
                                                               {"pong_timeout", options.pong_timeout},
                                                               {"write_timeout", options.write_timeout},
                                                               {"idle_timeout", options.idle_timeout}};
  for (const auto& [name, value] : not_negative) {
    if (value.count() < 0) return invalid_argument(std::string(name) + " must be at least 0 ms");
  }
  const std::pair<const char*, std::size_t> bounds[] = {{"max_message_size", options.max_message_size},
                                                        {"max_header_size", options.max_header_size},
                                                        {"max_queue_bytes", options.max_queue_bytes},
                                                        {"max_queue_messages", options.max_queue_messages}};
  for (const auto& [name, value] : bounds) {
    if (value == 0) return invalid_argument(std::string(name) + " must be more than 0");
  }
  return {};
}

/// A field may come more than once (RFC 9110 5.3).
bool any_header_has_token(const Headers& headers, std::string_view name, std::string_view token) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& field) {
    return equal_without_case(field.first, name) && list_has_token(field.second, token);
  });
}

Error refusal(const net::HttpResponse& response, const Url& url, std::uint32_t redirects_left) {
  Error error(Errc::handshake_refused, response.reason);
  error.http_status = response.status;
  error.route = "GET " + std::string(url.path());
  error.body = response.body.substr(0, kMaxRefusalBody);
  error.retry_after = net::retry_after(response.headers, std::chrono::system_clock::now());
  if (response.status / 100 == 3 && redirects_left == 0) error.message += " (max_redirects allows no redirect, or no more)";
  return error;
}

}  // namespace

Result<void> check_options(const WebSocketOptions& options) {
  if (auto headers = check_headers(options.headers); !headers) return headers;
  auto names = options.subprotocols;
  for (const auto& name : names) {
    if (!is_token(name)) return invalid_argument("subprotocols: a name is empty or no token (RFC 6455 4.1)");
  }
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return invalid_argument("subprotocols: a name is there twice");
  }
  if (!options.proxy.empty()) {
    if (auto proxy = net::parse_proxy(options.proxy); !proxy) return std::move(proxy).error();
  }
  try {
    Backoff(options.reconnect, 0);
  } catch (const std::invalid_argument& wrong) {
    std::string_view what = wrong.what();
    constexpr std::string_view prefix = "lavapp: ";
    if (what.substr(0, prefix.size()) == prefix) what.remove_prefix(prefix.size());
    return invalid_argument("reconnect." + std::string(what));
  }
  if (auto compression = check_compression(options.compression); !compression) return compression;
  return check_limits(options);
}

std::string make_key(std::string_view random_bytes) { return net::base64(random_bytes); }

std::string accept_value(std::string_view key) {
  return net::sha1_base64(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
}

std::string shown(std::string_view name, std::string_view value) {
  static constexpr std::string_view kPublic[] = {
      "Host",   "Upgrade",  "Connection",   "Sec-WebSocket-Version", "Sec-WebSocket-Extensions", "Origin",    "User-Agent",
      "Server", "Date",     "Content-Type", "Content-Length",        "Transfer-Encoding",        "Client-Name", "User-Id",
      "Via",    "Retry-After", "Session-Resumed", "Lavalink-Api-Version"};
  const auto same = [&](std::string_view known) { return equal_without_case(known, name); };
  const bool is_public = std::any_of(std::begin(kPublic), std::end(kPublic), same);
  return std::string(name) + ": " + std::string(is_public ? value : "(hidden)");
}

net::HttpRequest make_request(const Url& url, const WebSocketOptions& options, std::string_view key) {
  net::HttpRequest request;
  request.target = url.target;
  request.headers = {{"Host", url.host_header()},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Key", std::string(key)},
                     {"Sec-WebSocket-Version", "13"}};
  if (!options.subprotocols.empty()) {
    std::string offered;
    for (const auto& name : options.subprotocols) offered.append(offered.empty() ? "" : ", ").append(name);
    request.headers.emplace_back("Sec-WebSocket-Protocol", std::move(offered));
  }
  if (auto extensions = offer_extensions(options.compression); !extensions.empty()) {
    request.headers.emplace_back("Sec-WebSocket-Extensions", std::move(extensions));
  }
  request.headers.insert(request.headers.end(), options.headers.begin(), options.headers.end());
  return request;
}

Result<Agreement> check_response(const net::HttpResponse& response, const Url& url, std::string_view key,
                                 const WebSocketOptions& offered) {
  if (response.status != 101) return refusal(response, url, offered.max_redirects);
  const auto& headers = response.headers;
  if (!any_header_has_token(headers, "Upgrade", "websocket"))
    return bad_handshake("the answer's Upgrade is not websocket");
  if (!any_header_has_token(headers, "Connection", "upgrade")) {
    return bad_handshake("the answer's Connection does not hold upgrade");
  }
  const auto* accept = find_header(headers, "Sec-WebSocket-Accept");
  if (accept == nullptr) return bad_handshake("the answer has no Sec-WebSocket-Accept");
  if (trim(*accept) != accept_value(key))
    return bad_handshake("the answer's Sec-WebSocket-Accept does not fit the key");
  std::vector<std::string> extensions;
  for (const auto& [name, value] : headers) {
    if (equal_without_case(name, "Sec-WebSocket-Extensions")) extensions.push_back(value);
  }
  auto deflate = accept_extensions(extensions, offered.compression);
  if (!deflate) return std::move(deflate).error();
  HandshakeResponse result;
  if (const auto* chosen = find_header(headers, "Sec-WebSocket-Protocol")) {
    result.subprotocol = trim(*chosen);
    const auto& subprotocols = offered.subprotocols;
    if (std::find(subprotocols.begin(), subprotocols.end(), result.subprotocol) == subprotocols.end()) {
      return bad_handshake("the answer names a subprotocol that was not offered");
    }
  }
  result.status = response.status;
  result.headers = headers;
  return Agreement{std::move(result), *deflate};
}

bool list_has_token(std::string_view list, std::string_view token) {
  while (true) {
    const auto comma = list.find(',');
    if (equal_without_case(trim(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace lavapp::websocket
