// RestPolicy: when a REST request goes out, when it is sent again, and when it fails instead. Pure: no clock, no socket.
//
// The table of the routes and the words for users are in docs/node.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "lavalink/circuit_breaker.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/rest_options.hpp"
#include "net/http_message.hpp"

namespace lavapp::lavalink {

/// Whether a request that may have been done already can be sent again.
enum class Repeat {
  harmless,  ///< doing it twice is as doing it once
  never,
};
/// A track begins anew and a position is sought anew each time; what else a player has is set to the same value again.
Repeat repeat_of(const PlayerUpdateRequest& update) noexcept;

/// Who a request is for.
enum class RestPurpose {
  ordinary,
  /// The node may take as long as a source of tracks takes: no answer in time says nothing of the node.
  loading,
  /// It may hang for ever while the node is well, and Voice knows better when to try again: it is sent once, whatever the
  /// circuit breaker says, and tells it nothing.
  voice,
  /// Without it no session is kept: neither the breaker nor another request's 429 holds it up.
  session,
};

/// "250 ms", "12 s".
std::string in_words(std::chrono::milliseconds time);

/// How an answer counts.
enum class RestVerdict {
  answered,      ///< by the node: a success, or an error that stays one
  busy,          ///< 429: not done
  unavailable,   ///< 502, 503, 504
  broken,        ///< another 5xx, and not in Lavalink's words: something in between, or a node that is ill
  unreached,     ///< nothing was sent: no connection could be made
  lost,          ///< the connection ended without the answer; it may have been done
  session_away,  ///< 404, and it is the session that is not there
  refused,       ///< no repetition can help
};
RestVerdict judge(const Result<net::HttpResponse>& answer);
bool may_repeat(RestVerdict verdict, Repeat repeat) noexcept;

class RestPolicy {
 public:
  using TimePoint = Clock::time_point;

  /// \param options  whose values have been looked at
  /// \param request_timeout  no answer for so long is a failure of the node
  RestPolicy(const RestOptions& options, std::chrono::milliseconds request_timeout, std::uint64_t seed);

  /// What is remembered of one request.
  struct Call {
    Repeat repeat = Repeat::never;
    RestPurpose purpose = RestPurpose::ordinary;
    TimePoint deadline = {};
    /// A session's: at "Session not found" it waits for the session's news.
    bool of_session = false;

    std::uint32_t sent = 0;
    TimePoint sent_at = {};
    std::optional<TimePoint> started_at = {};  ///< the last attempt; none: it waits for a connection
    std::optional<Backoff> pauses = {};  ///< from the first one on
    std::optional<Error> last = {};  ///< what the last attempt failed with
    bool probe = false;
  };

  struct Step {
    enum class Kind {
      send,
      pause,         ///< ask again at `until`
      wait_breaker,  ///< ask again at `until`, or as soon as the breaker's state changes
      wait_session,  ///< ask again when the session is there
      end,           ///< with the answer that was given, or with `error` if there is one
    };
    Kind kind = Kind::send;
    TimePoint until = {};
    std::optional<Error> error = {};
  };

  /// A request was made: an error if it is to fail at once.
  std::optional<Error> refusal(const Call& call, TimePoint now) const;
  /// What before() would say now, without a place taken.
  Step ahead(const Call& call, TimePoint now) const;
  /// It is its turn.
  Step before(Call& call, TimePoint now);
  /// Having been sent, it has a connection.
  void started(Call& call, TimePoint now) const noexcept { call.started_at = now; }
  /// It was sent, and this came.
  /// \param wall  for a Retry-After that is a date
  Step after(Call& call, const Result<net::HttpResponse>& answer, TimePoint now,
             std::chrono::system_clock::time_point wall);
  /// It was sent, and its deadline or its caller ended it.
  void ended(Call& call, bool by_deadline, TimePoint now);

  CircuitBreaker& breaker() noexcept { return breaker_; }
  const CircuitBreaker& breaker() const noexcept { return breaker_; }

 private:
  Error circuit_error(TimePoint now) const;
  std::optional<Error> too_long_held(const Call& call, TimePoint now) const;
  bool breaks(const Call& call) const noexcept;
  bool is_silence(const Call& call, TimePoint now) const;
  void tell_breaker(Call& call, RestVerdict verdict, TimePoint now);

  RestOptions options_;
  std::chrono::milliseconds request_timeout_;
  ReconnectOptions pauses_;
  std::uint64_t seed_;
  CircuitBreaker breaker_;
  TimePoint held_until_ = {};  // the node asked for no requests before
  Error held_by_ = {};
};

}  // namespace lavapp::lavalink
