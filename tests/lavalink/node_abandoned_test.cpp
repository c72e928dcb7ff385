// A Node whose requests are under way when the adopted io_context is destroyed, or a runtime with threads of its own.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "lavalink/node_fixture.hpp"
#include "lavalink/node_server.hpp"
#include "lavalink/queue_helpers.hpp"
#include "lavapp/future.hpp"
#include "lavapp/lavalink/queue.hpp"
#include "lavapp/lavalink/voice.hpp"

namespace lavapp::lavalink {
namespace {

class NodeAbandoned : public testing::Test {
 protected:
  /// A node's life up to here, in a context that ends with it.
  template <class Life>
  void live(Life&& life) {
    boost::asio::io_context context;
    Runtime runtime(context);
    detail::Strand strand(runtime.impl());
    test::FakeNode peer(strand);
    NodeOptions options;
    options.host = "127.0.0.1";
    options.port = peer.port();
    options.user_id = 170939974227541168;
    options.rest.wait_while_away = true;
    const auto node = std::make_shared<Node>(runtime, options);
    life(node, peer, [&](auto&& condition) {
      const auto until = std::chrono::steady_clock::now() + 10s;
      while (!condition() && std::chrono::steady_clock::now() < until) {
        context.restart();
        context.run_one_for(10ms);
      }
      return condition();
    });
  }
  static void hang(test::FakeNode& peer, const std::string& route) {
    peer.routes[route] = [](const net::HttpRequest&) { return std::nullopt; };
  }
  template <class T>
  static void expect_abandoned(std::future<T>& future) {
    ASSERT_EQ(future.wait_for(0s), std::future_status::ready);
    try {
      future.get();
      FAIL();
    } catch (const Exception& e) {
      EXPECT_TRUE(e.error() == Errc::abandoned) << e.error().what();
    }
  }
};

TEST_F(NodeAbandoned, RequestsUnderWayAndThoseThatWaitFailTheirFutures) {
  std::future<Info> sent;
  std::future<PlayerState> first, in_lane, at_gate;
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    auto ready = node->connect(use_future);
    ASSERT_TRUE(run_until([&] { return ready.wait_for(0s) == std::future_status::ready; }));
    hang(peer, "GET /v4/info");
    hang(peer, "PATCH /v4/sessions/s1/players/7");
    peer.requests.clear();
    sent = node->fetch_info(use_future);
    first = node->player(7).pause(true, use_future);
    in_lane = node->player(7).pause(false, use_future);
    Filters filters;
    filters.volume = 0.5;
    at_gate = node->player(8).set_filters(filters, use_future);
    ASSERT_TRUE(run_until([&] { return peer.requests.size() == 3; }));
  });
  expect_abandoned(sent);
  expect_abandoned(first);
  expect_abandoned(in_lane);
  expect_abandoned(at_gate);
}

TEST_F(NodeAbandoned, CallbacksAreDestroyedUncalled) {
  bool called = false;
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    hang(peer, "GET /v4/info");
    peer.routes["GET /v4/stats"] = [](const net::HttpRequest&) { return test::empty_answer(503); };
    node->fetch_info([&called, alive](Result<Info>) { called = true; });
    node->fetch_stats([&called, alive](Result<Stats>) { called = true; });  // repeated, or in a pause
    ASSERT_TRUE(run_until([&] { return peer.requests.size() == 2; }));
    EXPECT_GT(alive.use_count(), 1);
  });
  EXPECT_FALSE(called);
  EXPECT_EQ(alive.use_count(), 1);
}

