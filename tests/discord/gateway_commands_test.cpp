// What a shard sends: its limits, its waiting, and members that are asked for.
#include "discord/gateway_fixture.hpp"

namespace lavapp::discord {
namespace {

TEST_F(GatewayTest, CommandsWaitForReadyAndStayWithinTheLimit) {
  serve();
  make(options());
  std::vector<Result<void>> results;
  const auto send = [&] { shard->send(R"({"op":31,"d":{"guild_ids":["7"]}})", [&](Result<void> r) { results.push_back(std::move(r)); }); };
  send();
  ASSERT_TRUE(run_until([&] { return results.size() == 1; }));
  EXPECT_TRUE(results[0].error() == Errc::not_open);
  results.clear();
  connect();
  for (int i = 0; i < 220; ++i) send();
  ASSERT_TRUE(run_until([&] { return sent(31) >= 100; })) << shown();
  poll();
  EXPECT_LE(server->payloads().size(), 120u);
  ASSERT_TRUE(advance_until([&] { return results.size() == 220; })) << shown();
  for (const auto& result : results) EXPECT_TRUE(result) << result.error().what();
  ASSERT_TRUE(run_until([&] { return sent(31) == 220; }));
  EXPECT_EQ(server->connections(), 1u);  // it was never thrown out with 4008
}

TEST_F(GatewayTest, CommandsWaitWhileTheConnectionIsAway) {
  serve();
  live();
  server->drop_connections();
  ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::reconnecting; }));
  std::vector<Result<void>> results;
  for (int i = 0; i < 3; ++i) {
    shard->send(R"({"op":31,"d":{"guild_ids":["7"]}})", [&](Result<void> r) { results.push_back(std::move(r)); });
  }
  poll();
  EXPECT_TRUE(results.empty()) << results[0].error().what();
  ASSERT_TRUE(advance_until([&] { return results.size() == 3; }));
  for (const auto& result : results) EXPECT_TRUE(result) << result.error().what();
  EXPECT_TRUE(run_until([&] { return sent(31) == 3; }));
}

TEST_F(GatewayTest, PresencesHaveALimitOfTheirOwnAndHoldUpNobody) {
  serve();
  live();
  std::vector<int> order;
  const auto send = [&](int op) {
    shard->send(json{{"op", op}, {"d", json::object()}}.dump(), [&order, op](Result<void> r) {
      EXPECT_TRUE(r) << r.error().what();
      order.push_back(op);
    });
  };
  for (int i = 0; i < 7; ++i) send(3);
  send(31);
  ASSERT_TRUE(run_until([&] { return order.size() == 6; }));
  EXPECT_EQ(order, (std::vector<int>{3, 3, 3, 3, 3, 31}));
  advance(19s);
  EXPECT_EQ(order.size(), 6u);
  ASSERT_TRUE(advance_until([&] { return order.size() == 8; }));
  EXPECT_EQ(sent(3), 7u);
}

TEST_F(GatewayTest, MembersThatNobodyWaitsForAnyMoreAreNotAskedFor) {
  serve();
  server->ignore_identify();
  make(options());
  connect();
  ASSERT_TRUE(run_until([&] { return server->identifies() == 1; }));
  std::vector<Result<Members>> results;
  CancelSource stop;
  MembersRequest request;
  request.guild_id = 5;
  shard->request_members(request, [&](Result<Members> r) { results.push_back(std::move(r)); }, CallOptions{{}, stop.token()});
  poll();
  stop.cancel();
  ASSERT_TRUE(run_until([&] { return results.size() == 1; }));
  EXPECT_EQ(results[0].error(), Errc::cancelled);
  server->ignore_identify(false);
  ASSERT_TRUE(advance_until([&] { return shard->status() == GatewayStatus::ready; }));
  poll();
  EXPECT_EQ(sent(8), 0u);
}

