// Clock: where the library takes the time and its timers from.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "lavapp/core/move_function.hpp"

namespace lavapp {

/// A monotonic clock with timers. The runtime has one on the system's steady clock; tests give it a ManualClock.
class Clock {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using TimerId = std::uint64_t;

  virtual ~Clock() = default;
  virtual time_point now() const = 0;
  /// Runs `callback` once at `when` or soon after, on any thread. It must be short: it hands over to a strand.
  virtual TimerId call_at(time_point when, MoveFunction<void()> callback) = 0;
  /// Forgets a timer. One that runs on another thread at this moment may still finish.
  virtual void cancel(TimerId id) = 0;
};

/// A clock that stands still until told to move: tests of bots and of this library need no sleeping.
/// Threading: any thread.
class ManualClock final : public Clock {
 public:
  ManualClock();
  ~ManualClock() override;
  time_point now() const override;
  TimerId call_at(time_point when, MoveFunction<void()> callback) override;
  void cancel(TimerId id) override;

  /// Moves the time forward and runs what has become due, in order of time, on the calling thread.
  void advance(duration by);
  /// Timers that are waiting.
  std::size_t pending() const;
  /// When the next timer is due; `time_point::max()` if none waits.
  time_point next() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared_ptr: a unique_ptr costs every user 5 ms of compile time
};

}  // namespace lavapp
