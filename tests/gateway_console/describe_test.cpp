#include "describe.hpp"

#include <gtest/gtest.h>

namespace discord = lavapp::discord;
using console::gateway::describe;
using console::gateway::transport_of;
using lavapp::Errc;
using lavapp::Error;

TEST(Describe, TellsWhoseSessionItIs) {
  discord::GatewayReady ready;
  ready.session_id = "abc";
  ready.user.username = "lantern\x1b[2J";
  ready.guilds = {1, 2};
  EXPECT_EQ(describe(ready).text, "session abc as lantern[2J, 2 guilds to come");
}

TEST(Describe, LeavesTheVoiceTokenOut) {
  discord::VoiceServerUpdate update;
  update.guild_id = 81;
  update.token = "s3cret";
  update.endpoint = std::string("voice.example:443");
  EXPECT_EQ(describe(update).text, "guild 81 at voice.example:443");
  update.endpoint = {};
  EXPECT_EQ(describe(update).text, "guild 81 has none for now");
}

TEST(Describe, TellsJoiningFromLeaving) {
  discord::VoiceStateUpdate update;
  update.user_id = 7;
  update.session_id = "s3cret";
  update.channel_id = lavapp::Snowflake(5);
  EXPECT_EQ(describe(update).text, "user 7 in channel 5");
  update.channel_id = {};
  EXPECT_EQ(describe(update).text, "user 7 has left");
}

TEST(Describe, TellsWhatIsTriedNext) {
  discord::GatewayReconnecting event{2, std::chrono::milliseconds(1'500), true, Error(Errc::connection_lost)};
  EXPECT_EQ(describe(event).text, "attempt 2 in 1.5 s, to resume: connection lost");
  event.resuming = false;
  EXPECT_EQ(describe(event).text, "attempt 2 in 1.5 s, to a new session: connection lost");
}

TEST(Describe, TellsWhichGuildsAreMissing) {
  EXPECT_EQ(describe(discord::GuildsReady{}).text, "all have come");
  EXPECT_EQ(describe(discord::GuildsReady{{1}}).text, "1 guild did not come");
}

TEST(Describe, NamesTheTransport) {
  discord::GatewayOptions options;
  EXPECT_EQ(transport_of(options), "JSON, zlib-stream");
  options.encoding = discord::Encoding::etf;
  options.compression = discord::Compression::none;
  EXPECT_EQ(transport_of(options), "ETF, not compressed");
}
