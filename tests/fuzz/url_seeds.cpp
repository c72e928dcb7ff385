#include "url_fuzz.hpp"

namespace lavapp::test {

std::vector<std::string> url_seeds() {
  return {
      "",
      "ws://h",
      "wss://lavalink.example:443/v4/websocket?a=1&b=%20",
      "http://h:80?q",
      "HTTPS://H.example:2333/",
      "ws://h:/",
      "ws://[::1]:2333/v4",
      "wss://[2001:db8::192.0.2.1]/",
      "ws://[fe80::1%lo]/",
      "ws://[::g]",
      "ws://[::1",
      "ws://[::1]x",
      "ws://::1/",
      "ws://h:0/",
      "ws://h:65535/",
      "ws://h:65536/",
      "ws://h:12a/",
      "ws:///path",
      "ws://u:p@h/",
      "ws://h/#f",
      "ws://h/a b",
      "ws://h/\r\nX: y",
      "ws://h\\x",
      "ws://h/gr\xC3\xBC\xC3\x9F",
      "ws://ho%20st/",
      "ws://" + std::string(253, 'a'),
      "ws://" + std::string(254, 'a'),
      "ftp://h/",
      "localhost:2333",
      "http://proxy.example",
      "http://user:p%20w@[::1]:3128/",
      "http://us%3Aer:p@proxy",
      "socks5://us%3Aer%40x:p%00w@proxy:1080",
      "socks5h://only-user@proxy",
      "socks5://:only-password@proxy",
      "socks5://hunter%2@proxy",
      "socks5://" + std::string(256, 'u') + "@proxy",
      "socks5://[fe80::1%lo]:65535",
      "socks5://[x]",
      "socks5://[::1",
      "socks5://proxy:0",
      "http://pro xy",
  };
}

}  // namespace lavapp::test
