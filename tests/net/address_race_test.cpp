#include "net/address_race.hpp"

#include <gtest/gtest.h>

namespace lavapp::net {
namespace {

using namespace std::chrono_literals;
using Addresses = Resolver::Addresses;
const Clock::time_point t0{1h};

}  // namespace

TEST(AddressRace, TakesTheFamiliesInTurnAndKeepsTheirOrder) {
  EXPECT_EQ(interleaved({"::1", "::2", "::3", "10.0.0.1", "10.0.0.2"}),
            (Addresses{"::1", "10.0.0.1", "::2", "10.0.0.2", "::3"}));
  EXPECT_EQ(interleaved({"10.0.0.1", "10.0.0.2", "::1"}), (Addresses{"10.0.0.1", "::1", "10.0.0.2"}));
  EXPECT_EQ(interleaved({"10.0.0.1"}), Addresses{"10.0.0.1"});
  EXPECT_EQ(interleaved({}), Addresses{});
}

TEST(AddressRace, StartsOneAttemptEachQuarterOfASecond) {
  AddressRace race({"::1", "10.0.0.1", "::2"});
  EXPECT_EQ(race.next(t0), "::1");
  EXPECT_FALSE(race.next(t0)) << "one at a time";
  EXPECT_EQ(race.next_due(), t0 + 250ms);
  EXPECT_FALSE(race.next(t0 + 249ms));
  EXPECT_EQ(race.next(t0 + 250ms), "10.0.0.1");
  EXPECT_EQ(race.next(t0 + 600ms), "::2");
  EXPECT_FALSE(race.next_due());
  EXPECT_FALSE(race.lost()) << "all three may still answer";
}

TEST(AddressRace, AFailureStartsTheNextAtOnce) {
  AddressRace race({"::1", "10.0.0.1"});
  race.next(t0);
  race.failed();
  EXPECT_FALSE(race.lost());
  EXPECT_EQ(race.next(t0 + 1ms), "10.0.0.1");
  race.failed();
  EXPECT_TRUE(race.lost());
  EXPECT_FALSE(race.next(t0 + 1s));
}

TEST(AddressRace, IsLostOnlyWhenTheLastAttemptHasFailed) {
  AddressRace race({"::1", "10.0.0.1"});
  race.next(t0);
  race.next(t0 + 250ms);
  race.failed();
  EXPECT_FALSE(race.lost());
  race.failed();
  EXPECT_TRUE(race.lost());
}

}  // namespace lavapp::net