// Each holds what waits for it; nothing but the end of the context can part them.
TEST_F(NodeAbandoned, CallbacksThatHoldTheNodeOrAPlayerOfItGoWithTheContext) {
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    auto ready = node->connect(use_future);
    ASSERT_TRUE(run_until([&] { return ready.wait_for(0s) == std::future_status::ready; }));
    hang(peer, "GET /v4/info");
    hang(peer, "PATCH /v4/sessions/s1/players/7");
    peer.requests.clear();
    auto player = node->player(7);
    player.pause(true, [player, alive](Result<PlayerState>) {});
    player.pause(false, [player, alive](Result<PlayerState>) {});  // in the lane
    Filters filters;
    filters.volume = 0.5;
    auto other = node->player(8);
    other.set_filters(filters, [other, alive](Result<PlayerState>) {});  // at the gate
    node->fetch_info([node, alive](Result<Info>) {});
    ASSERT_TRUE(run_until([&] { return peer.requests.size() == 3; }));
  });
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(NodeAbandoned, ACallbackOfConnectThatHoldsTheNodeGoesWithTheContext) {
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    peer.greeting = [](const net::HttpRequest&) { return std::vector<std::string>{}; };
    node->connect([node, alive](Result<Ready>) {});
    ASSERT_TRUE(run_until([&] { return node->state() == NodeState::awaiting_ready; }));
  });
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(NodeAbandoned, ACallbackOfConnectThatHoldsTheNodeGoesWithTheContextInTheHandshakeToo) {
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    peer.on_handshake = [](const net::HttpRequest&) { return std::nullopt; };
    node->connect([node, alive](Result<Ready>) {});
    ASSERT_TRUE(run_until([&] { return peer.handshakes.size() == 1; }));
  });
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(NodeAbandoned, ACallbackOfShutdownThatHoldsTheNodeGoesWithTheContext) {
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    auto ready = node->connect(use_future);
    ASSERT_TRUE(run_until([&] { return ready.wait_for(0s) == std::future_status::ready; }));
    peer.answers_close = false;
    node->shutdown(KeepSession::yes, [node, alive](Result<void>) {});
    ASSERT_TRUE(run_until([&] { return !peer.close_codes.empty(); }));
  });
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(NodeAbandoned, ASearchAndAQueuesRestoreGoWithTheContext) {
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    auto ready = node->connect(use_future);
    ASSERT_TRUE(run_until([&] { return ready.wait_for(0s) == std::future_status::ready; }));
    hang(peer, "GET /v4/loadtracks");
    hang(peer, "GET /v4/sessions/s1/players/7");
    peer.requests.clear();
    Queue queue(*node, 7);
    queue.restore([alive](Result<void>) {});
    node->search("a", std::vector<SearchSource>{SearchSource::youtube}, [alive](Result<SearchAnswer>) {});
    ASSERT_TRUE(run_until([&] { return peer.requests.size() == 2; }));
  });
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(NodeAbandoned, WhatWaitsForAVoiceGoesWithTheContextThoughItHoldsTheVoice) {
  std::future<PlayerState> joined;
  std::future<void> left;
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode& peer, auto&& run_until) {
    auto ready = node->connect(use_future);
    ASSERT_TRUE(run_until([&] { return ready.wait_for(0s) == std::future_status::ready; }));
    hang(peer, "DELETE /v4/sessions/s1/players/9");
    hang(peer, "DELETE /v4/sessions/s1/players/10");
    peer.requests.clear();
    const auto voice = std::make_shared<Voice>(*node, [](Snowflake, std::string) {});
    voice->join(7, VoiceJoin{5}, [voice, alive](Result<PlayerState>) {});
    joined = voice->join(8, VoiceJoin{5}, use_future);
    voice->leave(9, [voice, alive](Result<void>) {});
    left = voice->leave(10, use_future);
    ASSERT_TRUE(run_until([&] { return peer.requests.size() == 2; }));
  });
  EXPECT_EQ(alive.use_count(), 1);
  expect_abandoned(joined);
  expect_abandoned(left);
}

TEST_F(NodeAbandoned, WhatWaitsForItsTurnInAQueueGoesWithTheContextThoughItHoldsTheQueue) {
  std::future<void> played;
  const auto alive = std::make_shared<int>();
  live([&](const std::shared_ptr<Node>& node, test::FakeNode&, auto&&) {
    const auto queue = std::make_shared<Queue>(*node, 7);
    ASSERT_TRUE(queue->add(test::track("a")).has_value());
    queue->play([queue, alive](Result<void>) {});
    played = queue->play(use_future);
  });
  EXPECT_EQ(alive.use_count(), 1);
  expect_abandoned(played);
}

