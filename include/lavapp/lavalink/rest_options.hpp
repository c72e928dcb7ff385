// RestOptions: when a node's REST requests are repeated, held up, or refused before they are sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lavapp::lavalink {

/// What is repeated, and when, is in docs/node.md. All of it happens within the deadline of the call.
struct RestOptions {
  /// How often a request is sent at most, the first time included, 1 to 100; 1: never again. A wait for the session to be
  /// resumed costs none.
  std::uint32_t max_attempts = 3;
  /// Upper bound of the first pause, more than 0.
  std::chrono::milliseconds initial_pause{250};
  /// What the bound is multiplied by at each further pause, 1 or more.
  double factor = 2.0;
  /// The bound never exceeds this; at least `initial_pause`, at most a day.
  std::chrono::milliseconds max_pause{5'000};
  /// Full jitter, as ReconnectOptions::jitter.
  bool jitter = true;

  /// Requests that are under way or wait, 1 to 1,000,000; one more fails with `queue_full`. Voice updates do not count.
  std::size_t max_pending = 10'000;

  /// Failures in a row that open the circuit breaker, so that requests fail at once with `circuit_open`; 0: there is none.
  std::uint32_t breaker_failures = 5;
  /// How long it stays open before one request is let through to see; more than 0, at most a day.
  std::chrono::milliseconds breaker_pause{5'000};

  /// Calls of the session that are made while its connection is away wait for it to be resumed, instead of failing with
  /// `no_session` at once. Voice updates do not.
  bool wait_while_away = false;
};

/// Where a node's circuit breaker is.
enum class CircuitState {
  closed,     ///< requests go out
  open,       ///< requests fail at once
  half_open,  ///< one request is under way to see whether the node answers again
};
std::string_view to_string(CircuitState state) noexcept;

}  // namespace lavapp::lavalink
