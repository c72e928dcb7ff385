// Node and Player against the sandbox node: the whole way, on a clock that the test moves.
#include "integration/node_and_sandbox.hpp"

namespace lavapp {
namespace {

TEST_F(NodeAndSandbox, FindsPlaysPausesSeeksAndStops) {
  connected();
  ASSERT_TRUE(play("sandboxsearch:harbour").has_value());
  auto player = node->player(7);
  ASSERT_TRUE(player.track().has_value());
  EXPECT_EQ(player.track()->info.title, "Harbour Lights at Four");
  ASSERT_TRUE(run_until([&] { return !events.empty(); }));
  advance(3s);
  EXPECT_GE(player.position().value(), 2900ms);
  EXPECT_LE(player.position().value(), 3100ms);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.pause(true, std::move(done)); }).has_value());
  EXPECT_TRUE(player.paused());
  const auto frozen = player.position();
  advance(4s);
  EXPECT_EQ(player.position(), frozen);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.seek(100s, std::move(done)); }).has_value());
  EXPECT_EQ(player.position(), 100s);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.pause(false, std::move(done)); }).has_value());
  Filters fast;
  fast.timescale = Timescale{2.0, {}, {}};
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.set_filters(fast, std::move(done)); }).has_value());
  advance(1s);
  EXPECT_GE(player.position().value(), 101'900ms);
  EXPECT_LE(player.position().value(), 102'100ms);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.set_volume(40, std::move(done)); }).has_value());
  EXPECT_EQ(player.volume(), 40);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.stop(std::move(done)); }).has_value());
  EXPECT_FALSE(player.track().has_value());
  ASSERT_TRUE(run_until([&] { return events.size() == 2; }));
  EXPECT_EQ(events[1], "end stopped");
}

TEST_F(NodeAndSandbox, ATrackEndsAtItsEndTime) {
  connected();
  PlayOptions until;
  until.position = 1s;
  until.end_time = 3s;
  ASSERT_TRUE(play("sandbox:1", until).has_value());
  ASSERT_TRUE(run_until([&] { return !events.empty(); }));
  const auto player = node->player(7);
  clock->advance(9s);  // the node is not asked
  EXPECT_EQ(player.position(), 3s);
  EXPECT_TRUE(let_time_pass([&] { return events.size() >= 2; }, 1s));
  EXPECT_EQ(events.back(), "end finished");
  EXPECT_FALSE(player.position());
}

TEST_F(NodeAndSandbox, AStreamHasNoPosition) {
  connected();
  ASSERT_TRUE(play("sandbox:endless").has_value());
  auto player = node->player(7);
  ASSERT_TRUE(player.track().has_value() && player.track()->info.is_stream);
  EXPECT_FALSE(player.position());
  advance(10s);
  EXPECT_FALSE(player.position());
}

TEST_F(NodeAndSandbox, ATrackEndsByItself) {
  connected();
  ASSERT_TRUE(play("sandbox:short").has_value());
  EXPECT_TRUE(let_time_pass([&] { return events.size() >= 2; }, 10s));
  EXPECT_EQ(events.back(), "end finished");
  EXPECT_FALSE(node->player(7).track().has_value());
}

TEST_F(NodeAndSandbox, AFailingTrackIsExceptionAndEnd) {
  connected();
  ASSERT_TRUE(play("sandbox:fail").has_value());
  ASSERT_TRUE(let_time_pass([&] { return events.size() >= 3; }, 2s));
  EXPECT_EQ(events[1], "exception");
  EXPECT_EQ(events[2], "end loadFailed");
}

TEST_F(NodeAndSandbox, ATrackThatDoesNotExistIsNothingFoundAndNoError) {
  connected();
  const auto nothing = await<LoadResult>([&](auto done) { node->load_tracks("sandbox:nowhere", std::move(done)); });
  ASSERT_TRUE(nothing.has_value());
  EXPECT_TRUE(nothing->tracks().empty());
  const auto failed = await<LoadResult>([&](auto done) { node->load_tracks("sandbox:error", std::move(done)); });
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->exception(), nullptr);
}

TEST_F(NodeAndSandbox, ALostConnectionIsResumedAndTheMusicGoesOn) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  server->drop_connections();
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  advance(1s);
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::ready; }));
  EXPECT_EQ(readies, (std::vector{false, true}));
  ASSERT_EQ(server->players().size(), 1u);
  EXPECT_TRUE(node->player(7).track().has_value());
  EXPECT_TRUE(await<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); }).has_value());
}

