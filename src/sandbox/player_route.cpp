// PATCH of a player: what it checks, and in which order it does what was asked.
#include "sandbox/player_update.hpp"
#include "sandbox/rest_error.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {
namespace {

void check_filters(const RouteCall& call, const Json& filters) {
  std::string names;
  for (const auto& name : disabled_filters(filters, call.node.options().filters)) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty()) throw RestError::bad_request("Following filters are disabled in the config: " + names);
}

void check_voice(const Voice& voice) {
  const bool whole = !voice.token.empty() && !voice.endpoint.empty() && !voice.session_id.empty() && voice.channel_id &&
                     !voice.channel_id->empty();
  if (!whole) throw RestError::bad_request("token, endpoint, sessionId and channelId must be provided in voice state");
  if (voice.channel_id->find_first_not_of("0123456789") != std::string::npos) {
    throw RestError::internal("java.lang.NumberFormatException", "For input string: \"" + *voice.channel_id + '"');
  }
}

bool noreplace(const RouteCall& call) {
  const auto value = call.target.parameter("noReplace");
  if (!value || value->empty() || *value == "false") return false;
  if (*value == "true") return true;
  throw RestError::undecodable();
}

/// What becomes of an attempt to reach Discord's voice server there. The sandbox has none and takes every endpoint for
/// good, but for those that cannot be.
enum class Endpoint { answers, hangs, refuses_tls, malformed };
Endpoint kind_of(const std::string& endpoint) {
  const auto ends_with = [&](std::string_view end) {
    return endpoint.size() >= end.size() && endpoint.compare(endpoint.size() - end.size(), end.size(), end) == 0;
  };
  if (endpoint.find(' ') != std::string::npos) return Endpoint::malformed;
  const bool nobody_there = endpoint.find("://") != std::string::npos || ends_with(":1") || ends_with(".invalid") ||
                            endpoint.find(".invalid:") != std::string::npos;
  if (nobody_there) return Endpoint::hangs;
  return ends_with(":80") ? Endpoint::refuses_tls : Endpoint::answers;
}

/// False if the request is never answered.
bool update_voice(RouteCall& call, Session& session, Player& player, const Voice& voice, PlayerEvents& events) {
  if (player.connected() && player.voice() == voice) return true;
  if (call.node.hang_voice || session.hanging_voice.count(player.guild_id()) > 0) {
    session.hanging_voice.insert(player.guild_id());
    return false;
  }
  switch (kind_of(voice.endpoint)) {
    case Endpoint::answers: player.connect_voice(voice, call.now, events); return true;
    case Endpoint::hangs: session.hanging_voice.insert(player.guild_id()); return false;
    case Endpoint::refuses_tls:
      throw RestError{500, "Failed to connect to voice server", "lavalink.server.player.VoiceConnectionException", {}};
    case Endpoint::malformed: break;
  }
  throw RestError::internal("java.lang.IllegalStateException: java.net.URISyntaxException",
                            "Illegal character in authority at index 6: wss://" + voice.endpoint + "/?v=8");
}

PlayableTrack load(const RouteCall& call, const PlayerUpdate& update) {
  if (!update.identifier) {
    auto decoded = call.node.catalogue.decode(**update.encoded);
    if (const auto* error = std::get_if<TrackCodecError>(&decoded)) throw RestError::internal(error->java_class, error->message);
    return std::get<PlayableTrack>(std::move(decoded));
  }
  call.node.has_loaded = true;
  auto found = call.node.catalogue.find(*update.identifier);
  if (auto* track = std::get_if<PlayableTrack>(&found)) return std::move(*track);
  if (std::holds_alternative<std::monostate>(found)) throw RestError::bad_request("No matches found for identifier");
  if (std::holds_alternative<Unloadable>(found)) {
    throw RestError::bad_request("Something went wrong while looking up the track.");
  }
  throw RestError::bad_request("Cannot play a playlist or search result");
}

void change_track(const RouteCall& call, Player& player, const PlayerUpdate& update, PlayerEvents& events) {
  // A new track without `paused` unpauses.
  player.set_paused(update.paused.value_or(false), call.now);
  if (update.encoded && !*update.encoded) return player.stop(call.now, events);
  auto track = load(call, update);
  Player::Start start;
  start.position = milliseconds(update.position.value_or(track.encoded.info.position.count()));
  if (update.end_time && *update.end_time) start.end_time = milliseconds(**update.end_time);
  if (update.user_data) start.user_data = *update.user_data;
  player.play(std::move(track), std::move(start), call.now, events);
}

void change_what_plays(const RouteCall& call, Player& player, const PlayerUpdate& update, PlayerEvents& events) {
  if (update.user_data && player.track()) player.set_user_data(*update.user_data);
  if (update.position) player.seek(milliseconds(*update.position), call.now, events);
  if (update.end_time) {
    player.set_end_time(*update.end_time ? std::optional(milliseconds(**update.end_time)) : std::nullopt, call.now);
  }
  if (update.paused) player.set_paused(*update.paused, call.now);
}

}  // namespace

Reply patch_player(RouteCall& call) {
  const auto update = PlayerUpdate::decode(json_body(call));
  const auto guild = guild_of(call);
  const bool keep = noreplace(call);
  std::optional<Filters> filters;
  std::optional<BadBand> bad_band;
  if (update.filters) {
    auto parsed = parse_filters(*update.filters, call.node.plugin_filters());
    if (std::holds_alternative<UndecodableFilters>(parsed)) throw RestError::undecodable();
    if (auto* good = std::get_if<Filters>(&parsed)) filters = std::move(*good);
    if (auto* bad = std::get_if<BadBand>(&parsed)) bad_band = *bad;
  }
  auto& session = session_of(call);
  if (update.filters) check_filters(call, *update.filters);
  if (update.voice) check_voice(*update.voice);
  if (update.end_time && *update.end_time && **update.end_time <= 0) {
    throw RestError::bad_request("End time must be greater than 0");
  }

  auto& player = session.player(guild);
  PlayerEvents events;
  // What has happened is told, also if a later part of the update is refused.
  struct Tell {
    RouteCall& call;
    Session& session;
    std::int64_t guild;
    PlayerEvents& events;
    ~Tell() { session.send(guild, events, call.node.wall()); }
  } tell{call, session, guild, events};

  if (update.voice && !update_voice(call, session, player, *update.voice, events)) return Reply::never();
  if (bad_band) {
    throw RestError::internal("java.lang.ArrayIndexOutOfBoundsException",
                              "Index " + std::to_string(bad_band->band) + " out of bounds for length 15");
  }
  if (filters) player.set_filters(*std::move(filters), call.now, events);
  if (update.volume) player.set_volume(*update.volume);
  if (!update.starts_or_stops()) {
    change_what_plays(call, player, update, events);
  } else if (!keep || !player.track()) {
    change_track(call, player, update, events);
  }
  return Reply::json(player_json(player, call.now, call.node.wall(call.now)));
}

}  // namespace lavapp::sandbox
