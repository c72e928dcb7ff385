// Proxies: HTTP CONNECT (RFC 9110 9.3.6) and SOCKS5 (RFC 1928, 1929) as what to say and what to make of the answers. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"

namespace lavapp::net {

struct Proxy {
  enum class Kind { http, socks5 };
  Kind kind = Kind::http;
  std::string host = {};  ///< Without brackets.
  std::uint16_t port = 0;
  std::string user = {}, password = {};  ///< Both empty: none are offered.
};

/// `http://[user[:password]@]host[:port]` (8080) or `socks5://...` (1080); user and password are percent-encoded.
/// Errors: `invalid_argument`; the message never repeats user or password.
Result<Proxy> parse_proxy(std::string_view url);

/// The talk with a proxy until the tunnel to host and port stands.
class ProxyTalk {
 public:
  struct Step {
    std::string send = {};  ///< To be written to the proxy next.
    bool done = false;      ///< The tunnel stands once that is written: from then on the bytes are the other end's.
  };
  virtual ~ProxyTalk() = default;
  /// What to say first.
  virtual std::string begin() = 0;
  /// The proxy said `bytes`.
  /// Errors: `proxy_refused`, with the status of HTTP or SOCKS5's reason in words; `proxy_unauthorized` if it wants other
  /// credentials.
  virtual Result<Step> hear(std::string_view bytes) = 0;
};

std::unique_ptr<ProxyTalk> make_proxy_talk(const Proxy& proxy, const std::string& host, std::uint16_t port);

}  // namespace lavapp::net
