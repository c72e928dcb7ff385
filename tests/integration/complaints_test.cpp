// What users of other clients complain of, tried on a sandbox node that is made to give cause. docs/node.md lists all of it,
// and where else it is tested.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

#include "integration/node_and_sandbox.hpp"
#include "integration/voice_fixture.hpp"
#include "lavapp/future.hpp"

namespace lavapp {
namespace {

using sandbox::Fault;

class Complaints : public NodeAndSandbox {
 protected:
  Got<Ready> begin_connect() {
    node = std::make_unique<Node>(runtime, options());
    return begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  }
  Result<SearchAnswer> search(const std::string& words) {
    return await<SearchAnswer>([&](auto done) { node->search(words, {SearchSource::youtube}, std::move(done)); });
  }
};

TEST_F(Complaints, AFirstHandshakeThatIsRefusedIsTriedAgain) {
  server->order(Fault::refuse(503).on_handshakes().times(3));
  const auto ready = begin_connect();
  ASSERT_TRUE(let_time_pass([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->has_value()) << (*ready)->error().what();
}

TEST_F(Complaints, ANodeThatIsNotThereYetIsWaitedFor) {
  server->restart(3s);
  ASSERT_TRUE(run_until([&] { return !server->running(); }));
  const auto ready = begin_connect();
  let_time_pass([] { return false; }, 1s);
  EXPECT_FALSE(ready->has_value());
  ASSERT_TRUE(let_time_pass([&] { return ready->has_value(); }));
  EXPECT_TRUE((*ready)->has_value()) << (*ready)->error().what();
}

TEST_F(Complaints, AFirstAttemptThatFailsDoesNotPoisonTheSecond) {
  server->order(Fault::refuse(403).on_handshakes());
  const auto first = begin_connect();
  ASSERT_TRUE(run_until([&] { return first->has_value(); }));
  ASSERT_FALSE((*first)->has_value());
  EXPECT_EQ((*first)->error().http_status, 403);
  EXPECT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
  EXPECT_TRUE(play("sandbox:1").has_value());
}

TEST_F(Complaints, AnErrorOfRestIsNotToldAsNothingFound) {
  connected();
  server->order(Fault::refuse(400, R"({"status":400,"error":"Bad Request","message":"no such source","path":"/v4/loadtracks"})")
                    .on_target("loadtracks"));
  const auto refused = search("harbour");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().http_status, 400);
  EXPECT_NE(refused.error().what().find("no such source"), std::string::npos) << refused.error().what();
  const auto failed = await<LoadResult>([&](auto done) { node->load_tracks("sandbox:error", std::move(done)); });
  ASSERT_TRUE(failed);
  EXPECT_NE(failed->exception(), nullptr);
}

TEST_F(Complaints, TheBodyOfA404IsNotReadAsAnAnswer) {
  connected();
  server->order(Fault::refuse(404, R"({"loadType":"empty","data":null})").on_target("loadtracks"));
  const auto result = search("harbour");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().http_status, 404);
}

TEST_F(Complaints, ThePositionStandsStillWhilePaused) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  advance(3s);
  auto player = node->player(7);
  ASSERT_TRUE(await<PlayerState>([&](auto done) { player.pause(true, std::move(done)); }).has_value());
  const auto paused_at = player.position();
  let_time_pass([] { return false; }, 30s);
  EXPECT_EQ(player.position(), paused_at);
  EXPECT_EQ(server->player(7)->position, paused_at);
}

TEST_F(Complaints, ABadFilterIsRefusedAndTheTrackPlaysOn) {
  connected();
  ASSERT_TRUE(play("sandbox:1").has_value());
  server->clear_requests();
  const auto result = await<PlayerState>(
      [&](auto done) { node->player(7).set_filters(Filters().with_timescale({-1.0}), std::move(done)); });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::invalid_argument) << result.error().what();
  EXPECT_TRUE(server->requests().empty()) << "the node was asked";
  EXPECT_TRUE(server->player(7)->track.has_value());
}

// The node is in another process, or in effect: on a thread of its own.
TEST(ComplaintsThreads, ASlowListenerOfOneGuildHoldsUpNoOther) {
  struct State {
    std::promise<void> other, done;
    std::atomic<bool> in_time{false};
  };
  const auto state = std::make_shared<State>();
  sandbox::Node server;
  RuntimeOptions with;
  with.threads = 2;
  Runtime runtime(with);
  NodeOptions options;
  options.host = server.host();
  options.port = server.port();
  options.user_id = kBot;
  Node node(runtime, options);
  node.on(Node::track_start, [state](const TrackStart& event) {
    if (event.guild_id == Snowflake(2)) return state->other.set_value();
    state->in_time = state->other.get_future().wait_for(10s) == std::future_status::ready;
    state->done.set_value();
  });
  node.connect(use_future).get();
  const auto found = node.load_tracks("sandbox:1", use_future).get();
  const auto& track = found.tracks().front();
  node.player(1).play(track, use_future).get();
  node.player(2).play(track, use_future).get();
  ASSERT_EQ(state->done.get_future().wait_for(20s), std::future_status::ready);
  EXPECT_TRUE(state->in_time);
}

using VoiceComplaints = VoiceTest;

TEST_F(VoiceComplaints, OurOwnMoveIsNotTakenForTrouble) {
  joined();
  const auto moving = begin_join(kStage);
  ASSERT_TRUE(let_time_pass([&] { return moving->has_value(); }));
  lavalink_server->send_text(R"({"op":"event","type":"WebSocketClosedEvent","guildId":"7","code":4014,)"
                             R"("reason":"Disconnected.","byRemote":true})");
  let_time_pass([] { return false; }, 20s);
  EXPECT_EQ(events, (std::vector<std::string>{"joined 11", "moved 11 12"}));
  EXPECT_EQ(asked(), (std::vector<std::string>{"11", "12"}));
  EXPECT_EQ(updates().size(), 2u);
  EXPECT_TRUE(voice->is_connected(kGuild));
}

}  // namespace
}  // namespace lavapp
