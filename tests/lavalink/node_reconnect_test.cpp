// What a Node does when its connection is lost, and how it is shut down.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;

class NodeReconnect : public NodeTest {
 protected:
  /// From a lost connection to the next `ready`.
  bool back() {
    if (!run_until_state(NodeState::reconnecting)) return false;
    advance(attempts.back().delay);
    return run_until_state(NodeState::ready);
  }
  void say_new_session() {
    peer->greeting = [](const net::HttpRequest&) {
      return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
    };
    peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
  }
  void play(std::string guild) {
    peer->send_text(R"({"op":"event","type":"TrackStartEvent","guildId":")" + guild + R"(","track":)" + kTrackJson +
                    "}");
    ASSERT_TRUE(run_until([&] { return node->player(*Snowflake::parse(guild)).track().has_value(); }));
  }
  Result<void> shutdown(KeepSession keep) {
    return await<void>([&](auto done) { node->shutdown(keep, std::move(done)); });
  }
};

TEST_F(NodeReconnect, ALostConnectionIsResumedAndPlayersStay) {
  connected();
  play("7");
  peer->drop(true);
  ASSERT_TRUE(back());
  EXPECT_EQ(peer->handshakes.size(), 2u);
  EXPECT_EQ(*find_header(peer->handshakes[1].headers, "Session-Id"), "s1");
  EXPECT_TRUE(node->player(7).track().has_value());
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(states.back(), NodeState::ready);
  poll();
  const auto patches =
      std::count_if(peer->requests.begin(), peer->requests.end(), [](const auto& r) { return r.method == "PATCH"; });
  EXPECT_EQ(patches, 1) << "the flag survives a resume";
}

TEST_F(NodeReconnect, ASessionThatIsNotResumedLosesItsPlayersAndSaysSo) {
  connected();
  play("7");
  std::string reason;
  node->on(Node::state_change, [&](const StateChange& change) {
    if (change.to == NodeState::ready) reason = change.reason;
  });
  say_new_session();
  peer->drop();
  ASSERT_TRUE(back());
  EXPECT_EQ(node->session_id(), "s2");
  EXPECT_FALSE(node->player(7).track().has_value());
  EXPECT_NE(reason.find("not resumed"), std::string::npos);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0] == Errc::no_session);
  ASSERT_TRUE(run_until([&] { return peer->last("PATCH", "/v4/sessions/s2") != nullptr; }));
}

TEST_F(NodeReconnect, ANodeThatGoesAwayInOrderIsTriedAgain) {
  connected();
  peer->send_close(1001, "going away");
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::closed_by_peer);
  EXPECT_EQ(attempts.at(0).reason.close_code, 1001);
  EXPECT_EQ(closed, 0);
}

TEST_F(NodeReconnect, ANodeThatNoLongerAnswersPingsIsLeft) {
  connected();
  peer->answers_pings = false;
  advance(30s);
  advance(5s);
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::pong_timeout) << attempts.at(0).reason.what();
  ASSERT_TRUE(back());
}

TEST_F(NodeReconnect, TheHeartbeatMeasuresLatency) {
  connected();
  EXPECT_EQ(node->latency().count(), 0);
  peer->answers_pings = false;
  advance(30s);
  ASSERT_TRUE(run_until([&] { return peer->unanswered_ping.has_value(); }));
  clock->advance(20ms);
  peer->answer_ping();
  ASSERT_TRUE(run_until([&] { return node->latency().count() != 0; }));
  EXPECT_EQ(node->latency(), 20ms);
}

TEST_F(NodeReconnect, WhileAwaySessionRequestsFailAtOnceAndOthersWork) {
  connected();
  peer->route("GET /v4/info", kInfoJson);
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  const auto players = await<std::vector<PlayerSnapshot>>([&](auto done) { node->fetch_players(std::move(done)); });
  EXPECT_TRUE(players.error() == Errc::no_session);
  EXPECT_TRUE(await<Info>([&](auto done) { node->fetch_info(std::move(done)); }).has_value());
}

