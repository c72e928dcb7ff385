// The messages that a node sends over its WebSocket, as JSON text.
#pragma once

#include <functional>
#include <string>

#include "sandbox/player.hpp"

namespace lavapp::sandbox {

/// Milliseconds since the Unix epoch at a time of the node's clock.
using WallTime = std::function<std::int64_t(Time)>;

struct FrameStats {
  std::int64_t sent = 0, nulled = 0, deficit = 0;
};
struct NodeStats {
  std::size_t players = 0, playing = 0;
  milliseconds uptime{0};
  std::optional<FrameStats> frames = {};
};

std::string ready_message(bool resumed, const std::string& session_id);
std::string stats_message(const NodeStats& stats);
std::string player_message(std::int64_t guild_id, const PlayerEvent& event, const WallTime& wall);
std::string player_update_message(std::int64_t guild_id, const PlayerMoment& moment, std::int64_t wall);

/// The body of `GET /v4/stats`.
Json stats_json(const NodeStats& stats);
Json state_json(const PlayerMoment& moment, std::int64_t wall);
/// The Player object of the docs.
Json player_json(const Player& player, Time now, std::int64_t wall);
/// The Exception object of the docs.
Json exception_json(const std::string& message, const std::string& severity, const std::string& cause);

}  // namespace lavapp::sandbox
