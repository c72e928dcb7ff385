// HttpClient: requests to one server over a small pool of kept-alive connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "net/byte_stream.hpp"
#include "net/http_message.hpp"
#include "net/http_pool.hpp"

namespace lavapp::net {

/// Used on its strand only; the destructor may run anywhere. Time limits are the caller's affair: it cancels.
class HttpClient {
 public:
  using RequestId = std::uint64_t;
  using Done = MoveFunction<void(Result<HttpResponse>)>;

  struct SendOptions {
    HttpLane lane = HttpLane::shared;
    HttpParser::Limits limits = {};
    /// Told once, maybe inside send(), when the request has a connection, which may have to be opened first; until then it
    /// waits for one of the pool's. It leaves the client alone.
    MoveFunction<void()> started = {};
    /// Told whenever the request is written to its connection: a second time if the client sends it again by itself. It may
    /// cancel other requests, not this one.
    MoveFunction<void()> written = {};
    /// Asked before the client sends the request again by itself, for a fresh connection; empty: it may.
    MoveFunction<bool()> may_go_again = {};
  };

  /// \param max_connections  of the shared lane, at least 1; requests above that wait for their turn
  HttpClient(const detail::Strand& strand, Endpoint endpoint, DialOptions options, std::size_t max_connections);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  /// close()
  ~HttpClient();

  /// Sends `request`, with Host added if it has none. A status outside 2xx is a response like others.
  /// Completion: once, on the strand, never inside the call.
  /// Errors: those of dial(); `connection_lost`; `bad_response` for what is no HTTP; `message_too_big` for a response
  /// over the limits; `invalid_argument` and `invalid_header` for what must not go into a head; `cancelled`; `closed`.
  RequestId send(HttpRequest request, SendOptions options, Done done);
  RequestId send(HttpRequest request, Done done) { return send(std::move(request), SendOptions{}, std::move(done)); }

  /// Ends a request with `cancelled`, later. Under way, its connection is closed: the server may still have done what
  /// was asked. One that has ended is left alone.
  void cancel(RequestId id);

  /// Ends every request with `closed`, later, and closes the connections. What is sent afterwards fails likewise.
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lavapp::net
