// What a node sends over its WebSocket. https://lavalink.dev/api/websocket
//
// Every message has raw(): the JSON text as it came, valid while the listener runs; copy it to keep it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lavapp/core/error.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/stats.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink {

/// What all messages have.
class NodeMessage {
 public:
  std::string_view raw() const noexcept { return raw_; }
  void set_raw(std::string_view text) noexcept { raw_ = text; }

 private:
  std::string_view raw_ = {};
};

/// The session has begun, or goes on.
struct Ready : NodeMessage {
  bool resumed = false;
  std::string session_id = {};
};
struct StatsUpdate : NodeMessage {
  Stats stats = {};
};
/// Every 5 s by default, and when a player's state changes.
struct PlayerUpdate : NodeMessage {
  Snowflake guild_id = {};
  PlayerState state = {};
};

struct TrackStart : NodeMessage {
  Snowflake guild_id = {};
  Track track = {};
};

/// https://lavalink.dev/api/websocket#track-end-reason
enum class TrackEndReason { finished, load_failed, stopped, replaced, cleanup, unknown };
/// As the docs spell it; "unknown" where they do not.
std::string_view to_string(TrackEndReason reason) noexcept;

/// Whether the next track may be started: only after `finished` and `load_failed`.
constexpr bool may_start_next(TrackEndReason reason) noexcept {
  return reason == TrackEndReason::finished || reason == TrackEndReason::load_failed;
}

struct TrackEnd : NodeMessage {
  Snowflake guild_id = {};
  Track track = {};
  Named<TrackEndReason> reason = {};
};
/// The track failed; a TrackEnd follows.
struct TrackFailed : NodeMessage {
  Snowflake guild_id = {};
  Track track = {};
  TrackException exception = {};
};
/// No audio came for a time; no TrackEnd follows.
struct TrackStuck : NodeMessage {
  Snowflake guild_id = {};
  Track track = {};
  std::chrono::milliseconds threshold{0};
};
/// The node's voice connection to Discord was closed. Code 1000 not by remote is the node's own doing, after a voice
/// change or the player's end. https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice
struct VoiceClosed : NodeMessage {
  Snowflake guild_id = {};
  int code = 0;  ///< 0 if NodeLink told none
  std::string reason = {};
  bool by_remote = false;
};
/// A message or event of a kind that this library does not know: a plugin's, or a newer node's. Those of some plugins are
/// typed: docs/plugins.md.
struct UnknownMessage : NodeMessage {
  std::string op = {};
  std::string type = {};  ///< of `op` "event"
  Optional<Snowflake> guild_id = {};
};
/// A message of a known kind that could not be read, or something else that the caller may want to know; the connection
/// lives on.
struct Warning : NodeMessage {
  Error error = {};
};

}  // namespace lavapp::lavalink
