#include "discord/shard_plan.hpp"

#include <gtest/gtest.h>

namespace lavapp::discord {
namespace {

using namespace std::chrono_literals;

GatewayBot recommended(std::uint32_t shards) {
  GatewayBot bot;
  bot.shards = shards;
  return bot;
}
std::string ids(const Result<std::vector<Shard>>& shards) {
  if (!shards) return shards.error().what();
  std::string all;
  for (const auto& each : *shards) all += std::to_string(each.id) + "/" + std::to_string(each.count) + " ";
  return all;
}

TEST(ShardPlan, AsManyAsRecommended) { EXPECT_EQ(ids(plan_shards({}, recommended(3))), "0/3 1/3 2/3 "); }
TEST(ShardPlan, AsManyAsGiven) { EXPECT_EQ(ids(plan_shards({2, 0, {}}, recommended(3))), "0/2 1/2 "); }
TEST(ShardPlan, ARangeOfThemForOneProcess) {
  EXPECT_EQ(ids(plan_shards({8, 2, 4u}, recommended(1))), "2/8 3/8 4/8 ");
  EXPECT_EQ(ids(plan_shards({4, 2, {}}, recommended(1))), "2/4 3/4 ");
  EXPECT_EQ(ids(plan_shards({4, 3, 99u}, recommended(1))), "3/4 ");
}
TEST(ShardPlan, ARangeThatHoldsNothingIsRefused) {
  EXPECT_EQ(plan_shards({2, 2, {}}, recommended(1)).error(), Errc::invalid_argument);
  EXPECT_EQ(plan_shards({4, 2, 1u}, recommended(1)).error(), Errc::invalid_argument);
}

TEST(ShardPlan, TooFewIdentifiesAreAnErrorThatSaysWhenThereAreMore) {
  EXPECT_TRUE(check_identifies(10, {1'000, 10, 1h, 1}));
  const auto refused = check_identifies(11, {1'000, 10, 1h, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Errc::rate_limited);
  EXPECT_EQ(refused.error().retry_after, Optional<std::chrono::milliseconds>(1h));
  EXPECT_NE(refused.error().message.find("11 shards"), std::string::npos) << refused.error().message;
}

TEST(ShardPlan, TheShardOfAGuild) {
  // https://discord.com/developers/docs/events/gateway#sharding: (guild_id >> 22) % num_shards
  EXPECT_EQ(shard_of(Snowflake((std::uint64_t{7} << 22) + 5), 4), 3u);
  EXPECT_EQ(shard_of(Snowflake(5), 4), 0u);
}

}  // namespace
}  // namespace lavapp::discord
