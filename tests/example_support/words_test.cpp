#include "words.hpp"

#include <gtest/gtest.h>

using namespace console;
using lavapp::Errc;
using lavapp::Error;

TEST(Count, AddsAnSForAllButOne) {
  EXPECT_EQ(count(0, "guild"), "0 guilds");
  EXPECT_EQ(count(1, "guild"), "1 guild");
  EXPECT_EQ(count(2, "guild"), "2 guilds");
}

TEST(Sentence, SaysWhatIsWrongWithAnArgumentAndNoMore) {
  EXPECT_EQ(sentence(Error(Errc::invalid_argument, "shard: id must be less than count")),
            "shard: id must be less than count");
}

TEST(Sentence, SaysOfOtherErrorsWhatKindTheyAre) {
  EXPECT_EQ(sentence(Error(Errc::rate_limited, "later")), "rate limited: later");
}

TEST(Sentence, CanBePrintedWhateverTheOtherEndSaid) {
  EXPECT_EQ(sentence(Error(Errc::closed_by_peer, "\x1b[2Jgone\nfor good")), "closed by the peer: [2Jgone for good");
}
