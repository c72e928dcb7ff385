// What comes too late, of a session that has gone, changes nothing and is counted; and what a node's own events say of
// their times.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

std::string update_json(std::string guild) {
  return R"({"op":"playerUpdate","guildId":")" + guild + R"(","state":{"time":1,"position":2,"connected":true,"ping":3}})";
}

class NodeFencing : public NodeTest {
 protected:
  static constexpr const char* kPlayer = "/v4/sessions/s1/players/7";
  /// The node has got a PATCH of the player, and does not answer.
  template <class T, class Start>
  Got<T> ask_in_vain(Start&& start) {
    connected();
    peer->routes[std::string("PATCH ") + kPlayer] = [](const net::HttpRequest&) { return std::nullopt; };
    auto answer = begin<T>(std::forward<Start>(start));
    EXPECT_TRUE(run_until([&] { return peer->last("PATCH", kPlayer) != nullptr; }));
    return answer;
  }
  Got<PlayerSnapshot> ask_for_half_the_volume() {
    PlayerUpdateRequest update;
    update.volume = 50;
    return ask_in_vain<PlayerSnapshot>([&](auto done) { node->update_player(7, update, Replace::yes, std::move(done)); });
  }
  /// Now it does.
  template <class T>
  void answer_late(const Got<T>& got) {
    peer->answer_late("PATCH", kPlayer, test::json_answer(player_json("7", kTrackJson)));
    ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  }
  /// The WebSocket ends, the REST connections stay, and the node has forgotten the session.
  void lose_session() {
    peer->greeting = [](const net::HttpRequest&) {
      return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
    };
    peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
    peer->send_close(1001);
    ASSERT_TRUE(run_until_state(NodeState::reconnecting));
    advance(attempts.back().delay);
    ASSERT_TRUE(run_until_state(NodeState::ready));
    ASSERT_EQ(node->session_id(), "s2");
  }
};

TEST_F(NodeFencing, AnAnswerOfASessionThatHasGoneIsDroppedAndCounted) {
  const auto answer = ask_for_half_the_volume();
  lose_session();
  answer_late(answer);
  ASSERT_FALSE((*answer)->has_value());
  EXPECT_TRUE((*answer)->error() == Errc::no_session);
  EXPECT_EQ((*answer)->error().route, "PATCH /v4/sessions/s1/players/7");
  EXPECT_FALSE(node->player(7).track()) << "it belongs to a player that is gone";
  EXPECT_EQ(node->dropped_events().old_replies, 1u);
}

TEST_F(NodeFencing, TheAnswerToAVoiceUpdateOfASessionThatHasGoneIsNoSuccess) {
  const auto answer = ask_in_vain<PlayerState>(
      [&](auto done) { node->player(7).update_voice({"token", "endpoint", "voice", 11}, std::move(done)); });
  lose_session();
  answer_late(answer);
  ASSERT_FALSE((*answer)->has_value());
  EXPECT_TRUE((*answer)->error() == Errc::no_session);
  EXPECT_EQ(node->dropped_events().old_replies, 1u);
}

TEST_F(NodeFencing, AnAnswerOfASessionThatWasResumedIsGood) {
  const auto answer = ask_for_half_the_volume();
  peer->send_close(1001);
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(attempts.back().delay);
  ASSERT_TRUE(run_until_state(NodeState::ready));
  answer_late(answer);
  EXPECT_TRUE((*answer)->has_value());
  EXPECT_EQ(node->dropped_events().old_replies, 0u);
}

TEST_F(NodeFencing, AnswersThatBelongToNoSessionAreGoodAtAnyTime) {
  connected();
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return std::nullopt; };
  const auto answer = begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->last("GET", "/v4/info") != nullptr; }));
  lose_session();
  peer->answer_late("GET", "/v4/info", test::json_answer(kInfoJson));
  ASSERT_TRUE(run_until([&] { return answer->has_value(); }));
  EXPECT_TRUE((*answer)->has_value());
}

class NodeSlowListeners : public NodeTest {
 protected:
  void send(std::string guild) {
    const auto before = heard_;
    peer->send_text(update_json(std::move(guild)));
    ASSERT_TRUE(run_until([&] { return heard_ > before; }));
    poll();
  }
  int heard_ = 0;
};

TEST_F(NodeSlowListeners, AreNamedByAWarningOnceAMinute) {
  connected();
  node->on(Node::player_update, [&](const PlayerUpdate& update) {
    ++heard_;
    if (update.guild_id != Snowflake(9)) clock->advance(1500ms);
  });
  send("9");
  EXPECT_TRUE(warnings.empty());
  send("7");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0] == Errc::slow_listener);
  EXPECT_EQ(warnings[0].message, "the listeners of Node::player_update of guild 7 blocked for 1500 ms");
  send("7");
  EXPECT_EQ(warnings.size(), 1u);
  send("8");
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[1].message, "the listeners of Node::player_update of guild 8 blocked for 1500 ms");
  advance(60s);
  send("7");
  EXPECT_EQ(warnings.size(), 3u);
}

TEST_F(NodeSlowListeners, TheOneThatWasSlowIsNamedAmongThoseThatCameTogether) {
  connected();
  node->on(Node::player_update, [&](const PlayerUpdate& update) {
    ++heard_;
    if (update.guild_id == Snowflake(7)) clock->advance(1500ms);
  });
  node->on(Node::stats_update, [&] { ++heard_; });
  for (const auto* guild : {"9", "7", "8"}) {
    peer->send_text(update_json(guild));
    peer->send_text(std::string(R"({"op":"stats",)") + (kStatsJson + 1));
  }
  ASSERT_TRUE(run_until([&] { return heard_ == 6; }));
  poll();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].message, "the listeners of Node::player_update of guild 7 blocked for 1500 ms");
}

TEST_F(NodeSlowListeners, TheTimeBetweenMessagesIsNobodys) {
  connected();
  node->on(Node::player_update, [&] { ++heard_; });
  send("7");
  advance(5s);
  send("7");
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(attempts.back().delay + 5s);
  ASSERT_TRUE(run_until_state(NodeState::ready));
  send("7");
  EXPECT_TRUE(warnings.empty());
}

TEST_F(NodeSlowListeners, OfAnEventWithoutAGuildAreNamedToo) {
  make();
  node->on(Node::ready, [&] { clock->advance(2s); });
  ASSERT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].message, "the listeners of Node::ready blocked for 2000 ms");
}

TEST_F(NodeSlowListeners, InALaneAreNamedToo) {
  auto with = options();
  with.guild_lanes = GuildLanes::on;
  connected(with);
  node->on(Node::player_update, [&] {
    ++heard_;
    clock->advance(1500ms);
  });
  send("7");
  ASSERT_TRUE(run_until([&] { return !warnings.empty(); }));
  EXPECT_EQ(warnings[0].message, "the listeners of Node::player_update of guild 7 blocked for 1500 ms");
}

TEST_F(NodeSlowListeners, AreNotNamedIfNobodyWantsToKnow) {
  auto with = options();
  with.slow_listener = 0ms;
  connected(with);
  node->on(Node::player_update, [&] {
    ++heard_;
    clock->advance(10s);
  });
  send("7");
  EXPECT_TRUE(warnings.empty());
}

}  // namespace
}  // namespace lavapp::lavalink
