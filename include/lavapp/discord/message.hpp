// Messages in text channels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/event.hpp"
#include "lavapp/discord/user.hpp"

namespace lavapp::discord {

/// Those that people and commands write. Any other keeps its number.
/// https://discord.com/developers/docs/resources/message#message-object-message-types
enum class MessageType : int {
  default_message = 0,
  reply = 19,
  chat_input_command = 20,
  context_menu_command = 23,
};

/// MESSAGE_CREATE. https://discord.com/developers/docs/resources/message#message-object
struct MessageCreate : GatewayEvent {
  Snowflake id = {};
  Snowflake channel_id = {};
  Snowflake guild_id = {};  ///< 0 outside of guilds
  User author = {};         ///< of a webhook's message: made up, with the webhook's id
  std::string content = {};  ///< empty without intents::message_content, but for messages to or about the bot
  std::string timestamp = {};  ///< ISO 8601
  MessageType type = MessageType::default_message;
  std::vector<Snowflake> mentions = {};  ///< users
  Optional<Snowflake> webhook_id = {};
  std::int64_t flags = 0;
};

}  // namespace lavapp::discord
