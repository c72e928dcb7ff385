// Lanes on one thread: who waits for whom, what gives way, what comes too late, and listeners that are coroutines.
#include "lavapp/asio.hpp"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

#include "lavalink/event_lanes.hpp"
#include "lavalink/node_fixture.hpp"
#include "support/lane_gate.hpp"

namespace lavapp::lavalink {
namespace {

std::string event_json(std::string type, std::string guild, std::string more = {}) {
  return R"({"op":"event","type":")" + type + R"(","guildId":")" + guild + R"(","track":)" + kTrackJson + more + "}";
}
std::string start_json(std::string guild) { return event_json("TrackStartEvent", std::move(guild)); }
std::string end_json(std::string guild) { return event_json("TrackEndEvent", std::move(guild), R"(,"reason":"stopped")"); }
std::string update_json(std::string guild, int position = 2) {
  return R"({"op":"playerUpdate","guildId":")" + guild + R"(","state":{"time":1,"position":)" + std::to_string(position) +
         R"(,"connected":true,"ping":3}})";
}

class NodeLanes : public NodeTest {
 protected:
  Node& with_lanes(std::size_t limit = 1'000) {
    auto with = options();
    with.guild_lanes = GuildLanes::on;
    with.max_waiting_events = limit;
    return connected(with);
  }
};

TEST_F(NodeLanes, AreOffOnOneThread) {
  connected();
  bool inside = false;
  node->on(Node::track_start, [&] { inside = detail::hold_lane() != nullptr; });
  peer->send_text(start_json("7"));
  read_all();
  EXPECT_FALSE(inside);
}

TEST_F(NodeLanes, AreOnWhereSeveralThreadsRunTheContext) {
  RuntimeOptions two;
  two.clock = clock;
  two.threads = 2;
  Runtime other(context, two);
  for (const auto use : {GuildLanes::automatic, GuildLanes::off}) {
    auto with = options();
    with.guild_lanes = use;
    node = std::make_unique<Node>(other, with);
    ASSERT_TRUE(await<Ready>([&](auto done) { node->connect(std::move(done)); }).has_value());
    std::optional<bool> inside;
    node->on(Node::track_start, [&] { inside = detail::hold_lane() != nullptr; });
    peer->send_text(start_json("7"));
    ASSERT_TRUE(run_until([&] { return inside.has_value(); }));
    EXPECT_EQ(*inside, use == GuildLanes::automatic);
  }
  node.reset();
  poll();
}

TEST_F(NodeLanes, AGuildWhoseListenerIsNotDoneHoldsUpNoOther) {
  with_lanes();
  test::LaneGate gate;
  std::vector<std::string> told;
  node->on(Node::track_start, [&](const TrackStart& e) {
    told.push_back("start " + e.guild_id.to_string());
    if (e.guild_id == Snowflake(7)) gate.wait();
  });
  node->on(Node::track_end, [&](const TrackEnd& e) { told.push_back("end " + e.guild_id.to_string()); });
  for (const auto* guild : {"7", "8"}) {
    peer->send_text(start_json(guild));
    peer->send_text(end_json(guild));
  }
  ASSERT_TRUE(run_until([&] { return told.size() == 3; }));
  EXPECT_EQ(told, (std::vector<std::string>{"start 7", "start 8", "end 8"}));
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return told.size() == 4; }));
  EXPECT_EQ(told.back(), "end 7");
}

TEST_F(NodeLanes, GettersKnowWhatListenersHaveNotHeardYet) {
  with_lanes();
  test::LaneGate gate;
  std::string raw;
  node->on(Node::track_start, [&] { gate.wait(); });
  node->on(Node::track_end, [&](const TrackEnd& e) { raw = e.raw(); });
  peer->send_text(start_json("7"));
  read_all();
  EXPECT_TRUE(node->player(7).track().has_value());
  peer->send_text(end_json("7"));
  read_all();
  EXPECT_FALSE(node->player(7).track().has_value());
  EXPECT_EQ(raw, "");
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return !raw.empty(); }));
  EXPECT_EQ(raw, end_json("7")) << "the text is the lane's own";
}

