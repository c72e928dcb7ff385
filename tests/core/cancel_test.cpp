#include <gtest/gtest.h>

#include "lavapp/core/cancel.hpp"

namespace lavapp {
namespace {

TEST(Cancel, RunsEachCallbackOnce) {
  CancelSource source;
  int runs = 0;
  auto first = source.token().subscribe([&] { ++runs; });
  auto second = source.token().subscribe([&] { ++runs; });
  EXPECT_FALSE(source.token().cancelled());
  source.cancel();
  source.cancel();
  EXPECT_EQ(runs, 2);
  EXPECT_TRUE(source.token().cancelled());
}

TEST(Cancel, RunsAtOnceWhenCancelledAlready) {
  CancelSource source;
  source.cancel();
  int runs = 0;
  auto registration = source.token().subscribe([&] { ++runs; });
  EXPECT_EQ(runs, 1);
}

TEST(Cancel, ForgetsWhatIsNoLongerRegistered) {
  CancelSource source;
  int runs = 0;
  { auto gone = source.token().subscribe([&] { ++runs; }); }
  source.cancel();
  EXPECT_EQ(runs, 0);
}

TEST(Cancel, DefaultTokenNeverCancels) {
  CancelToken token;
  EXPECT_FALSE(token.cancelled());
  auto registration = token.subscribe([] { FAIL(); });
}

TEST(Cancel, CallbackMayUnsubscribeItself) {
  CancelSource source;
  CancelRegistration registration;
  registration = source.token().subscribe([&] { registration.reset(); });
  source.cancel();
}

}  // namespace
}  // namespace lavapp
