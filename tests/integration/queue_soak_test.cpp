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
  EXPECT_GT(count.plays, 1'000u);
  EXPECT_GT(count.failures, 50u);
  EXPECT_GT(count.stuck, 5u);
  EXPECT_GT(count.resumes, 5u);
  EXPECT_GT(count.sessions_lost, 2u);
  EXPECT_GT(count.kicks, 20u);
  EXPECT_GT(count.moves, 50u);
  EXPECT_GT(count.voice_closes, 50u);
  EXPECT_GT(count.refused, 10u);
  EXPECT_GT(count.unanswered, 10u);
  EXPECT_GT(count.away, 20u);
  EXPECT_GT(count.autoplays, 20u);
  EXPECT_GT(count.hung, 5u);
  EXPECT_GT(count.slow, 2u);
  EXPECT_GT(count.busy, 2u);
  EXPECT_GT(count.half_opens, 0u);
  EXPECT_LE(count.last.timers, count.warm.timers + 40);
}

INSTANTIATE_TEST_SUITE_P(Seeds, QueueHours, testing::Range(1u, soak_seeds(3) + 1));

}  // namespace
}  // namespace lavapp::test
