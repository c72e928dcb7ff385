#include "lavalink/patch_player.hpp"

#include <utility>

#include "lavalink/decode.hpp"

namespace lavapp::lavalink {

RestLane player_lane(Snowflake guild_id) { return {"player/" + guild_id.to_string(), false}; }

RestLane voice_lane(Snowflake guild_id) { return {"voice/" + guild_id.to_string(), true}; }

void patch_player(NodeImpl& to, Snowflake guild_id, PlayerUpdateRequest update, Replace replace, CallOptions options,
                  Handler<PlayerSnapshot> handler) {
  // Voice does not wait for a session: what it says may be out of date by then.
  const auto needs = update.voice ? Needs::session_now : Needs::session;
  to.start<PlayerSnapshot>(
      needs, std::move(options), std::move(handler),
      [guild_id, update = std::move(update), replace](NodeImpl& node) {
        RestPlan<PlayerSnapshot> plan{node.routes().update_player(node.session_id(), guild_id, update, replace)};
        plan.decode = decode_player;
        plan.deadline = node.options().request_timeout;
        plan.lane = player_lane(guild_id);
        // The node loads what an identifier names before it answers.
        if (update.track && update.track->identifier) plan.deadline = node.options().load_timeout;
        if (update.voice) {
          // It lasts until the voice connection stands, or for ever, and then the guild's next voice update hangs too:
          // what else one wants of the player must not wait behind it.
          plan.deadline = node.options().voice_timeout;
          plan.lane = voice_lane(guild_id);
        }
        // With `noReplace` the node may have left the position alone: then its answer alone counts.
        const auto sought = replace == Replace::yes ? update.position : std::nullopt;
        plan.learn = [&node, sought, mark = node.players().mark()](const Result<PlayerSnapshot>& player) {
          node.players().answered(mark, *player, sought, node.now());
        };
        return plan;
      });
}

}  // namespace lavapp::lavalink
