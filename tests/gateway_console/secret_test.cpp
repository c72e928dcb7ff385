#include "secret.hpp"

#include <gtest/gtest.h>

using console::gateway::Secret;

TEST(Secret, IsHiddenWhereverItStands) {
  const Secret token("abc");
  EXPECT_EQ(token.hidden_in("abc"), "[hidden]");
  EXPECT_EQ(token.hidden_in("wrong token abc, abcabc!"), "wrong token [hidden], [hidden][hidden]!");
  EXPECT_EQ(token.hidden_in("nothing to hide"), "nothing to hide");
  EXPECT_EQ(token.hidden_in(""), "");
}

TEST(Secret, HidesNothingIfThereIsNone) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret().hidden_in("text"), "text");
}

TEST(Secret, EndsEvenIfItStandsInItsPlace) { EXPECT_EQ(Secret("hidden").hidden_in("hidden"), "[hidden]"); }
