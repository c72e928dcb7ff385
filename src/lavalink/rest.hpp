// Rest: sends a node's REST requests over a small pool of connections, those of one player one after the other.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "core/strand.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/node.hpp"
#include "net/http_client.hpp"

namespace lavapp::lavalink {

/// How a request goes out.
struct RestLane {
  /// Requests of one name wait for one another, so that a node sees them in the order of the calls: on two connections
  /// they could overtake. Empty: at once.
  std::string name = {};
  /// On a connection of its own instead of the pool's: it may hang.
  bool own_connection = false;
};

/// Used on its strand only. Time limits are the caller's: it cancels what takes too long.
class Rest : public std::enable_shared_from_this<Rest> {
 public:
  using Done = MoveFunction<void(Result<net::HttpResponse>)>;
  using Cancel = MoveFunction<void()>;
  /// Asked when a request's turn in its lane has come. It calls `open` once, now or later: the request goes out, or fails
  /// with the error that it is given, and the next one's turn comes.
  using Open = MoveFunction<void(Result<void>)>;
  using Gate = MoveFunction<void(Open open)>;

  Rest(const detail::Strand& strand, const NodeOptions& options);

  /// `done` is called once, inside this call only if `gate` refuses at once; not at all after the returned function was
  /// called.
  Cancel send(net::HttpRequest request, RestLane lane, Done done, Gate gate = {});
  /// Ends every connection; what is pending fails with `closed`.
  void close();

 private:
  struct Job {
    net::HttpRequest request;
    RestLane lane;
    Done done;  // empty once it has been called or cancelled
    Gate gate;  // empty once it has been asked
    net::HttpClient::RequestId id = 0;
    bool sent = false;
  };
  using JobPtr = std::shared_ptr<Job>;

  void start(const JobPtr& job);
  void ended(const JobPtr& job, Result<net::HttpResponse> result);
  void cancel(const JobPtr& job);
  void leave_lane(const JobPtr& job);

  net::HttpClient client_;
  net::HttpParser::Limits limits_;
  std::map<std::string, std::deque<JobPtr>> lanes_;  // the first of each is under way
};

}  // namespace lavapp::lavalink
