#include "discord/send_limit.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;
using TimePoint = Clock::time_point;

TEST(SendLimit, KeepsRoomForHeartbeats) {
  SendLimit limit(41'250ms);
  TimePoint now{};
  int commands = 0;
  for (; limit.wait(now) == 0ns; ++commands) limit.sent(now);
  EXPECT_EQ(commands, 116);  // two heartbeats may fall into a minute, and op 1 may come twice
  EXPECT_EQ(limit.wait(now), 60s);
  for (int beats = 0; beats < 4; ++beats) {
    EXPECT_EQ(limit.wait_for_heartbeat(now), 0ns);
    limit.sent(now);
  }
  EXPECT_EQ(limit.wait_for_heartbeat(now), 60s);
  EXPECT_EQ(limit.wait(now + 59s), 1s);
  EXPECT_EQ(limit.wait(now + 60s), 0ns);
}

TEST(SendLimit, FivePresencesInTwentySeconds) {
  SendLimit limit(41'250ms);
  TimePoint now{};
  for (int i = 0; i < 5; ++i, now += 1s) {
    EXPECT_EQ(limit.wait_for_presence(now), 0ns);
    limit.sent(now);
    limit.presence_sent(now);
  }
  EXPECT_EQ(limit.wait_for_presence(now), 15s);
  EXPECT_EQ(limit.wait(now), 0ns) << "other commands need not wait";
  EXPECT_EQ(limit.wait_for_presence(now + 15s), 0ns);
}

TEST(SendLimit, AShortIntervalLeavesHalfToCommands) {
  SendLimit limit(100ms);
  int commands = 0;
  for (; limit.wait({}) == 0ns; ++commands) limit.sent({});
  EXPECT_EQ(commands, 60);
}

/// The window slides: no minute, whenever it begins, has more than 120 sends.
TEST(SendLimit, NoMinuteHasMore) {
  std::mt19937 random(7);
  SendLimit limit(41'250ms);
  std::vector<TimePoint> sent;
  TimePoint now{};
  auto next_beat = now + 41'250ms;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::milliseconds(random() % 200);
    while (next_beat <= now) {
      EXPECT_EQ(limit.wait_for_heartbeat(now), 0ns);
      limit.sent(now);
      sent.push_back(now);
      next_beat += 41'250ms;
    }
    if (limit.wait(now) > 0ns) continue;
    limit.sent(now);
    sent.push_back(now);
  }
  EXPECT_GT(sent.size(), 3'000u);
  for (std::size_t i = 120; i < sent.size(); ++i) ASSERT_GE(sent[i] - sent[i - 120], 60s) << i;
}

}  // namespace
}  // namespace lavapp::discord
