#include "proxy_fuzz.hpp"

#include <algorithm>
#include <cstdlib>

#include "net/proxy.hpp"
#include "websocket/text.hpp"

namespace lavapp::test {
namespace {

using net::Proxy;

const std::string kPassword = "open sesame";

Proxy proxy(unsigned bits) {
  Proxy proxy{(bits & 1) != 0 ? Proxy::Kind::socks5 : Proxy::Kind::http, "proxy", 1080};
  if ((bits & 2) != 0) {
    proxy.user = "Aladdin";
    proxy.password = kPassword;
  }
  return proxy;
}

std::string host(unsigned bits) {
  const std::string hosts[] = {"node.example", "127.0.0.1", "::1", std::string(253, 'h')};
  return hosts[bits >> 2 & 3];
}

void check(const Error& error, bool told_by_proxy) {
  if (error != Errc::proxy_refused && error != Errc::proxy_unauthorized) std::abort();
  if (error.message.empty() && error.http_status == 0) std::abort();
  const auto text = error.what();
  if (std::any_of(text.begin(), text.end(), [](char c) { return websocket::is_control(c) && c != '\t'; })) std::abort();
  if (!told_by_proxy && text.find(kPassword) != std::string::npos) std::abort();
}

/// All that was said to the proxy, and whether the tunnel stands ("=") or has yet to be waited for ("?"); or why it
/// never will.
std::string run(unsigned bits, std::string_view bytes, std::size_t piece) {
  const std::string follows = "!something follows";
  const bool told = bytes.find(kPassword) != std::string_view::npos;
  const auto talk = net::make_proxy_talk(proxy(bits), host(bits), 443);
  auto said = talk->begin();
  if (said.empty()) std::abort();
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    auto step = talk->hear(part);
    if (!step) {
      check(step.error(), told);
      const auto outcome = "!" + step.error().message;
      if (outcome.compare(0, follows.size(), follows) == 0) return follows;
      return outcome + std::to_string(step.error().http_status);
    }
    said += step->send;
    // Whoever cuts between the answer and what follows cannot see that something does.
    if (step->done) return bytes.empty() ? said + "=" : follows;
  }
  return said + "?";
}

}  // namespace

bool fuzz_proxy(std::string_view input) {
  if (input.size() < 2) return false;
  const auto bits = static_cast<unsigned char>(input[0]);
  const auto piece = 1u + static_cast<unsigned char>(input[1]);
  const auto bytes = input.substr(2);
  const auto whole = run(bits, bytes, bytes.size());
  if (run(bits, bytes, piece) != whole) std::abort();
  if (run(bits, bytes, 1) != whole) std::abort();
  return whole.back() == '=' && whole.front() != '!';
}

}  // namespace lavapp::test
