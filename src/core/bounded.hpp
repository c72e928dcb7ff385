// bounded(): a time span of the user's in the clock's units, without overflow.
#pragma once

#include <chrono>

#include "lavapp/core/clock.hpp"

namespace lavapp::detail {

/// The longest time limit that means anything: longer ones are this long. What is added to a clock's time must leave room.
inline constexpr std::chrono::hours kLongest{24 * 365};

/// `milliseconds::max()`, say, is more than the clock's nanoseconds can count.
template <class Rep, class Period>
constexpr Clock::duration bounded(std::chrono::duration<Rep, Period> span) {
  if (span >= kLongest) return kLongest;
  if (span <= -kLongest) return -kLongest;
  return std::chrono::duration_cast<Clock::duration>(span);
}

}  // namespace lavapp::detail
