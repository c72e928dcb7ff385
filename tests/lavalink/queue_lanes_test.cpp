// A queue's listeners in their guild's lane, on one thread: who waits for whom, what gives way, who outlives whom.
#include "lavapp/asio.hpp"

#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"
#include "lavalink/queue_helpers.hpp"
#include "lavapp/lavalink/queue.hpp"
#include "support/lane_gate.hpp"

namespace lavapp::lavalink {
namespace {

using Told = std::vector<std::string>;

class QueueLanes : public NodeTest {
 protected:
  ~QueueLanes() override { node.reset(); }

  void connected_with(GuildLanes lanes, std::size_t limit = 1'000) {
    auto with = options();
    with.guild_lanes = lanes;
    with.max_waiting_events = limit;
    connected(with);
    queue = std::make_unique<Queue>(*node, 7);
    other = std::make_unique<Queue>(*node, 8);
    for (auto* each : {queue.get(), other.get()}) {
      each->on(Queue::added, [this, guild = each->player().guild_id().to_string()](const TracksAdded& e) {
        told.push_back("added " + test::names(e.tracks) + " " + guild);
      });
    }
    node->on(Node::player_update, [this](const PlayerUpdate& e) { told.push_back("update " + e.guild_id.to_string()); });
  }
  static void add(Queue& to, const std::string& name) { ASSERT_TRUE(to.add(test::track(name)).has_value()); }
  void update(const std::string& guild) {
    peer->send_text(R"({"op":"playerUpdate","guildId":")" + guild +
                    R"(","state":{"time":1,"position":2,"connected":true,"ping":3}})");
  }
  bool until(const std::string& what) {
    return run_until([&] { return std::find(told.begin(), told.end(), what) != told.end(); });
  }

  Told told;
  test::LaneGate gate;
  std::unique_ptr<Queue> queue, other;
};

TEST_F(QueueLanes, AreOffOnOneThread) {
  connected_with(GuildLanes::automatic);
  std::optional<bool> inside;
  queue->on(Queue::added, [&] { inside = detail::hold_lane() != nullptr; });
  add(*queue, "a");
  ASSERT_TRUE(run_until([&] { return inside.has_value(); }));
  EXPECT_FALSE(*inside);
}

TEST_F(QueueLanes, AListenerThatIsNotDoneHoldsUpItsGuildOnly) {
  connected_with(GuildLanes::on);
  queue->once(Queue::added, [&] { gate.wait(); });
  add(*queue, "a");
  add(*queue, "b");
  add(*other, "c");
  ASSERT_TRUE(until("added c 8"));
  read_all();
  EXPECT_EQ(told, (Told{"added a 7", "added c 8"}));
  gate.let_one_go();
  ASSERT_TRUE(until("added b 7"));
}

TEST_F(QueueLanes, HaveOneOrderWithTheNodesListenersOfTheGuild) {
  connected_with(GuildLanes::on);
  queue->once(Queue::added, [&] { gate.wait(); });
  node->once(Node::player_update, [&] { gate.wait(); });
  add(*queue, "a");
  ASSERT_TRUE(until("added a 7"));
  update("7");
  read_all();
  add(*queue, "b");
  poll();
  EXPECT_EQ(told, (Told{"added a 7"})) << "the node's listener waits for the queue's";
  gate.let_one_go();
  ASSERT_TRUE(until("update 7"));
  poll();
  EXPECT_EQ(told, (Told{"added a 7", "update 7"})) << "the queue's listener waits for the node's";
  gate.let_one_go();
  ASSERT_TRUE(until("added b 7"));
}