TEST_F(NodeReconnect, WithReconnectionOffALossIsTheEnd) {
  auto with = options();
  with.reconnect.enabled = false;
  connected(with);
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::closed));
  EXPECT_EQ(errors.size(), 1u);
  EXPECT_EQ(closed, 1);
}

TEST_F(NodeReconnect, ShutdownKeepsTheSessionForASuccessor) {
  connected();
  EXPECT_TRUE(shutdown(KeepSession::yes).has_value());
  EXPECT_EQ(node->state(), NodeState::closed);
  EXPECT_EQ(node->session_id(), "s1");
  EXPECT_EQ(peer->close_codes, std::vector{1000});
  EXPECT_EQ(peer->last("PATCH", "/v4/sessions/s1")->body, R"({"resuming":true,"timeout":60})");
  EXPECT_EQ(closed, 1);
  EXPECT_TRUE(errors.empty());
  const auto again = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->resumed);
}

TEST_F(NodeReconnect, ShutdownEndsTheSession) {
  connected();
  play("7");
  EXPECT_TRUE(shutdown(KeepSession::no).has_value());
  EXPECT_EQ(peer->last("PATCH", "/v4/sessions/s1")->body, R"({"resuming":false})");
  EXPECT_EQ(peer->close_codes, std::vector{1000});
  EXPECT_EQ(node->session_id(), "");
  EXPECT_TRUE(node->guilds().empty());
  ASSERT_TRUE(run_until([&] { return peer->connections() == 0; })) << "REST connections stay open";
}

TEST_F(NodeReconnect, ShutdownEndsWhatIsPending) {
  connected();
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return std::nullopt; };
  const auto info = begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->last("GET", "/v4/info") != nullptr; }));
  EXPECT_TRUE(shutdown(KeepSession::yes).has_value());
  ASSERT_TRUE(info->has_value());
  EXPECT_TRUE((*info)->error() == Errc::closed);
}

TEST_F(NodeReconnect, ShutdownThatThePeerDoesNotAnswerIsCut) {
  connected();
  peer->answers_close = false;
  const auto done = begin<void>([&](auto token) { node->shutdown(KeepSession::yes, std::move(token)); });
  ASSERT_TRUE(run_until([&] { return !peer->close_codes.empty(); }));
  advance(10s);
  ASSERT_TRUE(run_until([&] { return done->has_value(); }));
  EXPECT_EQ(node->state(), NodeState::closed);
}

TEST_F(NodeReconnect, ShutdownHasADeadlineAfterWhichTheConnectionIsCut) {
  connected();
  peer->hangs = true;
  CallOptions call;
  call.deadline = 2s;
  const auto done = begin<void>([&](auto token) { node->shutdown(KeepSession::no, std::move(token), call); });
  ASSERT_TRUE(run_until_state(NodeState::closing));
  advance(2s);
  ASSERT_TRUE(run_until([&] { return done->has_value(); }));
  EXPECT_TRUE((*done)->error() == Errc::close_timeout);
  EXPECT_EQ(node->state(), NodeState::closed);
  ASSERT_TRUE(run_until([&] { return peer->connections() == 0; }));
}

TEST_F(NodeReconnect, ShutdownWhileConnectingEndsConnect) {
  peer->hangs = true;
  make();
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return !peer->handshakes.empty(); }));
  EXPECT_TRUE(shutdown(KeepSession::yes).has_value());
  ASSERT_TRUE(ready->has_value());
  EXPECT_TRUE((*ready)->error() == Errc::closed);
}

TEST_F(NodeReconnect, TwoShutdownsBothComplete) {
  connected();
  const auto first = begin<void>([&](auto token) { node->shutdown(KeepSession::yes, std::move(token)); });
  EXPECT_TRUE(shutdown(KeepSession::no).has_value());
  EXPECT_TRUE(first->has_value());
}

TEST_F(NodeReconnect, ANodeThatNeverOpenedShutsDownAtOnce) {
  make();
  EXPECT_TRUE(shutdown(KeepSession::yes).has_value());
  EXPECT_EQ(node->state(), NodeState::idle);
}

}  // namespace
}  // namespace lavapp::lavalink
