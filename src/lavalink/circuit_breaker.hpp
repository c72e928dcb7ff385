// CircuitBreaker: whether requests to a node that does not work are worth sending. Pure: no clock, no socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/error.hpp"
#include "lavapp/lavalink/rest_options.hpp"

namespace lavapp::lavalink {

/// Closed, until so many requests in a row have failed. Open, until its pause has passed. Then half open: one request goes
/// out as a probe, and its end decides. An answer to any other request, or the WebSocket's `ready`, closes it too.
class CircuitBreaker {
 public:
  using TimePoint = Clock::time_point;

  /// \param failures  0: never opens
  CircuitBreaker(std::uint32_t failures, std::chrono::milliseconds pause) : limit_(failures), pause_(pause) {}

  enum class Permit {
    refused,  ///< not before retry_at()
    free,
    probe,  ///< tell how it ended with `probe` true
  };
  Permit ask(TimePoint now);
  /// What ask() would say, without asking.
  bool would_refuse(TimePoint now) const;

  /// The node answered.
  void succeeded();
  /// \param why  for those who are refused
  void failed(bool probe, TimePoint now, Error why);
  /// A probe ended otherwise: another takes its place.
  void given_up();

  CircuitState state() const noexcept { return state_; }
  /// When the next request may go out, as far as is known: a probe that has not ended in its pause leaves its place.
  TimePoint retry_at() const noexcept { return retry_at_; }
  std::uint32_t failures() const noexcept { return failures_; }
  std::uint64_t opened() const noexcept { return opened_; }
  const std::optional<Error>& last_failure() const noexcept { return last_; }

 private:
  void open(TimePoint now);

  std::uint32_t limit_;
  std::chrono::milliseconds pause_;
  CircuitState state_ = CircuitState::closed;
  std::uint32_t failures_ = 0;  // in a row
  std::uint64_t opened_ = 0;
  bool probing_ = false;
  TimePoint retry_at_ = {};
  std::optional<Error> last_;
};

}  // namespace lavapp::lavalink