/// What callbacks were told, and on which thread.
class Told {
 public:
  template <class T>
  void operator()(const Result<T>& result) {
    EXPECT_TRUE(!result && result.error() == Errc::closed) << (result ? "" : result.error().what());
    EXPECT_EQ(std::this_thread::get_id(), thread_);
    ++count;
  }
  int count = 0;

 private:
  const std::thread::id thread_ = std::this_thread::get_id();
};

TEST(NodeOfAnEndedRuntime, CallbacksThatHoldTheNodeHearOfItAndGo) {
  Server server;
  server.hang();
  Told told;
  const auto alive = std::make_shared<int>();
  {
    Runtime runtime(threads(2));
    const auto node = std::make_shared<Node>(runtime, server.options());
    std::promise<void> begun;
    node->once(Node::state_change, [&] { begun.set_value(); });
    node->connect([node, alive, &told](Result<Ready> result) { told(result); });
    node->fetch_info([node, alive, &told](Result<Info> result) { told(result); });
    within_limit(begun.get_future());
  }
  EXPECT_EQ(told.count, 2);
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(NodeOfAnEndedRuntime, CallbacksThatHoldAVoiceOrAQueueHearOfItAndGo) {
  Server server;
  Told told;
  const auto alive = std::make_shared<int>();
  {
    Runtime runtime(threads(2));
    const auto node = std::make_shared<Node>(runtime, server.options());
    within_limit(node->connect(use_future));
    server.hang();
    const auto queue = std::make_shared<Queue>(*node, 7);
    ASSERT_TRUE(queue->add(test::track("a")).has_value());
    queue->play([node, queue, alive, &told](Result<void> result) { told(result); });
    const auto voice = std::make_shared<Voice>(*node, [](Snowflake, std::string) {});
    voice->join(7, VoiceJoin{5}, [node, voice, alive, &told](Result<PlayerState> result) { told(result); });
    voice->leave(8, [node, voice, alive, &told](Result<void> result) { told(result); });
  }
  EXPECT_EQ(told.count, 3);
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(NodeOfAnEndedRuntime, ItIsClosedAndKeepsItsSession) {
  Server server;
  auto runtime = std::make_unique<Runtime>();
  Node node(*runtime, server.options());
  within_limit(node.connect(use_future));
  server.hang();
  Told told;
  node.fetch_info([&told](Result<Info> result) { told(result); });
  runtime.reset();
  EXPECT_EQ(told.count, 1);
  EXPECT_EQ(node.state(), NodeState::closed);
  EXPECT_EQ(node.session_id(), "s1");
  node.fetch_info([&told](Result<Info> result) { told(result); });
  node.connect([&told](Result<Ready> result) { told(result); });
  node.shutdown(KeepSession::yes, [&told](Result<void> result) { told(result); });
  EXPECT_EQ(told.count, 4);
}

TEST(NodeOfAnEndedRuntime, ARuntimeThatEndsOnItsOwnThreadEndsItToo) {
  Server server;
  server.hang();
  std::promise<Error> told;
  std::promise<void> gone;
  std::shared_ptr<void> alive(nullptr, [&gone](void*) { gone.set_value(); });
  auto runtime = std::make_unique<Runtime>();
  auto node = std::make_shared<Node>(*runtime, server.options());
  node->connect([node, alive, &told](Result<Ready> result) { told.set_value(result ? Error() : result.error()); });
  node.reset();
  alive.reset();
  auto& posted_to = *runtime;
  posted_to.post([runtime = std::move(runtime)]() mutable { runtime.reset(); });
  EXPECT_TRUE(within_limit(told.get_future()) == Errc::closed);
  within_limit(gone.get_future());
}

}  // namespace
}  // namespace lavapp::lavalink
