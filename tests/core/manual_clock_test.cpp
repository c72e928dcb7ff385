#include <gtest/gtest.h>

#include <vector>

#include "lavapp/core/clock.hpp"

namespace lavapp {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, RunsWhatIsDueInOrderOfTime) {
  ManualClock clock;
  std::vector<int> order;
  clock.call_at(clock.now() + 2s, [&] { order.push_back(2); });
  clock.call_at(clock.now() + 1s, [&] { order.push_back(1); });
  clock.call_at(clock.now() + 3s, [&] { order.push_back(3); });
  clock.advance(2s);
  EXPECT_EQ(order, (std::vector{1, 2}));
  EXPECT_EQ(clock.pending(), 1u);
}

TEST(ManualClock, RunsWhatACallbackSetsIfItIsDueToo) {
  ManualClock clock;
  int runs = 0;
  clock.call_at(clock.now() + 1s, [&] { clock.call_at(clock.now() + 1s, [&] { ++runs; }); });
  clock.advance(2s);
  EXPECT_EQ(runs, 1);
}

TEST(ManualClock, CancelledTimersDoNotRun) {
  ManualClock clock;
  const auto id = clock.call_at(clock.now() + 1s, [] { FAIL(); });
  clock.cancel(id);
  clock.advance(5s);
  EXPECT_EQ(clock.next(), Clock::time_point::max());
}

}  // namespace
}  // namespace lavapp
