#include "net/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "net/base64.hpp"
#include "net/http_message.hpp"
#include "net/resolver.hpp"

namespace lavapp::net {
namespace {

Error wrong(std::string what) { return {Errc::invalid_argument, "proxy: " + std::move(what)}; }
Error refused(std::string what) { return {Errc::proxy_refused, std::move(what)}; }

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned value = 0;
    if (text.size() < 3) return {};
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, value, 16);
    if (error != std::errc() || end != text.data() + 3) return {};
    decoded += static_cast<char>(static_cast<unsigned char>(value));
    text.remove_prefix(3);
  }
  return decoded;
}

std::string authority(const std::string& host, std::uint16_t port) {
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

class HttpConnect final : public ProxyTalk {
 public:
  HttpConnect(const Proxy& proxy, const std::string& host, std::uint16_t port) {
    parser_.skip_body();  // RFC 9110 9.3.6: a 2xx to CONNECT has none
    request_.method = "CONNECT";
    request_.target = authority(host, port);
    request_.headers = {{"Host", request_.target}};
    if (!proxy.user.empty() || !proxy.password.empty()) {
      request_.headers.emplace_back("Proxy-Authorization", "Basic " + base64(proxy.user + ":" + proxy.password));
    }
  }

  std::string begin() override { return serialize(request_); }

  Result<Step> hear(std::string_view bytes) override {
    const auto used = parser_.feed(bytes);
    if (!used) return refused("the answer to CONNECT is no HTTP: " + used.error().message);
    if (!parser_.done()) return Step{};
    const auto& answer = parser_.response();
    if (answer.status / 100 != 2) {
      Error error(answer.status == 407 ? Errc::proxy_unauthorized : Errc::proxy_refused, answer.reason);
      error.http_status = answer.status;
      return error;
    }
    // Whoever asks speaks first in TLS and in HTTP: there is nothing that the other end could have said yet.
    if (*used != bytes.size()) return refused("something follows the answer to CONNECT");
    return Step{{}, true};
  }

 private:
  HttpRequest request_;
  HttpParser parser_{HttpPart::response};
};

/// RFC 1928 6.
const char* socks_reason(unsigned code) {
  switch (code) {
    case 1: return "general failure";
    case 2: return "not allowed by its rules";
    case 3: return "network unreachable";
    case 4: return "host unreachable";
    case 5: return "connection refused";
    case 6: return "time to live expired";
    case 7: return "CONNECT not supported";
    case 8: return "address type not supported";
    default: return "an unknown reason";
  }
}

class Socks5 final : public ProxyTalk {
 public:
  Socks5(const Proxy& proxy, std::string host, std::uint16_t port) : proxy_(proxy), host_(std::move(host)), port_(port) {}

  /// No login, and a login by user and password where there is one (RFC 1928 3).
  std::string begin() override { return credentials() ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3); }

  Result<Step> hear(std::string_view bytes) override {
    heard_ += bytes;
    Step all;
    while (true) {
      auto step = next();
      if (!step) return step;
      all.send += step->send;
      all.done = step->done;
      // What came with the answer may be the next one already.
      if (step->send.empty()) return all;
    }
  }

 private:
  enum class State { method, credentials, reply };
  bool credentials() const { return !proxy_.user.empty() || !proxy_.password.empty(); }
  unsigned byte(std::size_t i) const { return static_cast<unsigned char>(heard_[i]); }
  static void append_counted(std::string& to, const std::string& text) {
    to += static_cast<char>(static_cast<unsigned char>(text.size()));
    to += text;
  }

  /// What one answer leads to; nothing to send while it is not whole.
  Result<Step> next() {
    switch (state_) {
      case State::method: return method();
      case State::credentials: return verdict();
      case State::reply: break;
    }
    return reply();
  }

  Result<Step> method() {
    if (!heard_.empty() && byte(0) != 5) return refused("it does not speak SOCKS5");
    if (heard_.size() < 2) return Step{};
    const auto chosen = byte(1);
    heard_.erase(0, 2);
    if (chosen == 0) return request();
    if (chosen != 2 || !credentials()) return Error(Errc::proxy_unauthorized, "SOCKS5: none of the offered ways to log in");
    state_ = State::credentials;
    std::string login = "\x01";  // RFC 1929 2
    append_counted(login, proxy_.user);
    append_counted(login, proxy_.password);
    return Step{std::move(login)};
  }

  Result<Step> verdict() {
    if (heard_.size() < 2) return Step{};
    if (byte(1) != 0) return Error(Errc::proxy_unauthorized, "SOCKS5: user or password refused");
    heard_.erase(0, 2);
    return request();
  }

  /// The name goes to the proxy as it is: it resolves it.
  Result<Step> request() {
    state_ = State::reply;
    std::string text("\x05\x01\x00", 3);
    const auto address = address_bytes(host_);
    if (address.empty()) {
      text += '\x03';
      append_counted(text, host_);
    } else {
      text += address.size() == 4 ? '\x01' : '\x04';
      text += address;
    }
    text += static_cast<char>(static_cast<unsigned char>(port_ >> 8));
    text += static_cast<char>(static_cast<unsigned char>(port_ & 0xFF));
    return Step{std::move(text)};
  }

  Result<Step> reply() {
    if (heard_.size() < 2) return Step{};
    if (byte(0) != 5) return refused("it does not speak SOCKS5");
    if (byte(1) != 0) return refused(std::string("SOCKS5: ") + socks_reason(byte(1)));
    if (heard_.size() < 5) return Step{};
    std::size_t bound = 0;  // the address at which the proxy meets the other end: its size
    switch (byte(3)) {
      case 1: bound = 4; break;
      case 3: bound = 1 + byte(4); break;
      case 4: bound = 16; break;
      default: return refused("SOCKS5: an address of an unknown kind");
    }
    const auto size = 4 + bound + 2;
    if (heard_.size() < size) return Step{};
    if (heard_.size() > size) return refused("something follows the answer of SOCKS5");
    return Step{{}, true};
  }

  Proxy proxy_;
  std::string host_;
  std::uint16_t port_;
  State state_ = State::method;
  std::string heard_;
};

}  // namespace

