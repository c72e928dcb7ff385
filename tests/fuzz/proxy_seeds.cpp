#include "proxy_fuzz.hpp"

namespace lavapp::test {

using namespace std::string_literals;

std::vector<std::string> proxy_seeds() {
  const std::string http[] = {
      "HTTP/1.1 200 Connection established\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\nwhat is this",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 \r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno",
      "HTTP/1.1 403 \r\n\r\n",
      "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\nbody",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "SSH-2.0-OpenSSH\r\n",
      "\x05\x00"s,
  };
  const std::string through = "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"s;
  const std::string socks[] = {
      "\x05\x00"s + through,
      "\x05\x02\x01\x00"s + through,
      "\x05\x02\x01\x01"s,
      "\x05\xff"s,
      "\x04\x00"s,
      "\x05\x00\x05\x00\x00\x03\x02xy\x00\x00"s,
      "\x05\x00\x05\x00\x00\x04"s + std::string(18, '\0'),
      "\x05\x00\x05\x00\x00\x07\x01"s,
      "\x05\x00"s + through + "and more",
      "\x05\x00\x05\x01"s,
      "\x05\x00\x05\x05\x00\x01"s,
      "\x05\x00\x04\x00"s,
      "HTTP/1.1 400 Bad Request\r\n\r\n",
  };
  std::vector<std::string> seeds;
  for (const char host : {'\x00', '\x04', '\x08', '\x0c'}) {
    for (const char login : {'\x00', '\x02'}) {
      for (const auto& answer : http) seeds.push_back(std::string{static_cast<char>(host | login), '\x02'} + answer);
      const std::string socks_head{static_cast<char>(host | login | 1), '\x02'};
      for (const char reason : std::string_view("\1\2\3\4\5\6\7\x08\x63")) {
        seeds.push_back(socks_head + "\x05\x00\x05"s + reason);
      }
      for (const auto& answer : socks) seeds.push_back(socks_head + answer);
    }
  }
  return seeds;
}

}  // namespace lavapp::test
