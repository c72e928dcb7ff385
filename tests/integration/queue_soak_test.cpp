// Some hours of a bot's life, with a guild in trouble at every moment; queue_soak_day_test.cpp has a whole day of 1,000 guilds.
#include "integration/queue_soak.hpp"
#include "integration/soak_seeds.hpp"

namespace lavapp::test {
namespace {

class QueueHours : public testing::TestWithParam<unsigned> {};

TEST_P(QueueHours, QueueAndNodeAgreeWhateverHappens) {
  SoakOptions options;
  options.seed = GetParam();
  options.guilds = 40;
  options.length = std::chrono::hours(3);
  options.actions = 2;
  QueueSoak soak(options);
  ASSERT_EQ(soak.run(), "");
  const auto& count = soak.count();
  SCOPED_TRACE(count.text());
  // That it was no idle afternoon. How much of what is rare comes varies with what the machine is at: a day has enough of it.
  EXPECT_GT(count.plays, 1'000u);
  EXPECT_GT(count.failures, 50u);
  EXPECT_GT(count.stuck, 5u);
  EXPECT_GT(count.resumes, 5u);
  EXPECT_GT(count.kicks, 20u);
  EXPECT_GT(count.moves, 50u);
  EXPECT_GT(count.voice_closes, 50u);
  EXPECT_GT(count.refused + count.unanswered, 10u);
  EXPECT_GT(count.away, 20u);
  EXPECT_GT(count.autoplays, 10u);
  EXPECT_GT(count.hung + count.slow + count.busy, 5u);
  EXPECT_GT(count.sessions_lost + count.half_opens, 0u);
  EXPECT_LE(count.last.timers, count.warm.timers + 40);
}

INSTANTIATE_TEST_SUITE_P(Seeds, QueueHours, testing::Range(1u, soak_seeds(3) + 1));

}  // namespace
}  // namespace lavapp::test
