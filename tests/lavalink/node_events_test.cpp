// What a node sends: typed events, in order, and what is wrong with it never ends the session.
#include <gtest/gtest.h>

#include <stdexcept>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

std::string event_json(std::string type, std::string guild, std::string more) {
  return R"({"op":"event","type":")" + type + R"(","guildId":")" + guild + R"(")" + (more.empty() ? "" : "," + more) +
         "}";
}
std::string track_member() { return std::string(R"("track":)") + kTrackJson; }

class NodeEvents : public NodeTest {
 protected:
  void SetUp() override { connected(); }
};

TEST_F(NodeEvents, EachKindArrivesTyped) {
  std::vector<std::string> seen;
  node->on(Node::stats_update,
           [&](const StatsUpdate& e) { seen.push_back("stats " + std::to_string(e.stats.cpu.cores)); });
  node->on(Node::player_update, [&](const PlayerUpdate& e) { seen.push_back("update " + e.guild_id.to_string()); });
  node->on(Node::track_start, [&](const TrackStart& e) { seen.push_back("start " + e.track.info.title); });
  node->on(Node::track_end, [&](const TrackEnd& e) { seen.push_back("end " + e.reason.text); });
  node->on(Node::track_exception, [&](const TrackFailed& e) { seen.push_back("exception " + e.exception.cause); });
  node->on(Node::track_stuck,
           [&](const TrackStuck& e) { seen.push_back("stuck " + std::to_string(e.threshold.count())); });
  node->on(Node::voice_closed, [&](const VoiceClosed& e) { seen.push_back("voice " + std::to_string(e.code)); });
  node->on(Node::unknown, [&](const UnknownMessage& e) { seen.push_back("unknown " + e.op + " " + e.type); });
  peer->send_text(std::string(R"({"op":"stats",)") + (kStatsJson + 1));
  peer->send_text(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":2,"connected":true,"ping":3}})");
  peer->send_text(event_json("TrackStartEvent", "7", track_member()));
  peer->send_text(event_json("TrackEndEvent", "7", track_member() + R"(,"reason":"finished")"));
  peer->send_text(event_json(
      "TrackExceptionEvent", "7",
      track_member() + R"(,"exception":{"message":"m","severity":"common","cause":"c","causeStackTrace":"t"})"));
  peer->send_text(event_json("TrackStuckEvent", "7", track_member() + R"(,"thresholdMs":10000)"));
  peer->send_text(event_json("WebSocketClosedEvent", "7", R"("code":4006,"reason":"r","byRemote":true)"));
  peer->send_text(event_json("PluginEvent", "7", R"("x":1)"));
  peer->send_text(R"({"op":"plugin","x":1})");
  ASSERT_TRUE(run_until([&] { return seen.size() == 9; }));
  EXPECT_EQ(seen,
            (std::vector<std::string>{"stats 2", "update 7", "start c", "end finished", "exception c", "stuck 10000",
                                      "voice 4006", "unknown event PluginEvent", "unknown plugin "}));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(NodeEvents, RawTellsEveryMessageAsItCame) {
  std::vector<std::string> seen;
  node->on(Node::raw, [&](std::string_view text) { seen.emplace_back(text); });
  peer->send_text(R"({"op":"x"})");
  peer->send_text("no json");
  ASSERT_TRUE(run_until([&] { return seen.size() == 2; }));
  EXPECT_EQ(seen[0], R"({"op":"x"})");
  EXPECT_EQ(seen[1], "no json");
}

TEST_F(NodeEvents, WhatIsMalformedIsAWarningAndTheConnectionLives) {
  const std::vector<std::string> bad = {
      "no json",
      "",
      "[]",
      "{}",
      R"({"op":7})",
      R"({"op":"ready"})",
      R"({"op":"stats","players":"many"})",
      R"({"op":"playerUpdate","guildId":"7"})",
      R"({"op":"playerUpdate","guildId":"seven","state":{"time":1,"position":2,"connected":true,"ping":3}})",
      event_json("TrackStartEvent", "7", ""),
      event_json("TrackEndEvent", "7", track_member()),
      R"({"op":"event"})",
      R"({"op":"event","type":"TrackStartEvent","guildId":"7","track":)",
  };
  for (const auto& text : bad) {
    const auto before = warnings.size();
    peer->send_text(text);
    ASSERT_TRUE(run_until([&] { return warnings.size() == before + 1; })) << text;
  }
  peer->send_binary("\x01\x02");
  ASSERT_TRUE(run_until([&] { return warnings.size() == bad.size() + 1; }));
  EXPECT_EQ(node->state(), NodeState::ready);
  EXPECT_EQ(peer->sockets(), 1u);
}

TEST_F(NodeEvents, InvalidUtf8EndsTheConnectionAndItIsMadeAgain) {
  peer->send_text("{\"op\":\"\xff\xfe\"}");
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::invalid_utf8);
  EXPECT_EQ(peer->close_codes, std::vector{1007});
  advance(1s);
  EXPECT_TRUE(run_until_state(NodeState::ready));
}

