#include "lavapp/lavalink/player.hpp"

#include <utility>

#include "lavalink/node_impl.hpp"
#include "lavalink/patch_player.hpp"

namespace lavapp::lavalink {
namespace {

/// Of the player that the node answers with, the caller of a Player wants the state.
Handler<PlayerSnapshot> state_of(Handler<PlayerState> handler) {
  auto token = handler.cancel();
  return {[handler = std::move(handler)](Result<PlayerSnapshot> result) mutable {
            if (!result) return handler(std::move(result.error()));
            handler(result->state);
          },
          std::move(token)};
}

void patch(NodeImpl& node, Snowflake guild_id, PlayerUpdateRequest update, CallOptions options,
           Handler<PlayerState> handler, Replace replace = Replace::yes) {
  patch_player(node, guild_id, std::move(update), replace, std::move(options), state_of(std::move(handler)));
}

}  // namespace

void Player::start_play(const ImplPtr& node, Snowflake guild_id, Track track, PlayOptions play, CallOptions options,
                        Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.track.emplace();
  update.track->encoded = std::move(track.encoded);
  update.track->user_data = std::move(play.user_data);
  if (!update.track->user_data && !track.user_data.empty()) update.track->user_data = std::move(track.user_data);
  update.position = play.position;
  if (play.end_time) update.end_time = *play.end_time;
  update.volume = play.volume;
  update.paused = play.paused;
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler), play.replace);
}

void Player::start_stop(const ImplPtr& node, Snowflake guild_id, CallOptions options, Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.track.emplace();
  update.track->encoded = nullptr;
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler));
}

void Player::start_pause(const ImplPtr& node, Snowflake guild_id, bool paused, CallOptions options,
                         Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.paused = paused;
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler));
}

void Player::start_seek(const ImplPtr& node, Snowflake guild_id, std::chrono::milliseconds position,
                        CallOptions options, Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.position = position;
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler));
}

void Player::start_set_volume(const ImplPtr& node, Snowflake guild_id, int percent, CallOptions options,
                              Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.volume = percent;
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler));
}

void Player::start_set_filters(const ImplPtr& node, Snowflake guild_id, Filters filters, CallOptions options,
                               Handler<PlayerState> handler) {
  patch_filters(*node, guild_id, std::move(filters), std::move(options), state_of(std::move(handler)));
}

void Player::start_update_voice(const ImplPtr& node, Snowflake guild_id, VoiceState voice, CallOptions options,
                                Handler<PlayerState> handler) {
  PlayerUpdateRequest update;
  update.voice = std::move(voice);
  patch(*node, guild_id, std::move(update), std::move(options), std::move(handler));
}

std::optional<Track> Player::track() const {
  return node_->players().look(guild_id_, [](const PlayerRecord& player) { return player.track(); });
}

bool Player::paused() const {
  return node_->players().look(guild_id_, [](const PlayerRecord& player) { return player.paused(); });
}

int Player::volume() const {
  return node_->players().look(guild_id_, [](const PlayerRecord& player) { return player.volume(); });
}

Filters Player::filters() const {
  return node_->players().look(guild_id_, [](const PlayerRecord& player) { return player.filters(); });
}

PlayerState Player::state() const {
  return node_->players().look(guild_id_, [](const PlayerRecord& player) { return player.state(); });
}

Optional<std::chrono::milliseconds> Player::position() const {
  const auto now = node_->now();
  return node_->players().look(guild_id_, [now](const PlayerRecord& player) { return player.position(now); });
}

}  // namespace lavapp::lavalink
