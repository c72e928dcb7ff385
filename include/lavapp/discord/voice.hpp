// Who is in which voice channel, and where its voice server is.
#pragma once

#include <string>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/event.hpp"

namespace lavapp::discord {

/// https://discord.com/developers/docs/resources/voice#voice-state-object
struct VoiceState {
  Snowflake guild_id = {};  ///< 0 outside of guilds
  Optional<Snowflake> channel_id = {};  ///< none: the user has left
  Snowflake user_id = {};
  JsonText member = {};  ///< a guild member object
  std::string session_id = {};
  bool deaf = false, mute = false;            ///< by the server
  bool self_deaf = false, self_mute = false;  ///< by the user
  bool self_stream = false;                   ///< "Go Live"
  bool self_video = false;                    ///< the camera is on
  bool suppress = false;                      ///< in a stage channel, without the right to speak
  Optional<std::string> request_to_speak_timestamp = {};  ///< ISO 8601
};

/// VOICE_STATE_UPDATE. https://discord.com/developers/docs/events/gateway-events#voice-state-update
struct VoiceStateUpdate : GatewayEvent, VoiceState {};

/// VOICE_SERVER_UPDATE. https://discord.com/developers/docs/events/gateway-events#voice-server-update
struct VoiceServerUpdate : GatewayEvent {
  std::string token = {};
  Snowflake guild_id = {};
  Optional<std::string> endpoint = {};  ///< none: the voice server is gone, and another will be told
};

/// VOICE_CHANNEL_STATUS_UPDATE: the line of text below a voice channel's name.
struct VoiceChannelStatusUpdate : GatewayEvent {
  Snowflake id = {};  ///< of the channel
  Snowflake guild_id = {};
  Optional<std::string> status = {};  ///< none: it was taken away
};

}  // namespace lavapp::discord
