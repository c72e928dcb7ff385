// The typed events of a shard on the sandbox gateway, in both encodings.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "discord/event_samples.hpp"
#include "lavapp/discord/gateway.hpp"
#include "lavapp/sandbox/gateway.hpp"
#include "support/runtime_test.hpp"

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;

class GatewayEvents : public test::RuntimeTest, public testing::WithParamInterface<Encoding> {
 protected:
  GatewayEvents() {
    sandbox::GatewayOptions with_guilds;
    with_guilds.guilds = {1ull << 22, 2ull << 22};
    server.emplace(runtime, with_guilds);
    GatewayOptions options;
    options.token = "sandbox";
    options.url = server->url();
    options.encoding = GetParam();
    shard.emplace(runtime, options);
    shard->on(Gateway::ready, [this](const GatewayReady& event) { ready = event; });
    shard->on(Gateway::error, [this](const Error& error) { errors.push_back(error.what()); });
    shard->on(Gateway::warning, [this](const Error& error) { warnings.push_back(error.what()); });
    shard->on(Gateway::debug, [this](std::string_view line) { debug += line; });
    shard->on(Gateway::guilds_ready, [this](const GuildsReady&) { note("guilds ready"); });
  }
  ~GatewayEvents() override {
    shard.reset();
    server.reset();
    poll();
  }

  void live() {
    shard->connect([](Result<void>) {});
    ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready; }));
    lines.clear();
  }
  void note(std::string line) { lines.push_back(std::move(line)); }
  /// What was dispatched before has all been heard.
  bool all_heard() {
    bool heard = false;
    const auto id = shard->on(Gateway::dispatch, [&](const Dispatch& event) { heard = heard || event.name() == "LAST"; });
    server->dispatch("LAST", "{}");
    const bool result = run_until([&] { return heard; });
    shard->off(Gateway::dispatch, id);
    return result;
  }

  std::optional<sandbox::Gateway> server;
  std::optional<Gateway> shard;
  GatewayReady ready;
  std::vector<std::string> lines, errors, warnings;
  std::string debug;
};

INSTANTIATE_TEST_SUITE_P(Each, GatewayEvents, testing::Values(Encoding::json, Encoding::etf),
                         [](const auto& one) { return one.param == Encoding::json ? "Json" : "Etf"; });

TEST_P(GatewayEvents, ReadyTellsUserAndShard) {
  live();
  EXPECT_EQ(ready.user.id, Snowflake(170939974227541168));
  EXPECT_EQ(ready.user.username, "sandbox");
  EXPECT_TRUE(ready.user.bot);
  ASSERT_TRUE(ready.shard);
  EXPECT_EQ(ready.shard->count, 1u);
  EXPECT_EQ(ready.guilds, (std::vector<Snowflake>{1ull << 22, 2ull << 22}));
}

TEST_P(GatewayEvents, EachIsToldWithItsText) {
  live();
  std::vector<std::string> raws;
  const auto heard = [&](std::string line, const GatewayEvent& event) {
    note(std::move(line));
    raws.emplace_back(event.raw());
  };
  shard->on(Gateway::guild_create, [&](const GuildCreate& e) { heard("guild " + e.name, e); });
  shard->on(Gateway::guild_delete, [&](const GuildDelete& e) { heard("no guild " + e.id.to_string(), e); });
  shard->on(Gateway::voice_state_update, [&](const VoiceStateUpdate& e) { heard("voice state of " + e.user_id.to_string(), e); });
  shard->on(Gateway::voice_server_update, [&](const VoiceServerUpdate& e) { heard("voice server " + *e.endpoint, e); });
  shard->on(Gateway::voice_channel_status_update, [&](const VoiceChannelStatusUpdate& e) { heard("status " + *e.status, e); });
  shard->on(Gateway::message_create, [&](const MessageCreate& e) { heard("message of " + e.author.username, e); });
  shard->on(Gateway::interaction_create, [&](const InteractionCreate& e) { heard("command " + e.data.name, e); });
  server->dispatch("GUILD_CREATE", sample::guild_create);
  server->dispatch("VOICE_STATE_UPDATE", sample::voice_state);
  server->dispatch("VOICE_SERVER_UPDATE", sample::voice_server);
  server->dispatch("VOICE_CHANNEL_STATUS_UPDATE", sample::voice_channel_status);
  server->dispatch("MESSAGE_CREATE", sample::message);
  server->dispatch("INTERACTION_CREATE", sample::interaction);
  server->dispatch("GUILD_DELETE", sample::guild_delete);
  ASSERT_TRUE(all_heard());
  EXPECT_EQ(lines, (std::vector<std::string>{"guild Discord Developers", "voice state of 80351110224678912",
                                             "voice server sweetwater-12345.discord.media:2048", "status playing", "message of nelly",
                                             "command music", "no guild 41771983423143937"}));
  for (const auto& raw : raws) EXPECT_EQ(raw.front(), '{');
  EXPECT_TRUE(warnings.empty());
}

