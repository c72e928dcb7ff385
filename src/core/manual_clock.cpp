#include <map>
#include <mutex>

#include "lavapp/core/clock.hpp"

namespace lavapp {

struct ManualClock::Impl {
  mutable std::mutex mutex;  // guards what follows: the test advances, the runtime's threads set timers
  time_point now{std::chrono::hours(1)};  // not zero: a default-constructed time point lies in the past
  TimerId last = 0;
  std::map<std::pair<time_point, TimerId>, MoveFunction<void()>> timers;
};

ManualClock::ManualClock() : impl_(std::make_shared<Impl>()) {}
ManualClock::~ManualClock() = default;

Clock::time_point ManualClock::now() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->now;
}

Clock::TimerId ManualClock::call_at(time_point when, MoveFunction<void()> callback) {
  std::lock_guard lock(impl_->mutex);
  const auto id = ++impl_->last;
  impl_->timers.emplace(std::pair(when, id), std::move(callback));
  return id;
}

void ManualClock::cancel(TimerId id) {
  MoveFunction<void()> gone;  // destroyed outside of the lock
  std::lock_guard lock(impl_->mutex);
  for (auto it = impl_->timers.begin(); it != impl_->timers.end(); ++it) {
    if (it->first.second != id) continue;
    gone = std::move(it->second);
    impl_->timers.erase(it);
    return;
  }
}

void ManualClock::advance(duration by) {
  std::unique_lock lock(impl_->mutex);
  const auto until = impl_->now + by;
  while (!impl_->timers.empty() && impl_->timers.begin()->first.first <= until) {
    const auto first = impl_->timers.begin();
    if (first->first.first > impl_->now) impl_->now = first->first.first;
    auto callback = std::move(first->second);
    impl_->timers.erase(first);
    lock.unlock();
    callback();
    lock.lock();
  }
  impl_->now = until;
}

std::size_t ManualClock::pending() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->timers.size();
}

Clock::time_point ManualClock::next() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->timers.empty() ? time_point::max() : impl_->timers.begin()->first.first;
}

}  // namespace lavapp
