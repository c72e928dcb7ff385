// HttpPool: which request goes out on which connection, and when. Pure: no socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "lavapp/core/clock.hpp"

namespace lavapp::net {

/// How a request shares connections with others.
enum class HttpLane {
  shared,  ///< In turn with others, on one of the pool's connections.
  own,     ///< At once, on a connection of its own: it may hang, and must not keep others waiting.
};

class HttpPool {
 public:
  using Id = std::uint64_t;
  using time_point = Clock::time_point;

  /// \param idle_limit  a connection that nobody needed for so long is closed
  HttpPool(std::size_t max_connections, Clock::duration idle_limit)
      : max_connections_(max_connections), idle_limit_(idle_limit) {}

  void add(Id request, HttpLane lane);
  /// Puts a request that an old connection has failed before all others, for a fresh connection.
  void add_again(Id request);
  /// Forgets a request that has not started. False if it has.
  bool remove(Id request);

  struct Start {
    Id request = 0;
    Id connection = 0;
    bool fresh = false;  ///< The connection is to be opened first.
  };
  /// The next request that can start, in the order of their coming. Ask until there is none.
  std::optional<Start> next();

  /// The connection's request has ended. True: it is kept for others; false: it is to be closed, and forgotten.
  bool finish(Id connection, bool reusable, time_point now);
  /// The connection could not be opened, or is gone.
  void lost(Id connection);

  /// The idle connections whose time is up; they are to be closed, and forgotten.
  std::vector<Id> take_expired(time_point now);
  std::optional<time_point> next_expiry() const;

 private:
  struct Idle {
    Id connection;
    time_point since;
  };
  Start start(Id request, bool shared);

  std::size_t max_connections_;
  Clock::duration idle_limit_;
  Id last_connection_ = 0;
  std::deque<Id> again_, shared_, own_;  // requests that wait
  std::map<Id, HttpLane> connections_;
  std::size_t shared_connections_ = 0;
  std::vector<Idle> idle_;  // the latest last: it is taken first, so that the others can grow old
};

/// How a request failed on its connection.
struct HttpFailure {
  bool reused = false;          ///< The connection had served a request before.
  bool write_failed = false;    ///< Not all of the request went out.
  bool response_begun = false;  ///< A byte of the response came.
};
/// Whether it is safe, and likely to help, to send the request again: the server may have closed the idle connection
/// just then (RFC 9112 9.3.1). What is not idempotent (RFC 9110 9.2.2) may have been done already, unless the server
/// cannot have received all of it.
bool may_send_again(std::string_view method, const HttpFailure& failure);

}  // namespace lavapp::net
