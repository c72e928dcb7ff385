#include "lavalink/player_clock.hpp"

#include <algorithm>
#include <cmath>

namespace lavapp::lavalink {
namespace {

// A word of the node that is so far behind is a jump, and not late.
constexpr std::chrono::milliseconds kJump{1000};

}  // namespace

void PlayerClock::start(std::optional<milliseconds> length, milliseconds position, TimePoint now) {
  playing_ = true;
  stream_ = !length;
  length_ = length.value_or(milliseconds(0));
  end_.reset();
  set_position(position, now);
}

void PlayerClock::stop() noexcept {
  playing_ = false;
  held_ = false;
}

void PlayerClock::set_position(milliseconds position, TimePoint now) {
  position_ = std::max(position, milliseconds(0));
  since_ = now;
  least_ = milliseconds(0);
  drop_passed_end();
}

void PlayerClock::told(milliseconds position, TimePoint now) {
  const auto shown = this->position(now);
  set_position(position, now);
  if (shown && moving() && *shown > position_ && *shown - position_ < kJump) least_ = *shown;
}

void PlayerClock::set_end(std::optional<milliseconds> end, TimePoint now) {
  settle(now);
  end_ = end;
  drop_passed_end();
  if (end_) least_ = std::min(least_, *end_);
}

void PlayerClock::set_paused(bool paused, TimePoint now) { stand(paused_, paused, now); }

void PlayerClock::set_held(bool held, TimePoint now) { stand(held_, held, now); }

void PlayerClock::set_speed(double speed, TimePoint now) {
  settle(now);
  speed_ = speed > 0 && std::isfinite(speed) ? speed : 1.0;
}

std::optional<PlayerClock::milliseconds> PlayerClock::position(TimePoint now) const {
  if (!playing_ || stream_) return {};
  return std::max(reckoned(now), least_);
}

PlayerClock::milliseconds PlayerClock::reckoned(TimePoint now) const {
  const auto last = end_ ? std::min(*end_, length_) : length_;
  auto at = static_cast<double>(position_.count());
  if (moving() && now > since_) at += std::chrono::duration<double, std::milli>(now - since_).count() * speed_;
  // Compared as numbers with a fraction: a speed may be large enough to leave the integers.
  if (at >= static_cast<double>(last.count())) return last;
  return milliseconds(static_cast<milliseconds::rep>(at));
}

void PlayerClock::settle(TimePoint now) {
  position_ = reckoned(now);
  since_ = now;
}

/// \param why  it stands, if it does: paused_ or held_
void PlayerClock::stand(bool& why, bool value, TimePoint now) {
  if (value == why) return;
  settle(now);
  why = value;
  least_ = milliseconds(0);  // where it stands, it would never be caught up with
}

void PlayerClock::drop_passed_end() {
  if (end_ && position_ > *end_) end_.reset();
}

}  // namespace lavapp::lavalink
