#include "lavalink/player_clock.hpp"

#include <algorithm>
#include <cmath>

namespace lavapp::lavalink {

void PlayerClock::start(std::optional<milliseconds> length, milliseconds position, TimePoint now) {
  playing_ = true;
  stream_ = !length;
  length_ = length.value_or(milliseconds(0));
  position_ = position;
  since_ = now;
}

void PlayerClock::stop() noexcept {
  playing_ = false;
  held_ = false;
  position_ = milliseconds(0);
}

void PlayerClock::set_position(milliseconds position, TimePoint now) {
  position_ = std::max(position, milliseconds(0));
  since_ = now;
}

void PlayerClock::set_paused(bool paused, TimePoint now) {
  settle(now);
  paused_ = paused;
}

void PlayerClock::set_held(bool held, TimePoint now) {
  if (held == held_) return;
  settle(now);
  held_ = held;
}

void PlayerClock::set_speed(double speed, TimePoint now) {
  settle(now);
  speed_ = speed > 0 && std::isfinite(speed) ? speed : 1.0;
}

PlayerClock::milliseconds PlayerClock::position(TimePoint now) const {
  if (!playing_) return milliseconds(0);
  if (stream_) return position_;
  auto at = static_cast<double>(position_.count());
  if (moving() && now > since_) at += std::chrono::duration<double, std::milli>(now - since_).count() * speed_;
  // Compared as numbers with a fraction: a speed may be large enough to leave the integers.
  if (at >= static_cast<double>(length_.count())) return length_;
  return milliseconds(static_cast<milliseconds::rep>(at));
}

void PlayerClock::settle(TimePoint now) {
  position_ = position(now);
  since_ = now;
}

}  // namespace lavapp::lavalink
