// A day of a bot with 1,000 guilds: its queues agree with the node all day long, and its memory is level.
#include <iostream>

#include "integration/queue_soak.hpp"
#include "integration/soak_seeds.hpp"

namespace lavapp::test {
namespace {

class QueueDay : public testing::TestWithParam<unsigned> {};

TEST_P(QueueDay, QueueAndNodeAgreeAndMemoryIsLevel) {
  SoakOptions options;
  options.seed = GetParam();
  QueueSoak soak(options);
  ASSERT_EQ(soak.run(), "");
  const auto& count = soak.count();
  SCOPED_TRACE(count.text());
  std::cout << count.text() << '\n';
  EXPECT_GT(count.steps, 10'000u);
  EXPECT_GT(count.plays, 50'000u);
  EXPECT_GT(count.failures, 5'000u);
  EXPECT_GT(count.sessions_lost, 5u);
  EXPECT_GT(count.resumes, 20u);
  EXPECT_GT(count.restarts, 5u);
  EXPECT_GT(count.autoplays, 1'000u);
  EXPECT_GT(count.hung, 50u);
  EXPECT_GT(count.slow, 50u);
  EXPECT_GT(count.busy, 50u);
  EXPECT_GT(count.half_opens, 3u);
  EXPECT_GT(count.ends_lost, 50u);
  // What the queues hold is random: a track takes about half a kilobyte. The rest of the bound is some 10 bytes a play.
  const auto held = count.last.tracks > count.warm.tracks ? count.last.tracks - count.warm.tracks : 0;
  EXPECT_LE(count.last.bytes, count.warm.bytes + count.warm.bytes / 20 + 800 * held);
  EXPECT_LE(count.last.timers, count.warm.timers + 200);
}

INSTANTIATE_TEST_SUITE_P(Seeds, QueueDay, testing::Range(1u, soak_seeds(2) + 1));

}  // namespace
}  // namespace lavapp::test
