// ShardPlan: which shards a process runs, and whether the day's identifies suffice for them. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/discord/shard_manager.hpp"

namespace lavapp::discord {

/// The shards of `range`, `count` 0 being what `bot` recommends. Errors: `invalid_argument`.
Result<std::vector<Shard>> plan_shards(const ShardRange& range, const GatewayBot& bot);

/// \param identifies  that are needed at least
/// `rate_limited` with retry_after, if that many are not left.
Result<void> check_identifies(std::size_t identifies, const SessionStartLimit& limit);

/// https://discord.com/developers/docs/events/gateway#sharding
constexpr std::uint32_t shard_of(Snowflake guild_id, std::uint32_t count) {
  return static_cast<std::uint32_t>((guild_id.value() >> 22) % count);
}

}  // namespace lavapp::discord
