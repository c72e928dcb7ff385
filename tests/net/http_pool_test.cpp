#include "net/http_pool.hpp"

#include <gtest/gtest.h>

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;

class HttpPoolTest : public testing::Test {
 protected:
  HttpPool pool{2, 50s};
  HttpPool::time_point now{1h};

  /// The connection that `request` starts on.
  HttpPool::Id expect_start(HttpPool::Id request, bool fresh) {
    const auto start = pool.next();
    if (!start) {
      ADD_FAILURE() << "request " << request << " does not start";
      return 0;
    }
    EXPECT_EQ(start->request, request);
    EXPECT_EQ(start->fresh, fresh);
    return start->connection;
  }
};

TEST_F(HttpPoolTest, OpensUpToItsBoundAndLetsTheRestWaitInOrder) {
  for (HttpPool::Id id = 1; id <= 4; ++id) pool.add(id, HttpLane::shared);
  const auto a = expect_start(1, true), b = expect_start(2, true);
  EXPECT_NE(a, b);
  EXPECT_FALSE(pool.next());
  EXPECT_TRUE(pool.finish(b, true, now));
  EXPECT_EQ(expect_start(3, false), b);
  EXPECT_TRUE(pool.finish(a, true, now));
  EXPECT_EQ(expect_start(4, false), a);
  EXPECT_FALSE(pool.next());
}

TEST_F(HttpPoolTest, ReusesTheConnectionThatWasUsedLast) {
  pool.add(1, HttpLane::shared);
  pool.add(2, HttpLane::shared);
  const auto a = expect_start(1, true), b = expect_start(2, true);
  pool.finish(b, true, now);
  pool.finish(a, true, now + 1s);
  pool.add(3, HttpLane::shared);
  EXPECT_EQ(expect_start(3, false), a);
}

TEST_F(HttpPoolTest, AConnectionThatCannotBeReusedMakesRoom) {
  for (HttpPool::Id id = 1; id <= 4; ++id) pool.add(id, HttpLane::shared);
  const auto a = expect_start(1, true), b = expect_start(2, true);
  EXPECT_FALSE(pool.finish(a, false, now));
  expect_start(3, true);
  pool.lost(b);
  expect_start(4, true);
}

TEST_F(HttpPoolTest, ARequestOnItsOwnLaneNeverWaits) {
  for (HttpPool::Id id = 1; id <= 3; ++id) pool.add(id, HttpLane::shared);
  expect_start(1, true);
  expect_start(2, true);
  pool.add(4, HttpLane::own);
  pool.add(5, HttpLane::own);
  const auto own = expect_start(4, true);
  expect_start(5, true);
  EXPECT_FALSE(pool.next());
  EXPECT_FALSE(pool.finish(own, true, now)) << "the pool is full without it";
  EXPECT_FALSE(pool.next());
}

TEST_F(HttpPoolTest, TakesOverAConnectionOfItsOwnLaneWhereThereIsRoom) {
  pool.add(1, HttpLane::own);
  const auto own = expect_start(1, true);
  EXPECT_TRUE(pool.finish(own, true, now));
  pool.add(2, HttpLane::shared);
  EXPECT_EQ(expect_start(2, false), own);
  pool.add(3, HttpLane::shared);
  pool.add(4, HttpLane::shared);
  expect_start(3, true);
  EXPECT_FALSE(pool.next());
}

TEST_F(HttpPoolTest, ARequestThatGoesOutAgainComesFirstAndOnAFreshConnection) {
  for (HttpPool::Id id = 1; id <= 3; ++id) pool.add(id, HttpLane::shared);
  const auto a = expect_start(1, true), b = expect_start(2, true);
  pool.finish(b, true, now);
  expect_start(3, false);
  pool.add(4, HttpLane::shared);
  pool.lost(a);
  pool.add_again(1);
  expect_start(1, true);
  EXPECT_FALSE(pool.next());
}

TEST_F(HttpPoolTest, ForgetsAWaitingRequest) {
  for (HttpPool::Id id = 1; id <= 3; ++id) pool.add(id, HttpLane::shared);
  const auto a = expect_start(1, true);
  EXPECT_FALSE(pool.remove(1)) << "it has started";
  EXPECT_TRUE(pool.remove(2));
  EXPECT_FALSE(pool.remove(2));
  expect_start(3, true);
  pool.finish(a, true, now);
  EXPECT_FALSE(pool.next());
}

TEST_F(HttpPoolTest, ClosesConnectionsThatNobodyNeeded) {
  pool.add(1, HttpLane::shared);
  pool.add(2, HttpLane::shared);
  const auto a = expect_start(1, true), b = expect_start(2, true);
  EXPECT_FALSE(pool.next_expiry());
  pool.finish(a, true, now);
  pool.finish(b, true, now + 10s);
  EXPECT_EQ(pool.next_expiry(), now + 50s);
  EXPECT_TRUE(pool.take_expired(now + 49s).empty());
  EXPECT_EQ(pool.take_expired(now + 50s), std::vector{a});
  EXPECT_EQ(pool.next_expiry(), now + 60s);
  pool.add(3, HttpLane::shared);
  EXPECT_EQ(expect_start(3, false), b);
  EXPECT_FALSE(pool.next_expiry());
}

TEST_F(HttpPoolTest, AnIdleConnectionThatIsLostIsNotUsedAgain) {
  pool.add(1, HttpLane::shared);
  const auto a = expect_start(1, true);
  pool.finish(a, true, now);
  pool.lost(a);
  pool.add(2, HttpLane::shared);
  expect_start(2, true);
}

TEST(MaySendAgain, OnlyOnAReusedConnectionAndBeforeAnyResponse) {
  const HttpFailure stale{true, false, false};
  for (const auto* method : {"GET", "HEAD", "PUT", "DELETE"}) EXPECT_TRUE(may_send_again(method, stale)) << method;
  for (const auto* method : {"PATCH", "POST"}) {
    EXPECT_FALSE(may_send_again(method, stale)) << method << " may have been done";
    EXPECT_TRUE(may_send_again(method, {true, true, false})) << "not all of it went out";
  }
  EXPECT_FALSE(may_send_again("GET", {false, false, false})) << "a fresh connection";
  EXPECT_FALSE(may_send_again("GET", {false, true, false}));
  EXPECT_FALSE(may_send_again("GET", {true, false, true})) << "a response had begun";
}

}  // namespace
}  // namespace lavapp::net