TEST_F(QueueLanes, WithoutRoomPlayerUpdatesGiveWayThenTheOldestEventWithAWarning) {
  connected_with(GuildLanes::on, 3);
  queue->once(Queue::added, [&] { gate.wait(); });
  add(*queue, "a");
  ASSERT_TRUE(until("added a 7"));
  for (int i = 0; i < 3; ++i) update("7");
  read_all();
  add(*queue, "b");
  poll();
  EXPECT_EQ(node->dropped_events().coalesced, 2u);
  add(*queue, "c");
  poll();
  EXPECT_TRUE(warnings.empty());
  add(*queue, "d");
  add(*queue, "e");
  poll();
  EXPECT_EQ(node->dropped_events().overflow, 2u);
  ASSERT_EQ(warnings.size(), 1u) << "one for all";
  EXPECT_TRUE(warnings[0] == Errc::queue_full);
  EXPECT_EQ(warnings[0].message,
            "the listeners of guild 7 are too slow: 3 events wait for them, and the oldest (Node::player_update) was dropped");
  gate.let_one_go();
  ASSERT_TRUE(until("added e 7"));
  EXPECT_EQ(told, (Told{"added a 7", "added c 7", "added d 7", "added e 7"})) << "the queue's are not made one";
}

TEST_F(QueueLanes, ManyEditsInARowOverflowNoLaneWhoseListenersAreQuick) {
  connected_with(GuildLanes::on, 10);
  for (int i = 0; i < 200; ++i) add(*queue, std::to_string(i));
  ASSERT_TRUE(until("added 199 7"));
  EXPECT_EQ(told.size(), 200u);
  EXPECT_EQ(node->dropped_events().overflow, 0u);
  EXPECT_TRUE(warnings.empty());
}

TEST_F(QueueLanes, OnlyItsOwnEventsWaitAndTheWarningNamesTheOneThatWasDropped) {
  connected_with(GuildLanes::on, 1);
  queue->once(Queue::added, [&] { gate.wait(); });
  for (const auto* name : {"a", "b", "c"}) {
    add(*queue, name);
    poll();
  }
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].message,
            "the listeners of guild 7 are too slow: 1 events wait for them, and the oldest (Queue::added) was dropped");
}

TEST_F(QueueLanes, SlowListenersAreNamedInALaneAndWithoutLanes) {
  for (const auto lanes : {GuildLanes::on, GuildLanes::off}) {
    queue.reset(), other.reset();
    warnings.clear();
    connected_with(lanes);
    queue->on(Queue::added, [&] { clock->advance(1500ms); });
    add(*queue, "a");
    ASSERT_TRUE(run_until([&] { return !warnings.empty(); }));
    EXPECT_TRUE(warnings[0] == Errc::slow_listener);
    EXPECT_EQ(warnings[0].message, "the listeners of Queue::added of guild 7 blocked for 1500 ms");
  }
}

TEST_F(QueueLanes, ACompletionWaitsForNoListenerInALaneWithoutLanesItComesAfterTheEvents) {
  for (const auto lanes : {GuildLanes::on, GuildLanes::off}) {
    queue.reset(), other.reset();
    told.clear();
    connected_with(lanes);
    peer->route("PATCH /v4/sessions/s1/players/7", player_json("7", kTrackJson));
    queue->once(Queue::added, [&] { gate.wait(); });
    queue->on(Queue::current_changed, [&] { told.emplace_back("current"); });
    add(*queue, "a");
    const auto played = await<void>([&](auto done) { queue->play(std::move(done)); });
    EXPECT_TRUE(played.has_value());
    EXPECT_EQ(queue->state(), QueueState::playing) << "getters are ahead of listeners";
    if (lanes == GuildLanes::off) {
      EXPECT_EQ(told, (Told{"added a 7", "current"}));
    } else {
      EXPECT_EQ(told, (Told{"added a 7"}));
      gate.let_one_go();
    }
    ASSERT_TRUE(until("current"));
  }
}

TEST_F(QueueLanes, WhatWaitsIsToldWhenTheNodesSessionHasGone) {
  connected_with(GuildLanes::on);
  queue->once(Queue::added, [&] { gate.wait(); });
  add(*queue, "a");
  add(*queue, "b");
  ASSERT_TRUE(until("added a 7"));
  update("7");
  read_all();
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
  };
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(attempts.back().delay);
  ASSERT_TRUE(run_until_state(NodeState::ready));
  gate.let_one_go();
  ASSERT_TRUE(until("added b 7"));
  ASSERT_TRUE(run_until([&] { return node->dropped_events().old_session == 1; })) << "the node's event has gone with it";
  EXPECT_EQ(told, (Told{"added a 7", "added b 7"}));
}

