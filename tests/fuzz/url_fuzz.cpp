#include "url_fuzz.hpp"

#include <algorithm>
#include <cstdlib>

#include "net/http_message.hpp"
#include "net/proxy.hpp"
#include "websocket/handshake.hpp"
#include "websocket/text.hpp"
#include "websocket/url.hpp"

namespace lavapp::test {
namespace {

using websocket::Url;

void check_host(const std::string& host) {
  if (host.empty() || host.size() > 253) std::abort();
  for (const char c : host) {
    if (websocket::is_control(c) || static_cast<unsigned char>(c) >= 0x80) std::abort();
    if (std::string_view(" /?#@\\").find(c) != std::string_view::npos) std::abort();
  }
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

void check_reads_back(const Url& url) {
  const auto again = websocket::parse_url((url.tls ? "wss://" : "ws://") + url.host_header() + url.target);
  if (!again || again->tls != url.tls || again->host != url.host || again->port != url.port) std::abort();
  if (again->target != url.target) std::abort();
}

/// Nothing in a URL ends the request's line early or adds a field.
void check_request(const Url& url) {
  const auto request = websocket::make_request(url, {}, "key");
  const auto text = net::serialize(request);
  net::HttpParser parser(net::HttpPart::request);
  const auto used = parser.feed(text);
  if (!used || *used != text.size() || !parser.done()) std::abort();
  if (parser.request().target != url.target || parser.request().headers != request.headers) std::abort();
}

bool fuzz_server(std::string_view text) {
  const auto url = websocket::parse_url(text);
  if (!url) {
    if (url.error() != Errc::invalid_url || url.error().message.empty()) std::abort();
    return false;
  }
  check_host(url->host);
  if (url->port == 0 || url->target.empty() || url->target.front() != '/') std::abort();
  if (url->target.compare(0, url->path().size(), url->path()) != 0) std::abort();
  if (url->path().find('?') != std::string_view::npos) std::abort();
  check_reads_back(*url);
  check_request(*url);
  return true;
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

bool fuzz_proxy_url(std::string_view text) {
  const auto proxy = net::parse_proxy(text);
  if (!proxy) {
    if (proxy.error() != Errc::invalid_argument || proxy.error().message.empty()) std::abort();
    return false;
  }
  check_host(proxy->host);
  if (proxy->port == 0 || proxy->user.size() > 255 || proxy->password.size() > 255) std::abort();
  std::string written = proxy->kind == net::Proxy::Kind::http ? "http://" : "socks5://";
  written += percent_encoded(proxy->user) + ":" + percent_encoded(proxy->password) + "@";
  written += in_brackets(proxy->host) + ":" + std::to_string(proxy->port);
  const auto again = net::parse_proxy(written);
  if (!again || again->kind != proxy->kind || again->host != proxy->host || again->port != proxy->port) std::abort();
  if (again->user != proxy->user || again->password != proxy->password) std::abort();
  return true;
}

}  // namespace

bool fuzz_url(std::string_view text) {
  if (text.size() > 10'000) return false;  // a request's head has a limit
  const bool server = fuzz_server(text);
  return fuzz_proxy_url(text) || server;
}

}  // namespace lavapp::test
