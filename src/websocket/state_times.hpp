// StateTimes: how long a WebSocket has been in each of its states. Pure: the time is an argument.
#pragma once

#include <array>
#include <cstddef>

#include "lavapp/core/clock.hpp"
#include "lavapp/websocket.hpp"

namespace lavapp::websocket {

class StateTimes {
 public:
  explicit StateTimes(Clock::time_point now) : since_(now) {}

  /// The state is `next` from now on.
  void enter(ReadyState next, Clock::time_point now) {
    spent_[index(state_)] += now - since_;
    state_ = next;
    since_ = now;
  }
  /// Until now, the present state included.
  std::chrono::nanoseconds in(ReadyState state, Clock::time_point now) const {
    return spent_[index(state)] + (state == state_ ? now - since_ : Clock::duration{0});
  }

 private:
  static std::size_t index(ReadyState state) { return static_cast<std::size_t>(state); }
  std::array<Clock::duration, 4> spent_{};
  ReadyState state_ = ReadyState::closed;
  Clock::time_point since_;
};

}  // namespace lavapp::websocket
