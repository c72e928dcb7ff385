#include "lavalink/player_clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class PlayerClockTest : public testing::Test {
 protected:
  Clock::time_point now{1h};
  PlayerClock clock;
};

TEST_F(PlayerClockTest, HasNoPositionWithoutATrack) { EXPECT_FALSE(clock.position(now)); }

TEST_F(PlayerClockTest, MovesWithTheTime) {
  clock.start(60s, 5s, now);
  EXPECT_EQ(clock.position(now), 5s);
  EXPECT_EQ(clock.position(now + 1500ms), 6500ms);
}

TEST_F(PlayerClockTest, NeverGoesBeyondTheLength) {
  clock.start(60s, 0s, now);
  EXPECT_EQ(clock.position(now + 2min), 60s);
  clock.told(10'000s, now);
  EXPECT_EQ(clock.position(now), 60s);
}

TEST_F(PlayerClockTest, FreezesWhilePaused) {
  clock.start(60s, 0s, now);
  clock.set_paused(true, now + 2s);
  EXPECT_EQ(clock.position(now + 9s), 2s);
  clock.set_paused(false, now + 10s);
  EXPECT_EQ(clock.position(now + 11s), 3s);
}

TEST_F(PlayerClockTest, ASeekWhilePausedCounts) {
  clock.start(60s, 0s, now);
  clock.set_paused(true, now);
  clock.set_position(30s, now + 1s);
  EXPECT_EQ(clock.position(now + 5s), 30s);
}

TEST_F(PlayerClockTest, HeldIsNotPausedButStandsToo) {
  clock.start(60s, 0s, now);
  clock.set_held(true, now + 1s);
  clock.set_paused(true, now + 2s);
  clock.set_paused(false, now + 3s);
  EXPECT_EQ(clock.position(now + 4s), 1s);
  clock.set_held(false, now + 4s);
  EXPECT_EQ(clock.position(now + 5s), 2s);
}

TEST_F(PlayerClockTest, AChangeOfPaceCountsFromThenOn) {
  clock.start(60s, 0s, now);
  clock.set_speed(2.0, now + 10s);
  EXPECT_EQ(clock.position(now + 15s), 20s);
  clock.set_speed(0.5, now + 15s);
  EXPECT_EQ(clock.position(now + 19s), 22s);
}

TEST_F(PlayerClockTest, APaceThatIsNoneIsNormal) {
  clock.start(60s, 0s, now);
  clock.set_speed(std::numeric_limits<double>::quiet_NaN(), now);
  EXPECT_EQ(clock.position(now + 1s), 1s);
  clock.set_speed(1e300, now);
  EXPECT_EQ(clock.position(now + 1s), 60s);
}

TEST_F(PlayerClockTest, AStreamHasNoPosition) {
  clock.start(std::nullopt, 7s, now);
  EXPECT_FALSE(clock.position(now));
  clock.told(10s, now + 5s);
  clock.set_end(20s, now + 5s);
  clock.set_paused(true, now + 6s);
  EXPECT_FALSE(clock.position(now + 1min));
  clock.start(60s, 7s, now);
  EXPECT_EQ(clock.position(now + 1min), 7s) << "still paused";
}

TEST_F(PlayerClockTest, StopsWithTheTrack) {
  clock.start(60s, 5s, now);
  clock.stop();
  EXPECT_FALSE(clock.position(now + 1s));
}

TEST_F(PlayerClockTest, AnEarlierTimeThanTheLastWordIsNoReasonToGoBack) {
  clock.start(60s, 5s, now);
  EXPECT_EQ(clock.position(now - 1s), 5s);
}

TEST_F(PlayerClockTest, NeverGoesBeyondTheEndTime) {
  clock.start(60s, 0s, now);
  clock.set_end(2s, now);
  EXPECT_EQ(clock.position(now + 1s), 1s);
  EXPECT_EQ(clock.position(now + 9s), 2s);
  clock.set_speed(3.0, now + 9s);
  clock.set_paused(true, now + 10s);
  EXPECT_EQ(clock.position(now + 12s), 2s);
  clock.set_end(90s, now + 12s);
  clock.set_paused(false, now + 12s);
  EXPECT_EQ(clock.position(now + 13s), 5s) << "from where it stood";
  EXPECT_EQ(clock.position(now + 5min), 60s) << "the length is less";
}

TEST_F(PlayerClockTest, NeverStandsBeyondAnEndTimeThatComesMeanwhile) {
  clock.start(60s, 0s, now);
  clock.told(4900ms, now + 5s);
  clock.set_end(4950ms, now + 5s);
  EXPECT_EQ(clock.position(now + 5s), 4950ms);
}

TEST_F(PlayerClockTest, AnEndTimeThatIsTakenAwayNoLongerCounts) {
  clock.start(60s, 0s, now);
  clock.set_end(2s, now);
  clock.set_end(std::nullopt, now + 1s);
  EXPECT_EQ(clock.position(now + 9s), 9s);
}

TEST_F(PlayerClockTest, AnEndTimeDoesNotOutliveItsTrack) {
  clock.start(60s, 0s, now);
  clock.set_end(2s, now);
  clock.start(60s, 0s, now);
  EXPECT_EQ(clock.position(now + 9s), 9s);
}

TEST_F(PlayerClockTest, AnEndTimeThatTheTrackHasPassedIsNone) {
  clock.start(60s, 5s, now);
  clock.set_end(2s, now);
  EXPECT_EQ(clock.position(now + 1s), 6s);
  clock.set_position(0s, now + 1s);
  EXPECT_EQ(clock.position(now + 4s), 3s) << "the node has forgotten it";
  clock.set_end(20s, now + 4s);
  clock.told(30s, now + 5s);
  EXPECT_EQ(clock.position(now + 6s), 31s) << "the node knows better";
}

TEST_F(PlayerClockTest, StandsWhereTheNodesWordIsALittleBehindUntilTheTrackIsThere) {
  clock.start(60s, 0s, now);
  clock.told(4990ms, now + 5s);
  EXPECT_EQ(clock.position(now + 5s), 5s);
  EXPECT_EQ(clock.position(now + 5010ms), 5s);
  EXPECT_EQ(clock.position(now + 5011ms), 5001ms);
  clock.told(9'050ms, now + 10s);  // 940 ms behind
  EXPECT_EQ(clock.position(now + 10s), 9990ms);
  clock.told(9'100ms, now + 10'100ms);  // and again, while it stands
  EXPECT_EQ(clock.position(now + 10'100ms), 9990ms);
  EXPECT_EQ(clock.position(now + 10'990ms), 9990ms);
  EXPECT_EQ(clock.position(now + 12s), 11s);
}

TEST_F(PlayerClockTest, WhatIsASecondBehindIsAJump) {
  clock.start(60s, 0s, now);
  clock.told(4s, now + 5s);
  EXPECT_EQ(clock.position(now + 5s), 4s);
}

TEST_F(PlayerClockTest, ASeekBackIsExactHoweverSmall) {
  clock.start(60s, 0s, now);
  clock.told(4900ms, now + 5s);
  clock.set_position(4500ms, now + 5s);
  EXPECT_EQ(clock.position(now + 5s), 4500ms);
}

TEST_F(PlayerClockTest, WhereItStandsTheNodesWordIsExact) {
  clock.start(60s, 0s, now);
  clock.told(4900ms, now + 5s);
  clock.set_paused(true, now + 5s);
  EXPECT_EQ(clock.position(now + 9s), 4900ms);
  clock.told(4800ms, now + 9s);
  EXPECT_EQ(clock.position(now + 9s), 4800ms);
  clock.set_paused(false, now + 9s);
  EXPECT_EQ(clock.position(now + 9s), 4800ms) << "from there, and not from what was shown before";
}

TEST_F(PlayerClockTest, WordsOfATrackThatPlaysOnNeverTakeItBack) {
  clock.start(10min, 0s, now);
  auto last = 0ms;
  const milliseconds late[] = {3ms, 250ms, 0ms, 999ms, 7ms, 40ms, 500ms};
  for (int i = 1; i <= 200; ++i) {
    const auto at = now + i * 100ms;
    if (i % 10 == 0) clock.told(i * 100ms - late[i / 10 % 7], at);
    if (i == 55) clock.set_speed(1.0, at);
    const auto position = clock.position(at).value();
    EXPECT_GE(position, last) << i;
    EXPECT_LE(i * 100ms - position, 1s) << i;
    last = position;
  }
}

}  // namespace
}  // namespace lavapp::lavalink
