// Dispatch: an event of the gateway, and those of them that a music bot needs, typed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::discord {

/// Any event (op 0). Views are valid while the listener runs. Nothing of the event's data has been read yet.
class Dispatch {
 public:
  /// `t`: "GUILD_CREATE"
  std::string_view name() const noexcept { return name_; }
  /// `s`
  std::uint64_t sequence() const noexcept { return sequence_; }
  /// `d` as JSON text. With Encoding::etf it is made when it is first asked for. Broken ETF gives "null".
  std::string_view data() const;
  /// `d` as it came: JSON text, or a term without its version byte.
  std::string_view raw() const noexcept { return raw_; }

  Dispatch(std::string_view name, std::uint64_t sequence, std::string_view raw, bool etf)
      : name_(name), sequence_(sequence), raw_(raw), etf_(etf) {}

 private:
  std::string_view name_;
  std::uint64_t sequence_;
  std::string_view raw_;
  bool etf_;
  mutable std::string json_;
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
