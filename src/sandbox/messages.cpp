#include "sandbox/messages.hpp"

namespace lavapp::sandbox {
namespace {

using Kind = PlayerEvent::Kind;

const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::start: return "TrackStartEvent";
    case Kind::end: return "TrackEndEvent";
    case Kind::exception: return "TrackExceptionEvent";
    case Kind::stuck: return "TrackStuckEvent";
    case Kind::voice_closed: return "WebSocketClosedEvent";
    case Kind::update: break;
  }
  return "";
}

}  // namespace

Json exception_json(const std::string& message, const std::string& severity, const std::string& cause) {
  return Json{{"message", message},
              {"severity", severity},
              {"cause", cause},
              {"causeStackTrace", cause + "\n\tat lavapp.sandbox.Node(sandbox)\n"}};
}

std::string ready_message(bool resumed, const std::string& session_id) {
  return dump(Json{{"op", "ready"}, {"resumed", resumed}, {"sessionId", session_id}});
}

Json stats_json(const NodeStats& stats) {
  Json frames = nullptr;
  if (stats.frames) {
    frames = Json{{"sent", stats.frames->sent}, {"nulled", stats.frames->nulled}, {"deficit", stats.frames->deficit}};
  }
  // Invented, but in proportion: a node's memory and load grow with what it plays.
  const auto playing = static_cast<std::int64_t>(stats.playing);
  const std::int64_t allocated = 134'217'728, used = 48'000'000 + playing * 2'000'000;
  const auto load = std::min(0.95, 0.01 + 0.005 * static_cast<double>(playing));
  return Json{{"frameStats", std::move(frames)},
              {"players", stats.players},
              {"playingPlayers", stats.playing},
              {"uptime", stats.uptime.count()},
              {"memory", Json{{"free", std::max<std::int64_t>(allocated - used, 0)},
                              {"used", used},
                              {"allocated", std::max(allocated, used)},
                              {"reservable", 536'870'912}}},
              {"cpu", Json{{"cores", 2}, {"systemLoad", std::min(0.98, 0.08 + load)}, {"lavalinkLoad", load}}}};
}

std::string stats_message(const NodeStats& stats) {
  Json message{{"op", "stats"}};
  message.update(stats_json(stats));
  return dump(message);
}

Json state_json(const PlayerMoment& moment, std::int64_t wall) {
  return Json{{"time", wall},
              {"position", moment.position.count()},
              {"connected", moment.connected},
              {"ping", moment.ping.count()}};
}

std::string player_update_message(std::int64_t guild_id, const PlayerMoment& moment, std::int64_t wall) {
  return dump(
      Json{{"op", "playerUpdate"}, {"state", state_json(moment, wall)}, {"guildId", std::to_string(guild_id)}});
}

std::string player_message(std::int64_t guild_id, const PlayerEvent& event, const WallTime& wall) {
  if (event.kind == Kind::update) return player_update_message(guild_id, event.moment, wall(event.at));
  Json message{{"op", "event"}, {"type", type_of(event.kind)}, {"guildId", std::to_string(guild_id)}};
  if (event.track) message["track"] = track_json(*event.track, event.position, event.user_data);
  switch (event.kind) {
    case Kind::end: message["reason"] = event.reason; break;
    case Kind::exception:
      message["exception"] = exception_json(event.exception.message, event.exception.severity, event.exception.cause);
      break;
    case Kind::stuck: message["thresholdMs"] = event.threshold.count(); break;
    case Kind::voice_closed:
      message.erase("track");
      message["code"] = event.code;
      message["reason"] = event.reason;
      message["byRemote"] = event.by_remote;
      break;
    case Kind::start:
    case Kind::update: break;
  }
  return dump(message);
}

Json player_json(const Player& player, Time now, std::int64_t wall) {
  const auto& voice = player.voice();
  return Json{{"guildId", std::to_string(player.guild_id())},
              {"track", player.track() ? track_json(*player.track(), player.position(now), player.user_data()) : Json(nullptr)},
              {"volume", player.volume()},
              {"paused", player.paused()},
              {"state", state_json(player.moment(now), wall)},
              {"voice", Json{{"token", voice.token},
                             {"endpoint", voice.endpoint},
                             {"sessionId", voice.session_id},
                             {"channelId", voice.channel_id ? Json(*voice.channel_id) : Json(nullptr)}}},
              {"filters", player.filters()}};
}

}  // namespace lavapp::sandbox
