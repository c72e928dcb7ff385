#include "shard_text.hpp"

#include <gtest/gtest.h>

using console::gateway::format_shard;
using console::gateway::parse_shard;

TEST(ShardText, IsReadAndWritten) {
  for (const auto* text : {"0/1", "3/16", "0/4294967295"}) EXPECT_EQ(format_shard(parse_shard(text).value()), text);
}

TEST(ShardText, IsQuotedIfItIsNone) {
  for (const auto* text :
       {"", "/", "1", "0/", "/1", "1/1", "2/1", "0/0", "-1/2", "0/1 ", "0/1/2", "a/b", "0/4294967296"}) {
    EXPECT_FALSE(parse_shard(text)) << text;
  }
  EXPECT_EQ(parse_shard("1/1").error().message, "\"1/1\" is no shard; write it as 0/4, the first less than the second");
}