TEST_P(GatewayEvents, GuildsAreToldBeforeTheyAreAllReady) {
  shard->on(Gateway::guild_create, [&](const GuildCreate& e) { note("guild " + e.id.to_string()); });
  shard->connect([](Result<void>) {});
  ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready; }));
  EXPECT_EQ(lines, (std::vector<std::string>{"guild 4194304", "guild 8388608", "guilds ready"}));
}

TEST_P(GatewayEvents, AGuildComesBackAfterAnOutage) {
  live();
  shard->on(Gateway::guild_create, [&](const GuildCreate& e) { note(e.unavailable ? "still out" : "back"); });
  shard->on(Gateway::guild_delete, [&](const GuildDelete& e) { note(e.unavailable ? "out" : "removed"); });
  server->dispatch("GUILD_DELETE", R"({"id":"4194304","unavailable":true})");
  server->dispatch("GUILD_CREATE", R"({"id":"4194304","unavailable":true})");
  server->dispatch("GUILD_CREATE", R"({"id":"4194304","unavailable":false,"name":"n"})");
  server->dispatch("GUILD_DELETE", R"({"id":"4194304"})");
  ASSERT_TRUE(all_heard());
  EXPECT_EQ(lines, (std::vector<std::string>{"out", "still out", "back", "removed"}));
  EXPECT_EQ(shard->status(), GatewayStatus::ready);
}

TEST_P(GatewayEvents, OneThatCannotBeReadIsAWarningThatNamesItsField) {
  live();
  shard->on(Gateway::message_create, [&](const MessageCreate& e) { note("message " + e.id.to_string()); });
  shard->on(Gateway::guild_create, [&](const GuildCreate&) { note("guild"); });
  server->dispatch("MESSAGE_CREATE", R"({"id":"1","channel_id":"2","author":{"username":"u"}})");
  server->dispatch("MESSAGE_CREATE", R"([1])");
  server->dispatch("GUILD_CREATE", R"({"id":"1","channels":[{"id":"2","type":2},{"id":"3","type":"voice"}]})");
  server->dispatch("MESSAGE_CREATE", sample::message);
  ASSERT_TRUE(all_heard());
  EXPECT_EQ(lines, (std::vector<std::string>{"message 334385199974967042"}));
  ASSERT_EQ(warnings.size(), 3u);
  EXPECT_NE(warnings[0].find("MESSAGE_CREATE: author.id is missing"), std::string::npos) << warnings[0];
  EXPECT_NE(warnings[1].find("MESSAGE_CREATE: d must be an object, is an array"), std::string::npos) << warnings[1];
  EXPECT_NE(warnings[2].find("GUILD_CREATE: channels[1].type must be an integer, is a string"), std::string::npos) << warnings[2];
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(server->connections(), 1u);
}

TEST_P(GatewayEvents, NobodyListensAndNothingIsRead) {
  live();
  server->dispatch("MESSAGE_CREATE", "[]");
  server->dispatch("INTERACTION_CREATE", "[]");
  ASSERT_TRUE(all_heard());
  EXPECT_TRUE(warnings.empty());
}

TEST_P(GatewayEvents, ASecretIsInNoWarningAndNoLineOfDebug) {
  live();
  shard->on(Gateway::interaction_create, [&](const InteractionCreate&) { note("interaction"); });
  shard->on(Gateway::voice_server_update, [&](const VoiceServerUpdate&) { note("voice server"); });
  server->dispatch("INTERACTION_CREATE", sample::interaction);
  server->dispatch("INTERACTION_CREATE", R"({"id":"1","application_id":"2","type":"A_UNIQUE_TOKEN","token":"A_UNIQUE_TOKEN"})");
  server->dispatch("INTERACTION_CREATE", R"({"id":"1","application_id":"2","type":2,"token":["A_UNIQUE_TOKEN"]})");
  server->dispatch("VOICE_SERVER_UPDATE", R"({"token":{"A_UNIQUE_TOKEN":1},"guild_id":"1"})");
  ASSERT_TRUE(all_heard());
  EXPECT_EQ(lines, (std::vector<std::string>{"interaction"}));
  EXPECT_EQ(warnings.size(), 3u);
  for (const auto& warning : warnings) EXPECT_EQ(warning.find("UNIQUE"), std::string::npos) << warning;
  EXPECT_EQ(debug.find("UNIQUE"), std::string::npos) << debug;
}

TEST_P(GatewayEvents, AReadyThatCannotBeReadNamesItsField) {
  live();
  server->send(R"({"op":0,"t":"READY","s":1,"d":{"user":{"id":"1"},"guilds":[]}})");
  ASSERT_TRUE(run_until([&] { return !errors.empty(); }));
  EXPECT_NE(errors[0].find("READY: session_id is missing"), std::string::npos) << errors[0];
}

TEST_P(GatewayEvents, AHelloThatCannotBeReadNamesItsField) {
  server->greet_with(R"({"op":10,"d":{"heartbeat_interval":0}})");
  shard->connect([](Result<void>) {});
  ASSERT_TRUE(run_until([&] { return !errors.empty(); }));
  EXPECT_NE(errors[0].find("heartbeat_interval must be milliseconds"), std::string::npos) << errors[0];
}

}  // namespace
}  // namespace lavapp::discord
