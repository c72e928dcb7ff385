// ReconnectOptions and Backoff: the one reconnection policy, used by everything that reconnects.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "lavapp/core/optional.hpp"

namespace lavapp {

/// How to try again after a lost or failed connection.
struct ReconnectOptions {
  /// Off: the first failure is final.
  bool enabled = true;
  /// Upper bound of the first delay, more than 0.
  std::chrono::milliseconds initial_delay{1'000};
  /// What the bound is multiplied by at each further failure, 1 or more.
  double factor = 2.0;
  /// The bound never exceeds this; at least `initial_delay`.
  std::chrono::milliseconds max_delay{60'000};
  /// Full jitter: each delay is drawn evenly between 0 and the bound, so that a thousand bots do not return at once.
  bool jitter = true;
  /// A connection that lived this long counts as stable, and the next failure starts at `initial_delay` again.
  std::chrono::milliseconds stable_after{30'000};
  /// Attempts in a row before giving up; unset: never give up.
  Optional<std::uint32_t> max_attempts = {};

  static ReconnectOptions off() {
    ReconnectOptions options;
    options.enabled = false;
    return options;
  }
};

/// The policy as a pure rule: no clock, no timer; randomness from a seed.
class Backoff {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// \throws std::invalid_argument naming the option that is out of range.
  explicit Backoff(ReconnectOptions options, std::uint64_t seed);

  /// The delay before the next attempt; nothing when the attempts are used up or reconnection is off.
  /// \param retry_after  what the server asked for; the delay is at least that, jitter or not, and at most a day.
  std::optional<milliseconds> next(Optional<milliseconds> retry_after = {});

  /// A connection ended after `lifetime`: resets if that was stable.
  void connection_lasted(milliseconds lifetime);
  void reset() noexcept { attempts_ = 0; }
  /// Attempts handed out since the last reset.
  std::uint32_t attempts() const noexcept { return attempts_; }
  const ReconnectOptions& options() const noexcept { return options_; }

 private:
  ReconnectOptions options_;
  std::uint64_t random_;
  std::uint32_t attempts_ = 0;
};

}  // namespace lavapp
