// A queue whose node is in trouble: away, restarted, without an answer.
#include <gtest/gtest.h>

#include "integration/queue_and_sandbox.hpp"

namespace lavapp {
namespace {

using sandbox::Fault;

TEST_F(QueueAndSandbox, ATrackThatTheNodeDoesNotTakeIsLeftAndTheCallerIsTold) {
  make();
  add({"sandbox:1", "sandbox:2"});
  server->order(Fault::refuse(400).on_method("PATCH").on_target("/players/"));
  const auto played = play();
  ASSERT_FALSE(played.has_value());
  EXPECT_EQ(played.error().http_status, 400);
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:2"; }, 2s));
  EXPECT_EQ(told, (Told{"now sandbox:1", "failed sandbox:1", "now sandbox:2"}));
}

TEST_F(QueueAndSandbox, ANodeThatIsAwayCostsNoTracks) {
  make();
  add({"sandbox:1", "sandbox:2"});
  server->drop_connections();
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  EXPECT_EQ(play().error(), Errc::no_session);
  EXPECT_EQ(told, (Told{"now sandbox:1", "stopped node_failed"}));
  EXPECT_EQ(*error, Errc::no_session);
  advance(1s);
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::ready; }));
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(on_node(), "sandbox:1");
}

TEST_F(QueueAndSandbox, ATrackWhoseAnswerWasLostPlaysAndIsFollowedByTheNext) {
  make();
  add({"sandbox:short", "sandbox:1"});
  server->order(Fault::cut().on_method("PATCH").on_target("/players/"));
  EXPECT_FALSE(play().has_value());
  ASSERT_TRUE(run_until([&] { return queue->state() == QueueState::playing; }));
  EXPECT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 10s));
}

TEST_F(QueueAndSandbox, AnEndThatCameDuringALostConnectionIsHeardAfterIt) {
  make();
  add({"sandbox:short", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  server->drop_connections();
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  server->order(Fault::refuse(503).on_handshakes().times(3));
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 60s));
  EXPECT_EQ(readies, (std::vector{false, true}));
  EXPECT_EQ(told, (Told{"now sandbox:short", "now sandbox:1"}));
}

TEST_F(QueueAndSandbox, ANodeThatDoesNotSayWhatPlaysIsAskedAgain) {
  const auto on_players = [](Fault fault) { return std::move(fault).on_method("GET").on_target("/players"); };
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  server->order(on_players(Fault::hang()));
  server->order(on_players(Fault::refuse(503)).times(3));
  server->order(on_players(Fault::refuse(429)).header("Retry-After", "45"));
  server->order(on_players(Fault::answer("[]")));
  server->drop_connections();
  ASSERT_TRUE(until("now sandbox:2", 2min)) << "sandbox:1 lasts longer";
  EXPECT_EQ(told, (Told{"now sandbox:1", "now sandbox:2"}));
}

TEST_F(QueueAndSandbox, WhatHangsInThePoolDoesNotKeepTheNodeFromSayingWhatPlays) {
  auto with = options();
  with.rest_connections = 1;
  connected(with);
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  server->order(Fault::hang().on_target("/loadtracks"));
  server->order(Fault::answer("[]").on_method("GET").on_target("/players"));
  node->load_tracks("sandbox:3", [](Result<LoadResult>) {});
  server->close_websockets(1001);
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  clock->advance(1s);
  EXPECT_TRUE(run_until([&] { return told.back() == "now sandbox:2"; })) << "no time passes that would end what hangs";
}

TEST_F(QueueAndSandbox, WithANewSessionItSaysSoAndCanBeginTheTrackAgain) {
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  queue->on(Queue::stopped, [&](const QueueStopped& e) {
    if (e.reason == StopReason::session_lost) queue->play([](Result<void>) {});
  });
  server->restart();
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2 && on_node() == "sandbox:1"; }, 60s));
  EXPECT_EQ(told, (Told{"now sandbox:1", "stopped session_lost"}));
  EXPECT_EQ(queue->upcoming().size(), 1u);
}

TEST_F(QueueAndSandbox, ARestartedBotReadsBackWhoAskedAndGoesOn) {
  make();
  auto track = found("sandbox:short");
  track.user_data = JsonText(R"({"why":"because"})");
  ASSERT_TRUE(queue->add({track, 42}).has_value());
  ASSERT_TRUE(play().has_value());
  const auto session = node->session_id();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());

  auto with = options();
  with.session_id = session;
  queue.reset();
  connected(with);
  make();
  add({"sandbox:1"});
  told.clear();
  const auto restore = [&](auto done) { queue->restore(std::move(done)); };
  const auto restored = await<void>(restore);
  ASSERT_TRUE(restored.has_value()) << restored.error().what();
  EXPECT_EQ(queue->state(), QueueState::playing);
  EXPECT_EQ(queue->current()->requester, Snowflake(42));
  EXPECT_EQ(queue->current()->track.user_data.text, R"({"why":"because"})");
  EXPECT_EQ(await<void>(restore).error(), Errc::invalid_argument);
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:1"; }, 10s));
  EXPECT_EQ(told, (Told{"now sandbox:short", "now sandbox:1"}));
}

TEST_F(QueueAndSandbox, ThereMayBeNothingToReadBack) {
  make();
  EXPECT_EQ(await<void>([&](auto done) { queue->restore(std::move(done)); }).error().http_status, 404);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { node->player(7).set_volume(50, std::move(done)); }).has_value());
  EXPECT_TRUE(await<void>([&](auto done) { queue->restore(std::move(done)); }).has_value());
  EXPECT_EQ(queue->state(), QueueState::idle);
}

TEST_F(QueueAndSandbox, ANodeThatAsksForALongPauseIsWaitedFor) {
  make();
  add({"sandbox:1", "sandbox:2"});
  server->order(Fault::refuse(429).header("Retry-After", "45").on_method("PATCH").on_target("/players/"));
  EXPECT_EQ(play().error().http_status, 429);
  EXPECT_EQ(queue->state(), QueueState::waiting);
  EXPECT_EQ(told, (Told{"now sandbox:1"}));
  ASSERT_TRUE(let_time_pass([&] { return queue->state() == QueueState::playing && on_node() == "sandbox:1"; }, 50s));
  EXPECT_EQ(told, (Told{"now sandbox:1"}));
}

TEST_F(QueueAndSandbox, AQueueMayOutliveItsNode) {
  make();
  add({"sandbox:1", "sandbox:2"});
  ASSERT_TRUE(play().has_value());
  node.reset();
  EXPECT_EQ(skip().error(), Errc::closed);
  EXPECT_EQ(queue->state(), QueueState::stopped);
  EXPECT_TRUE(queue->add(*queue->current()).has_value());
}

}  // namespace
}  // namespace lavapp
