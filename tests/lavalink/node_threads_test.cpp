// A Node on a runtime with threads of its own, used from several others. For the thread sanitizer above all.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "lavalink/node_server.hpp"

namespace lavapp::lavalink {
namespace {

TEST(NodeThreads, EveryMemberFromAnyThreadWhileEventsCome) {
  std::atomic<int> heard{0};
  std::promise<void> first;  // it may come later than what is asked meanwhile
  Server server;
  Runtime runtime(threads(3));
  Node node(runtime, server.options());
  within_limit(node.connect(use_future));
  node.on(Node::player_update, [&] {
    if (++heard == 1) first.set_value();
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int k = 0; k < 100; ++k) {
        auto player = node.player(7);
        static_cast<void>(node.state());
        static_cast<void>(node.session_id());
        static_cast<void>(node.stats());
        static_cast<void>(node.latency());
        static_cast<void>(node.metrics());
        static_cast<void>(node.guilds());
        static_cast<void>(player.position());
        static_cast<void>(player.track());
        static_cast<void>(player.filters());
        const auto id = node.on(Node::track_start, [] {});
        node.off(Node::track_start, id);
        player.pause(false, [](Result<PlayerState>) {});
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    server.say(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":2,"connected":true,"ping":3}})");
    server.say(std::string(R"({"op":"stats",)") + (kStatsJson + 1));
  }
  within_limit(first.get_future());
  server.drop();
  for (auto& each : readers) each.join();
  within_limit(node.fetch_info(use_future));
}

TEST(NodeThreads, NoListenerStartsAfterTheDestructor) {
  Server server;
  Runtime runtime(threads(2));
  for (int i = 0; i < 20; ++i) {
    struct State {
      std::atomic<int> told{0};
      std::promise<void> first;
    };
    const auto state = std::make_shared<State>();  // one that ran already may finish
    auto node = std::make_unique<Node>(runtime, server.options());
    node->on(Node::player_update, [state] {
      if (++state->told == 1) state->first.set_value();
    });
    within_limit(node->connect(use_future));
    for (int k = 0; k < 20; ++k) {
      server.say(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":2,"connected":true,"ping":3}})");
    }
    within_limit(state->first.get_future());
    node.reset();
    let_threads_finish(runtime, 2);
    const int before = state->told;
    let_threads_finish(runtime, 2);
    EXPECT_EQ(state->told, before);
  }
}

TEST(NodeThreads, DestructionFromAnotherThreadEndsWhatIsPending) {
  Server server;
  Runtime runtime(threads(2));
  for (int i = 0; i < 20; ++i) {
    auto node = std::make_unique<Node>(runtime, server.options());
    auto connecting = node->connect(use_future);
    auto info = node->fetch_info(use_future);
    std::thread([&] { node.reset(); }).join();
    EXPECT_EQ(connecting.wait_for(10s), std::future_status::ready);
    EXPECT_EQ(info.wait_for(10s), std::future_status::ready);
    try {
      connecting.get();  // it may have been in time
    } catch (const Exception& error) {
      EXPECT_TRUE(error.error() == Errc::closed) << error.what();
    }
  }
}

TEST(NodeThreads, ARuntimeThatEndsFirstLeavesNothingHanging) {
  Server server;
  auto runtime = std::make_unique<Runtime>();
  auto node = std::make_unique<Node>(*runtime, server.options());
  within_limit(node->connect(use_future));
  runtime.reset();
  auto info = node->fetch_info(use_future);
  node.reset();
  EXPECT_EQ(info.wait_for(10s), std::future_status::ready);
}

TEST(NodeThreads, ANodeMovesWithItsListeners) {
  Server server;
  Runtime runtime;
  Node first(runtime, server.options());
  std::promise<void> heard;
  first.once(Node::track_start, [&] { heard.set_value(); });
  Node node = std::move(first);
  within_limit(node.connect(use_future));
  server.say(std::string(R"({"op":"event","type":"TrackStartEvent","guildId":"7","track":)") + kTrackJson + "}");
  EXPECT_EQ(heard.get_future().wait_for(10s), std::future_status::ready);
  node = Node(runtime, server.options());
  EXPECT_EQ(node.state(), NodeState::idle);
}

}  // namespace
}  // namespace lavapp::lavalink
