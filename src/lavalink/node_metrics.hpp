// NodeMetrics: counts what a node does. What happens per message costs one addition; the rest, which is rare, a lock.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lavalink/message_decoder.hpp"
#include "lavapp/core/error.hpp"
#include "lavapp/lavalink/metrics.hpp"

namespace lavapp::lavalink {

/// snapshot() on any thread, all else on one at a time.
class NodeMetrics {
 public:
  using nanoseconds = std::chrono::nanoseconds;

  NodeMetrics();

  // --- Per message ---
  void event(MessageKind kind) noexcept { add_one(events_[static_cast<std::size_t>(kind)]); }
  void unreadable() noexcept { add_one(unreadable_); }

  // --- Now and then ---
  void round_trip(nanoseconds time);
  void reconnecting(const Error& after);
  void rest_began() noexcept { rest_pending_.fetch_add(1, std::memory_order_relaxed); }
  /// \param pattern  the route as the docs write it
  /// \param status   that came last; 0: none
  /// \param error    what the caller is told; none: success
  void rest_ended(const std::string& pattern, int status, const Error* error, nanoseconds time);
  /// What was asked for was known.
  void rest_not_needed() noexcept { rest_pending_.fetch_sub(1, std::memory_order_relaxed); }
  void rest_repeated(const Error& after);
  void circuit_changed(CircuitState state);
  void voice_joined(nanoseconds time);
  void voice_failed(const Error& error);

  Metrics snapshot(bool ready) const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  /// There is one writer: no locked instruction.
  static void add_one(Counter& counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  using Counts = std::map<std::string, std::uint64_t>;
  static void count(Counts& counts, std::string name);
  static std::vector<NamedCount> list(const Counts& counts);
  static constexpr std::size_t kKinds = static_cast<std::size_t>(MessageKind::unknown) + 1;

  std::array<Counter, kKinds> events_ = {};
  Counter unreadable_{0};
  Counter rest_pending_{0};

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::pair<std::string, std::string>, DurationHistogram> rest_;
  Counts retries_, reconnects_, voice_failures_;
  DurationHistogram voice_joins_;
  RoundTrips round_trips_;            // its percentiles are worked out in snapshot()
  std::vector<nanoseconds> recent_;   // round trips, a ring
  CircuitState circuit_ = CircuitState::closed;
  std::uint64_t circuit_opened_ = 0;
};

/// A histogram with the bounds that all have here, of 5 ms to 30 s.
DurationHistogram empty_histogram();
void add(DurationHistogram& histogram, std::chrono::nanoseconds time);
/// The smallest of `sorted` that so many percent do not exceed (nearest rank); 0 if there are none.
std::chrono::nanoseconds percentile(const std::vector<std::chrono::nanoseconds>& sorted, unsigned percent);

}  // namespace lavapp::lavalink
