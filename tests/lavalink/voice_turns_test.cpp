#include "lavalink/voice_turns.hpp"

#include <gtest/gtest.h>

namespace lavapp::lavalink {
namespace {

TEST(VoiceTurns, SixteenAtOnceAndTheRestInTheirOrder) {
  VoiceTurns turns;
  for (unsigned i = 1; i <= 18; ++i) turns.wait(i);
  for (unsigned i = 1; i <= 16; ++i) EXPECT_EQ(turns.next(), Snowflake(i));
  EXPECT_FALSE(turns.next());
  turns.end();
  EXPECT_EQ(turns.next(), Snowflake(17));
  EXPECT_FALSE(turns.next());
  turns.end();
  EXPECT_EQ(turns.next(), Snowflake(18));
}

TEST(VoiceTurns, AGuildWaitsOnceAndMayWaitAgainAfterItsTurn) {
  VoiceTurns turns;
  turns.wait(1);
  turns.wait(2);
  turns.wait(1);
  EXPECT_EQ(turns.next(), Snowflake(1));
  turns.wait(1);
  EXPECT_EQ(turns.next(), Snowflake(2));
  EXPECT_EQ(turns.next(), Snowflake(1));
  EXPECT_FALSE(turns.next());
}

}  // namespace
}  // namespace lavapp::lavalink
