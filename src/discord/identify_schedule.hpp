// IdentifySchedule: when a shard may identify: one of each group in 5 s, and so many a day. Pure.
// https://discord.com/developers/docs/events/gateway#session-start-limit-object
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "lavapp/core/clock.hpp"
#include "lavapp/discord/gateway_bot.hpp"

namespace lavapp::discord {

class IdentifySchedule {
 public:
  using TimePoint = Clock::time_point;
  /// Between two identifies of one group.
  static constexpr std::chrono::seconds kPause{5};

  IdentifySchedule(SessionStartLimit limit, TimePoint now) { update(limit, now); }

  /// What the gateway says now.
  void update(SessionStartLimit limit, TimePoint now);
  /// Shards of one group take turns.
  std::uint32_t group(std::uint32_t shard_id) const noexcept { return shard_id % limit_.max_concurrency; }
  /// How long the next one of a group must wait; 0: not at all.
  Clock::duration wait(std::uint32_t group, TimePoint now);
  void identified(std::uint32_t group, TimePoint now);
  std::uint32_t remaining(TimePoint now);

 private:
  void reset_if_due(TimePoint now);

  SessionStartLimit limit_;
  TimePoint reset_at_;
  std::map<std::uint32_t, TimePoint> last_;  ///< by group
};

}  // namespace lavapp::discord
