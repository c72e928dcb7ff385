// Guilds that come and go, with their channels.
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/event.hpp"
#include "lavapp/discord/voice.hpp"

namespace lavapp::discord {

/// One that is not named here keeps its number.
/// https://discord.com/developers/docs/resources/channel#channel-object-channel-types
enum class ChannelType : int {
  guild_text = 0,
  dm = 1,
  guild_voice = 2,
  group_dm = 3,
  guild_category = 4,
  guild_announcement = 5,
  announcement_thread = 10,
  public_thread = 11,
  private_thread = 12,
  guild_stage_voice = 13,
  guild_directory = 14,
  guild_forum = 15,
  guild_media = 16,
};

/// https://discord.com/developers/docs/resources/channel#channel-object
struct Channel {
  Snowflake id = {};
  ChannelType type = ChannelType::guild_text;
  std::string name = {};
  int position = 0;
  Optional<Snowflake> parent_id = {};  ///< its category
  int bitrate = 0;                     ///< of voice channels, in bit/s
  int user_limit = 0;                  ///< of voice channels; 0: none
};

/// GUILD_CREATE: one of the guilds that READY named; or one that an outage is over for, or that the bot was added to.
/// https://discord.com/developers/docs/events/gateway-events#guild-create
struct GuildCreate : GatewayEvent {
  Snowflake id = {};
  bool unavailable = false;  ///< an outage: there is nothing but the id
  std::string name = {};
  Snowflake owner_id = {};
  Optional<std::string> joined_at = {};  ///< when the bot was added, ISO 8601
  bool large = false;                    ///< not all members come along: see GatewayOptions::large_threshold
  int member_count = 0;
  std::vector<VoiceState> voice_states = {};  ///< those who are in a voice channel
  std::vector<Channel> channels = {};
  JsonText members = {};  ///< an array of guild member objects
};

/// GUILD_DELETE. https://discord.com/developers/docs/events/gateway-events#guild-delete
struct GuildDelete : GatewayEvent {
  Snowflake id = {};
  bool unavailable = false;  ///< true: an outage; false: the bot was removed
};

}  // namespace lavapp::discord
