// What a WebSocket counts and measures of itself.
#include "websocket/latency.hpp"
#include "websocket/state_times.hpp"
#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

class CountersTest : public WebSocketTest {};

TEST_F(CountersTest, MessagesBytesAndPingsBothWays) {
  const auto peer = open();
  ASSERT_TRUE(ws->send("12345"));
  ASSERT_TRUE(ws->send_binary("678"));
  ws->ping("p", [](auto) {});
  ASSERT_TRUE(run_until_frames(peer, 3));
  peer->write(text_frame("four") + pong_frame("p") + pong_frame("of nobody") + ping_frame("q"));
  ASSERT_TRUE(run_until_event("ping:q"));
  const auto counters = ws->counters();
  EXPECT_EQ(counters.messages_sent, 2u);
  EXPECT_EQ(counters.bytes_sent, 8u);
  EXPECT_EQ(counters.messages_received, 1u);
  EXPECT_EQ(counters.bytes_received, 4u);
  EXPECT_EQ(counters.pings_sent, 1u);
  EXPECT_EQ(counters.pongs_received, 1u);
  EXPECT_EQ(counters.pings_received, 1u);
}

TEST_F(CountersTest, AttemptsAndConnectionsAddUp) {
  make();
  EXPECT_EQ(ws->counters().attempts, 0u);
  connect();
  accept()->close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(ws->counters().attempts, 1u);
  EXPECT_EQ(ws->counters().connections, 0u);
  reopen();
  EXPECT_EQ(ws->counters().attempts, 2u);
  EXPECT_EQ(ws->counters().connections, 1u);
}

TEST_F(CountersTest, TimeInEachState) {
  make();
  advance(1s);
  connect();
  const auto peer = accept();
  advance(2s);
  peer->write(switching());
  ASSERT_TRUE(run_until_event("open"));
  advance(3s);
  ASSERT_TRUE(ws->close());
  ASSERT_TRUE(run_until_frames(peer, 1));
  advance(4s);
  peer->write(close_frame(1000));
  peer->close();
  ASSERT_TRUE(run_until_closed());
  advance(5s);
  const auto counters = ws->counters();
  EXPECT_EQ(counters.connecting, 2s);
  EXPECT_EQ(counters.open, 3s);
  EXPECT_EQ(counters.closing, 4s);
  EXPECT_EQ(counters.closed, 6s);
}

TEST(LatencyPercentile, IsTheNearestRank) {
  websocket::LatencyMeter meter;
  EXPECT_EQ(meter.value().percentile(50), 0ns);
  for (int i = 100; i >= 1; --i) meter.add(std::chrono::milliseconds(i));
  EXPECT_EQ(meter.value().percentile(50), 50ms);
  EXPECT_EQ(meter.value().percentile(99), 99ms);
  EXPECT_EQ(meter.value().percentile(100), 100ms);
  EXPECT_EQ(meter.value().percentile(0), 1ms);
  EXPECT_EQ(meter.value().percentile(-5), 1ms);
  EXPECT_EQ(meter.value().percentile(500), 100ms);
}

TEST(LatencyPercentile, TheWindowMoves) {
  websocket::LatencyMeter meter;
  for (int i = 0; i < 1'000; ++i) meter.add(1s);
  for (std::size_t i = 0; i < websocket::LatencyMeter::kRecent; ++i) meter.add(5ms);
  EXPECT_EQ(meter.value().percentile(100), 5ms);
  EXPECT_EQ(meter.value().recent.size(), websocket::LatencyMeter::kRecent);
}

}  // namespace
}  // namespace lavapp
