#include "options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace discord = lavapp::discord;
using console::gateway::Options;
using console::gateway::read_options;
using console::gateway::Secret;

namespace {

constexpr auto some_token = "a-token-of-a-bot";

auto read(std::vector<const char*> arguments, const char* token) {
  arguments.insert(arguments.begin(), "gateway_console");
  return read_options(static_cast<int>(arguments.size()), arguments.data(), Secret(token));
}

Options parsed(std::vector<const char*> arguments, const char* token = some_token) {
  const auto options = read(std::move(arguments), token);
  EXPECT_TRUE(std::holds_alternative<Options>(options));
  return std::holds_alternative<Options>(options) ? std::get<Options>(options) : Options{};
}

/// What is said about a command line that is wrong.
std::string complaint(std::vector<const char*> arguments, const char* token = some_token) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const auto status = read(std::move(arguments), token);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(std::holds_alternative<int>(status) && std::get<int>(status) == 2) << text;
  return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(GatewayOptions, AskForTheDemoWithoutAToken) {
  EXPECT_TRUE(parsed({}, "").token.empty());
  EXPECT_TRUE(parsed({"--fast", "--plain"}, "").fast);
}

TEST(GatewayOptions, AskForDiscordWithAToken) {
  const auto options = parsed({});
  EXPECT_EQ(options.token.reveal(), some_token);
  EXPECT_EQ(options.shard.url, "wss://gateway.discord.gg");
  EXPECT_EQ(options.shard.intents, discord::intents::music);
  EXPECT_FALSE(options.duration);
  EXPECT_EQ(options.shard.token, "") << "it is in one place only";
}

TEST(GatewayOptions, AskForTheDemoInSpiteOfAToken) { EXPECT_TRUE(parsed({"--sandbox"}).token.empty()); }

TEST(GatewayOptions, DescribeAShard) {
  const auto options =
      parsed({"--intents", "guilds,guild_messages", "--shard", "3/16", "--encoding", "etf", "--compression",
              "zstd-stream", "--url", "ws://127.0.0.1:1", "--duration", "1m30s", "--keep-session", "--debug"});
  EXPECT_EQ(options.shard.intents, discord::intents::guilds | discord::intents::guild_messages);
  EXPECT_EQ(options.shard.shard.id, 3u);
  EXPECT_EQ(options.shard.shard.count, 16u);
  EXPECT_EQ(options.shard.encoding, discord::Encoding::etf);
  EXPECT_EQ(options.shard.compression, discord::Compression::zstd_stream);
  EXPECT_EQ(options.shard.url, "ws://127.0.0.1:1");
  EXPECT_EQ(options.duration, std::chrono::seconds(90));
  EXPECT_TRUE(options.keep_session);
  EXPECT_TRUE(options.debug);
}

TEST(GatewayOptions, KnowEachCompression) {
  EXPECT_EQ(parsed({"--compression", "none"}).shard.compression, discord::Compression::none);
  EXPECT_EQ(parsed({"--compression", "zlib-stream"}).shard.compression, discord::Compression::zlib_stream);
  EXPECT_EQ(parsed({"--compression", "payload"}).shard.compression, discord::Compression::payload);
}

TEST(GatewayOptions, SayWhatIsWrong) {
  EXPECT_TRUE(has(complaint({"--intents", "nonsense"}), "\"nonsense\" is no intent"));
  EXPECT_TRUE(has(complaint({"--shard", "2/2"}), "\"2/2\" is no shard"));
  EXPECT_TRUE(has(complaint({"--duration", "soon"}), "\"soon\" is no time"));
  EXPECT_TRUE(has(complaint({"--encoding", "xml"}), "--encoding"));
  EXPECT_TRUE(has(complaint({"--compression", "brotli"}), "--compression"));
  EXPECT_TRUE(has(complaint({"--nonsense"}), "--nonsense is no option"));
  EXPECT_TRUE(has(complaint({""}), "a word that belongs to no option"));
}

TEST(GatewayOptions, OfDiscordNeedAToken) {
  EXPECT_TRUE(has(complaint({"--shard", "0/2"}, ""), "--shard is for Discord, with DISCORD_TOKEN"));
  EXPECT_TRUE(has(complaint({"--keep-session"}, ""), "DISCORD_TOKEN"));
  EXPECT_TRUE(has(complaint({"--sandbox", "--url", "wss://gateway.discord.gg"}), "DISCORD_TOKEN"));
}

TEST(GatewayOptions, TakeNoTokenFromTheCommandLineAndRepeatNone) {
  EXPECT_EQ(complaint({"--token", "s3cret"}, "").find("s3cret"), std::string::npos);
  EXPECT_EQ(complaint({"--token=s3cret"}, "").find("s3cret"), std::string::npos);
  EXPECT_EQ(complaint({"s3cret"}, "").find("s3cret"), std::string::npos);
  EXPECT_EQ(complaint({"--intents", some_token}).find(some_token), std::string::npos);
}
