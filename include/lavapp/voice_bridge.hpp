// connect_voice: what Discord's gateway tells about voice goes to the players of a Lavalink node.
#pragma once

#include "lavapp/discord/gateway.hpp"
#include "lavapp/discord/shard_manager.hpp"
#include "lavapp/lavalink/voice.hpp"

namespace lavapp {

/// A Voice for the guilds of this shard: it hears the gateway's events, and asks Discord through the gateway.
/// The intents must have `guild_voice_states` among them, as `intents::music` has, and NodeOptions::user_id must be the
/// bot's.
/// Lifetime: gateway, node and the Voice may be destroyed in any order and on any thread. Once the gateway is gone, nothing
/// more is asked of Discord.
[[nodiscard]] lavalink::Voice connect_voice(discord::Gateway& gateway, lavalink::Node& node,
                                            lavalink::VoiceOptions options = {});

/// The same for all shards of a manager, also those that a resharding brings. Before its connect().
[[nodiscard]] lavalink::Voice connect_voice(discord::ShardManager& shards, lavalink::Node& node,
                                            lavalink::VoiceOptions options = {});

}  // namespace lavapp
