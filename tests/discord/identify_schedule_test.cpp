#include "discord/identify_schedule.hpp"

#include <gtest/gtest.h>

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;

SessionStartLimit limit(std::uint32_t remaining, std::uint32_t max_concurrency = 1) { return {1'000, remaining, 2h, max_concurrency}; }
const IdentifySchedule::TimePoint start{};

TEST(IdentifySchedule, OneOfAGroupInFiveSeconds) {
  IdentifySchedule schedule(limit(1'000), start);
  EXPECT_EQ(schedule.wait(0, start), 0s);
  schedule.identified(0, start);
  EXPECT_EQ(schedule.wait(0, start + 1s), 4s);
  EXPECT_EQ(schedule.wait(0, start + 5s), 0s);
}

TEST(IdentifySchedule, GroupsDoNotWaitForOneAnother) {
  IdentifySchedule schedule(limit(1'000, 16), start);
  EXPECT_EQ(schedule.group(16), schedule.group(0));
  EXPECT_EQ(schedule.group(17), 1u);
  schedule.identified(0, start);
  EXPECT_EQ(schedule.wait(1, start), 0s);
  EXPECT_EQ(schedule.wait(0, start), 5s);
}

TEST(IdentifySchedule, TheDaysIdentifiesAreNotExceeded) {
  IdentifySchedule schedule(limit(2), start);
  schedule.identified(0, start);
  schedule.identified(0, start + 5s);
  EXPECT_EQ(schedule.remaining(start + 10s), 0u);
  EXPECT_EQ(schedule.wait(0, start + 10s), 2h - 10s);
  EXPECT_EQ(schedule.wait(0, start + 2h), 0s);
  EXPECT_EQ(schedule.remaining(start + 2h), 1'000u);
}

TEST(IdentifySchedule, AfterAResetTheNextIsADayLater) {
  IdentifySchedule schedule({1, 1, 2h, 1}, start);
  schedule.identified(0, start + 3h);  // the reset gave one, which is used
  EXPECT_EQ(schedule.wait(0, start + 3h + 5s), 24h - 5s);
}

TEST(IdentifySchedule, WithOtherGroupsNobodyComesTooSoon) {
  IdentifySchedule schedule(limit(1'000, 1), start);
  schedule.identified(0, start);
  schedule.update(limit(999, 2), start + 1s);
  EXPECT_EQ(schedule.wait(0, start + 1s), 4s);
  EXPECT_EQ(schedule.wait(1, start + 1s), 4s);
}

TEST(IdentifySchedule, ZeroesOfTheGatewayAreTakenAsOne) {
  IdentifySchedule schedule({0, 0, 1h, 0}, start);
  EXPECT_EQ(schedule.group(7), 0u);
  EXPECT_EQ(schedule.wait(0, start), 1h);
  EXPECT_EQ(schedule.remaining(start + 1h), 1u);
}

}  // namespace
}  // namespace lavapp::discord
