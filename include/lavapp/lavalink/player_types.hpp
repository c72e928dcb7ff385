// What a node says of a player, and what one can ask of it. https://lavalink.dev/api/rest#player
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/filters.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink {

/// https://lavalink.dev/api/websocket#player-state
struct PlayerState {
  std::chrono::milliseconds time{0};  ///< the node's clock, since the Unix epoch
  std::chrono::milliseconds position{0};
  /// Whether the node has a voice connection to Discord. This is the truth, not the answer to a voice update.
  bool connected = false;
  /// Round trip to Discord's voice server; -1 ms without a connection.
  std::chrono::milliseconds ping{-1};
};

/// What a node needs to join a voice channel: from Discord's VOICE_SERVER_UPDATE (token, endpoint) and
/// VOICE_STATE_UPDATE (session id, channel id). All four are needed.
struct VoiceState {
  std::string token = {};
  std::string endpoint = {};
  std::string session_id = {};
  /// Empty in answers of nodes that know of none.
  Optional<Snowflake> channel_id = {};
};

/// A player as the node has it: the docs' Player object.
struct PlayerSnapshot {
  Snowflake guild_id = {};
  Optional<Track> track = {};
  int volume = 100;
  bool paused = false;
  PlayerState state = {};
  VoiceState voice = {};
  Filters filters = {};
  /// This object's JSON as it came.
  std::string raw = {};
};

/// A field of an update that can be left as it is, set to null, or set to a value: three different things.
template <class T>
class Update {
 public:
  Update() = default;                                     ///< absent: leave as it is
  Update(std::nullptr_t) : set_(true) {}                  ///< null: take away
  Update(T value) : set_(true), value_(std::move(value)) {}  ///< set
  template <class U, class = std::enable_if_t<std::is_convertible_v<U, T>>>
  Update(const U& value) : Update(T(value)) {}  ///< set, from what T is made of, as a literal

  bool present() const noexcept { return set_; }
  bool is_null() const noexcept { return set_ && !value_; }
  const T& value() const { return value_.value(); }

 private:
  bool set_ = false;
  Optional<T> value_ = {};
};

/// What to play: by `encoded` or by `identifier`, one of them.
struct TrackUpdate {
  /// The base64 text; null stops the player.
  Update<std::string> encoded = {};
  /// The node loads it itself; it must name exactly one track.
  Optional<std::string> identifier = {};
  /// A JSON object, handed back with the track's events.
  Optional<JsonText> user_data = {};
};

/// https://lavalink.dev/api/rest#update-player . What is absent stays as it is.
struct PlayerUpdateRequest {
  Optional<TrackUpdate> track = {};
  Optional<std::chrono::milliseconds> position = {};  ///< 0 or more
  Update<std::chrono::milliseconds> end_time = {};         ///< more than 0; null: play to the end
  Optional<int> volume = {};                          ///< 0 to 1000 percent
  Optional<bool> paused = {};
  Optional<Filters> filters = {};
  Optional<VoiceState> voice = {};  ///< all four values

  /// Checks every range, filters included. Errors: `invalid_argument`, naming the field.
  Result<void> validate() const;
};

/// Whether an update may replace the track that plays.
enum class Replace {
  yes,
  no,  ///< `noReplace=true`: while something plays, the update's `track` and `paused` are dropped by the node
};

/// What a session does when its WebSocket is away. https://lavalink.dev/api/rest#update-session
struct SessionState {
  bool resuming = false;
  std::chrono::seconds timeout{60};
};
struct SessionUpdate {
  Optional<bool> resuming = {};
  Optional<std::chrono::seconds> timeout = {};  ///< 0 or more
};

}  // namespace lavapp::lavalink
