#include "lavalink/player_clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

class PlayerClockTest : public testing::Test {
 protected:
  Clock::time_point now{1h};
  PlayerClock clock;
};

TEST_F(PlayerClockTest, StandsAtZeroWithoutATrack) { EXPECT_EQ(clock.position(now), 0ms); }

TEST_F(PlayerClockTest, MovesWithTheTime) {
  clock.start(60s, 5s, now);
  EXPECT_EQ(clock.position(now), 5s);
  EXPECT_EQ(clock.position(now + 1500ms), 6500ms);
}

TEST_F(PlayerClockTest, NeverGoesBeyondTheLength) {
  clock.start(60s, 0s, now);
  EXPECT_EQ(clock.position(now + 2min), 60s);
  clock.set_position(10'000s, now);
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

TEST_F(PlayerClockTest, AStreamStaysWhereTheNodeSaysItIs) {
  clock.start(std::nullopt, 7s, now);
  EXPECT_EQ(clock.position(now + 1min), 7s);
}

TEST_F(PlayerClockTest, StopsWithTheTrack) {
  clock.start(60s, 5s, now);
  clock.stop();
  EXPECT_EQ(clock.position(now + 1s), 0s);
}

TEST_F(PlayerClockTest, AnEarlierTimeThanTheLastWordIsNoReasonToGoBack) {
  clock.start(60s, 5s, now);
  EXPECT_EQ(clock.position(now - 1s), 5s);
}

}  // namespace
}  // namespace lavapp::lavalink