TEST_F(NodeAndSandbox, AfterTheNodesRestartASessionBeginsAnewAndSaysSo) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  const auto old = node->session_id();
  int warned = 0;
  node->on(Node::warning, [&] { ++warned; });
  server->restart();
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2; }, 60s));
  EXPECT_EQ(readies, (std::vector{false, false}));
  EXPECT_NE(node->session_id(), old);
  EXPECT_FALSE(node->player(7).track().has_value());
  EXPECT_EQ(warned, 1);
  EXPECT_TRUE(play("sandbox:2").has_value());
}

TEST_F(NodeAndSandbox, ASuccessorTakesUpTheSession) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  const auto session = node->session_id();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
  EXPECT_EQ(server->players().size(), 1u);
  auto with = options();
  with.session_id = session;
  connected(with);
  EXPECT_EQ(readies.back(), true);
  const auto players = await<std::vector<PlayerSnapshot>>([&](auto done) { node->fetch_players(std::move(done)); });
  ASSERT_TRUE(players.has_value());
  EXPECT_EQ(node->guilds(), std::vector<Snowflake>{7});
  EXPECT_EQ(node->player(7).track()->info.title, "Harbour Lights at Four");
}

TEST_F(NodeAndSandbox, ASessionThatIsEndedLeavesNothingBehind) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::no, std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return server->players().empty() && server->connections() == 0; }));
}

TEST_F(NodeAndSandbox, AWrongPasswordIsFinalAndNeverShown) {
  auto with = options();
  with.password = "hunter2";
  node = std::make_unique<Node>(runtime, with);
  const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().http_status, 401);
  EXPECT_EQ(ready.error().what().find("hunter2"), std::string::npos);
  EXPECT_EQ(node->state(), NodeState::closed);
}

TEST_F(NodeAndSandbox, AMachineThatHangsIsNoticedAndLeft) {
  connected();
  ASSERT_TRUE(let_time_pass([&] { return node->state() == NodeState::ready; }, 1s));
  const auto before = server->connections();
  for (int i = 0; i < 3; ++i) {
    server->half_open();
    ASSERT_TRUE(let_time_pass([&] { return node->state() == NodeState::reconnecting; }, 60s));
    server->half_open(false);
    ASSERT_TRUE(let_time_pass([&] { return node->state() == NodeState::ready; }, 120s));
  }
  EXPECT_TRUE(let_time_pass([&] { return server->connections() <= before; }, 120s)) << "each missed pong leaves nothing behind";
}

TEST_F(NodeAndSandbox, VoiceUpdatesThatHangEndByTheirOwnDeadline) {
  connected();
  server->hang_voice_updates();
  const auto joined = std::make_shared<std::optional<Result<PlayerState>>>();
  node->player(7).update_voice(VoiceState{"token", "endpoint", "session", 3},
                               [joined](Result<PlayerState> result) { joined->emplace(std::move(result)); });
  EXPECT_TRUE(await<PlayerState>([&](auto done) { node->player(8).pause(true, std::move(done)); }).has_value());
  EXPECT_TRUE(let_time_pass([&] { return joined->has_value(); }, 20s));
  EXPECT_TRUE((*joined)->error() == Errc::request_timeout);
}

TEST_F(NodeAndSandbox, TheWholeRestOfTheRoutesAnswers) {
  connected();
  EXPECT_EQ(await<std::string>([&](auto done) { node->fetch_version(std::move(done)); }).value().substr(0, 2), "4.");
  EXPECT_EQ(await<Info>([&](auto done) { node->fetch_info(std::move(done)); }).value().version.major, 4);
  EXPECT_TRUE(await<Stats>([&](auto done) { node->fetch_stats(std::move(done)); }).has_value());
  const auto track = found("sandbox:3");
  EXPECT_EQ(await<Track>([&](auto done) { node->decode_track(track.encoded, std::move(done)); }).value().info.title,
            track.info.title);
  const auto both = await<std::vector<Track>>([&](auto done) {
    node->decode_tracks({track.encoded, track.encoded}, std::move(done));
  });
  EXPECT_EQ(both.value().size(), 2u);
  EXPECT_FALSE(await<RouteplannerStatus>([&](auto done) { node->fetch_routeplanner_status(std::move(done)); })
                   .value()
                   .kind.has_value());
  const auto off = await<void>([&](auto done) { node->free_all_routeplanner_addresses(std::move(done)); });
  EXPECT_EQ(off.error().http_status, 500);
  EXPECT_EQ(off.error().route, "POST /v4/routeplanner/free/all");
}

}  // namespace
}  // namespace lavapp
