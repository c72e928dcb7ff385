// A Voice's listeners in their guild's lane, on one thread.
#include "lavapp/asio.hpp"

#include <gtest/gtest.h>

#include "integration/voice_fixture.hpp"
#include "support/lane_gate.hpp"

namespace lavapp {
namespace {

constexpr Snowflake kOther = 8;

class VoiceLanes : public VoiceTest {
 protected:
  void connected_with(GuildLanes lanes) {
    for_node.guild_lanes = lanes;
    connected();
    voice->on(Voice::joined, [this](const VoiceJoined& e) { told.push_back("joined " + e.guild_id.to_string()); });
    voice->on(Voice::left, [this](const VoiceLeft& e) { told.push_back("left " + e.guild_id.to_string()); });
    node->on(Node::player_update, [this](const PlayerUpdate& e) { told.push_back("update " + e.guild_id.to_string()); });
    node->on(Node::warning, [this](const Warning& warning) { warnings.push_back(warning.error); });
  }
  void join(Snowflake guild) {
    const auto joined = await<PlayerState>([&](auto done) { voice->join(guild, VoiceJoin{kLounge}, std::move(done)); });
    ASSERT_TRUE(joined.has_value());
  }
  bool was_told(const std::string& what) const { return std::find(told.begin(), told.end(), what) != told.end(); }
  bool until(const std::string& what) {
    return run_until([&] { return was_told(what); });
  }

  std::vector<std::string> told;
  std::vector<Error> warnings;
  test::LaneGate gate;
};

TEST_F(VoiceLanes, AreOffOnOneThread) {
  connected_with(GuildLanes::automatic);
  std::optional<bool> inside;
  voice->on(Voice::joined, [&] { inside = detail::hold_lane() != nullptr; });
  join(kGuild);
  EXPECT_EQ(inside, false) << "and the join completes after its event";
}

TEST_F(VoiceLanes, AListenerThatIsNotDoneHoldsUpItsGuildOnlyAndNoCompletion) {
  connected_with(GuildLanes::on);
  voice->once(Voice::joined, [&] { gate.wait(); });
  join(kGuild);
  ASSERT_TRUE(until("joined 7"));
  EXPECT_TRUE(leave().has_value());
  EXPECT_FALSE(voice->channel_id(kGuild)) << "getters are ahead of listeners";
  join(kOther);
  ASSERT_TRUE(until("joined 8"));
  EXPECT_FALSE(was_told("left 7"));
  EXPECT_FALSE(was_told("update 7")) << "the node's listener waits for the voice's";
  gate.let_one_go();
  ASSERT_TRUE(until("left 7"));
  EXPECT_TRUE(was_told("update 7"));
}

TEST_F(VoiceLanes, WaitForTheNodesListenersOfTheGuild) {
  connected_with(GuildLanes::on);
  node->once(Node::player_update, [&] { gate.wait(); });
  join(kGuild);
  ASSERT_TRUE(until("update 7"));
  EXPECT_TRUE(leave().has_value());
  poll();
  EXPECT_FALSE(was_told("left 7"));
  gate.let_one_go();
  ASSERT_TRUE(until("left 7"));
}

TEST_F(VoiceLanes, WhatBelongsToNoGuildWaitsForNoLane) {
  connected_with(GuildLanes::on);
  std::vector<std::pair<Snowflake, bool>> heard;
  voice->on(Voice::warning, [&](const VoiceTrouble& e) { heard.emplace_back(e.guild_id, detail::hold_lane() != nullptr); });
  voice->once(Voice::joined, [&] { gate.wait(); });
  join(kGuild);
  ASSERT_TRUE(until("joined 7"));
  voice->feed()(R"({"op":0,"t":"VOICE_SERVER_UPDATE","d":{}})");
  ASSERT_TRUE(run_until([&] { return !heard.empty(); }));
  EXPECT_EQ(heard[0].first, Snowflake());
  EXPECT_FALSE(heard[0].second);
}

TEST_F(VoiceLanes, SlowListenersAreNamed) {
  connected_with(GuildLanes::on);
  voice->on(Voice::joined, [&] { clock->advance(1500ms); });
  join(kGuild);
  ASSERT_TRUE(run_until([&] { return !warnings.empty(); }));
  EXPECT_TRUE(warnings[0] == Errc::slow_listener);
  EXPECT_EQ(warnings[0].message, "the listeners of Voice::joined of guild 7 blocked for 1500 ms");
}

TEST_F(VoiceLanes, WithoutRoomTheOldestEventIsDroppedWithAWarning) {
  for_node.max_waiting_events = 2;
  connected_with(GuildLanes::on);
  voice->once(Voice::joined, [&] { gate.wait(); });
  join(kGuild);
  ASSERT_TRUE(until("joined 7"));
  EXPECT_TRUE(leave().has_value());
  join(kGuild);
  EXPECT_TRUE(leave().has_value());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0] == Errc::queue_full);
  EXPECT_GE(node->dropped_events().overflow, 2u);
  gate.let_one_go();
  ASSERT_TRUE(until("left 7"));
  EXPECT_EQ(std::count(told.begin(), told.end(), "joined 7"), 1);
}

TEST_F(VoiceLanes, WhatWaitsWhenTheVoiceIsDestroyedIsNotTold) {
  connected_with(GuildLanes::on);
  voice->once(Voice::joined, [&] { gate.wait(); });
  join(kGuild);
  ASSERT_TRUE(until("joined 7"));
  EXPECT_TRUE(leave().has_value());
  voice.reset();
  gate.let_one_go();
  ASSERT_TRUE(until("update 7"));
  poll();
  EXPECT_FALSE(was_told("left 7"));
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)

TEST_F(VoiceLanes, ACoroutineKeepsItsGuildsEventsWaitingTheNodesTooAndNoOthers) {
  connected_with(GuildLanes::automatic);  // on one thread, the coroutine asks for the lanes
  test::Signal signal(context);
  voice->once(Voice::joined, co_listener(context, [&](const VoiceJoined& e) -> boost::asio::awaitable<void> {
                co_await signal.wait();
                told.push_back("done with " + e.guild_id.to_string());
              }));
  join(kGuild);
  ASSERT_TRUE(until("joined 7"));
  join(kOther);
  ASSERT_TRUE(until("update 8"));
  EXPECT_EQ(told, (std::vector<std::string>{"joined 7", "joined 8", "update 8"}));
  signal.set();
  ASSERT_TRUE(until("update 7"));
  EXPECT_EQ(told, (std::vector<std::string>{"joined 7", "joined 8", "update 8", "done with 7", "update 7"}));
}

#endif

}  // namespace
}  // namespace lavapp
