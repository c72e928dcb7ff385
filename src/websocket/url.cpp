#include "websocket/url.hpp"

#include <algorithm>
#include <vector>

#include "net/resolver.hpp"
#include "websocket/text.hpp"

namespace lavapp::websocket {
namespace {

Error wrong(std::string what) { return {Errc::invalid_url, std::move(what)}; }

/// The host's length is bounded by DNS (RFC 1035 2.3.4).
constexpr std::size_t kMaxHost = 253;

/// Without a zone: which interface to take is nothing that a URL can say (RFC 9844 takes it out again).
bool is_ipv6(const std::string& text) {
  return text.find(':') != text.npos && text.find('%') == text.npos && net::is_ip_literal(text);
}

bool is_host_character(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; }

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return wrong("the port is not a number");
    value = std::min(value * 10 + static_cast<unsigned>(c - '0'), 100'000u);
  }
  if (value < 1 || value > 65535) return wrong("the port is not within 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

/// Host and port, after the user information has been refused.
Result<Url> parse_authority(std::string_view authority, Url url) {
  std::string_view rest;
  if (!authority.empty() && authority.front() == '[') {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return wrong("the IPv6 address has no closing bracket");
    url.host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (!is_ipv6(url.host)) return wrong("what stands in brackets is no IPv6 address");
    if (!rest.empty() && rest.front() != ':') return wrong("something other than a port follows the IPv6 address");
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) rest = authority.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos) return wrong("an IPv6 address must stand in brackets");
    if (!std::all_of(url.host.begin(), url.host.end(), is_host_character)) {
      return wrong("the host holds a character that no host name has (other scripts in their xn-- form)");
    }
  }
  if (url.host.empty()) return wrong("there is no host");
  if (url.host.size() > kMaxHost) return wrong("the host is longer than 253 characters");
  if (rest.size() > 1) {  // RFC 3986 3.2.3 lets a colon stand alone
    auto port = parse_port(rest.substr(1));
    if (!port) return std::move(port).error();
    url.port = *port;
  }
  return url;
}

}  // namespace

std::string Url::host_header() const {
  auto text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string_view Url::path() const { return std::string_view(target).substr(0, target.find('?')); }

Result<Url> parse_url(std::string_view text) {
  if (text.empty()) return wrong("it is empty");
  for (const char c : text) {
    if (is_control(c) || c == ' ') return wrong("it holds a space or a control character");
    if (static_cast<unsigned char>(c) >= 0x80) return wrong("it holds a character that must be percent-encoded");
  }
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return wrong("it does not begin with ws:// or wss://");
  const auto scheme = text.substr(0, colon);
  Url url;
  if (equal_without_case(scheme, "wss") || equal_without_case(scheme, "https"))
    url.tls = true;
  else if (!equal_without_case(scheme, "ws") && !equal_without_case(scheme, "http")) {
    return wrong("the scheme is neither ws nor wss");
  }
  url.port = url.tls ? 443 : 80;

  auto rest = text.substr(colon + 3);
  if (rest.find('#') != std::string_view::npos) return wrong("a fragment (#) has no meaning here (RFC 6455 3)");
  const auto end = rest.find_first_of("/?\\");
  const auto authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos) return wrong("user information (@) is not sent; use a header");
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  if (rest.find('\\') != std::string_view::npos) return wrong("it holds a backslash");
  url.target = rest.empty() || rest.front() == '?' ? "/" + std::string(rest) : std::string(rest);
  return parse_authority(authority, std::move(url));
}

namespace {

/// RFC 3986 5.2.4, for a path that begins with "/".
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_folder = false;
  path.remove_prefix(1);
  for (bool more = true; more;) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    more = slash != std::string_view::npos;
    if (more) path.remove_prefix(slash + 1);
    ends_in_folder = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string result;
  for (const auto segment : kept) result.append("/").append(segment);
  if (ends_in_folder || result.empty()) result += "/";
  return result;
}

/// RFC 3986 5.2.3: a reference without a scheme and an authority, as a target.
std::string merge(const Url& base, std::string_view reference) {
  const auto question = reference.find('?');
  const auto path = reference.substr(0, question);
  const std::string query(question == std::string_view::npos ? std::string_view{} : reference.substr(question));
  if (path.empty()) return query.empty() ? base.target : std::string(base.path()) + query;
  if (path.front() == '/') return without_dot_segments(path) + query;
  const auto folder = base.path().substr(0, base.path().rfind('/') + 1);
  return without_dot_segments(std::string(folder) + std::string(path)) + query;
}

bool has_scheme(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?");
}

}  // namespace

Result<Url> follow_location(const Url& base, std::string_view location) {
  location = location.substr(0, location.find('#'));
  const std::string_view scheme = base.tls ? "wss:" : "ws:";
  std::string absolute;
  if (has_scheme(location)) {
    absolute = location;
  } else if (location.substr(0, 2) == "//") {
    absolute = std::string(scheme) + std::string(location);
  } else {
    absolute = std::string(scheme) + "//" + base.host_header() + merge(base, location);
  }
  auto target = parse_url(absolute);
  if (target && base.tls && !target->tls) return wrong("it leads from wss:// to ws://");
  return target;
}

bool same_origin(const Url& a, const Url& b) {
  return a.tls == b.tls && a.port == b.port && equal_without_case(a.host, b.host);
}

}  // namespace lavapp::websocket