TEST_F(NodeEvents, AnOversizedMessageEndsTheConnectionAndItIsMadeAgain) {
  auto with = options();
  with.max_message_size = 4096;
  connected(with);
  peer->close_codes.clear();
  peer->send_text(std::string(5000, ' '));
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.back().reason == Errc::message_too_big);
  EXPECT_EQ(peer->close_codes, std::vector{1009});
}

TEST_F(NodeEvents, AFrameThatIsNoneEndsTheConnectionAndItIsMadeAgain) {
  peer->send_raw("\xff\xff\xff\xff");
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::protocol_error);
}

TEST_F(NodeEvents, TheOrderOfTheWireIsKept) {
  std::vector<std::string> order;
  node->on(Node::track_start, [&](const TrackStart& e) { order.push_back("s" + e.guild_id.to_string()); });
  node->on(Node::player_update, [&](const PlayerUpdate& e) { order.push_back("u" + e.guild_id.to_string()); });
  node->on(Node::track_end, [&](const TrackEnd& e) { order.push_back("e" + e.guild_id.to_string()); });
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    const auto guild = std::to_string(1 + i % 3);
    peer->send_text(event_json("TrackStartEvent", guild, track_member()));
    peer->send_text(R"({"op":"playerUpdate","guildId":")" + guild +
                    R"(","state":{"time":1,"position":2,"connected":true,"ping":3}})");
    peer->send_text(event_json("TrackEndEvent", guild, track_member() + R"(,"reason":"stopped")"));
    for (const char* kind : {"s", "u", "e"}) expected.push_back(kind + guild);
  }
  ASSERT_TRUE(run_until([&] { return order.size() == expected.size(); }));
  EXPECT_EQ(order, expected);
}

TEST_F(NodeEvents, WhatIsKnownOfAPlayerIsUpToDateWhenItsListenersRun) {
  std::string title;
  bool gone = false;
  node->on(Node::track_start, [&](const TrackStart& e) { title = node->player(e.guild_id).track()->info.title; });
  node->on(Node::track_end, [&](const TrackEnd& e) { gone = !node->player(e.guild_id).track(); });
  peer->send_text(event_json("TrackStartEvent", "7", track_member()));
  peer->send_text(event_json("TrackEndEvent", "7", track_member() + R"(,"reason":"stopped")"));
  ASSERT_TRUE(run_until([&] { return gone; }));
  EXPECT_EQ(title, "c");
}

TEST_F(NodeEvents, AListenerMayDestroyTheNode) {
  int more = 0;
  node->on(Node::track_start, [&] { node.reset(); });
  node->on(Node::player_update, [&] { ++more; });
  peer->send_text(event_json("TrackStartEvent", "7", track_member()));
  peer->send_text(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":2,"connected":true,"ping":3}})");
  ASSERT_TRUE(run_until([&] { return node == nullptr; }));
  ASSERT_TRUE(run_until([&] { return peer->connections() == 0; }));
  EXPECT_EQ(more, 0);
}

TEST_F(NodeEvents, AListenerMayDestroyTheNodeAtEveryStep) {
  // The state change to each state in turn, from connect() to shutdown().
  for (const auto at :
       {NodeState::connecting, NodeState::awaiting_ready, NodeState::ready, NodeState::closing, NodeState::closed}) {
    make();
    node->on(Node::state_change, [&](const StateChange& change) {
      if (change.to == at) node.reset();
    });
    const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
    ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
    if (node) {
      const auto done = begin<void>([&](auto token) { node->shutdown(KeepSession::yes, std::move(token)); });
      ASSERT_TRUE(run_until([&] { return done->has_value(); }));
    }
    ASSERT_TRUE(run_until([&] { return node == nullptr; })) << to_string(at);
    ASSERT_TRUE(run_until([&] { return peer->connections() == 0; })) << to_string(at);
  }
}

class NodeThrows : public NodeTest {};

TEST_F(NodeThrows, WhatAListenerThrowsIsReportedAndStopsNobody) {
  int reported = 0;
  RuntimeOptions quiet;
  quiet.clock = clock;
  quiet.on_exception = [&](std::exception_ptr) { ++reported; };
  Runtime other(context, quiet);
  node = std::make_unique<Node>(other, options());
  int heard = 0;
  node->on(Node::ready, [] { throw std::runtime_error("from ready"); });
  node->on(Node::state_change, [] { throw std::runtime_error("from state_change"); });
  node->on(Node::ready, [&] { ++heard; });
  const auto ready = begin<Ready>([&](auto done) {
    node->connect([done = std::move(done)](Result<Ready> result) mutable {
      done(std::move(result));
      throw std::runtime_error("from the callback");
    });
  });
  ASSERT_TRUE(run_until([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->has_value());
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(reported, 5) << "three states, one ready, one callback";
  EXPECT_EQ(node->state(), NodeState::ready);
  node.reset();
  poll();
}

}  // namespace
}  // namespace lavapp::lavalink
