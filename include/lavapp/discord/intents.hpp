// Intents: which events the gateway sends. https://discord.com/developers/docs/topics/gateway#gateway-intents
#pragma once

#include <cstdint>

namespace lavapp::discord {

/// A set of them: `intents::guilds | intents::guild_voice_states`.
using Intents = std::uint32_t;

namespace intents {

inline constexpr Intents guilds = 1u << 0;
inline constexpr Intents guild_members = 1u << 1;  ///< privileged
inline constexpr Intents guild_moderation = 1u << 2;
inline constexpr Intents guild_expressions = 1u << 3;
inline constexpr Intents guild_integrations = 1u << 4;
inline constexpr Intents guild_webhooks = 1u << 5;
inline constexpr Intents guild_invites = 1u << 6;
inline constexpr Intents guild_voice_states = 1u << 7;
inline constexpr Intents guild_presences = 1u << 8;  ///< privileged
inline constexpr Intents guild_messages = 1u << 9;
inline constexpr Intents guild_message_reactions = 1u << 10;
inline constexpr Intents guild_message_typing = 1u << 11;
inline constexpr Intents direct_messages = 1u << 12;
inline constexpr Intents direct_message_reactions = 1u << 13;
inline constexpr Intents direct_message_typing = 1u << 14;
inline constexpr Intents message_content = 1u << 15;  ///< privileged
inline constexpr Intents guild_scheduled_events = 1u << 16;
inline constexpr Intents auto_moderation_configuration = 1u << 20;
inline constexpr Intents auto_moderation_execution = 1u << 21;
inline constexpr Intents guild_message_polls = 1u << 24;
inline constexpr Intents direct_message_polls = 1u << 25;

/// They must be switched on for the application in Discord's developer portal; else the gateway closes with 4014.
inline constexpr Intents privileged = guild_members | guild_presences | message_content;
inline constexpr Intents unprivileged = guilds | guild_moderation | guild_expressions | guild_integrations | guild_webhooks |
                                        guild_invites | guild_voice_states | guild_messages | guild_message_reactions |
                                        guild_message_typing | direct_messages | direct_message_reactions |
                                        direct_message_typing | guild_scheduled_events | auto_moderation_configuration |
                                        auto_moderation_execution | guild_message_polls | direct_message_polls;
inline constexpr Intents all = privileged | unprivileged;
/// What a music bot needs to join voice channels.
inline constexpr Intents music = guilds | guild_voice_states;

}  // namespace intents
}  // namespace lavapp::discord
