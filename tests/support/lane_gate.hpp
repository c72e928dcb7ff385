// LaneGate and Signal: what holds a guild's lane until the test lets it go on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <vector>

#include "lavapp/core/event_emitter.hpp"

namespace lavapp::test {

/// Listeners of a guild that go on once they are let: each holds the lane meanwhile, as a coroutine does.
class LaneGate {
 public:
  void wait() { waiting_.push_back(detail::hold_lane()); }
  std::size_t waiting() const { return waiting_.size(); }
  void let_one_go() { waiting_.erase(waiting_.begin()); }

 private:
  std::vector<std::shared_ptr<detail::LaneHold>> waiting_;
};

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

/// What a coroutine waits for until the test says so.
class Signal {
 public:
  explicit Signal(boost::asio::io_context& context) : timer_(context, boost::asio::steady_timer::time_point::max()) {}
  boost::asio::awaitable<void> wait() {
    boost::system::error_code ignored;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  void set() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

#endif

}  // namespace lavapp::test
