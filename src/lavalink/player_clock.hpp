// PlayerClock: where a track is, between two words of the node. Pure: the time is an argument.
#pragma once

#include <chrono>
#include <optional>

#include "lavapp/core/clock.hpp"

namespace lavapp::lavalink {

/// Position = what was last told + the time since x the timescale; frozen while paused or held, never beyond the
/// track's length or the end time. A stream has none. Time is the monotonic clock's: the node's own clock may be off.
class PlayerClock {
 public:
  using TimePoint = Clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// What plays: its length, nothing for a stream. It begins at `position`, without an end time.
  void start(std::optional<milliseconds> length, milliseconds position, TimePoint now);
  /// Nothing plays.
  void stop() noexcept;
  /// The track is at `position`, because it was sought.
  void set_position(milliseconds position, TimePoint now);
  /// The node says that the track is at `position`. If that is less than a second behind, for it has been on its way, the
  /// position does not go back while the track moves: it stands until the track is there.
  void told(milliseconds position, TimePoint now);
  /// Where the track ends before its length; nothing: nowhere. An end that it has passed is none: a node plays on then.
  void set_end(std::optional<milliseconds> end, TimePoint now);
  void set_paused(bool paused, TimePoint now);
  /// Holds the position without pausing: no audio flows, for want of a voice connection or because the track is stuck.
  void set_held(bool held, TimePoint now);
  /// Milliseconds of the track that pass in one of real time, more than 0.
  void set_speed(double speed, TimePoint now);

  /// Nothing for a stream, and when nothing plays.
  std::optional<milliseconds> position(TimePoint now) const;
  bool moving() const noexcept { return playing_ && !stream_ && !paused_ && !held_; }

 private:
  milliseconds reckoned(TimePoint now) const;
  void settle(TimePoint now);
  void stand(bool& why, bool value, TimePoint now);
  void drop_passed_end();

  bool playing_ = false;
  bool stream_ = false;
  bool paused_ = false;
  bool held_ = false;
  double speed_ = 1.0;
  milliseconds length_{0};
  std::optional<milliseconds> end_;
  milliseconds position_{0};  // at since_
  milliseconds least_{0};     // what was shown when the node's word was a little behind
  TimePoint since_ = {};
};

}  // namespace lavapp::lavalink
