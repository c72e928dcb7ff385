#include "lavalink/patch_player.hpp"

#include <utility>

#include "lavalink/decode.hpp"

namespace lavapp::lavalink {

namespace {

bool plays(const PlayerUpdateRequest& update) {
  if (!update.track) return false;
  return update.track->identifier || (update.track->encoded.present() && !update.track->encoded.is_null());
}

Asked asked_of(const PlayerUpdateRequest& update, Replace replace) {
  Asked asked;
  asked.position = update.position;
  asked.end_time = update.end_time;
  if (!plays(update)) return asked;
  asked.play = replace == Replace::yes ? Asked::Play::at_once : Asked::Play::if_idle;
  asked.paused = update.paused.value_or(false);
  if (!asked.end_time.present()) asked.end_time = nullptr;
  return asked;
}

}  // namespace

RestLane player_lane(Snowflake guild_id) { return {"player/" + guild_id.to_string(), false}; }

RestLane voice_lane(Snowflake guild_id) { return {"voice/" + guild_id.to_string(), true}; }

namespace {

RestPlan<PlayerSnapshot> plan_patch(NodeImpl& node, Snowflake guild_id, const PlayerUpdateRequest& update, Replace replace) {
  RestPlan<PlayerSnapshot> plan{node.routes().update_player(node.session_id(), guild_id, update, replace)};
  plan.decode = decode_player;
  plan.deadline = node.options().request_timeout;
  plan.lane = player_lane(guild_id);
  // The node loads what an identifier names before it answers.
  if (update.track && update.track->identifier) plan.deadline = node.options().load_timeout;
  if (update.voice) {
    // It lasts until the voice connection stands, or for ever, and then the guild's next voice update hangs too: what
    // else one wants of the player must not wait behind it.
    plan.deadline = node.options().voice_timeout;
    plan.lane = voice_lane(guild_id);
  }
  const auto asked = asked_of(update, replace);
  plan.leaves = [&node, guild_id, asked, filters = update.filters.has_value()](const PlayerBook::Mark& mark) {
    if (asked.play == Asked::Play::at_once) node.players().asked_to_play(mark, guild_id, asked);
    if (filters) node.players().filters_asked(mark, guild_id);
  };
  // set_filters() does not wait for voice's lane.
  if (update.voice && update.filters) node.players().filters_asked(node.players().mark(), guild_id);
  plan.learn = [&node, asked](const Result<PlayerSnapshot>& player, const PlayerBook::Mark& mark) {
    node.players().answered(mark, *player, asked, node.now());
  };
  return plan;
}

}  // namespace

void patch_player(NodeImpl& to, Snowflake guild_id, PlayerUpdateRequest update, Replace replace, CallOptions options,
                  Handler<PlayerSnapshot> handler) {
  // Voice does not wait for a session: what it says may be out of date by then.
  const auto needs = update.voice ? Needs::session_now : Needs::session;
  to.start<PlayerSnapshot>(needs, std::move(options), std::move(handler),
                           [guild_id, update = std::move(update), replace](NodeImpl& node) {
                             return plan_patch(node, guild_id, update, replace);
                           });
}

void patch_filters(NodeImpl& to, Snowflake guild_id, Filters filters, CallOptions options, Handler<PlayerSnapshot> handler) {
  PlayerUpdateRequest update;
  update.filters = std::move(filters);
  to.start<PlayerSnapshot>(Needs::session, std::move(options), std::move(handler),
                           [guild_id, update = std::move(update)](NodeImpl& node) {
                             auto plan = plan_patch(node, guild_id, update, Replace::yes);
                             plan.requirements = required_by(*update.filters);
                             // Its turn comes when the player's earlier requests are answered, other sets of filters too.
                             plan.known = [&node, guild_id, filters = *update.filters]() -> std::optional<Result<PlayerSnapshot>> {
                               auto player = node.players().if_filters_are(filters, guild_id);
                               if (!player) return {};
                               return std::move(*player);
                             };
                             return plan;
                           });
}

}  // namespace lavapp::lavalink