TEST_F(NodeLanes, WithoutRoomPlayerUpdatesGiveWayThenTheOldestEventWithAWarning) {
  with_lanes(3);
  test::LaneGate gate;
  std::vector<std::string> told;
  node->on(Node::track_stuck, [&] { gate.wait(); });
  node->on(Node::player_update, [&](const PlayerUpdate& e) { told.push_back(std::to_string(e.state.position.count())); });
  node->on(Node::track_start, [&] { told.emplace_back("start"); });
  node->on(Node::track_end, [&] { told.emplace_back("end"); });
  peer->send_text(event_json("TrackStuckEvent", "7", R"(,"thresholdMs":1)"));
  ASSERT_TRUE(run_until([&] { return gate.waiting() == 1; }));
  for (int position = 1; position <= 4; ++position) peer->send_text(update_json("7", position));
  read_all();
  EXPECT_EQ(node->dropped_events().coalesced, 3u);
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(node->dropped_events().overflow, 0u);
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  ASSERT_EQ(warnings.size(), 1u) << "one for all";
  EXPECT_TRUE(warnings[0] == Errc::queue_full);
  EXPECT_EQ(warnings[0].message,
            "the listeners of guild 7 are too slow: 3 events wait for them, and the oldest (Node::player_update) was dropped");
  EXPECT_EQ(node->dropped_events().overflow, 2u);
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return told.size() == 3; }));
  EXPECT_EQ(told, (std::vector<std::string>{"end", "start", "end"}));
}

TEST_F(NodeLanes, WhatWaitsOfASessionThatHasGoneIsDroppedAndCounted) {
  with_lanes();
  test::LaneGate gate;
  std::vector<std::string> told;
  node->on(Node::track_start, [&] {
    told.emplace_back("start");
    gate.wait();
  });
  node->on(Node::track_end, [&] { told.emplace_back("end"); });
  node->on(Node::ready, [&](const Ready& ready) { told.push_back(ready.resumed ? "resumed" : "new"); });
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})", start_json("7")};
  };
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(attempts.back().delay);
  ASSERT_TRUE(run_until_state(NodeState::ready));
  read_all();
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return told.size() == 3; }));
  EXPECT_EQ(told, (std::vector<std::string>{"start", "new", "start"}));
  EXPECT_EQ(node->dropped_events().old_session, 2u);
}

TEST_F(NodeLanes, WhatWaitsIsToldAfterAResume) {
  with_lanes();
  test::LaneGate gate;
  int ends = 0;
  node->on(Node::track_start, [&] { gate.wait(); });
  node->on(Node::track_end, [&] { ++ends; });
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  advance(attempts.back().delay);
  ASSERT_TRUE(run_until_state(NodeState::ready));
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return ends == 1; }));
  EXPECT_EQ(node->dropped_events().old_session, 0u);
}

TEST_F(NodeLanes, NothingFollowsClosed) {
  with_lanes();
  test::LaneGate gate;
  node->on(Node::track_start, [&] { gate.wait(); });
  int ends = 0;
  node->on(Node::track_end, [&] { ++ends; });
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return node->dropped_events().old_session == 1; }));
  EXPECT_EQ(ends, 0);
}

TEST_F(NodeLanes, AListenerThatWasRemovedHearsNothingThatWaits) {
  with_lanes();
  test::LaneGate gate;
  node->on(Node::track_start, [&] { gate.wait(); });
  int removed = 0, other = 0;
  const auto id = node->on(Node::track_end, [&] { ++removed; });
  node->on(Node::track_end, [&] { ++other; });
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  read_all();
  node->off(Node::track_end, id);
  gate.let_one_go();
  ASSERT_TRUE(run_until([&] { return other == 1; }));
  EXPECT_EQ(removed, 0);
}

