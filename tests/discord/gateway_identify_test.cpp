// When a shard may identify, and where the gateway is.
#include <memory>

#include "discord/gateway_fixture.hpp"
#include "lavapp/discord/gateway_bot.hpp"
#include "lavapp/discord/identify_queue.hpp"

namespace lavapp::discord {
namespace {

/// Gives turns when it is told to.
class ManualQueue final : public IdentifyQueue {
 public:
  void wait(Shard, CancelToken cancel, Handler<void> turn) override {
    cancelled = cancel;
    turns.push_back(std::move(turn));
  }
  CancelToken cancelled;
  std::vector<Handler<void>> turns;
};

class GatewayTurns : public GatewayTest {
 protected:
  /// Up to the question whose turn it is.
  void wait_for_a_turn() {
    serve();
    auto with = options();
    with.identify_queue = queue;
    make(with);
    connect();
    ASSERT_TRUE(run_until([&] { return queue->turns.size() == 1; }));
  }

  const std::shared_ptr<ManualQueue> queue = std::make_shared<ManualQueue>();
};

TEST_F(GatewayTurns, IdentifiesWhenTheQueueSaysSo) {
  wait_for_a_turn();
  EXPECT_EQ(shard->status(), GatewayStatus::identifying);
  EXPECT_EQ(server->identifies(), 0u);
  queue->turns[0]({});
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected[0]);
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(GatewayTurns, ATurnIsGivenUpWithItsConnection) {
  wait_for_a_turn();
  const auto first = queue->cancelled;
  server->drop_connections();
  ASSERT_TRUE(run_until([&] { return first.cancelled(); }));
  queue->turns[0]({});  // too late
  ASSERT_TRUE(advance_until([&] { return queue->turns.size() == 2; }));
  EXPECT_EQ(server->identifies(), 0u);
  queue->turns[1]({});
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(GatewayTurns, AQueueThatFailsIsAnErrorAndAnotherTry) {
  wait_for_a_turn();
  queue->turns[0](Error(Errc::connection_lost, "the queue's server is away"));
  ASSERT_TRUE(run_until([&] { return errors.size() == 1; }));
  EXPECT_EQ(errors[0].message, "the queue's server is away");
  EXPECT_TRUE(advance_until([&] { return queue->turns.size() == 2; }));
}

TEST_F(GatewayTest, WhenTheIdentifiesOfADayAreUsedUpItSaysSoAndWaits) {
  serve();
  auto with = options();
  with.identifies_per_day = 1;
  live(with);
  std::vector<std::chrono::milliseconds> told;
  shard->on(Gateway::identify_limit, [&](std::chrono::milliseconds wait) { told.push_back(wait); });
  server->invalidate_sessions(false);
  ASSERT_TRUE(run_until([&] { return told.size() == 1; }));
  EXPECT_GT(told[0], 23h);
  advance(23h);
  EXPECT_EQ(server->identifies(), 1u);
  ASSERT_TRUE(advance_until([&] { return server->identifies() == 2; }, 2h));
}

TEST_F(GatewayTest, TheApiTellsWhereTheGatewayIs) {
  sandbox::GatewayOptions with;
  with.shards = 5;
  serve(with);
  ApiOptions api;
  api.token = "sandbox";
  api.base = "http://127.0.0.1:" + std::to_string(server->port()) + "/api/v10/";
  std::vector<Result<GatewayBot>> answers;
  const auto note_answer = [&](Result<GatewayBot> answer) { answers.push_back(std::move(answer)); };
  fetch_gateway_bot(runtime, api, note_answer);
  ASSERT_TRUE(run_until([&] { return answers.size() == 1; }));
  ASSERT_TRUE(answers[0]) << answers[0].error().what();
  EXPECT_EQ(answers[0]->url, server->url());
  EXPECT_EQ(answers[0]->shards, 5u);

  server->half_open();
  fetch_gateway_bot(runtime, api, note_answer);
  poll();
  ASSERT_TRUE(advance_until([&] { return answers.size() == 2; }));
  EXPECT_EQ(answers[1].error(), Errc::request_timeout);
  server->half_open(false);

  api.token = "Bot sandbox";
  fetch_gateway_bot(runtime, api, note_answer);
  ASSERT_TRUE(run_until([&] { return answers.size() == 3; }));
  EXPECT_EQ(answers[2].error(), Errc::invalid_argument);
  api = {"sandbox", "nonsense"};
  fetch_gateway_bot(runtime, api, note_answer);
  ASSERT_TRUE(run_until([&] { return answers.size() == 4; }));
  EXPECT_EQ(answers[3].error(), Errc::invalid_argument);
}

}  // namespace
}  // namespace lavapp::discord
