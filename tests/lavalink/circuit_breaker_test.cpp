#include "lavalink/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using Permit = CircuitBreaker::Permit;

class Breaker : public testing::Test {
 protected:
  void fail(int times, bool probe = false) {
    for (int i = 0; i < times; ++i) breaker.failed(probe, now, Error(Errc::connection_lost, std::to_string(i)));
  }
  /// Open, and its pause has passed.
  void opened() {
    fail(3);
    now += 5s;
  }
  CircuitBreaker breaker{3, 5s};
  CircuitBreaker::TimePoint now{100s};
};

TEST_F(Breaker, OpensAfterSoManyFailuresInARow) {
  fail(2);
  EXPECT_EQ(breaker.ask(now), Permit::free);
  EXPECT_EQ(breaker.state(), CircuitState::closed);
  fail(1);
  EXPECT_EQ(breaker.state(), CircuitState::open);
  EXPECT_EQ(breaker.ask(now + 4999ms), Permit::refused);
  EXPECT_EQ(breaker.retry_at(), now + 5s);
  EXPECT_EQ(breaker.failures(), 3u);
  EXPECT_TRUE(*breaker.last_failure() == Errc::connection_lost);
}

TEST_F(Breaker, AnAnswerInBetweenBeginsTheRowAnew) {
  fail(2);
  breaker.succeeded();
  fail(2);
  EXPECT_EQ(breaker.state(), CircuitState::closed);
}

TEST_F(Breaker, AfterItsPauseOneRequestGoesThrough) {
  opened();
  EXPECT_EQ(breaker.ask(now), Permit::probe);
  EXPECT_EQ(breaker.state(), CircuitState::half_open);
  EXPECT_EQ(breaker.ask(now), Permit::refused);
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), CircuitState::closed);
  EXPECT_EQ(breaker.ask(now), Permit::free);
  EXPECT_EQ(breaker.failures(), 0u);
}

TEST_F(Breaker, AProbeThatFailsOpensItAgain) {
  opened();
  breaker.ask(now);
  fail(1, true);
  EXPECT_EQ(breaker.state(), CircuitState::open);
  EXPECT_EQ(breaker.ask(now + 4s), Permit::refused);
  EXPECT_EQ(breaker.ask(now + 5s), Permit::probe);
  EXPECT_EQ(breaker.opened(), 1u) << "it has not been closed in between";
}

TEST_F(Breaker, WhatWasSentBeforeItOpenedSaysNothingNew) {
  fail(3);
  const auto retry = breaker.retry_at();
  now += 3s;
  fail(5);
  EXPECT_EQ(breaker.retry_at(), retry);
  now += 2s;
  breaker.ask(now);
  fail(1);
  EXPECT_EQ(breaker.state(), CircuitState::half_open);
}

TEST_F(Breaker, AnAnswerToAnyRequestClosesIt) {
  fail(3);
  breaker.succeeded();
  EXPECT_EQ(breaker.ask(now), Permit::free);
}

TEST_F(Breaker, AProbeThatIsGivenUpLeavesItsPlace) {
  opened();
  breaker.ask(now);
  breaker.given_up();
  EXPECT_EQ(breaker.ask(now), Permit::probe);
}

TEST_F(Breaker, AProbeThatNeverEndsLeavesItsPlaceAfterAPause) {
  opened();
  breaker.ask(now);
  EXPECT_EQ(breaker.ask(now + 4999ms), Permit::refused);
  EXPECT_EQ(breaker.ask(now + 5s), Permit::probe);
}

TEST_F(Breaker, LookingAsksForNothing) {
  opened();
  EXPECT_FALSE(breaker.would_refuse(now));
  EXPECT_EQ(breaker.state(), CircuitState::open);
  EXPECT_TRUE(breaker.would_refuse(now - 1ms));
  breaker.ask(now);
  EXPECT_TRUE(breaker.would_refuse(now));
}

TEST_F(Breaker, OffItNeverOpens) {
  breaker = CircuitBreaker(0, 5s);
  fail(1000);
  EXPECT_EQ(breaker.ask(now), Permit::free);
}

}  // namespace
}  // namespace lavapp::lavalink
