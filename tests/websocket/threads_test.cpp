// A WebSocket on a runtime with threads of its own: any thread may call, and every style of waiting works.
#include <boost/version.hpp>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "lavapp/asio.hpp"
#include "lavapp/future.hpp"
#include "support/echo_server.hpp"
#if !defined(__clang__) || BOOST_VERSION >= 108100
#define LAVAPP_TEST_COROUTINES 1
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#endif
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include "lavapp/websocket.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;

RuntimeOptions threads(std::size_t n) {
  RuntimeOptions options;
  options.threads = n;
  return options;
}

template <class T>
T get(std::future<T> future) {
  if (future.wait_for(10s) != std::future_status::ready) throw std::runtime_error("ten seconds have passed");
  return future.get();
}

TEST(WebSocketThreads, ManyThreadsSendAtOnceAndEachKeepsItsOrder) {
  constexpr int kThreads = 4, kEach = 500;
  std::vector<int> next(kThreads, 0);  // only listeners touch it, one after the other
  int total = 0;
  bool in_order = true;
  std::promise<void> all;
  test::EchoServer server;
  Runtime runtime(threads(3));
  WebSocketOptions options;
  options.max_queue_messages = 100'000;
  WebSocket ws(runtime, server.url(), options);
  ws.on(WebSocket::message, [&](const WebSocket::Message& m) {
    const auto space = m.data.find(' ');
    const auto who = static_cast<std::size_t>(std::stoi(std::string(m.data.substr(0, space))));
    in_order = in_order && std::stoi(std::string(m.data.substr(space))) == next[who]++;
    if (++total == kThreads * kEach) all.set_value();
  });
  get(ws.connect(use_future));
  std::vector<std::thread> senders;
  for (int who = 0; who < kThreads; ++who) {
    senders.emplace_back([&ws, who] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(ws.send(std::to_string(who) + " " + std::to_string(i)));
        (void)ws.buffered_amount();
        (void)ws.latency();
      }
    });
  }
  for (auto& sender : senders) sender.join();
  get(all.get_future());
  EXPECT_TRUE(in_order);
  get(ws.close(1000, "", use_future));
}

TEST(WebSocketThreads, FuturesForEveryOperation) {
  test::EchoServer server;
  Runtime runtime;
  WebSocket ws(runtime, server.url());
  EXPECT_EQ(get(ws.connect(use_future)).status, 101);
  get(ws.send("text", use_future));
  get(ws.send_binary("bytes", use_future));
  EXPECT_GT(get(ws.ping("", use_future)), 0ns);
  EXPECT_GT(ws.latency().last, 0ns);
  EXPECT_THROW(get(ws.connect(use_future)), Exception);
  const auto close = get(ws.close(1000, "", use_future));
  EXPECT_EQ(close.code, 1000);
  EXPECT_TRUE(close.clean);
  EXPECT_THROW(get(ws.ping("", use_future)), Exception);
  get(ws.connect(use_future));
  EXPECT_EQ(ws.ready_state(), ReadyState::open);
}

TEST(WebSocketThreads, AsiosFuturesForEveryOperation) {
  test::EchoServer server;
  Runtime runtime;
  WebSocket ws(runtime, server.url());
  get(ws.connect(boost::asio::use_future));
  get(ws.send("text", boost::asio::use_future));
  get(ws.ping("p", boost::asio::use_future));
  EXPECT_EQ(get(ws.close(1000, "", boost::asio::use_future)).code, 1000);
}

#ifdef LAVAPP_TEST_COROUTINES
TEST(WebSocketThreads, CoroutinesForEveryOperation) {
  test::EchoServer server;
  boost::asio::io_context context;
  Runtime runtime(context);
  WebSocket ws(runtime, server.url());
  int done = 0;
  boost::asio::co_spawn(
      context,
      [&]() -> boost::asio::awaitable<void> {
        const auto answer = co_await ws.connect(boost::asio::use_awaitable);
        EXPECT_EQ(answer.status, 101);
        co_await ws.send("text", boost::asio::use_awaitable);
        const auto trip = co_await ws.ping("p", boost::asio::use_awaitable);
        EXPECT_GT(trip, 0ns);
        const auto close = co_await ws.close(1000, "", boost::asio::use_awaitable);
        EXPECT_EQ(close.code, 1000);
        try {
          co_await ws.ping("p", boost::asio::use_awaitable);
        } catch (const Exception& e) {
          EXPECT_TRUE(e.error() == Errc::not_open);
          ++done;
        }
      },
      [&](std::exception_ptr e) { EXPECT_FALSE(e); });
  context.run_for(10s);
  EXPECT_EQ(done, 1);
}
#endif

