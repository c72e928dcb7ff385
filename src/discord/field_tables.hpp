// Discord's objects, field by field: the one place that knows what the wire calls what.
//
// A field is required where an event would be of no use without it. All tables are lenient: of what a music bot has no use
// for, which is most of it, nothing but the nesting is looked at.
#pragma once

#include "json/reader.hpp"
#include "lavapp/discord/events.hpp"

namespace lavapp::discord {

/// HELLO.
struct HelloBody {
  std::int64_t heartbeat_interval = 0;
};
/// Something of which only the id is wanted.
struct IdOf {
  Snowflake id = {};
};
/// A member whose user is wanted, and the text as a whole.
struct MemberOf {
  User user = {};
  JsonText text = {};
};
/// Who did it is told in either of two ways.
struct InteractionBody : InteractionCreate {
  MemberOf of_member = {};
};

}  // namespace lavapp::discord

namespace lavapp::json {

// What is read in a way of its own, in event_reader.cpp.
bool read_id_of(sj::value& value, Snowflake& out, Fault& fault);
bool read_ids_of(sj::value& value, std::vector<Snowflake>& out, Fault& fault);
bool read_shard(sj::value& value, Optional<discord::Shard>& out, Fault& fault);
bool read_member_of(sj::value& value, discord::MemberOf& out, Fault& fault);
bool read_texts(sj::value& value, std::vector<std::string>& out, Fault& fault);
bool read_options(sj::value& value, std::vector<discord::InteractionOption>& out, Fault& fault);
bool read_option_value(sj::value& value, discord::InteractionValue& out, Fault& fault);

// https://discord.com/developers/docs/events/gateway-events#hello
template <>
struct Table<discord::HelloBody> : Lenient {
  using T = discord::HelloBody;
  static constexpr std::tuple fields{required("heartbeat_interval", &T::heartbeat_interval)};
};
template <>
struct Table<discord::IdOf> : Lenient {
  using T = discord::IdOf;
  static constexpr std::tuple fields{required("id", &T::id)};
};

// https://discord.com/developers/docs/resources/user#user-object
template <>
struct Table<discord::User> : Lenient {
  using T = discord::User;
  static constexpr std::tuple fields{optional("username", &T::username), required("id", &T::id),
                                     optional("global_name", &T::global_name), optional("bot", &T::bot),
                                     optional("avatar", &T::avatar)};
};
template <>
struct Table<discord::MemberOf> : Lenient {
  using T = discord::MemberOf;
  static constexpr std::tuple fields{optional("user", &T::user)};
};

// https://discord.com/developers/docs/events/gateway-events#ready
template <>
struct Table<discord::GatewayReady> : Lenient {
  using T = discord::GatewayReady;
  static constexpr std::tuple fields{optional("v", &T::api_version),
                                     required("user", &T::user),
                                     required("session_id", &T::session_id),
                                     optional("resume_gateway_url", &T::resume_gateway_url),
                                     optional("shard", &T::shard, read_shard),
                                     required("guilds", &T::guilds, read_ids_of),
                                     optional("application", &T::application_id, read_id_of)};
};

// https://discord.com/developers/docs/resources/voice#voice-state-object
template <>
struct Table<discord::VoiceState> : Lenient {
  using T = discord::VoiceState;
  static constexpr std::tuple fields{optional("guild_id", &T::guild_id),
                                     optional("channel_id", &T::channel_id),
                                     required("user_id", &T::user_id),
                                     optional("member", &T::member, read_unchecked),
                                     required("session_id", &T::session_id),
                                     optional("deaf", &T::deaf),
                                     optional("mute", &T::mute),
                                     optional("self_deaf", &T::self_deaf),
                                     optional("self_mute", &T::self_mute),
                                     optional("self_stream", &T::self_stream),
                                     optional("self_video", &T::self_video),
                                     optional("suppress", &T::suppress),
                                     optional("request_to_speak_timestamp", &T::request_to_speak_timestamp)};
};
template <>
struct Table<discord::VoiceStateUpdate> : Table<discord::VoiceState> {};

// https://discord.com/developers/docs/events/gateway-events#voice-server-update
template <>
struct Table<discord::VoiceServerUpdate> : Lenient {
  using T = discord::VoiceServerUpdate;
  static constexpr std::tuple fields{required("token", &T::token), required("guild_id", &T::guild_id),
                                     optional("endpoint", &T::endpoint)};
};
template <>
struct Table<discord::VoiceChannelStatusUpdate> : Lenient {
  using T = discord::VoiceChannelStatusUpdate;
  static constexpr std::tuple fields{required("id", &T::id), required("guild_id", &T::guild_id),
                                     optional("status", &T::status)};
};

// https://discord.com/developers/docs/resources/channel#channel-object
template <>
struct Table<discord::Channel> : Lenient {
  using T = discord::Channel;
  static constexpr std::tuple fields{required("id", &T::id),
                                     required("type", &T::type),
                                     optional("name", &T::name),
                                     optional("position", &T::position),
                                     optional("parent_id", &T::parent_id),
                                     optional("bitrate", &T::bitrate),
                                     optional("user_limit", &T::user_limit)};
};

// https://discord.com/developers/docs/events/gateway-events#guild-create
template <>
struct Table<discord::GuildCreate> : Lenient {
  using T = discord::GuildCreate;
  static constexpr std::tuple fields{required("id", &T::id),
                                     optional("unavailable", &T::unavailable),
                                     optional("name", &T::name),
                                     optional("owner_id", &T::owner_id),
                                     optional("joined_at", &T::joined_at),
                                     optional("large", &T::large),
                                     optional("member_count", &T::member_count),
                                     optional("voice_states", &T::voice_states),
                                     optional("channels", &T::channels),
                                     optional("members", &T::members, read_unchecked)};
};
// https://discord.com/developers/docs/resources/guild#unavailable-guild-object
template <>
struct Table<discord::GuildDelete> : Lenient {
  using T = discord::GuildDelete;
  static constexpr std::tuple fields{required("id", &T::id), optional("unavailable", &T::unavailable)};
};

// https://discord.com/developers/docs/resources/message#message-object
template <>
struct Table<discord::MessageCreate> : Lenient {
  using T = discord::MessageCreate;
  static constexpr std::tuple fields{required("id", &T::id),
                                     required("channel_id", &T::channel_id),
                                     optional("guild_id", &T::guild_id),
                                     required("author", &T::author),
                                     optional("content", &T::content),
                                     optional("timestamp", &T::timestamp),
                                     optional("type", &T::type),
                                     optional("mentions", &T::mentions, read_ids_of),
                                     optional("webhook_id", &T::webhook_id),
                                     optional("flags", &T::flags)};
};

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
template <>
struct Table<discord::InteractionOption> : Lenient {
  using T = discord::InteractionOption;
  static constexpr std::tuple fields{required("name", &T::name), required("type", &T::type),
                                     optional("value", &T::value, read_option_value),
                                     optional("options", &T::options, read_options), optional("focused", &T::focused)};
};
template <>
struct Table<discord::InteractionData> : Lenient {
  using T = discord::InteractionData;
  static constexpr std::tuple fields{optional("id", &T::id),
                                     optional("name", &T::name),
                                     optional("type", &T::type),
                                     optional("options", &T::options, read_options),
                                     optional("resolved", &T::resolved, read_unchecked),
                                     optional("target_id", &T::target_id),
                                     optional("custom_id", &T::custom_id),
                                     optional("component_type", &T::component_type),
                                     optional("values", &T::values, read_texts),
                                     optional("components", &T::components, read_unchecked)};
};
template <>
struct Table<discord::InteractionBody> : Lenient {
  using T = discord::InteractionBody;
  static constexpr std::tuple fields{required("id", &T::id),
                                     required("application_id", &T::application_id),
                                     required("type", &T::type),
                                     optional("data", &T::data),
                                     optional("guild_id", &T::guild_id),
                                     optional("channel_id", &T::channel_id),
                                     optional("user", &T::user),
                                     optional("member", &T::of_member, read_member_of),
                                     required("token", &T::token),
                                     optional("locale", &T::locale),
                                     optional("guild_locale", &T::guild_locale)};
};

}  // namespace lavapp::json
