// HTTP/1.1 messages: text to values and back. Pure: no socket. Beast's parser does the reading.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/websocket.hpp"  // Headers

namespace lavapp::net {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  ///< path and query, percent-encoded
  Headers headers = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 0;
  std::string reason = {};
  Headers headers = {};
  std::string body = {};
  bool keep_alive = false;
};

/// Adds Content-Length where there is a body or the method calls for one; all else is as given.
std::string serialize(const HttpRequest& request);
std::string serialize(const HttpResponse& response);

enum class HttpPart { request, response };

/// Reads one message, from as many pieces as it comes in. It stops behind the message's end: what follows belongs to
/// somebody else.
class HttpParser {
 public:
  struct Limits {
    std::size_t head = 64 * 1024;
    std::size_t body = 16 * 1024 * 1024;
  };
  explicit HttpParser(HttpPart part, Limits limits);
  HttpParser(HttpPart part) : HttpParser(part, Limits{}) {}
  HttpParser(HttpParser&&) noexcept;
  HttpParser& operator=(HttpParser&&) noexcept;
  ~HttpParser();

  /// The answer to HEAD has no body, whatever its head says. Before feed().
  void skip_body();
  /// Takes bytes; the number taken is less than `bytes.size()` only when the message is complete.
  /// Errors: `bad_handshake` if it is no HTTP, `message_too_big`.
  Result<std::size_t> feed(std::string_view bytes);
  /// The stream ended: completes a body that lasts until then. Errors: `connection_lost` if the message is cut short.
  Result<void> feed_end();

  bool head_done() const;
  bool done() const;
  /// Status, reason and headers once head_done(), the body once done().
  const HttpResponse& response() const;
  const HttpRequest& request() const;
  /// The peer asked to switch protocols or to keep the connection.
  bool keep_alive() const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace lavapp::net
