#include "discord/shard_plan.hpp"

#include <algorithm>
#include <string>

namespace lavapp::discord {

Result<std::vector<Shard>> plan_shards(const ShardRange& range, const GatewayBot& bot) {
  const auto count = range.count > 0 ? range.count : bot.shards;
  if (range.first >= count) {
    return Error(Errc::invalid_argument, "shards: first is " + std::to_string(range.first) + ", and there are " + std::to_string(count));
  }
  const auto last = std::min(range.last.value_or(count - 1), count - 1);
  if (last < range.first) return Error(Errc::invalid_argument, "shards: last is less than first");
  std::vector<Shard> shards;
  for (auto id = range.first; id <= last; ++id) shards.push_back({id, count});
  return shards;
}

Result<void> check_identifies(std::size_t identifies, const SessionStartLimit& limit) {
  if (identifies <= limit.remaining) return {};
  Error error(Errc::rate_limited, std::to_string(identifies) + " shards must identify, and of the day's " + std::to_string(limit.total) +
                                      " identifies " + std::to_string(limit.remaining) + " are left");
  error.retry_after = limit.reset_after;
  return error;
}

}  // namespace lavapp::discord
