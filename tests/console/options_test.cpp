#include "options.hpp"

#include <gtest/gtest.h>

using namespace console;

namespace {

Options parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "console");
  auto options = read_options(static_cast<int>(arguments.size()), arguments.data());
  EXPECT_TRUE(std::holds_alternative<Options>(options));
  return std::holds_alternative<Options>(options) ? std::get<Options>(options) : Options{};
}

using Words = std::vector<std::string>;

}  // namespace

TEST(Options, RunTheDemoWithoutAnyArgument) { EXPECT_EQ(parsed({}).words, Words{"demo"}); }

TEST(Options, OpenThePromptWithoutACommand) {
  EXPECT_TRUE(parsed({"--sandbox"}).words.empty());
  EXPECT_FALSE(parsed({"--sandbox"}).node);
}

TEST(Options, TakeOptionsBeforeAndAfterTheCommand) {
  const auto options = parsed({"--plain", "play", "ytsearch:a", "b", "--verbose"});
  EXPECT_EQ(options.words, (Words{"play", "ytsearch:a", "b"}));
  EXPECT_TRUE(options.plain);
  EXPECT_TRUE(options.verbose);
}

TEST(Options, DescribeARealNode) {
  const auto options = parsed({"--node", "[::1]:443", "--user-id", "170939974227541168", "--password", "p", "--secure",
                               "--path-prefix", "/lavalink", "info"});
  ASSERT_TRUE(options.node);
  EXPECT_EQ(options.node->host, "::1");
  EXPECT_EQ(options.node->port, 443);
  EXPECT_EQ(options.user_id, lavapp::Snowflake(170939974227541168));
  EXPECT_EQ(options.password, "p");
  EXPECT_TRUE(options.secure);
  EXPECT_EQ(options.path_prefix, "/lavalink");
}

TEST(Options, TakeVoiceDataAllTogether) {
  const auto options = parsed({"--guild", "81", "--voice-token", "t", "--voice-endpoint", "e", "--voice-session", "s",
                               "--voice-channel", "5", "info"});
  ASSERT_TRUE(options.voice);
  EXPECT_EQ(options.guild_id, lavapp::Snowflake(81));
  EXPECT_EQ(options.voice->token, "t");
  EXPECT_EQ(options.voice->channel_id, lavapp::Snowflake(5));
}

TEST(Options, LetSeekGoBack) { EXPECT_EQ(parsed({"seek", "-10s"}).words, (Words{"seek", "-10s"})); }