Result<Proxy> parse_proxy(std::string_view url) {
  Proxy proxy;
  const auto scheme_end = url.find("://");
  const auto scheme = url.substr(0, scheme_end == url.npos ? 0 : scheme_end);
  if (scheme == "http") {
    proxy.port = 8080;
  } else if (scheme == "socks5" || scheme == "socks5h") {
    proxy.kind = Proxy::Kind::socks5;
    proxy.port = 1080;
  } else {
    return wrong("it does not begin with http:// or socks5://");
  }
  auto rest = url.substr(scheme_end + 3);
  if (const auto at = rest.rfind('@'); at != rest.npos) {
    const auto login = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    const auto colon = std::min(login.find(':'), login.size());
    const auto user = percent_decoded(login.substr(0, colon));
    const auto password = percent_decoded(login.substr(std::min(colon + 1, login.size())));
    if (!user || !password) return wrong("user or password is not percent-encoded");
    // RFC 1929 2 counts each in a byte.
    if (user->size() > 255 || password->size() > 255) return wrong("user or password is longer than 255 bytes");
    // RFC 7617 2: the first colon ends the user.
    if (proxy.kind == Proxy::Kind::http && user->find(':') != user->npos) return wrong("the user holds a colon");
    proxy.user = *user;
    proxy.password = *password;
  }
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  auto host = rest;
  if (!rest.empty() && rest.front() == '[') {
    const auto end = rest.find(']');
    if (end == rest.npos) return wrong("the IPv6 address has no closing bracket");
    host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    if (host.find(':') == host.npos || !is_ip_literal(std::string(host))) return wrong("what stands in brackets is no IPv6 address");
  } else {
    const auto colon = std::min(rest.find(':'), rest.size());
    host = rest.substr(0, colon);
    rest.remove_prefix(colon);
  }
  if (!rest.empty()) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
    if (rest.front() != ':' || error != std::errc() || end != rest.data() + rest.size() || port < 1 || port > 65535) {
      return wrong("the port is not within 1 to 65535");
    }
    proxy.port = static_cast<std::uint16_t>(port);
  }
  const auto usual = [](char c) { return c > ' ' && c < '\x7f' && std::string_view("/?#@\\").find(c) == std::string_view::npos; };
  if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), usual)) {
    return wrong("there is no host, or it holds what no host name has");
  }
  proxy.host = host;
  return proxy;
}

std::unique_ptr<ProxyTalk> make_proxy_talk(const Proxy& proxy, const std::string& host, std::uint16_t port) {
  if (proxy.kind == Proxy::Kind::http) return std::make_unique<HttpConnect>(proxy, host, port);
  return std::make_unique<Socks5>(proxy, host, port);
}

}  // namespace lavapp::net
