// Dispatch: an event of the gateway, and those of them that a music bot needs, typed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::discord {

/// Any event (op 0). Views are valid while the listener runs. Nothing of the event's data has been read yet, so that an event
/// that nobody asks for its data costs next to nothing.
class Dispatch {
 public:
  /// `t`: "GUILD_CREATE"
  std::string_view name() const noexcept { return name_; }
  /// `s`
  std::uint64_t sequence() const noexcept { return sequence_; }
  /// `d` as JSON text. It is looked for, or with Encoding::etf made, when it is first asked for. What is broken gives "null".
  std::string_view data() const;
  /// `d` as it came: JSON text, or a term without its version byte.
  std::string_view raw() const;

  /// What a Dispatch is made of: `d` as JSON text, as a term, or the payload in JSON that it is in.
  enum class Holds { json, term, payload };
  Dispatch(std::string_view name, std::uint64_t sequence, std::string_view bytes, Holds holds)
      : name_(name), sequence_(sequence), raw_(bytes), held_(holds) {}

 private:
  std::string_view name_;
  std::uint64_t sequence_;
  mutable std::string_view raw_;
  mutable Holds held_;
  mutable std::string json_ = {};
};

/// READY. https://discord.com/developers/docs/events/gateway-events#ready
struct GatewayReady {
  int api_version = 0;
  Snowflake user_id = {};
  std::string user_name = {};
  Snowflake application_id = {};
  std::string session_id = {};
  std::string resume_gateway_url = {};
  std::vector<Snowflake> guilds = {};  ///< They come one by one, as GUILD_CREATE.
};

/// VOICE_STATE_UPDATE. https://discord.com/developers/docs/resources/voice#voice-state-object
struct VoiceStateUpdate {
  Snowflake guild_id = {};  ///< 0 outside of guilds
  Optional<Snowflake> channel_id = {};  ///< none: the user has left
  Snowflake user_id = {};
  std::string session_id = {};
  bool deaf = false, mute = false;            ///< by the server
  bool self_deaf = false, self_mute = false;  ///< by the user
};

/// VOICE_SERVER_UPDATE. https://discord.com/developers/docs/events/gateway-events#voice-server-update
struct VoiceServerUpdate {
  std::string token = {};
  Snowflake guild_id = {};
  Optional<std::string> endpoint = {};  ///< none: the voice server is gone, and another will be told
};

}  // namespace lavapp::discord
