// patch_player: the one way in which Node and Player change a player.
#pragma once

#include "lavalink/node_impl.hpp"

namespace lavapp::lavalink {

/// What changes one player goes out in the order of the calls.
RestLane player_lane(Snowflake guild_id);
/// But for voice updates, which may never be answered: they wait for one another alone.
RestLane voice_lane(Snowflake guild_id);

/// PATCHes the player; the answer becomes what is known of it before the caller hears it.
void patch_player(NodeImpl& node, Snowflake guild_id, PlayerUpdateRequest update, Replace replace, CallOptions options,
                  Handler<PlayerSnapshot> handler);

/// Replaces the player's filters, once the node is known to have them.
void patch_filters(NodeImpl& node, Snowflake guild_id, Filters filters, CallOptions options, Handler<PlayerSnapshot> handler);

}  // namespace lavapp::lavalink
