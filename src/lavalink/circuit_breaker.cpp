#include "lavalink/circuit_breaker.hpp"

#include <utility>

namespace lavapp::lavalink {

std::string_view to_string(CircuitState state) noexcept {
  switch (state) {
    case CircuitState::closed:
      return "closed";
    case CircuitState::open:
      return "open";
    case CircuitState::half_open:
      return "half_open";
  }
  return "unknown";
}

bool CircuitBreaker::would_refuse(TimePoint now) const {
  switch (state_) {
    case CircuitState::closed:
      return false;
    case CircuitState::open:
      return now < retry_at_;
    case CircuitState::half_open:
      return probing_ && now < retry_at_;
  }
  return false;
}

CircuitBreaker::Permit CircuitBreaker::ask(TimePoint now) {
  if (state_ == CircuitState::closed) return Permit::free;
  if (would_refuse(now)) return Permit::refused;
  state_ = CircuitState::half_open;
  probing_ = true;
  retry_at_ = now + pause_;
  return Permit::probe;
}

void CircuitBreaker::succeeded() {
  state_ = CircuitState::closed;
  failures_ = 0;
  probing_ = false;
  last_.reset();
}

void CircuitBreaker::failed(bool probe, TimePoint now, Error why) {
  // What was sent before it opened says nothing new.
  if (limit_ == 0 || (state_ != CircuitState::closed && !probe)) return;
  ++failures_;
  last_ = std::move(why);
  if (state_ == CircuitState::half_open || failures_ >= limit_) open(now);
}

void CircuitBreaker::given_up() { probing_ = false; }

void CircuitBreaker::open(TimePoint now) {
  if (state_ == CircuitState::closed) ++opened_;
  state_ = CircuitState::open;
  probing_ = false;
  retry_at_ = now + pause_;
}

}  // namespace lavapp::lavalink
