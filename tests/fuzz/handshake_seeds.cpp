#include "handshake_fuzz.hpp"

namespace lavapp::test {

std::vector<std::string> handshake_seeds() {
  const std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  const std::string extensions = "Sec-WebSocket-Extensions: ";
  const std::string deflate = extensions + "permessage-deflate";
  const std::string busy = "HTTP/1.1 503 Service Unavailable\r\n";
  const std::string answers[] = {
      head + "\r\n",
      head + "\r\n\x81\x05hello",
      head + "Sec-WebSocket-Protocol: superchat\r\n\r\n",
      head + "Sec-WebSocket-Protocol: other\r\n\r\n",
      head + deflate + "\r\n\r\n",
      head + deflate + "; server_no_context_takeover; client_no_context_takeover\r\n\r\n",
      head + deflate + "; server_max_window_bits=9 ;client_max_window_bits=\"8\"\r\n\r\n",
      head + deflate + "; server_max_window_bits=15; server_no_context_takeover\r\n\r\n",
      head + deflate + "; server_max_window_bits=9; server_no_context_takeover\r\n\r\n",
      head + deflate + "; server_max_window_bits=16\r\n\r\n",
      head + deflate + "; client_max_window_bits=08\r\n\r\n",
      head + deflate + "; server_no_context_takeover=1\r\n\r\n",
      head + deflate + "; server_max_window_bits=9; server_max_window_bits=9\r\n\r\n",
      head + deflate + "; unknown=\"a\\b\"\r\n\r\n",
      head + deflate + ", permessage-deflate\r\n\r\n",
      head + extensions + ",,\r\n" + deflate + ",\r\n\r\n",
      head + extensions + "x-other\r\n\r\n",
      head + extensions + "\"unclosed\r\n\r\n",
      "HTTP/1.1 101 \r\nupgrade: h2c, WebSocket\r\nconnection: keep-alive\r\nConnection: a,,upgrade\r\n"
      "sec-websocket-accept: \t s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n\r\n",
      "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
      "HTTP/1.1 101 OK\r\nContent-Length: 3\r\n\r\nabc",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head + "\r\n",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nwrong",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5000\r\n\r\nwrong",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5, 6\r\n\r\nwrong",
      "HTTP/1.1 302 Found\r\nLocation: wss://other/\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.0 403 Forbidden\r\n\r\nuntil the end",
      "HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n" + std::string(1'100, 'x'),
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;name=\"v\"\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\nrest",
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc",
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      busy + "Retry-After: 120\r\nContent-Length: 0\r\n\r\n",
      busy + "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sunday, 06-Nov-94 08:49:30 GMT\r\n\r\n",
      busy + "Retry-After: Sun Nov  6 08:49:37 1994\r\nContent-Length: 0\r\n\r\n",
      busy + "Folded: a\r\n b\r\nEmpty:\r\nX-Long: " + std::string(300, 'l') + "\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/2 200\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      "\x15\x03\x01\x00\x02\x02\x46",
  };
  std::vector<std::string> seeds;
  for (const auto& answer : answers) {
    seeds.push_back("\x21\x07" + answer);  // compression and subprotocols offered
    seeds.push_back("\x61\x07" + answer);  // and a low limit for the head
  }
  for (const char offered : {'\x00', '\x0f', '\x37'}) {
    for (std::size_t i = 0; i < 10; ++i) seeds.push_back(std::string{offered, '\x30'} + answers[i]);
  }
  return seeds;
}

}  // namespace lavapp::test
