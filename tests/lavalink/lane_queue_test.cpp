// What waits for the listeners of one guild, and what gives way; and when a slow listener is named.
#include "lavalink/lane_queue.hpp"

#include <gtest/gtest.h>

#include <string>

#include "lavalink/slow_listeners.hpp"

namespace lavapp::lavalink {
namespace {

LaneEvent event(std::string_view name) { return {name, false, 0, {}}; }
LaneEvent update(std::string_view name) { return {name, true, 0, {}}; }

std::string names(LaneQueue& queue) {
  std::string result;
  while (const auto next = queue.pop()) result += next->name;
  return result;
}

TEST(LaneQueue, KeepsTheOrder) {
  LaneQueue queue(10);
  EXPECT_FALSE(queue.pop());
  for (const auto* name : {"a", "b", "c"}) {
    const auto gave_way = queue.push(event(name));
    EXPECT_TRUE(gave_way.coalesced.empty());
    EXPECT_FALSE(gave_way.dropped);
  }
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(names(queue), "abc");
}

TEST(LaneQueue, PlayerUpdatesAreAllToldWhileThereIsRoom) {
  LaneQueue queue(3);
  for (const auto* name : {"1", "2", "3"}) EXPECT_TRUE(queue.push(update(name)).coalesced.empty());
  EXPECT_EQ(names(queue), "123");
}

TEST(LaneQueue, WithoutRoomOnlyTheNewestPlayerUpdateStays) {
  LaneQueue queue(4);
  for (auto each : {"1", "2"}) queue.push(update(each));
  queue.push(event("a"));
  queue.push(update("3"));
  const auto gave_way = queue.push(event("b"));
  ASSERT_EQ(gave_way.coalesced.size(), 2u);
  EXPECT_EQ(gave_way.coalesced[0].name, "1");
  EXPECT_EQ(gave_way.coalesced[1].name, "2");
  EXPECT_FALSE(gave_way.dropped);
  EXPECT_EQ(names(queue), "a3b");
}

TEST(LaneQueue, APlayerUpdateGivesWayToTheNextOne) {
  LaneQueue queue(1);
  queue.push(update("1"));
  const auto gave_way = queue.push(update("2"));
  ASSERT_EQ(gave_way.coalesced.size(), 1u);
  EXPECT_EQ(gave_way.coalesced[0].name, "1");
  EXPECT_EQ(names(queue), "2");
}

TEST(LaneQueue, AtLastTheOldestIsDroppedAndTheFirstTimeIsMarked) {
  LaneQueue queue(2);
  queue.push(event("a"));
  queue.push(event("b"));
  auto gave_way = queue.push(event("c"));
  ASSERT_TRUE(gave_way.dropped);
  EXPECT_EQ(gave_way.dropped->name, "a");
  EXPECT_TRUE(gave_way.first);
  gave_way = queue.push(event("d"));
  EXPECT_EQ(gave_way.dropped->name, "b");
  EXPECT_FALSE(gave_way.first);
  queue.pop();
  queue.push(event("e"));
  EXPECT_FALSE(queue.push(event("f")).first) << "it has not caught up in between";
  EXPECT_EQ(names(queue), "ef");
  for (const auto* name : {"a", "b"}) queue.push(event(name));
  EXPECT_TRUE(queue.push(event("c")).first);
}

TEST(LaneQueue, ADroppedPlayerUpdateIsForgottenAsOne) {
  LaneQueue queue(2);
  queue.push(update("1"));
  queue.push(event("a"));
  EXPECT_EQ(queue.push(event("b")).dropped->name, "1") << "the only one is no older than any other event";
  queue.push(update("2"));  // drops a
  const auto gave_way = queue.push(event("c"));
  EXPECT_TRUE(gave_way.coalesced.empty()) << "there is only one";
  EXPECT_EQ(gave_way.dropped->name, "b");
  EXPECT_EQ(names(queue), "2c");
}

TEST(SlowListeners, AreNamedOnceAMinuteForEachEventAndGuild) {
  SlowListeners slow;
  const auto start = Clock::time_point() + std::chrono::hours(1);
  EXPECT_TRUE(slow.name_now("track_end", 7, start));
  EXPECT_FALSE(slow.name_now("track_end", 7, start + std::chrono::seconds(59)));
  EXPECT_TRUE(slow.name_now("track_end", 8, start));
  EXPECT_TRUE(slow.name_now("track_start", 7, start));
  EXPECT_TRUE(slow.name_now("track_end", 7, start + std::chrono::seconds(60)));
  EXPECT_FALSE(slow.name_now("track_end", 7, start + std::chrono::seconds(119)));
}

TEST(SlowListeners, RememberOnlySoMany) {
  SlowListeners slow;
  const auto start = Clock::time_point() + std::chrono::hours(1);
  for (std::size_t i = 1; i <= SlowListeners::kMost; ++i) EXPECT_TRUE(slow.name_now("track_end", Snowflake(i), start));
  EXPECT_FALSE(slow.name_now("track_end", Snowflake(SlowListeners::kMost + 1), start));
  EXPECT_TRUE(slow.name_now("track_end", Snowflake(SlowListeners::kMost + 1), start + SlowListeners::kPause));
}

}  // namespace
}  // namespace lavapp::lavalink
