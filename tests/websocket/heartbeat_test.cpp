#include "websocket/heartbeat.hpp"

#include <gtest/gtest.h>

#include "websocket/latency.hpp"
#include "websocket/pending_pings.hpp"

namespace lavapp::websocket {
namespace {

using namespace std::chrono_literals;
using Action = Heartbeat::Action;
const Clock::time_point t0{1h};

TEST(Heartbeat, PingsOnceAnInterval) {
  Heartbeat beat(30s, 5s);
  beat.start(t0);
  EXPECT_EQ(beat.next(), t0 + 30s);
  EXPECT_EQ(beat.due(t0 + 29s), Action::wait);
  EXPECT_EQ(beat.due(t0 + 30s), Action::ping);
  EXPECT_EQ(beat.next(), t0 + 35s);
  beat.answered(t0 + 30s);
  EXPECT_EQ(beat.next(), t0 + 60s);
  EXPECT_EQ(beat.due(t0 + 35s), Action::wait);
  EXPECT_EQ(beat.due(t0 + 60s), Action::ping);
}

TEST(Heartbeat, GivesUpWithoutAPong) {
  Heartbeat beat(30s, 5s);
  beat.start(t0);
  beat.due(t0 + 30s);
  EXPECT_EQ(beat.due(t0 + 34s), Action::wait);
  EXPECT_EQ(beat.due(t0 + 35s), Action::give_up);
}

TEST(Heartbeat, TheLongestTimesDoNotOverflow) {
  Heartbeat beat(std::chrono::milliseconds::max(), std::chrono::milliseconds::max());
  beat.start(t0);
  EXPECT_EQ(beat.due(t0 + 1000h), Action::wait);
  Heartbeat patient(30s, std::chrono::milliseconds::max());
  patient.start(t0);
  EXPECT_EQ(patient.due(t0 + 30s), Action::ping);
  EXPECT_EQ(patient.due(t0 + 1000h), Action::wait);
}

TEST(Heartbeat, OnlyAPongToAPingSentSinceThenCounts) {
  Heartbeat beat(30s, 5s);
  beat.start(t0);
  beat.due(t0 + 30s);
  beat.answered(t0 + 29s);
  EXPECT_EQ(beat.next(), t0 + 35s) << "an older ping's";
  beat.answered(t0 + 31s);
  EXPECT_EQ(beat.next(), t0 + 60s) << "a later ping's";
}

TEST(Heartbeat, ATimeoutLongerThanTheIntervalHoldsTheNextPingBack) {
  Heartbeat beat(1s, 5s);
  beat.start(t0);
  EXPECT_EQ(beat.due(t0 + 1s), Action::ping);
  EXPECT_EQ(beat.due(t0 + 2s), Action::wait);
  beat.answered(t0 + 1s);
  EXPECT_EQ(beat.due(t0 + 4s), Action::ping);
}

TEST(Heartbeat, ZeroTurnsItOff) {
  Heartbeat off(0s, 5s);
  off.start(t0);
  EXPECT_EQ(off.next(), Clock::time_point::max());
  EXPECT_EQ(off.due(t0 + 1h), Action::wait);
  Heartbeat patient(30s, 0s);
  patient.start(t0);
  EXPECT_EQ(patient.due(t0 + 30s), Action::ping);
  EXPECT_EQ(patient.next(), t0 + 60s);
  EXPECT_EQ(patient.due(t0 + 60s), Action::ping);
}

TEST(Latency, SmoothsAsTcpDoes) {
  LatencyMeter meter;
  EXPECT_EQ(meter.value().last, 0ns);
  meter.add(80ms);
  EXPECT_EQ(meter.value().smoothed, 80ms);
  meter.add(160ms);
  EXPECT_EQ(meter.value().last, 160ms);
  EXPECT_EQ(meter.value().smoothed, 90ms);
  EXPECT_EQ(meter.value().minimum, 80ms);
  EXPECT_EQ(meter.value().recent, (std::vector<std::chrono::nanoseconds>{80ms, 160ms}));
}

TEST(Latency, KeepsTheLatest128) {
  LatencyMeter meter;
  for (int i = 1; i <= 140; ++i) meter.add(std::chrono::milliseconds(i));
  EXPECT_EQ(meter.value().recent.size(), 128u);
  EXPECT_EQ(meter.value().recent.front(), 13ms);
  EXPECT_EQ(meter.value().recent.back(), 140ms);
  EXPECT_EQ(meter.value().minimum, 1ms);
}

TEST(PendingPings, MatchByPayloadOldestFirst) {
  PendingPings pings;
  pings.add("a", t0);
  pings.add("b", t0 + 1s);
  pings.add("a", t0 + 2s);
  EXPECT_FALSE(pings.match("c"));
  EXPECT_EQ(pings.match("a")->sent, t0);
  EXPECT_EQ(pings.match("a")->sent, t0 + 2s);
  EXPECT_FALSE(pings.match("a"));
  EXPECT_EQ(pings.match("b")->sent, t0 + 1s);
}

TEST(PendingPings, RemovedOnesAreUnsolicited) {
  PendingPings pings;
  const auto id = pings.add("a", t0, [](Result<std::chrono::nanoseconds>) {});
  pings.remove(id);
  EXPECT_FALSE(pings.match("a"));
  EXPECT_TRUE(pings.drain().empty());
}

TEST(PendingPings, OwnPayloadsDiffer) {
  PendingPings pings;
  EXPECT_NE(pings.own_payload(), pings.own_payload());
}

TEST(PendingPings, UnansweredHeartbeatsDoNotPileUp) {
  PendingPings pings;
  for (int i = 0; i < 1000; ++i) pings.add(std::to_string(i), t0);
  EXPECT_FALSE(pings.match("0"));
  EXPECT_TRUE(pings.match("999"));
}

}  // namespace
}  // namespace lavapp::websocket
