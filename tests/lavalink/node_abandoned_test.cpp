// A Node whose requests are under way when the adopted io_context is destroyed.
#include <gtest/gtest.h>

#include <future>

#include "lavalink/node_fixture.hpp"
#include "lavapp/future.hpp"
#include "lavapp/lavalink/queue.hpp"

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

}  // namespace
}  // namespace lavapp::lavalink
