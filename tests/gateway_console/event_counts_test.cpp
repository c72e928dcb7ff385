#include "event_counts.hpp"

#include <gtest/gtest.h>

using namespace console;
using console::gateway::EventCounts;

namespace {

const Look plain{.colour = false, .unicode = true};

EventCounts sample() {
  EventCounts counts;
  counts.add("READY", 1);
  counts.add("GUILD_CREATE", 2);
  counts.add("GUILD_CREATE", 3);
  return counts;
}

}  // namespace

TEST(EventCounts, CountsEachType) {
  const auto counts = sample();
  EXPECT_EQ(counts.total(), 3u);
  EXPECT_EQ(counts.of("GUILD_CREATE"), 2u);
  EXPECT_EQ(counts.of("READY"), 1u);
  EXPECT_EQ(counts.of("TYPING_START"), 0u);
}

TEST(EventCounts, TellTheMostFrequentFirst) {
  EXPECT_EQ(sample().most(5, plain), "2 GUILD_CREATE · 1 READY");
  EXPECT_EQ(sample().most(1, plain), "2 GUILD_CREATE · 1 other type");
  EXPECT_EQ(EventCounts().most(5, plain), "");
}

TEST(EventCounts, NoticesAnEventThatWasMissed) {
  auto counts = sample();
  EXPECT_EQ(counts.out_of_order(), 0u);
  counts.add("MESSAGE_CREATE", 5);
  EXPECT_EQ(counts.out_of_order(), 1u);
  counts.add("MESSAGE_CREATE", 6);
  EXPECT_EQ(counts.out_of_order(), 1u);
}

TEST(EventCounts, NoticesAnEventThatCameTwice) {
  auto counts = sample();
  counts.add("GUILD_CREATE", 3);
  EXPECT_EQ(counts.out_of_order(), 1u);
}

TEST(EventCounts, BeginAnewWithASession) {
  auto counts = sample();
  counts.add("READY", 1);
  counts.add("GUILD_CREATE", 2);
  EXPECT_EQ(counts.out_of_order(), 0u);
  EXPECT_EQ(counts.total(), 5u);
}

TEST(EventCounts, ShowANameThatCannotHarmTheTerminal) {
  EventCounts counts;
  counts.add("EVIL\x1b[2J", 1);
  EXPECT_EQ(counts.most(1, plain), "1 EVIL[2J");
}
