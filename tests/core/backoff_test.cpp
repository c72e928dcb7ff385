#include <gtest/gtest.h>

#include "lavapp/core/reconnect.hpp"

namespace lavapp {
namespace {

using std::chrono::milliseconds;

ReconnectOptions exact() {
  ReconnectOptions options;
  options.jitter = false;
  return options;
}

TEST(Backoff, DoublesUpToTheCap) {
  Backoff backoff(exact(), 1);
  for (int expected : {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
    EXPECT_EQ(backoff.next(), milliseconds(expected));
  }
}

TEST(Backoff, FullJitterStaysBetweenZeroAndTheBoundAndSpreads) {
  int below_half = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Backoff backoff(ReconnectOptions{}, seed);
    const auto first = backoff.next().value();
    EXPECT_GE(first, milliseconds(0));
    EXPECT_LE(first, milliseconds(1'000));
    if (first < milliseconds(500)) ++below_half;
  }
  EXPECT_GT(below_half, 400);
  EXPECT_LT(below_half, 600);
}

TEST(Backoff, RetryAfterIsTheLeastDelay) {
  Backoff backoff(ReconnectOptions{}, 1);
  EXPECT_EQ(backoff.next(milliseconds(90'000)), milliseconds(90'000));
}

TEST(Backoff, ResetsOnlyAfterAStableConnection) {
  Backoff backoff(exact(), 1);
  (void)backoff.next();
  (void)backoff.next();
  backoff.connection_lasted(milliseconds(29'999));
  EXPECT_EQ(backoff.next(), milliseconds(4'000));
  backoff.connection_lasted(milliseconds(30'000));
  EXPECT_EQ(backoff.next(), milliseconds(1'000));
}

TEST(Backoff, GivesUpOnlyWhenToldALimit) {
  auto limited = exact();
  limited.max_attempts = 2;
  Backoff backoff(limited, 1);
  EXPECT_TRUE(backoff.next());
  EXPECT_TRUE(backoff.next());
  EXPECT_FALSE(backoff.next());

  Backoff forever(exact(), 1);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(forever.next());
}

TEST(Backoff, OffMeansNoAttempt) {
  auto off = exact();
  off.enabled = false;
  EXPECT_FALSE(Backoff(off, 1).next());
}

TEST(Backoff, RefusesOptionsOutOfRange) {
  auto bad = exact();
  bad.factor = 0.5;
  EXPECT_THROW(Backoff(bad, 1), std::invalid_argument);
  bad = exact();
  bad.initial_delay = milliseconds(0);
  EXPECT_THROW(Backoff(bad, 1), std::invalid_argument);
  bad = exact();
  bad.max_delay = milliseconds(10);
  EXPECT_THROW(Backoff(bad, 1), std::invalid_argument);
}

}  // namespace
}  // namespace lavapp