TEST_F(NodeLanes, AListenerMayDestroyTheNodeAndWhatWaitsIsNotTold) {
  with_lanes();
  int ends = 0;
  node->on(Node::track_start, [&] { node.reset(); });
  node->on(Node::track_end, [&] { ++ends; });
  peer->send_text(start_json("7"));
  peer->send_text(end_json("7"));
  ASSERT_TRUE(run_until([&] { return node == nullptr; }));
  ASSERT_TRUE(run_until([&] { return peer->connections() == 0; }));
  EXPECT_EQ(ends, 0);
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

namespace asio = boost::asio;

using test::Signal;

TEST_F(NodeLanes, ACoroutineKeepsItsGuildsEventsWaitingAndNoOthers) {
  connected();  // on one thread, the coroutine asks for the lanes
  Signal signal(context);
  std::vector<std::string> told;
  node->on(Node::track_start, co_listener(context, [&](const TrackStart& e) -> asio::awaitable<void> {
             told.push_back("begin " + e.guild_id.to_string());
             if (e.guild_id == Snowflake(7)) co_await signal.wait();
             told.push_back("end " + e.guild_id.to_string());
             EXPECT_EQ(e.raw(), start_json(e.guild_id.to_string()));
           }));
  for (const auto* guild : {"7", "7", "8"}) peer->send_text(start_json(guild));
  ASSERT_TRUE(run_until([&] { return told.size() == 3; }));
  EXPECT_EQ(told, (std::vector<std::string>{"begin 7", "begin 8", "end 8"}));
  signal.set();
  ASSERT_TRUE(run_until([&] { return told.size() == 5; }));
  EXPECT_EQ(told[3], "end 7");
  EXPECT_EQ(told[4], "begin 7");
  signal.set();
  ASSERT_TRUE(run_until([&] { return told.size() == 6; }));
}

TEST_F(NodeLanes, ACoroutineMayOutliveItsListenerAndTheNode) {
  connected();
  Signal signal(context);
  std::string seen;
  std::weak_ptr<int> weak;
  {
    const auto captured = std::make_shared<int>(3);
    weak = captured;
    node->on(Node::track_start, co_listener(context, [&, captured](const TrackStart& e) -> asio::awaitable<void> {
               seen = "waits";
               co_await signal.wait();
               seen = e.track.info.title + std::to_string(*captured);
             }));
  }
  peer->send_text(start_json("7"));
  ASSERT_TRUE(run_until([&] { return seen == "waits"; }));
  node.reset();
  poll();
  signal.set();
  ASSERT_TRUE(run_until([&] { return seen != "waits"; }));
  EXPECT_EQ(seen, "c3");
  poll();
  EXPECT_TRUE(weak.expired());
}

TEST_F(NodeLanes, WhatACoroutineThrowsIsReportedAndTheLaneGoesOn) {
  connected();
  int begun = 0;
  node->on(Node::track_start, co_listener(context.get_executor(), [&]() -> asio::awaitable<void> {
             ++begun;
             throw std::runtime_error("from a coroutine");
             co_return;
           }));
  peer->send_text(start_json("7"));
  peer->send_text(start_json("7"));
  ASSERT_TRUE(run_until([&] { return begun == 2 && thrown.size() == 2; }));
}

TEST(NodeLanesLifetime, ACoroutineThatWaitsWhenItsContextEndsIsDestroyed) {
  std::weak_ptr<int> weak;
  {
    asio::io_context context;
    Runtime runtime(context);
    const auto lanes = std::make_shared<EventLanes>(runtime.impl(), 10, std::make_shared<DroppedCounts>(),
                                                    [](std::string_view, Snowflake, Clock::duration) {});
    asio::steady_timer timer(context, asio::steady_timer::time_point::max());
    const auto captured = std::make_shared<int>(1);
    weak = captured;
    auto listener = co_listener(context, [&timer, captured]() -> asio::awaitable<void> {
      co_await timer.async_wait(asio::use_awaitable);
    });
    LaneEvent event;
    event.name = "track_start";
    event.tell = [listener]() mutable { listener(); };
    lanes->push(7, std::move(event));
    context.poll();
    EXPECT_EQ(lanes->lanes(), 1u);
  }
  EXPECT_TRUE(weak.expired());
}

#endif

}  // namespace
}  // namespace lavapp::lavalink