TEST(WebSocketThreads, CloseAndWaitMeansSilence) {
  test::EchoServer server;
  Runtime runtime(threads(2));
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> running{0};
    WebSocket ws(runtime, server.url());
    ws.on(WebSocket::message, [&](const WebSocket::Message& m) {
      ++running;
      (void)ws.send(m.data);
      --running;
    });
    get(ws.connect(use_future));
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(ws.send("ball"));
    ws.close_and_wait();
    EXPECT_EQ(running, 0);
    EXPECT_EQ(ws.ready_state(), ReadyState::closed);
  }
}

TEST(WebSocketThreads, CloseAndWaitOnTheRuntimeDoesNotWaitForItself) {
  test::EchoServer server;
  Runtime runtime;
  WebSocket ws(runtime, server.url());
  std::promise<void> closed;
  ws.on(WebSocket::message, [&] { ws.close_and_wait(); });
  ws.on(WebSocket::closed, [&] { closed.set_value(); });
  get(ws.connect(use_future));
  EXPECT_TRUE(ws.send("x"));
  get(closed.get_future());
}

TEST(WebSocketThreads, DestructionWhileMessagesFly) {
  test::EchoServer server;
  Runtime runtime(threads(2));
  for (int round = 0; round < 30; ++round) {
    auto shared = std::make_shared<std::atomic<int>>(0);
    auto ws = std::make_unique<WebSocket>(runtime, server.url());
    ws->on(WebSocket::message, [shared] { ++*shared; });
    get(ws->connect(use_future));
    std::vector<std::future<void>> sent;
    for (int i = 0; i < 10; ++i) sent.push_back(ws->send("x", use_future));
    ws.reset();
    for (auto& one : sent) {
      ASSERT_EQ(one.wait_for(10s), std::future_status::ready);
    }
  }
}

// close() and terminate() may come between any two steps of connect().
TEST(WebSocketThreads, AnEndWantedOnAnotherThreadWhileConnectingIsNeverLost) {
  test::EchoServer server;
  Runtime runtime(threads(2));
  for (int round = 0; round < 300; ++round) {
    std::atomic<int> opened{0}, closed{0};
    std::promise<void> over;
    WebSocket ws(runtime, server.url());
    ws.on(WebSocket::open, [&] { ++opened; });
    ws.on(WebSocket::closed, [&] {
      if (++closed == 1) over.set_value();
    });
    std::promise<void> go;
    std::thread ender([&, ready = go.get_future()] {
      ready.wait();
      while (ws.ready_state() == ReadyState::closed) std::this_thread::yield();  // now connect() has begun
      round % 2 == 0 ? ws.terminate() : (void)ws.close();
    });
    go.set_value();
    std::promise<Result<HandshakeResponse>> connected;
    ws.connect([&](Result<HandshakeResponse> r) { connected.set_value(std::move(r)); });
    ender.join();
    const auto outcome = get(connected.get_future());
    EXPECT_TRUE(outcome || outcome.error() == Errc::closed);
    ASSERT_EQ(over.get_future().wait_for(10s), std::future_status::ready) << "round " << round << ": the end was lost";
    ws.close_and_wait();
    EXPECT_EQ(closed, 1);
    EXPECT_LE(opened, 1);
  }
}

TEST(WebSocketThreads, TheRuntimeMayEndFirst) {
  test::EchoServer server;
  auto runtime = std::make_unique<Runtime>();
  auto ws = std::make_unique<WebSocket>(*runtime, server.url());
  get(ws->connect(use_future));
  auto ping = ws->ping("never answered in time", use_future);
  runtime.reset();
  (void)ws->send("nobody sends this");
  ws.reset();
  EXPECT_EQ(ping.wait_for(10s), std::future_status::ready);
}

}  // namespace
}  // namespace lavapp
