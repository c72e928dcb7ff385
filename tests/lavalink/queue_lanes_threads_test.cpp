// Queues on a runtime with several threads: their listeners run in their guild's lane. For the thread sanitizer above all.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <future>
#include <thread>
#include <vector>

#include "lavalink/node_server.hpp"
#include "lavalink/queue_helpers.hpp"
#include "lavapp/lavalink/queue.hpp"

namespace lavapp::lavalink {
namespace {

std::string update_json(std::size_t guild, std::size_t position) {
  return R"({"op":"playerUpdate","guildId":")" + std::to_string(guild) + R"(","state":{"time":1,"position":)" +
         std::to_string(position) + R"(,"connected":true,"ping":3}})";
}

TEST(QueueLanesThreads, ListenersOfNodeAndQueueOfAGuildRunOneAfterTheOtherInOrder) {
  constexpr std::size_t kGuilds = 8, kEvents = 50;
  struct State {
    // No lock: two listeners of one guild at a time are a race that the thread sanitizer sees.
    std::array<std::vector<std::string>, kGuilds> told;
    std::atomic<std::size_t> left{kGuilds * kEvents * 2};
    std::promise<void> all;
    void note(Snowflake guild, std::string what) {
      told[guild.value() - 1].push_back(std::move(what));
      if (--left == 0) all.set_value();
    }
  };
  const auto state = std::make_shared<State>();
  Server server;
  Runtime runtime(threads(4));
  Node node(runtime, server.options());
  node.on(Node::player_update,
          [state](const PlayerUpdate& e) { state->note(e.guild_id, "u" + std::to_string(e.state.position.count())); });
  std::deque<Queue> queues;
  for (std::size_t guild = 1; guild <= kGuilds; ++guild) {
    queues.emplace_back(node, guild);
    queues.back().on(Queue::added,
                     [state, guild](const TracksAdded& e) { state->note(guild, "a" + test::names(e.tracks)); });
  }
  within_limit(node.connect(use_future));
  std::thread user([&] {
    for (std::size_t event = 0; event < kEvents; ++event) {
      for (auto& queue : queues) EXPECT_TRUE(queue.add(test::track(std::to_string(event))).has_value());
    }
  });
  for (std::size_t event = 0; event < kEvents; ++event) {
    for (std::size_t guild = 1; guild <= kGuilds; ++guild) server.say(update_json(guild, event));
  }
  user.join();
  within_limit(state->all.get_future());
  for (const auto& told : state->told) {
    std::size_t updates = 0, adds = 0;
    for (const auto& each : told) EXPECT_EQ(each.substr(1), std::to_string(each[0] == 'u' ? updates++ : adds++));
  }
  EXPECT_EQ(node.dropped_events().overflow, 0u);
}

TEST(QueueLanesThreads, AListenerThatBlocksHoldsUpItsGuildOnlyAndNotTheNode) {
  struct State {
    std::promise<void> other, answered;
    std::promise<bool> done;
  };
  const auto state = std::make_shared<State>();
  Server server;
  Runtime runtime(threads(2));
  Node node(runtime, server.options());
  Queue first(node, 1), second(node, 2);
  first.on(Queue::added, [state] {
    const auto in_time = [](std::promise<void>& told) {
      return told.get_future().wait_for(10s) == std::future_status::ready;
    };
    const bool other = in_time(state->other), answered = in_time(state->answered);
    state->done.set_value(other && answered);
  });
  second.on(Queue::added, [state] { state->other.set_value(); });
  ASSERT_TRUE(first.add(test::track("a")).has_value());
  ASSERT_TRUE(second.add(test::track("b")).has_value());
  node.fetch_info([state](Result<Info>) { state->answered.set_value(); });
  EXPECT_TRUE(within_limit(state->done.get_future()));
}

TEST(QueueLanesThreads, OffTheListenersOfAllQueuesRunOneAfterTheOther) {
  struct State {
    std::vector<std::size_t> told;  // no lock
    std::promise<void> all;
  };
  const auto state = std::make_shared<State>();
  Server server;
  Runtime runtime(threads(4));
  auto options = server.options();
  options.guild_lanes = GuildLanes::off;
  Node node(runtime, options);
  std::deque<Queue> queues;
  for (std::size_t guild = 1; guild <= 40; ++guild) {
    queues.emplace_back(node, guild);
    queues.back().on(Queue::added, [state, guild] {
      state->told.push_back(guild);
      if (state->told.size() == 40) state->all.set_value();
    });
  }
  for (auto& queue : queues) ASSERT_TRUE(queue.add(test::track("a")).has_value());
  within_limit(state->all.get_future());
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(state->told[i], i + 1);
}

TEST(QueueLanesThreads, WhatWaitsWhenTheQueueIsDestroyedIsNotTold) {
  struct State {
    std::promise<void> blocked, go_on;
    std::atomic<int> told{0};
  };
  const auto state = std::make_shared<State>();
  Server server;
  Runtime runtime(threads(2));
  Node node(runtime, server.options());
  auto queue = std::make_unique<Queue>(node, 1);
  queue->on(Queue::added, [state] {
    if (++state->told > 1) return;
    state->blocked.set_value();
    state->go_on.get_future().wait();
  });
  for (const auto* name : {"a", "b"}) ASSERT_TRUE(queue->add(test::track(name)).has_value());
  within_limit(state->blocked.get_future());
  queue.reset();
  state->go_on.set_value();
  let_threads_finish(runtime, 2);
  EXPECT_EQ(state->told, 1);
}

TEST(QueueLanesThreads, DestructionOnAnotherThreadAtAnyStep) {
  Server server;
  Runtime runtime(threads(4));
  // After so many events have been told; the node first, or the queue.
  for (int step = 1; step <= 20; ++step) {
    struct State {
      std::atomic<int> told{0};
      std::promise<void> reached;
    };
    const auto state = std::make_shared<State>();
    auto node = std::make_unique<Node>(runtime, server.options());
    auto queue = std::make_unique<Queue>(*node, 1);
    queue->on(Queue::added, [state, step] {
      if (++state->told == step) state->reached.set_value();
    });
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(queue->add(test::track("a")).has_value());
    within_limit(state->reached.get_future());
    if (step % 2 == 0) node.reset();
    queue.reset();
    let_threads_finish(runtime, 4);
    const int before = state->told;
    let_threads_finish(runtime, 4);
    EXPECT_EQ(state->told, before);
    EXPECT_LE(before, 30);
  }
}

TEST(QueueLanesThreads, AQueueThatOutlivesItsRuntimeTellsBeforeTheCallReturns) {
  Server server;
  auto runtime = std::make_unique<Runtime>(threads(2));
  Node node(*runtime, server.options());
  Queue queue(node, 1);
  std::string told;
  queue.on(Queue::added, [&](const TracksAdded& e) { told += test::names(e.tracks); });
  runtime.reset();
  for (const auto* name : {"a", "b", "c"}) ASSERT_TRUE(queue.add(test::track(name)).has_value());
  EXPECT_EQ(told, "abc");
}

TEST(QueueLanesThreads, AListenerInALaneMayDestroyTheQueueAndTheNode) {
  Server server;
  Runtime runtime(threads(4));
  for (int round = 0; round < 20; ++round) {
    struct State {
      std::unique_ptr<Node> node;
      std::unique_ptr<Queue> queue;
      std::atomic<int> told{0};
      std::promise<void> gone;
    };
    const auto state = std::make_shared<State>();
    state->node = std::make_unique<Node>(runtime, server.options());
    state->queue = std::make_unique<Queue>(*state->node, 1);
    std::promise<void> all_added;
    state->queue->on(Queue::added, [state, round, added = all_added.get_future().share()] {
      ++state->told;
      added.wait();
      if (round % 2 == 0) state->node.reset();
      state->queue.reset();
      state->node.reset();
      state->gone.set_value();
    });
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(state->queue->add(test::track("a")).has_value());
    all_added.set_value();
    within_limit(state->gone.get_future());
    let_threads_finish(runtime, 4);
    EXPECT_EQ(state->told, 1);
  }
}

}  // namespace
}  // namespace lavapp::lavalink