TEST_F(GatewayTest, WhatIsTooBigOrNoJsonIsRefusedHere) {
  serve();
  auto wanted = options();
  wanted.max_queued_commands = 2;
  make(wanted);
  connect();
  std::vector<Result<void>> results;
  const auto send = [&](std::string text) { shard->send(std::move(text), [&](Result<void> r) { results.push_back(std::move(r)); }); };
  for (int i = 0; i < 3; ++i) send(R"({"op":3})");
  ASSERT_TRUE(run_until([&] { return results.size() == 1; }));
  EXPECT_TRUE(results[0].error() == Errc::queue_full);
  ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready && results.size() == 3; }));
  send("{\"op\":3,\"d\":\"" + std::string(4'096, 'x') + "\"}");
  ASSERT_TRUE(run_until([&] { return results.size() == 4; }));
  EXPECT_TRUE(results[3].error() == Errc::payload_too_big);
  for (const std::string text : {"{oops", "", "[]", "{}", R"({"op":"3"})"}) {
    const auto before = results.size();
    send(text);
    ASSERT_TRUE(run_until([&] { return results.size() == before + 1; }));
    EXPECT_TRUE(results.back().error() == Errc::invalid_argument) << text;
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(GatewayTest, CommandsFailWithWhatEndedTheShard) {
  serve();
  server->greet_with_nothing();
  make(options());
  connect();
  ASSERT_TRUE(run_until([&] { return server->connections() == 1; }));
  std::vector<Result<void>> results;
  shard->send(R"({"op":3})", [&](Result<void> r) { results.push_back(std::move(r)); });
  poll();
  server->close_connections(4004);
  ASSERT_TRUE(run_until([&] { return results.size() == 1; }));
  EXPECT_TRUE(results[0].error() == Errc::authentication_failed);
}

TEST_F(GatewayTest, MembersComeInChunksAndTheirRequestFailsWithTheSession) {
  serve();
  live();
  std::vector<Result<Members>> results;
  const auto ask = [&] {
    MembersRequest request;
    request.guild_id = 5;
    shard->request_members(request, [&](Result<Members> r) { results.push_back(std::move(r)); });
  };
  ask();
  ASSERT_TRUE(run_until([&] { return sent(8) == 1; }));
  const auto nonce = json::parse(server->payloads().back().text)["d"]["nonce"].get<std::string>();
  for (const int index : {1, 0}) {
    server->dispatch("GUILD_MEMBERS_CHUNK", json{{"guild_id", "5"}, {"nonce", nonce}, {"chunk_index", index}, {"chunk_count", 2}, {"members", {{{"n", index}}}}}.dump());
  }
  ASSERT_TRUE(run_until([&] { return results.size() == 1; }));
  ASSERT_TRUE(results[0]);
  ASSERT_EQ(results[0]->members.size(), 2u);
  EXPECT_EQ(results[0]->members[0].text, R"({"n":0})");

  ask();
  ASSERT_TRUE(run_until([&] { return sent(8) == 2; }));
  server->close_connections(4009);
  ASSERT_TRUE(run_until([&] { return results.size() == 2; }));
  EXPECT_TRUE(results[1].error() == Errc::session_invalid) << results[1].error().what();

  ASSERT_TRUE(advance_until([&] { return shard->status() == GatewayStatus::ready; }));
  ask();
  ASSERT_TRUE(run_until([&] { return sent(8) == 3; }));
  ASSERT_TRUE(advance_until([&] { return results.size() == 3; }));
  EXPECT_TRUE(results[2].error() == Errc::request_timeout);
}

TEST_F(GatewayTest, SoundboardSoundsAreAskedForByGuild) {
  serve();
  live();
  shard->request_soundboard_sounds({7, 8}, [](Result<void>) {});
  ASSERT_TRUE(run_until([&] { return sent(31) == 1; }));
  EXPECT_EQ(json::parse(server->payloads().back().text), json::parse(R"({"op":31,"d":{"guild_ids":["7","8"]}})"));
}

TEST_F(GatewayTest, ChannelInfoIsAskedForWithItsFields) {
  serve();
  live();
  shard->request_channel_info(7, {"status", "voice_start_time"}, [](Result<void>) {});
  ASSERT_TRUE(run_until([&] { return sent(43) == 1; }));
  EXPECT_EQ(json::parse(server->payloads().back().text),
            json::parse(R"({"op":43,"d":{"guild_id":"7","fields":["status","voice_start_time"]}})"));
}

}  // namespace
}  // namespace lavapp::discord
