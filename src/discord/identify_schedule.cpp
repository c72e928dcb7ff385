#include "discord/identify_schedule.hpp"

#include <algorithm>

namespace lavapp::discord {
namespace {

constexpr std::chrono::hours kDay{24};

}  // namespace

void IdentifySchedule::update(SessionStartLimit limit, TimePoint now) {
  limit.total = std::max(limit.total, 1u);
  limit.max_concurrency = std::max(limit.max_concurrency, 1u);
  if (limit.max_concurrency != limit_.max_concurrency) {
    // Other groups: each waits as if the last identify of all had been its own.
    auto latest = TimePoint::min();
    for (const auto& [group, when] : last_) latest = std::max(latest, when);
    const bool any = !last_.empty();
    last_.clear();
    for (std::uint32_t group = 0; any && group < limit.max_concurrency; ++group) last_[group] = latest;
  }
  limit_ = limit;
  reset_at_ = now + (limit.reset_after.count() > 0 ? limit.reset_after : std::chrono::milliseconds(kDay));
}

void IdentifySchedule::reset_if_due(TimePoint now) {
  if (now < reset_at_) return;
  limit_.remaining = limit_.total;
  reset_at_ = now + kDay;
}

Clock::duration IdentifySchedule::wait(std::uint32_t group, TimePoint now) {
  reset_if_due(now);
  auto wait = limit_.remaining > 0 ? Clock::duration::zero() : reset_at_ - now;
  if (const auto last = last_.find(group); last != last_.end()) wait = std::max(wait, last->second + kPause - now);
  return wait;
}

void IdentifySchedule::identified(std::uint32_t group, TimePoint now) {
  reset_if_due(now);
  last_[group] = now;
  if (limit_.remaining > 0) --limit_.remaining;
}

std::uint32_t IdentifySchedule::remaining(TimePoint now) {
  reset_if_due(now);
  return limit_.remaining;
}

}  // namespace lavapp::discord
