// Interactions: commands, buttons, menus and forms that somebody has used.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/discord/event.hpp"
#include "lavapp/discord/user.hpp"

namespace lavapp::discord {

/// One that is not named here keeps its number.
/// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type
enum class InteractionType : int {
  ping = 1,
  application_command = 2,
  message_component = 3,
  application_command_autocomplete = 4,
  modal_submit = 5,
};

/// One that is not named here keeps its number.
/// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-type
enum class OptionType : int {
  sub_command = 1,
  sub_command_group = 2,
  string = 3,
  integer = 4,
  boolean = 5,
  user = 6,
  channel = 7,
  role = 8,
  mentionable = 9,
  number = 10,
  attachment = 11,
};

/// Nothing, for a subcommand or group. In autocompletion numbers that are still being written are strings.
using InteractionValue = std::variant<std::monostate, std::string, std::int64_t, double, bool>;

/// An option of a command, as it was filled in; or a subcommand or a group of them, with options of its own.
struct InteractionOption {
  std::string name = {};
  OptionType type = OptionType::string;
  InteractionValue value = {};
  std::vector<InteractionOption> options = {};
  bool focused = false;  ///< of autocompletion: this one is being written

  // The value, if it is of that kind.
  const std::string* text() const noexcept { return std::get_if<std::string>(&value); }
  Optional<std::int64_t> integer() const noexcept;
  Optional<double> number() const noexcept;  ///< integers too
  Optional<bool> flag() const noexcept;
  Optional<Snowflake> id() const noexcept;  ///< of a user, channel, role or attachment
};

/// What it is about; which fields there are depends on the interaction's type.
/// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-data
struct InteractionData {
  // Of a command.
  Snowflake id = {};
  std::string name = {};
  int type = 0;  ///< 1: a slash command; 2: about a user; 3: about a message
  std::vector<InteractionOption> options = {};
  JsonText resolved = {};              ///< the users, channels ... that options name, as objects by id
  Optional<Snowflake> target_id = {};  ///< the user or message that the command is about

  // Of a component or a form.
  std::string custom_id = {};
  int component_type = 0;
  std::vector<std::string> values = {};  ///< what was selected in a menu
  JsonText components = {};              ///< what a form was filled in with: an array of components

  /// The option of this name, of whichever subcommand was used; nullptr if it was not filled in.
  const InteractionOption* option(std::string_view name) const noexcept;
};

/// INTERACTION_CREATE. It must be answered within 3 s.
/// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
struct InteractionCreate : GatewayEvent {
  Snowflake id = {};
  Snowflake application_id = {};
  InteractionType type = InteractionType::application_command;
  InteractionData data = {};
  Snowflake guild_id = {};  ///< 0 outside of guilds
  Snowflake channel_id = {};
  User user = {};        ///< who did it, in a guild and outside
  JsonText member = {};  ///< who did it as a guild member object, with roles and permissions; empty outside of guilds
  std::string token = {};  ///< A secret: whoever has it can answer, for 15 minutes.
  std::string locale = {};        ///< the user's language
  std::string guild_locale = {};  ///< the guild's preferred language
};

}  // namespace lavapp::discord
