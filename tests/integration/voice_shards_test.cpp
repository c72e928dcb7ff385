// The voice of a bot with several shards.
#include <gtest/gtest.h>

#include "integration/voice_fixture.hpp"

namespace lavapp {
namespace {

using Strings = std::vector<std::string>;

/// Guilds of shard 0 and of shard 1, of two.
constexpr Snowflake kEven = 2ull << 22, kOdd = 3ull << 22;

class VoiceShards : public VoiceTest {
 protected:
  void connect_shards(std::uint32_t count) {
    make();
    discord::ShardManagerOptions options;
    options.gateway.token = "sandbox";
    options.api = "http://127.0.0.1:" + std::to_string(discord_server->port()) + "/api/v10";
    options.shards.count = count;
    shards = std::make_unique<discord::ShardManager>(runtime, options);
    voice = std::make_unique<Voice>(connect_voice(*shards, *node));
    ASSERT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
    ended_well(begin<void>([&](auto done) { shards->connect(std::move(done)); }));
  }
  void join_guild(Snowflake guild) {
    ended_well(begin<PlayerState>([&](auto done) { voice->join(guild, VoiceJoin{kLounge}, std::move(done)); }));
  }
  template <class T>
  void ended_well(const Got<T>& got) {
    ASSERT_TRUE(let_time_pass([&] { return got->has_value(); }));
    ASSERT_TRUE((*got)->has_value()) << (*got)->error().what();
  }
  /// The guilds of the op 4 that were sent since `since` payloads.
  Strings asked_for(std::size_t since = 0) const {
    Strings guilds;
    const auto payloads = discord_server->payloads();
    for (auto i = since; i < payloads.size(); ++i) {
      if (payloads[i].op != 4) continue;
      const auto at = payloads[i].text.find("\"guild_id\":\"") + 12;
      guilds.push_back(payloads[i].text.substr(at, payloads[i].text.find('"', at) - at));
    }
    return guilds;
  }

  std::unique_ptr<discord::ShardManager> shards;
};

TEST_F(VoiceShards, ANewSessionOfOneShardLeavesTheGuildsOfTheOthersAlone) {
  connect_shards(2);
  join_guild(kEven);
  join_guild(kOdd);
  const auto before = discord_server->payloads().size();
  const auto shard = shards->shard(1);
  shard->set_session({});
  ASSERT_TRUE(shard->reconnect().has_value());
  ASSERT_TRUE(let_time_pass([&] { return !asked_for(before).empty(); }));
  ASSERT_TRUE(let_time_pass([&] { return voice->is_connected(kOdd); }));
  let_time_pass([] { return false; }, 2s);
  EXPECT_EQ(asked_for(before), Strings{kOdd.to_string()});
  EXPECT_TRUE(voice->is_connected(kEven));
  EXPECT_EQ(updates().size(), 3u);
}

TEST_F(VoiceShards, AReshardingJoinsAgainWithTheNewSessions) {
  connect_shards(1);
  join_guild(kEven);
  join_guild(kOdd);
  const auto before = discord_server->payloads().size();
  ended_well(begin<void>([&](auto done) { shards->reshard({2, 0, {}}, std::move(done)); }));
  ASSERT_TRUE(let_time_pass([&] { return asked_for(before).size() == 2; }));
  ASSERT_TRUE(let_time_pass([&] { return voice->is_connected(kEven) && voice->is_connected(kOdd); }));
  auto guilds = asked_for(before);
  std::sort(guilds.begin(), guilds.end());
  EXPECT_EQ(guilds, (Strings{kOdd.to_string(), kEven.to_string()}));  // as text, "12..." before "8..."
  EXPECT_EQ(updates().size(), 4u);
}

}  // namespace
}  // namespace lavapp
