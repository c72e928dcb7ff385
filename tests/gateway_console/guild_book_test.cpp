#include "guild_book.hpp"

#include <gtest/gtest.h>

using console::gateway::GuildBook;

namespace {

GuildBook after_ready() {
  GuildBook guilds;
  guilds.begin({1, 2});
  return guilds;
}

}  // namespace

TEST(GuildBook, WaitsForTheGuildsOfReady) {
  auto guilds = after_ready();
  EXPECT_EQ(guilds.size(), 2u);
  EXPECT_EQ(guilds.available(), 0u);
  EXPECT_EQ(guilds.created(R"({"id":"1","name":"The Paper Lanterns"})"), "The Paper Lanterns");
  EXPECT_EQ(guilds.size(), 2u);
  EXPECT_EQ(guilds.available(), 1u);
}

TEST(GuildBook, TakesAGuildThatIsJoined) {
  auto guilds = after_ready();
  guilds.created(R"({"id":"3","name":"c"})");
  EXPECT_EQ(guilds.size(), 3u);
  EXPECT_EQ(guilds.available(), 1u);
}

TEST(GuildBook, TellsAnOutageFromLeaving) {
  auto guilds = after_ready();
  guilds.created(R"({"id":"1","name":"a"})");
  guilds.created(R"({"id":"2","name":"b"})");
  EXPECT_EQ(guilds.deleted(R"({"id":"1","unavailable":true})"), "1 has an outage");
  EXPECT_EQ(guilds.size(), 2u);
  EXPECT_EQ(guilds.available(), 1u);
  EXPECT_EQ(guilds.deleted(R"({"id":"2"})"), "2 was left");
  EXPECT_EQ(guilds.size(), 1u);
  EXPECT_EQ(guilds.available(), 0u);
}

TEST(GuildBook, ForgetsTheGuildsOfAnEarlierSession) {
  auto guilds = after_ready();
  guilds.created(R"({"id":"1","name":"a"})");
  guilds.begin({7});
  EXPECT_EQ(guilds.size(), 1u);
  EXPECT_EQ(guilds.available(), 0u);
}

TEST(GuildBook, ReadsIdsThatWereIntegersInEtf) {
  auto guilds = after_ready();
  EXPECT_EQ(guilds.created(R"({"id":817327181659111454})"), "817327181659111454");
  EXPECT_EQ(guilds.size(), 3u);
}

TEST(GuildBook, LeavesAloneWhatItCannotRead) {
  auto guilds = after_ready();
  for (const auto* data : {"", "[]", "{}", R"({"id":"x"})", R"({"id":-1})", R"({"id":null})", "{"}) {
    EXPECT_EQ(guilds.created(data), "not readable") << data;
    EXPECT_EQ(guilds.deleted(data), "not readable") << data;
  }
  EXPECT_EQ(guilds.created(R"({"id":"1","name":5,"unavailable":"x"})"), "1");
  EXPECT_EQ(guilds.size(), 2u);
}
