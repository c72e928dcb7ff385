// Discord's voice events, as JSON text, read as far as a voice connection needs them.
//
// Errors: `bad_payload`, with the field's name. https://discord.com/developers/docs/events/gateway-events#voice
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

/// A voice state, of any user.
struct VoiceStateEvent {
  Optional<Snowflake> guild_id = {};  ///< none outside of guilds
  Optional<Snowflake> channel_id = {};
  Snowflake user_id = {};
  std::string session_id = {};
  bool self_mute = false;
  bool self_deaf = false;
};
Result<VoiceStateEvent> read_voice_state(std::string_view d);

struct VoiceServerEvent {
  Snowflake guild_id = {};
  std::string token = {};
  Optional<std::string> endpoint = {};
};
Result<VoiceServerEvent> read_voice_server(std::string_view d);

/// A shard of `count`, and the guilds that it has. https://discord.com/developers/docs/events/gateway#sharding
struct GatewayShard {
  std::uint64_t id = 0;
  std::uint64_t count = 1;
  bool has(Snowflake guild_id) const noexcept { return (guild_id.value() >> 22) % count == id; }
};
/// READY. A bot that has told no shard hears of none: it has all guilds.
Result<GatewayShard> read_ready(std::string_view d);

/// A whole payload of the gateway.
struct GatewayEvent {
  std::string name = {};  ///< `t`
  std::string data = {};  ///< `d`, as JSON text
};
/// One that names none of the events which matter here is not read: nothing.
Result<Optional<GatewayEvent>> read_gateway_event(std::string_view payload);

}  // namespace lavapp::lavalink
