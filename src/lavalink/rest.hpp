// Rest: sends a node's REST requests over a small pool of connections, those of one player one after the other. Glue: when
// one is sent, sent again or fails is RestPolicy's to say.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavalink/rest_policy.hpp"
#include "lavalink/rest_routes.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/node.hpp"
#include "net/http_client.hpp"

namespace lavapp::lavalink {

/// How a request goes out.
struct RestLane {
  /// Requests of one name wait for one another, so that a node sees them in the order of the calls: on two connections
  /// they could overtake. One that is to be sent again keeps its place. Empty: at once.
  std::string name = {};
  /// On a connection of its own instead of the pool's: it may hang.
  bool own_connection = false;
  /// Counted among those that RestOptions::max_pending bounds. Voice's and the session's never are.
  bool bounded = true;
};

/// Used on its strand only. Time limits are the caller's: it cancels what takes too long.
class Rest : public std::enable_shared_from_this<Rest> {
 public:
  using Done = MoveFunction<void(Result<net::HttpResponse>)>;
  /// Takes why, and returns the error to tell instead, if it knows more.
  using Cancel = MoveFunction<std::optional<Error>(const Error&)>;
  /// Asked when a request's turn in its lane has come. It calls `open` once, now or later: the request goes out, or fails
  /// with the error that it is given, and the next one's turn comes.
  using Open = MoveFunction<void(Result<void>)>;
  using Gate = MoveFunction<void(Open open)>;
  /// Told whenever the request goes out on its connection, maybe inside send(). It may cancel other requests, not this one.
  using Leaves = MoveFunction<void()>;

  /// Told on the strand.
  struct Hooks {
    MoveFunction<void(const CircuitBreaker&)> circuit_changed = {};
    /// A request goes out once more, after this.
    MoveFunction<void(const Error&)> sent_again = {};
    /// The node does not know a session whose connection seems to be there.
    MoveFunction<void()> session_missing = {};
  };

  /// \param session_id  of a session that may be resumed; empty: none
  Rest(const detail::Strand& strand, const NodeOptions& options, std::string session_id, std::uint64_t seed, Hooks hooks);

  /// `done` is called once, inside this call only if `gate` refuses at once; not at all after the returned function was
  /// called.
  /// \param deadline  when the caller will cancel it
  Cancel send(RestRequest request, RestLane lane, Clock::time_point deadline, Done done, Gate gate = {}, Leaves leaves = {});
  /// Ends every connection; what is pending fails with `closed`.
  void close();

  /// The session works. Its requests that waited go out; those of an earlier one fail.
  void session_began(const std::string& session_id, bool resumed);
  void session_away() noexcept { session_ready_ = false; }
  /// The session's connection is alive: what the node said of a session that it does not know is final.
  void session_stays_missing();

 private:
  enum class Stage { in_lane, at_gate, sent, paused, at_breaker, session_away, ending };
  struct Job {
    explicit Job(const detail::Strand& strand) : timer(strand) {}
    RestRequest request;
    RestLane lane;
    RestPolicy::Call call;
    Done done;  // empty once it has been called or cancelled
    Gate gate;  // empty once it has been asked
    Leaves leaves;
    std::uint64_t number = 0;
    bool bounded = true;
    bool overtaken = false;  // a DELETE of a player, by a voice update that makes the player anew
    Stage stage = Stage::in_lane;
    net::HttpClient::RequestId id = 0;
    std::uint64_t session_epoch = 0;  // when it was sent
    net::HttpResponse refused = {};   // "Session not found"
    detail::Timer timer;
  };
  using JobPtr = std::shared_ptr<Job>;

  void go_on(const JobPtr& job);
  void ask_gate(const JobPtr& job);
  void transmit(const JobPtr& job);
  void wait(const JobPtr& job, Stage stage, Clock::time_point until);
  void answered(const JobPtr& job, Result<net::HttpResponse> answer);
  void session_missing(const JobPtr& job);
  void end(const JobPtr& job, Result<net::HttpResponse> result);
  void end_later(const JobPtr& job, Error error);
  std::optional<Error> cancel(const JobPtr& job, const Error& why);
  void leave_lane(const JobPtr& job);
  void forget(const Job& job);
  void overtake(const Job& voice);
  void watch_breaker(bool probe_ended = false);
  void wake(Stage stage);
  Error lost_session(const Job& job) const;
  Error overtaken(const Job& job) const;
  Clock::time_point now() const;

  detail::Strand strand_;
  net::HttpClient client_;
  net::HttpParser::Limits limits_;
  RestPolicy policy_;
  Hooks hooks_;
  std::size_t most_pending_;
  bool closed_ = false;

  std::map<std::uint64_t, JobPtr> jobs_;  // that are not done, in the order of the calls
  std::uint64_t last_job_ = 0;
  std::size_t bounded_jobs_ = 0;                     // of them
  std::map<std::string, std::deque<JobPtr>> lanes_;  // the first of each is under way
  CircuitState circuit_ = CircuitState::closed;      // as last told

  bool session_ready_ = false;
  std::string session_id_;
  std::uint64_t session_epoch_ = 0;  // counts session_began()
};

}  // namespace lavapp::lavalink
