// PlayerClock: where a track is, between two words of the node. Pure: the time is an argument.
#pragma once

#include <chrono>
#include <optional>

#include "lavapp/core/clock.hpp"

namespace lavapp::lavalink {

/// Position = what was last told + the time since x the timescale; frozen while paused or held, never beyond the
/// track's length. A stream's position stays what was told. Time is the monotonic clock's: the node's own clock may be
/// off.
class PlayerClock {
 public:
  using TimePoint = Clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// What plays: its length, nothing for a stream. It begins at `position`.
  void start(std::optional<milliseconds> length, milliseconds position, TimePoint now);
  /// Nothing plays.
  void stop() noexcept;
  /// The track is at `position`, by the node's word or because it was sought.
  void set_position(milliseconds position, TimePoint now);
  void set_paused(bool paused, TimePoint now);
  /// Holds the position without pausing: no audio flows, for want of a voice connection or because the track is stuck.
  void set_held(bool held, TimePoint now);
  /// Milliseconds of the track that pass in one of real time, more than 0.
  void set_speed(double speed, TimePoint now);

  milliseconds position(TimePoint now) const;
  bool moving() const noexcept { return playing_ && !stream_ && !paused_ && !held_; }

 private:
  void settle(TimePoint now);

  bool playing_ = false;
  bool stream_ = false;
  bool paused_ = false;
  bool held_ = false;
  double speed_ = 1.0;
  milliseconds length_{0};
  milliseconds position_{0};  // at since_
  TimePoint since_ = {};
};

}  // namespace lavapp::lavalink
