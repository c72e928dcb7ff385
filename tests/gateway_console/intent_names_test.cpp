#include "intent_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace intents = lavapp::discord::intents;
using console::gateway::list_intents;
using console::gateway::parse_intents;

namespace {

lavapp::discord::Intents parsed(const std::string& text) { return parse_intents(text).value(); }

/// The names of list_intents(), those with a mark or those without.
std::string names(bool privileged) {
  std::string joined;
  const auto lines = list_intents("");
  for (std::size_t begin = 0; begin < lines.size();) {
    const auto end = lines.find('\n', begin);
    auto line = lines.substr(begin, end - begin);
    const bool marked = line.size() > 2 && line.substr(line.size() - 2) == " *";
    if (marked) line.resize(line.size() - 2);
    if (marked == privileged) joined += (joined.empty() ? "" : ",") + line;
    begin = end + 1;
  }
  return joined;
}

}  // namespace

TEST(IntentNames, AreReadOneByOne) {
  EXPECT_EQ(parsed("guilds"), intents::guilds);
  EXPECT_EQ(parsed("guilds,guild_messages"), intents::guilds | intents::guild_messages);
  EXPECT_EQ(parsed("GUILD_VOICE_STATES"), intents::guild_voice_states);
}

TEST(IntentNames, StandForSets) {
  EXPECT_EQ(parsed("music"), intents::music);
  EXPECT_EQ(parsed("unprivileged"), intents::unprivileged);
  EXPECT_EQ(parsed("all"), intents::all);
  EXPECT_EQ(parsed("music,message_content"), intents::music | intents::message_content);
}

TEST(IntentNames, AreListedAllWithThePrivilegedOnesMarked) {
  EXPECT_EQ(parsed(names(true)), intents::privileged);
  EXPECT_EQ(parsed(names(false)), intents::unprivileged);
}

TEST(IntentNames, AreQuotedIfThereAreNone) {
  for (const auto* text : {"", "guild", "guilds,", ",guilds", "guilds, guild_messages", "1"}) {
    EXPECT_FALSE(parse_intents(text)) << text;
  }
  EXPECT_EQ(parse_intents("guilds,nonsense").error().message, "\"nonsense\" is no intent; --help lists them");
}
