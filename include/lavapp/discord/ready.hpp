// GatewayReady: a new session has begun.
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/event.hpp"
#include "lavapp/discord/gateway_options.hpp"
#include "lavapp/discord/user.hpp"

namespace lavapp::discord {

/// READY. https://discord.com/developers/docs/events/gateway-events#ready
struct GatewayReady : GatewayEvent {
  int api_version = 0;
  User user = {};  ///< the bot
  Snowflake application_id = {};
  std::string session_id = {};
  std::string resume_gateway_url = {};
  Optional<Shard> shard = {};
  std::vector<Snowflake> guilds = {};  ///< They come one by one, as GUILD_CREATE.
};

}  // namespace lavapp::discord
