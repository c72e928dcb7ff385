// Lanes on a runtime with several threads. For the thread sanitizer above all. What listeners touch is declared before the
// Runtime, which joins its threads: a Node that ends does not wait for them.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "lavalink/node_server.hpp"

namespace lavapp::lavalink {
namespace {

std::string update_json(std::size_t guild, std::size_t position) {
  return R"({"op":"playerUpdate","guildId":")" + std::to_string(guild) + R"(","state":{"time":1,"position":)" +
         std::to_string(position) + R"(,"connected":true,"ping":3}})";
}
std::string start_json(std::size_t guild) {
  return R"({"op":"event","type":"TrackStartEvent","guildId":")" + std::to_string(guild) + R"(","track":)" + kTrackJson +
         "}";
}

TEST(NodeLanesThreads, TheOrderOfEachGuildIsKept) {
  constexpr std::size_t kGuilds = 25, kEvents = 80;
  // No lock: two listeners of one guild at a time are a race that the thread sanitizer sees.
  std::array<std::vector<std::string>, kGuilds> told;
  std::atomic<std::size_t> left{kGuilds * kEvents * 2};
  std::promise<void> all;
  Server server;
  Runtime runtime(threads(4));
  Node node(runtime, server.options());
  const auto note = [&](Snowflake guild, std::string what) {
    told[guild.value() - 1].push_back(std::move(what));
    if (--left == 0) all.set_value();
  };
  node.on(Node::player_update,
          [&](const PlayerUpdate& e) { note(e.guild_id, std::to_string(e.state.position.count())); });
  node.on(Node::track_start, [&](const TrackStart& e) { note(e.guild_id, e.track.info.title); });
  within_limit(node.connect(use_future));
  std::vector<std::string> expected;
  for (std::size_t event = 0; event < kEvents; ++event) {
    expected.push_back(std::to_string(event));
    expected.emplace_back("c");
    for (std::size_t guild = 1; guild <= kGuilds; ++guild) {
      server.say(update_json(guild, event));
      server.say(start_json(guild));
    }
  }
  within_limit(all.get_future());
  for (const auto& each : told) EXPECT_EQ(each, expected);
  EXPECT_EQ(node.dropped_events().overflow, 0u);
}

TEST(NodeLanesThreads, AListenerThatBlocksHoldsUpItsGuildOnly) {
  std::promise<void> other_was_told, first_goes_on;
  std::atomic<bool> in_time{false};
  std::vector<std::size_t> first;  // guild 1's alone
  Server server;
  Runtime runtime(threads(2));
  Node node(runtime, server.options());
  node.on(Node::player_update, [&](const PlayerUpdate& e) {
    if (e.guild_id == Snowflake(2)) return other_was_told.set_value();
    first.push_back(static_cast<std::size_t>(e.state.position.count()));
    if (first.size() == 1) in_time = other_was_told.get_future().wait_for(10s) == std::future_status::ready;
    if (first.size() == 2) first_goes_on.set_value();
  });
  within_limit(node.connect(use_future));
  server.say(update_json(1, 10));
  server.say(update_json(1, 11));
  server.say(update_json(2, 20));
  within_limit(first_goes_on.get_future());
  EXPECT_TRUE(in_time);
  EXPECT_EQ(first, (std::vector<std::size_t>{10, 11}));
}

TEST(NodeLanesThreads, WhatBelongsToNoGuildDoesNotWaitForALane) {
  std::promise<void> stats, done;
  std::atomic<bool> in_time{false};
  Server server;
  Runtime runtime(threads(2));
  Node node(runtime, server.options());
  node.on(Node::stats_update, [&] { stats.set_value(); });
  node.on(Node::player_update, [&] {
    in_time = stats.get_future().wait_for(10s) == std::future_status::ready;
    done.set_value();
  });
  within_limit(node.connect(use_future));
  server.say(update_json(1, 1));
  server.say(std::string(R"({"op":"stats",)") + (kStatsJson + 1));
  within_limit(done.get_future());
  EXPECT_TRUE(in_time);
}

TEST(NodeLanesThreads, OffAllListenersRunOneAfterTheOther) {
  std::vector<std::uint64_t> told;  // no lock
  std::promise<void> all;
  Server server;
  Runtime runtime(threads(4));
  auto options = server.options();
  options.guild_lanes = GuildLanes::off;
  Node node(runtime, options);
  node.on(Node::player_update, [&](const PlayerUpdate& e) {
    told.push_back(e.guild_id.value());
    if (told.size() == 100) all.set_value();
  });
  within_limit(node.connect(use_future));
  for (std::size_t i = 1; i <= 100; ++i) server.say(update_json(i, 1));
  within_limit(all.get_future());
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(told[i], i + 1);
}

TEST(NodeLanesThreads, AListenerInALaneMayDestroyTheNode) {
  Server server;
  Runtime runtime(threads(4));
  for (int i = 0; i < 20; ++i) {
    struct State {
      std::unique_ptr<Node> node;
      std::atomic<bool> first{true};
      std::promise<void> gone;
    };
    const auto state = std::make_shared<State>();  // a listener that runs already may finish later
    state->node = std::make_unique<Node>(runtime, server.options());
    auto connecting = state->node->connect(use_future);
    within_limit(std::move(connecting));
    state->node->on(Node::player_update, [state] {
      if (!state->first.exchange(false)) return;
      state->node.reset();
      state->gone.set_value();
    });
    for (std::size_t guild = 1; guild <= 5; ++guild) server.say(update_json(guild, 1));
    within_limit(state->gone.get_future());
  }
}

TEST(NodeLanesThreads, WhatWaitsWhenTheNodeIsDestroyedIsNotTold) {
  std::promise<void> blocked, go_on, waits;
  std::atomic<int> told{0};
  Server server;
  Runtime runtime(threads(2));
  auto node = std::make_unique<Node>(runtime, server.options());
  node->on(Node::player_update, [&] {
    if (++told > 1) return;
    blocked.set_value();
    go_on.get_future().wait();
  });
  node->on(Node::unknown, [&] { waits.set_value(); });
  within_limit(node->connect(use_future));
  server.say(update_json(1, 1));
  within_limit(blocked.get_future());
  server.say(update_json(1, 2));
  server.say(R"({"op":"mark"})");
  within_limit(waits.get_future());
  node.reset();
  go_on.set_value();
  let_threads_finish(runtime, 2);
  EXPECT_EQ(told, 1);
}

TEST(NodeLanesThreads, DestructionOnAnotherThreadAtAnyStep) {
  Server server;
  Runtime runtime(threads(4));
  // After so many events have been told.
  for (int step = 1; step <= 20; ++step) {
    struct State {
      std::atomic<int> told{0};
      std::promise<void> reached;
    };
    const auto state = std::make_shared<State>();  // a listener that runs already may finish later
    auto node = std::make_unique<Node>(runtime, server.options());
    node->on(Node::player_update, [state, step] {
      if (++state->told == step) state->reached.set_value();
    });
    within_limit(node->connect(use_future));
    for (std::size_t i = 0; i < 30; ++i) server.say(update_json(1 + i % 6, i));
    within_limit(state->reached.get_future());
    node.reset();
    EXPECT_LE(state->told, 30);
  }
}

TEST(NodeLanesThreads, ListenersComeAndGoWhileLanesRun) {
  std::atomic<int> told{0};
  std::promise<void> last;
  Server server;
  Runtime runtime(threads(4));
  Node node(runtime, server.options());
  within_limit(node.connect(use_future));
  std::promise<void> stop;
  const auto changes = std::async(std::launch::async, [&, stopped = stop.get_future()] {
    while (stopped.wait_for(0s) != std::future_status::ready) {
      const auto id = node.on(Node::player_update, [&] { ++told; });
      node.once(Node::player_update, [&] { ++told; });
      std::this_thread::yield();
      node.off(Node::player_update, id);
      static_cast<void>(node.dropped_events());
    }
  });
  node.on(Node::track_start, [&] { last.set_value(); });
  for (std::size_t i = 0; i < 300; ++i) server.say(update_json(1 + i % 6, i));
  server.say(start_json(1));
  const auto came = last.get_future().wait_for(10s);
  stop.set_value();
  EXPECT_EQ(came, std::future_status::ready);
}

}  // namespace
}  // namespace lavapp::lavalink
