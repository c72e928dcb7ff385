// A WebSocket destroyed at each step of its life, on either side of the fence, and inside each of its listeners: what was
// pending completes once, nothing is told any more, nothing is left.
#include <thread>

#include "fault_walk.hpp"

namespace lavapp {
namespace {

enum class Where { on_the_runtime, on_another_thread };

class DestroyedAt : public FaultWalk, public testing::WithParamInterface<std::tuple<Step, Where>> {};

TEST_P(DestroyedAt, CompletesWhatWasPendingAndTellsNothing) {
  const auto [step, where] = GetParam();
  reach(step);
  const auto told = events;
  if (where == Where::on_the_runtime)
    ws.reset();
  else
    std::thread([this] { ws.reset(); }).join();
  ASSERT_TRUE(run_until_ended(peer));
  poll();
  EXPECT_EQ(events, told);
  ASSERT_EQ(connected.size(), 1u);
  if (is_open(step)) {
    ASSERT_EQ(pinged.size(), 1u);
    EXPECT_FALSE(pinged[0]);
  } else {
    EXPECT_TRUE(connected[0].error() == Errc::closed) << connected[0].error().what();
  }
  EXPECT_EQ(token.use_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Each, DestroyedAt,
                         testing::Combine(testing::ValuesIn(kSteps), testing::Values(Where::on_the_runtime, Where::on_another_thread)),
                         [](const auto& one) {
                           return name_of(std::get<0>(one.param)) +
                                  (std::get<1>(one.param) == Where::on_the_runtime ? "OnTheRuntime" : "OnAnotherThread");
                         });

class DestroyedInside : public FaultWalk, public testing::WithParamInterface<const char*> {
 protected:
  /// The listener that is named destroys the WebSocket the first time it is called.
  void arm(const std::string& name) {
    const auto strike = [this] {
      if (!ws) return;
      told_ = events.size();
      struck_ = true;
      ws.reset();
    };
    if (name == "open") ws->on(WebSocket::open, strike);
    if (name == "message") ws->on(WebSocket::message, strike);
    if (name == "fragment") ws->on(WebSocket::fragment, strike);
    if (name == "ping_received") ws->on(WebSocket::ping_received, strike);
    if (name == "pong") ws->on(WebSocket::pong, strike);
    if (name == "drain") ws->on(WebSocket::drain, strike);
    if (name == "error") ws->on(WebSocket::error, strike);
    if (name == "closed") ws->on(WebSocket::closed, strike);
    if (name == "reconnecting") ws->on(WebSocket::reconnecting, strike);
    if (name == "debug") ws->on(WebSocket::debug, strike);
  }
  bool struck_ = false;
  std::size_t told_ = 0;
};

TEST_P(DestroyedInside, NobodyIsToldAnythingAnyMore) {
  const std::string name = GetParam();
  auto options = options_for(Step::idle);
  options.reconnect.enabled = true;
  options.stream_messages = name == "fragment";
  make(options);
  keep_token();
  arm(name);
  connect();
  // A life in which each event comes up; it may end at any point of it.
  const auto struck = [this] { return struck_; };
  if (name == "debug") {
    ASSERT_TRUE(run_until(struck));
  } else {
    peer = next_peer();
    take_request();
    peer->write(rest_of(Step::handshake));
    ASSERT_TRUE(run_until([&] { return struck_ || has("open"); }));
  }
  if (!struck_) {
    ws->ping("pending", [this, token = token](Result<std::chrono::nanoseconds> r) { pinged.push_back(std::move(r)); });
    ws->send("sent", [token = token](Result<void>) {});
    peer->write(ping_frame("are you there") + pong_frame("pending") + text_frame("first") + text_frame("second"));
    ASSERT_TRUE(run_until([&] { return struck_ || (pinged.size() == 1 && has(name == "fragment" ? "ping:" : "text:second")); }));
    peer->close();
  }
  ASSERT_TRUE(run_until(struck));
  if (peer) {
    ASSERT_TRUE(run_until_ended(peer));
  }
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  poll();
  EXPECT_EQ(events.size(), told_);
  EXPECT_LE(pinged.size(), 1u);
  EXPECT_EQ(token.use_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Each, DestroyedInside,
                         testing::Values("open", "message", "fragment", "ping_received", "pong", "drain", "error", "closed",
                                         "reconnecting", "debug"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace lavapp
