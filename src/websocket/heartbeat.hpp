// Heartbeat: when to send a Ping, and when a connection that does not answer is dead. Pure: the time is an argument.
#pragma once

#include <chrono>
#include <optional>

#include "core/bounded.hpp"

namespace lavapp::websocket {

class Heartbeat {
 public:
  using time_point = Clock::time_point;
  enum class Action { wait, ping, give_up };

  /// \param interval  0: no heartbeat. \param pong_timeout  0: wait for ever.
  Heartbeat(std::chrono::milliseconds interval, std::chrono::milliseconds pong_timeout)
      : interval_(detail::bounded(interval)), pong_timeout_(detail::bounded(pong_timeout)) {}

  void start(time_point now) {
    next_ping_ = now + interval_;
    waiting_since_.reset();
  }

  /// What is to be done now. After `ping` the ping counts as sent at `now`.
  Action due(time_point now) {
    if (interval_.count() == 0) return Action::wait;
    if (waiting_since_) return now >= *waiting_since_ + pong_timeout_ ? Action::give_up : Action::wait;
    if (now < next_ping_) return Action::wait;
    next_ping_ = now + interval_;
    if (pong_timeout_.count() > 0) waiting_since_ = now;
    return Action::ping;
  }

  /// When due() has something to say next, if nothing comes in between.
  time_point next() const {
    if (interval_.count() == 0) return time_point::max();
    return waiting_since_ ? *waiting_since_ + pong_timeout_ : next_ping_;
  }

  /// A Pong answered a Ping sent at `ping_sent`, the heartbeat's or another: whoever answers the later one is alive.
  void answered(time_point ping_sent) {
    if (waiting_since_ && ping_sent >= *waiting_since_) waiting_since_.reset();
  }

 private:
  Clock::duration interval_, pong_timeout_;
  time_point next_ping_{};
  std::optional<time_point> waiting_since_;
};

}  // namespace lavapp::websocket
