#include "intent_names.hpp"

#include <algorithm>

namespace console::gateway {
namespace {

namespace intents = lavapp::discord::intents;
using lavapp::discord::Intents;

struct Name {
  std::string_view text;
  Intents bits;
};

constexpr Name singles[] = {{"guilds", intents::guilds},
                            {"guild_members", intents::guild_members},
                            {"guild_moderation", intents::guild_moderation},
                            {"guild_expressions", intents::guild_expressions},
                            {"guild_integrations", intents::guild_integrations},
                            {"guild_webhooks", intents::guild_webhooks},
                            {"guild_invites", intents::guild_invites},
                            {"guild_voice_states", intents::guild_voice_states},
                            {"guild_presences", intents::guild_presences},
                            {"guild_messages", intents::guild_messages},
                            {"guild_message_reactions", intents::guild_message_reactions},
                            {"guild_message_typing", intents::guild_message_typing},
                            {"direct_messages", intents::direct_messages},
                            {"direct_message_reactions", intents::direct_message_reactions},
                            {"direct_message_typing", intents::direct_message_typing},
                            {"message_content", intents::message_content},
                            {"guild_scheduled_events", intents::guild_scheduled_events},
                            {"auto_moderation_configuration", intents::auto_moderation_configuration},
                            {"auto_moderation_execution", intents::auto_moderation_execution},
                            {"guild_message_polls", intents::guild_message_polls},
                            {"direct_message_polls", intents::direct_message_polls}};
constexpr Name sets[] = {{"music", intents::music}, {"unprivileged", intents::unprivileged}, {"all", intents::all}};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view text, std::string_view name) {
  return std::equal(text.begin(), text.end(), name.begin(), name.end(), [](char a, char b) { return small(a) == b; });
}

Intents find(std::string_view text) {
  for (const auto& name : sets) {
    if (same(text, name.text)) return name.bits;
  }
  for (const auto& name : singles) {
    if (same(text, name.text)) return name.bits;
  }
  return 0;
}

}  // namespace

lavapp::Result<Intents> parse_intents(std::string_view text) {
  Intents all = 0;
  for (;;) {
    const auto comma = text.find(',');
    const auto name = text.substr(0, comma);
    const auto bits = find(name);
    if (bits == 0) {
      return lavapp::Error(lavapp::Errc::invalid_argument,
                           "\"" + std::string(name) + "\" is no intent; --help lists them");
    }
    all |= bits;
    if (comma == text.npos) return all;
    text.remove_prefix(comma + 1);
  }
}

std::string list_intents(std::string_view indent) {
  std::string lines;
  for (const auto& name : singles) {
    lines.append(indent).append(name.text).append((name.bits & intents::privileged) != 0 ? " *\n" : "\n");
  }
  return lines;
}

}  // namespace console::gateway