TEST_F(QueueLanes, AQueueThatOutlivesItsNodeGoesOnToTell) {
  connected_with(GuildLanes::on);
  queue->once(Queue::added, [&] { gate.wait(); });
  add(*queue, "a");
  add(*queue, "b");
  ASSERT_TRUE(until("added a 7"));
  node.reset();
  poll();
  add(*queue, "c");
  add(*other, "d");
  ASSERT_TRUE(until("added d 8"));
  EXPECT_EQ(told, (Told{"added a 7", "added d 8"}));
  gate.let_one_go();
  ASSERT_TRUE(until("added c 7"));
  EXPECT_EQ(told, (Told{"added a 7", "added d 8", "added b 7", "added c 7"}));
}

TEST_F(QueueLanes, WhatWaitsWhenTheQueueIsDestroyedIsNotTold) {
  connected_with(GuildLanes::on);
  queue->once(Queue::added, [&] { gate.wait(); });
  add(*queue, "a");
  add(*queue, "b");
  ASSERT_TRUE(until("added a 7"));
  update("7");
  read_all();
  queue.reset();
  gate.let_one_go();
  ASSERT_TRUE(until("update 7"));
  EXPECT_EQ(told, (Told{"added a 7", "update 7"}));
}

TEST_F(QueueLanes, AListenerMayDestroyTheQueueAndWhatWaitsIsNotTold) {
  connected_with(GuildLanes::on);
  queue->on(Queue::added, [&] { queue.reset(); });
  add(*queue, "a");
  add(*queue, "b");
  ASSERT_TRUE(run_until([&] { return queue == nullptr; }));
  update("7");
  ASSERT_TRUE(until("update 7"));
  EXPECT_EQ(told, (Told{"added a 7", "update 7"}));
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

using test::Signal;

TEST_F(QueueLanes, ACoroutineKeepsItsGuildsEventsWaitingTheNodesTooAndNoOthers) {
  connected_with(GuildLanes::automatic);  // on one thread, the coroutine asks for the lanes
  Signal signal(context);
  queue->once(Queue::added, co_listener(context, [&](const TracksAdded& e) -> boost::asio::awaitable<void> {
                co_await signal.wait();
                told.push_back("done with " + test::names(e.tracks));
              }));
  add(*queue, "a");
  ASSERT_TRUE(until("added a 7"));
  add(*queue, "b");
  add(*other, "c");
  for (const auto* guild : {"7", "8"}) update(guild);
  ASSERT_TRUE(until("update 8"));
  read_all();
  EXPECT_EQ(told, (Told{"added a 7", "added c 8", "update 8"}));
  signal.set();
  ASSERT_TRUE(until("update 7"));
  EXPECT_EQ(told, (Told{"added a 7", "added c 8", "update 8", "done with a", "added b 7", "update 7"}));
}

TEST_F(QueueLanes, ACoroutineOfTheNodeKeepsTheQueuesEventsOfItsGuildWaiting) {
  connected_with(GuildLanes::automatic);
  Signal signal(context);
  node->once(Node::player_update, co_listener(context, [&]() -> boost::asio::awaitable<void> {
               co_await signal.wait();
               told.emplace_back("done");
             }));
  update("7");
  ASSERT_TRUE(until("update 7"));
  add(*queue, "a");
  add(*other, "b");
  ASSERT_TRUE(until("added b 8"));
  poll();
  signal.set();
  ASSERT_TRUE(until("added a 7"));
  EXPECT_EQ(told, (Told{"update 7", "added b 8", "done", "added a 7"}));
}

TEST_F(QueueLanes, OffACoroutineKeepsNothingWaiting) {
  connected_with(GuildLanes::off);
  Signal signal(context);
  queue->once(Queue::added, co_listener(context, [&]() -> boost::asio::awaitable<void> {
                co_await signal.wait();
                told.emplace_back("done");
              }));
  add(*queue, "a");
  add(*queue, "b");
  ASSERT_TRUE(until("added b 7"));
  poll();
  EXPECT_EQ(told, (Told{"added a 7", "added b 7"}));
  signal.set();
  ASSERT_TRUE(until("done"));
}

#endif

}  // namespace
}  // namespace lavapp::lavalink
