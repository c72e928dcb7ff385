#include "lavalink/voice_latch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

constexpr Snowflake kA = 1, kB = 2;

template <class A>
const A* find(const VoiceActions& actions) {
  for (const auto& each : actions) {
    if (const auto* found = std::get_if<A>(&each)) return found;
  }
  return nullptr;
}

template <class A>
std::ptrdiff_t count(const VoiceActions& actions) {
  return std::count_if(actions.begin(), actions.end(),
                       [](const auto& each) { return std::holds_alternative<A>(each); });
}

PlayerState player(bool connected) {
  PlayerState state;
  state.connected = connected;
  return state;
}

class VoiceLatchTest : public testing::Test {
 protected:
  void make(VoiceOptions options = {}) { latch.emplace(options, true); }
  VoiceActions join(Snowflake channel) { return latch->join(++joins, {channel, false, true}); }
  VoiceActions state(Snowflake channel, std::string session = "s1") {
    return latch->voice_state({channel, std::move(session), false, true}, now);
  }
  VoiceActions state_gone() { return latch->voice_state({{}, "s1", false, true}, now); }
  VoiceActions server(std::string token = "t1", Optional<std::string> endpoint = std::string("e1")) {
    return latch->voice_server(std::move(token), std::move(endpoint), now);
  }
  VoiceActions told(bool connected) { return latch->player_update(player(connected), now); }
  VoiceActions closed(int code, bool by_remote = true) { return latch->voice_closed(code, "why", by_remote, now); }
  /// Moves the time to the next thing that is due, and does it.
  VoiceActions wait(Clock::duration by) {
    now += by;
    return latch->timer(now);
  }
  /// In channel A, connected.
  void connected(VoiceOptions options = {}) {
    make(options);
    join(kA);
    state(kA);
    answer(server());
    const auto out = told(true);
    ASSERT_TRUE(find<voice_action::CompleteJoin>(out));
    ASSERT_TRUE(latch->connected());
  }
  /// The node answers the update that is in `actions`.
  VoiceActions answer(const VoiceActions& actions, Result<PlayerState> result = player(true)) {
    const auto* update = find<voice_action::UpdateNode>(actions);
    EXPECT_TRUE(update != nullptr);
    return update ? latch->update_answered(update->update, std::move(result), now) : VoiceActions();
  }
  /// The number of the question that `actions` put to the node.
  static std::uint64_t question(const VoiceActions& actions) {
    const auto* fetch = find<voice_action::FetchPlayer>(actions);
    EXPECT_TRUE(fetch != nullptr);
    return fetch ? fetch->update : 0;
  }
  /// Whether `actions` ask for a new voice session, by op 4 alone or by leaving first.
  static bool renews(const VoiceActions& actions, bool leaving_first) {
    std::vector<Optional<Snowflake>> asked;
    for (const auto& each : actions) {
      if (const auto* op4 = std::get_if<voice_action::AskDiscord>(&each)) asked.push_back(op4->channel_id);
    }
    if (!leaving_first) return asked == std::vector<Optional<Snowflake>>{kA};
    return asked == std::vector<Optional<Snowflake>>{{}, kA};
  }

  std::optional<VoiceLatch> latch;
  std::uint64_t joins = 0;
  Clock::time_point now{1h};
};

// --- four values, in any order

TEST_F(VoiceLatchTest, JoinAsksDiscordAndTellsTheNodeNothing) {
  make();
  const auto out = latch->join(++joins, {kA, true, false});
  ASSERT_EQ(out.size(), 1u);
  const auto* op4 = find<voice_action::AskDiscord>(out);
  ASSERT_TRUE(op4);
  EXPECT_EQ(op4->channel_id, kA);
  EXPECT_TRUE(op4->self_mute);
  EXPECT_FALSE(op4->self_deaf);
}

TEST_F(VoiceLatchTest, StateThenServerTellsTheNodeOnce) {
  make();
  join(kA);
  EXPECT_TRUE(state(kA).empty());
  const auto out = server();
  ASSERT_EQ(out.size(), 1u);
  const auto& voice = find<voice_action::UpdateNode>(out)->voice;
  EXPECT_EQ(voice.token, "t1");
  EXPECT_EQ(voice.endpoint, "e1");
  EXPECT_EQ(voice.session_id, "s1");
  EXPECT_EQ(voice.channel_id, kA);
}

TEST_F(VoiceLatchTest, ServerThenStateTellsTheNodeOnce) {
  make();
  join(kA);
  EXPECT_TRUE(server().empty());
  EXPECT_EQ(count<voice_action::UpdateNode>(state(kA)), 1);
}

TEST_F(VoiceLatchTest, EveryOrderOfEventsAndOfTheNodesSessionEndsWithOneUpdate) {
  std::array<int, 4> order{0, 1, 2, 3};  // state, server without an endpoint, server, the node's session
  do {
    if (std::find(order.begin(), order.end(), 1) > std::find(order.begin(), order.end(), 2)) continue;
    latch.emplace(VoiceOptions(), false);
    join(kA);
    std::ptrdiff_t updates = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      VoiceActions out;
      if (order[i] == 0) out = state(kA);
      if (order[i] == 1) out = server("t0", {});
      if (order[i] == 2) out = server();
      if (order[i] == 3) out = latch->node_ready(false, now);
      updates += count<voice_action::UpdateNode>(out);
      EXPECT_EQ(updates, i == 3 ? 1 : 0);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(VoiceLatchTest, TheSameAgainIsNeverSentTwice) {
  make();
  join(kA);
  state(kA);
  const auto first = server();
  EXPECT_TRUE(server().empty());
  EXPECT_TRUE(state(kA).empty());
  answer(first);
  EXPECT_TRUE(server().empty());
  told(true);
  EXPECT_TRUE(server().empty());
  EXPECT_TRUE(state(kA).empty());
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, WithoutAnEndpointItWaitsForTheNextServer) {
  make();
  join(kA);
  state(kA);
  EXPECT_TRUE(server("t1", {}).empty());
  EXPECT_TRUE(server("t1", std::string()).empty());
  const auto out = server("t2", std::string("e2"));
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.endpoint, "e2");
}

TEST_F(VoiceLatchTest, AnotherVoiceServerIsSentAtOnce) {
  connected();
  EXPECT_TRUE(server("t2", {}).empty());
  const auto out = server("t2", std::string("e2"));
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "t2");
  EXPECT_FALSE(latch->connected());
}

// --- connected

TEST_F(VoiceLatchTest, ConnectedOnlyWhenTheNodeSaysSoNotWhenItAnswersTheUpdate) {
  make();
  join(kA);
  state(kA);
  EXPECT_TRUE(answer(server()).empty());
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(told(false).empty());
  const auto out = told(true);
  EXPECT_TRUE(latch->connected());
  ASSERT_TRUE(find<voice_action::TellJoined>(out));
  EXPECT_EQ(find<voice_action::TellJoined>(out)->channel_id, kA);
  ASSERT_TRUE(find<voice_action::CompleteJoin>(out));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.value().connected);
}

TEST_F(VoiceLatchTest, APlayerUpdateMayComeBeforeTheAnswer) {
  make();
  join(kA);
  state(kA);
  const auto update = server();
  EXPECT_TRUE(find<voice_action::CompleteJoin>(told(true)));
  EXPECT_TRUE(answer(update).empty());
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, ANodeThatSaysNothingIsAskedAfterASecond) {
  make();
  join(kA);
  state(kA);
  answer(server());
  EXPECT_EQ(latch->next_due(), now + 1s);
  const auto asked = wait(1s);
  ASSERT_TRUE(find<voice_action::FetchPlayer>(asked));
  const auto out = latch->player_fetched(find<voice_action::FetchPlayer>(asked)->update, player(true), now);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out));
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, APlayerThatIsNotConnectedThenIsRenewed) {
  make();
  join(kA);
  state(kA);
  answer(server());
  const auto asked = wait(1s);
  const auto out = latch->player_fetched(find<voice_action::FetchPlayer>(asked)->update, player(false), now);
  EXPECT_TRUE(renews(out, false));
  EXPECT_FALSE(find<voice_action::CompleteJoin>(out));
}

TEST_F(VoiceLatchTest, APlayerThatTheNodeDoesNotHaveThenIsRenewed) {
  Error none(Errc::http_status);
  none.http_status = 404;
  make();
  join(kA);
  state(kA);
  answer(server());
  const auto update = question(wait(1s));
  EXPECT_TRUE(renews(latch->player_fetched(update, none, now), false));
}

TEST_F(VoiceLatchTest, ConnectedOfTheConnectionBeforeDoesNotCount) {
  connected();
  const auto update = server("t2");
  EXPECT_TRUE(told(true).empty());
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(closed(1000, false).empty());
  EXPECT_TRUE(told(false).empty());
  EXPECT_TRUE(told(true).empty());  // nothing new to tell: the same channel
  EXPECT_TRUE(latch->connected());
  answer(update);
}

TEST_F(VoiceLatchTest, JoiningTheChannelItIsConnectedToCompletesAtOnce) {
  connected();
  const auto out = join(kA);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.has_value());
  const auto muted = latch->join(++joins, {kA, true, true});
  ASSERT_TRUE(find<voice_action::AskDiscord>(muted));
  EXPECT_TRUE(find<voice_action::AskDiscord>(muted)->self_mute);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(muted));
}

TEST_F(VoiceLatchTest, JoiningTheChannelThatIsBeingConnectedWaitsAlong) {
  make();
  join(kA);
  state(kA);
  server();
  const auto out = join(kA);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == Errc::cancelled);
  EXPECT_FALSE(find<voice_action::AskDiscord>(out));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(told(true))->result.has_value());
}

TEST_F(VoiceLatchTest, JoiningTheChannelThatIsBeingConnectedChangesItsMutes) {
  make();
  join(kA);
  state(kA);
  server();
  const auto out = latch->join(++joins, {kA, true, true});
  ASSERT_TRUE(find<voice_action::AskDiscord>(out));
  EXPECT_TRUE(find<voice_action::AskDiscord>(out)->self_mute);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(told(true))->result.has_value());
}

TEST_F(VoiceLatchTest, ABotThatIsPutIntoAChannelIsConnectedTooIfThatIsWanted) {
  VoiceOptions adopting;
  adopting.adopt = true;
  make(adopting);
  state(kA);
  const auto update = server();
  ASSERT_TRUE(find<voice_action::UpdateNode>(update));
  const auto out = told(true);
  EXPECT_TRUE(find<voice_action::TellJoined>(out));
  EXPECT_FALSE(find<voice_action::CompleteJoin>(out));
}

TEST_F(VoiceLatchTest, AChannelThatNobodyHasJoinedHereIsSomebodyElsesAffair) {
  make();
  EXPECT_TRUE(state(kA).empty());
  EXPECT_TRUE(server().empty());
  EXPECT_TRUE(latch->idle());
  join(kA);
  latch->leave(now);
  latch->player_destroyed({}, now);
  state_gone();
  EXPECT_TRUE(state(kA).empty());
  EXPECT_TRUE(server().empty());
  EXPECT_TRUE(latch->idle());
}

// --- moves

TEST_F(VoiceLatchTest, AMoveThatOnlyChangesTheChannelIsSentAfterAMoment) {
  connected();
  EXPECT_TRUE(state(kB).empty());
  EXPECT_EQ(latch->next_due(), now + VoiceLatch::kSettle);
  const auto out = wait(VoiceLatch::kSettle);
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.channel_id, kB);
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "t1");
}

TEST_F(VoiceLatchTest, AMoveWithAnotherServerIsSentOnceAndAtOnce) {
  connected();
  EXPECT_TRUE(state(kB).empty());
  const auto out = server("t2", std::string("e2"));
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.channel_id, kB);
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "t2");
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, AMoveIsToldOnceTheNodeIsConnectedThere) {
  connected();
  state(kB);
  answer(wait(VoiceLatch::kSettle));
  const auto out = told(true);
  ASSERT_TRUE(find<voice_action::TellMoved>(out));
  EXPECT_EQ(find<voice_action::TellMoved>(out)->from, kA);
  EXPECT_EQ(find<voice_action::TellMoved>(out)->to, kB);
  EXPECT_FALSE(find<voice_action::TellJoined>(out));
}

TEST_F(VoiceLatchTest, AnotherSessionOfTheSameChannelIsSent) {
  connected();
  state(kA, "s2");
  const auto out = wait(VoiceLatch::kSettle);
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.session_id, "s2");
}

TEST_F(VoiceLatchTest, JoiningAnotherChannelIsAMove) {
  connected();
  const auto asked = join(kB);
  EXPECT_EQ(find<voice_action::AskDiscord>(asked)->channel_id, kB);
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(asked));
  state(kB);
  answer(server("t2"));
  const auto out = told(true);
  EXPECT_TRUE(find<voice_action::TellMoved>(out));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.has_value());
}

TEST_F(VoiceLatchTest, AMoveThatFailsLeavesTheBotWhereItWas) {
  connected();
  join(kB);
  const auto out = latch->join_timed_out(now);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == Errc::voice_timeout);
  EXPECT_FALSE(find<voice_action::AskDiscord>(out));
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(out));
  EXPECT_EQ(latch->channel_id(), kA);
  EXPECT_TRUE(latch->connected());
  EXPECT_TRUE(find<voice_action::UpdateNode>(server("t2")));
}

TEST_F(VoiceLatchTest, TheServerOfAMoveMayComeBeforeItsState) {
  connected();
  join(kB);
  EXPECT_TRUE(server("t2").empty());
  const auto out = state(kB);
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "t2");
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.channel_id, kB);
}

TEST_F(VoiceLatchTest, AMoveIsTakenBackByJoiningWhereTheBotIs) {
  connected();
  join(kB);
  const auto out = join(kA);
  EXPECT_EQ(find<voice_action::AskDiscord>(out)->channel_id, kA);
  EXPECT_EQ(count<voice_action::CompleteJoin>(out), 2);
}

TEST_F(VoiceLatchTest, AJoinOfTheChannelThatIsBeingRenewedLeavesNothingBehindWhenItFails) {
  connected();
  closed(4006);
  join(kA);
  const auto out = latch->join_timed_out(now);
  ASSERT_TRUE(find<voice_action::AskDiscord>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
  EXPECT_TRUE(find<voice_action::TellLeft>(out));
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
}

TEST_F(VoiceLatchTest, AConnectionThatIsClosedDuringAMoveThatFailsIsRenewedWhereItWas) {
  connected();
  join(kB);
  closed(4006);
  EXPECT_FALSE(find<voice_action::AskDiscord>(latch->join_timed_out(now)));
  EXPECT_TRUE(renews(wait(5s), true));
}

TEST_F(VoiceLatchTest, AMoveThatFailsWhileTheNodeIsAwayIsToldToItsNextSession) {
  connected();
  latch->node_lost();
  join(kB);
  latch->node_ready(false, now);
  const auto out = latch->join_timed_out(now);
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.channel_id, kA);
}

// --- leaving

TEST_F(VoiceLatchTest, LeaveTellsDiscordAndDestroysThePlayer) {
  connected();
  const auto out = latch->leave(now);
  ASSERT_TRUE(find<voice_action::AskDiscord>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
  ASSERT_TRUE(find<voice_action::TellLeft>(out));
  EXPECT_EQ(find<voice_action::TellLeft>(out)->reason, LeaveReason::asked);
  EXPECT_EQ(find<voice_action::TellLeft>(out)->channel_id, kA);
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
  EXPECT_FALSE(find<voice_action::CompleteLeave>(out));
  EXPECT_TRUE(find<voice_action::CompleteLeave>(latch->player_destroyed({}, now))->result.has_value());
}

TEST_F(VoiceLatchTest, TheConfirmationOfALeaveIsNoKick) {
  connected();
  latch->leave(now);
  EXPECT_TRUE(state_gone().empty());
  EXPECT_TRUE(closed(1000, false).empty());
  latch->player_destroyed({}, now);
  EXPECT_TRUE(latch->idle());
}

TEST_F(VoiceLatchTest, ALeaveWhileTheNodeIsAwayDestroysThePlayerWhenTheSessionIsResumed) {
  connected();
  latch->node_lost();
  const auto out = latch->leave(now);
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(out));
  EXPECT_TRUE(find<voice_action::CompleteLeave>(out)->result.has_value());
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(latch->node_ready(true, now)));
}

TEST_F(VoiceLatchTest, ANewSessionHasNoPlayerToDestroy) {
  connected();
  latch->node_lost();
  latch->leave(now);
  EXPECT_TRUE(latch->node_ready(false, now).empty());
}

TEST_F(VoiceLatchTest, ALeaveThatTheNodeRefusesSaysSo) {
  connected();
  latch->leave(now);
  Error refused(Errc::http_status);
  refused.http_status = 500;
  EXPECT_EQ(find<voice_action::CompleteLeave>(latch->player_destroyed(refused, now))->result.error().http_status, 500);
}

TEST_F(VoiceLatchTest, LeavingEndsTheJoinThatWaits) {
  make();
  join(kA);
  const auto out = latch->leave(now);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == Errc::cancelled);
  EXPECT_FALSE(find<voice_action::TellLeft>(out));
}

TEST_F(VoiceLatchTest, TheNextJoinsUpdateWaitsUntilThePlayerIsDestroyed) {
  connected();
  latch->leave(now);
  join(kB);
  state_gone();
  state(kB);
  EXPECT_TRUE(server("t2").empty());
  EXPECT_TRUE(find<voice_action::UpdateNode>(latch->player_destroyed({}, now)));
}

// --- kicks

TEST_F(VoiceLatchTest, AStateWithoutChannelIsAKick) {
  connected();
  const auto out = state_gone();
  ASSERT_TRUE(find<voice_action::TellLeft>(out));
  EXPECT_EQ(find<voice_action::TellLeft>(out)->reason, LeaveReason::kicked);
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out));
  EXPECT_FALSE(latch->channel_id().has_value());
  EXPECT_TRUE(closed(4014).empty());
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, AKickEndsTheJoinThatWaits) {
  make();
  join(kA);
  state(kA);
  const auto out = state_gone();
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == Errc::voice_disconnected);
  EXPECT_TRUE(find<voice_action::TellFailed>(out));
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
}

TEST_F(VoiceLatchTest, AKickAfterALeaveThatDiscordNeverConfirmedIsSeenLater) {
  make();
  join(kA);
  latch->join_timed_out(now);  // it asks to leave
  now += VoiceLatch::kLeave;
  join(kB);
  state(kB);
  server();
  told(true);
  EXPECT_EQ(find<voice_action::TellLeft>(state_gone())->reason, LeaveReason::kicked);
}

TEST_F(VoiceLatchTest, AKickSoonAfterALeaveThatDiscordNeverConfirmedIsAKickOnceTheBotIsConnected) {
  make();
  join(kA);
  latch->join_timed_out(now);  // it asks to leave
  join(kB);
  state(kB);
  server();
  told(true);
  const auto out = state_gone();
  ASSERT_TRUE(find<voice_action::TellLeft>(out));
  EXPECT_EQ(find<voice_action::TellLeft>(out)->reason, LeaveReason::kicked);
}

// --- close codes

TEST_F(VoiceLatchTest, Close1000AfterOurOwnChangeIsIgnoredWhoeverClosedFirst) {
  for (const bool by_remote : {false, true}) {
    connected();
    answer(server("t2"));
    EXPECT_TRUE(closed(1000, by_remote).empty());
    told(true);
    EXPECT_TRUE(latch->connected());
  }
}

TEST_F(VoiceLatchTest, Close1000SoonAfterAnUpdateThatReplacedNothingIsTheConnectionsOwn) {
  connected();
  EXPECT_TRUE(renews(closed(1000, true), false)) << "it was the first";
  connected();
  answer(server("t2"));
  closed(1000, false);
  told(true);
  EXPECT_TRUE(renews(closed(1000, true), false)) << "the one before has been closed already";
}

TEST_F(VoiceLatchTest, Close1000ByTheNodeItselfIsNeverRejoined) {
  connected();
  now += 10min;
  EXPECT_TRUE(closed(1000, false).empty());
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, APlayerThatWasDestroyedIsNotConnectedAndTheNextJoinMakesItAgain) {
  connected();
  now += 10min;
  closed(1000, false);
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(state(kA).empty());  // muted by somebody: no reason to make it again
  const auto out = join(kA);
  EXPECT_FALSE(find<voice_action::CompleteJoin>(out));
  EXPECT_TRUE(find<voice_action::AskDiscord>(out));
  EXPECT_TRUE(find<voice_action::UpdateNode>(server("t2")));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(told(true)));
}

TEST_F(VoiceLatchTest, Close1000ByDiscordOutOfTheBlueAsksForANewSession) {
  connected();
  now += 10min;
  EXPECT_TRUE(renews(closed(1000, true), false));
}

TEST_F(VoiceLatchTest, WhateverClosesTheConnectionBeforeIsIgnored) {
  for (const int code : {1000, 4006, 4014, 4021}) {
    connected();
    server("t2");
    EXPECT_TRUE(closed(code).empty()) << code;
  }
}

TEST_F(VoiceLatchTest, Close4006And4009AskForANewVoiceSession) {
  for (const int code : {4006, 4009, 4015, 1006}) {
    connected();
    const auto out = closed(code);
    EXPECT_TRUE(renews(out, false)) << code;
    ASSERT_TRUE(find<voice_action::Warn>(out));
    EXPECT_EQ(find<voice_action::Warn>(out)->error.close_code, code);
    EXPECT_FALSE(latch->connected());
    EXPECT_FALSE(find<voice_action::TellLeft>(out));
    // Only a server that is told anew counts; it may be the same.
    EXPECT_TRUE(state(kA).empty());
    EXPECT_TRUE(find<voice_action::UpdateNode>(server()));
    told(true);
    EXPECT_TRUE(latch->connected());
    EXPECT_FALSE(latch->next_due() && *latch->next_due() == now + 5s);
  }
}

TEST_F(VoiceLatchTest, ARenewalThatDiscordDoesNotAnswerIsTriedAgainByLeavingFirst) {
  connected();
  closed(4006);
  EXPECT_EQ(latch->next_due(), now + 5s);
  EXPECT_TRUE(renews(wait(5s), true));
  EXPECT_TRUE(state_gone().empty());  // as asked, no kick
  EXPECT_TRUE(state(kA).empty());
  EXPECT_TRUE(find<voice_action::UpdateNode>(server("t2")));
}

TEST_F(VoiceLatchTest, RenewalsAreBounded) {
  connected();
  closed(4006);
  EXPECT_TRUE(renews(wait(5s), true));
  EXPECT_TRUE(renews(wait(5s), true));
  const auto out = wait(5s);
  ASSERT_TRUE(find<voice_action::TellFailed>(out));
  EXPECT_TRUE(find<voice_action::TellFailed>(out)->error == Errc::voice_closed);
  ASSERT_TRUE(find<voice_action::TellLeft>(out));
  EXPECT_EQ(find<voice_action::TellLeft>(out)->reason, LeaveReason::closed);
  EXPECT_EQ(find<voice_action::TellLeft>(out)->close_code, 4006);
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
}

TEST_F(VoiceLatchTest, RenewalsThatConnectAndCloseAtOnceAreBoundedToo) {
  connected();
  int renewed = 0;
  for (int i = 0; i < 10; ++i) {
    const auto out = closed(4006);
    if (find<voice_action::TellFailed>(out)) break;
    if (++renewed > 1) state_gone();
    state(kA);
    server("t" + std::to_string(i + 2));
    told(true);
    now += 1s;
  }
  EXPECT_EQ(renewed, 3);
}

TEST_F(VoiceLatchTest, AConnectionThatLastedHasAllItsRenewalsAgain) {
  connected();
  for (int i = 0; i < 10; ++i) {
    now += 31s;
    ASSERT_TRUE(renews(closed(4006), false)) << i;
    server("t" + std::to_string(i + 2));
    told(true);
  }
}

TEST_F(VoiceLatchTest, WithoutRenewalsTheFirstCloseIsTheEnd) {
  VoiceOptions none;
  none.renewals = 0;
  connected(none);
  EXPECT_TRUE(find<voice_action::TellFailed>(closed(4006)));
}

TEST_F(VoiceLatchTest, Close4014And4022WaitForAMove) {
  for (const int code : {4014, 4022}) {
    connected();
    EXPECT_TRUE(closed(code).empty()) << code;
    told(false);
    state(kB);
    const auto out = server("t2");
    ASSERT_TRUE(find<voice_action::UpdateNode>(out));
    told(true);
    EXPECT_TRUE(latch->connected());
    EXPECT_FALSE(latch->next_due());
  }
}

TEST_F(VoiceLatchTest, Close4014IsAKickIfDiscordSaysSo) {
  connected();
  closed(4014);
  EXPECT_EQ(find<voice_action::TellLeft>(state_gone())->reason, LeaveReason::kicked);
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, Close4014And4022GiveUpWhenNothingFollows) {
  for (const int code : {4014, 4022}) {
    connected();
    closed(code);
    EXPECT_EQ(latch->next_due(), now + 5s);
    const auto look = wait(5s);
    ASSERT_EQ(look.size(), 1u);
    const auto out = latch->player_fetched(find<voice_action::FetchPlayer>(look)->update, player(false), now);
    ASSERT_TRUE(find<voice_action::TellFailed>(out));
    EXPECT_TRUE(find<voice_action::TellFailed>(out)->error == Errc::voice_disconnected);
    EXPECT_EQ(find<voice_action::TellLeft>(out)->close_code, code);
    EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
  }
}

TEST_F(VoiceLatchTest, Close4014And4022AreNotTheEndIfTheNodeIsConnectedAfterAll) {
  for (const int code : {4014, 4022}) {
    connected();
    closed(code);
    const auto look = question(wait(5s));
    EXPECT_TRUE(latch->player_fetched(look, player(true), now).empty());
    EXPECT_TRUE(latch->connected());
    EXPECT_FALSE(latch->next_due());
  }
}

TEST_F(VoiceLatchTest, AMoveThatIsToldWhileTheNodeIsAskedOnceMoreIsNotTheEnd) {
  connected();
  closed(4014);
  const auto look = question(wait(5s));
  state(kB);
  EXPECT_FALSE(find<voice_action::TellFailed>(latch->player_fetched(look, player(false), now)));
}

TEST_F(VoiceLatchTest, Close4014IsTheEndIfTheNodeCannotBeAsked) {
  connected();
  closed(4014);
  const auto look = question(wait(5s));
  EXPECT_TRUE(find<voice_action::TellFailed>(latch->player_fetched(look, Error(Errc::no_session), now)));
}

TEST_F(VoiceLatchTest, Close4004And4017HaveTheirOwnErrorsAndNoRetry) {
  const std::pair<int, Errc> ends[] = {{4004, Errc::voice_authentication_failed}, {4017, Errc::voice_dave_required}};
  for (const auto& [code, errc] : ends) {
    make();
    join(kA);
    state(kA);
    server();
    const auto out = closed(code);
    EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == errc);
    EXPECT_EQ(find<voice_action::CompleteJoin>(out)->result.error().close_code, code);
    EXPECT_TRUE(find<voice_action::TellFailed>(out)->error == errc);
    EXPECT_EQ(count<voice_action::AskDiscord>(out), 1);
    EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
    EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
    EXPECT_FALSE(find<voice_action::TellLeft>(out));  // it had not joined
  }
}

TEST_F(VoiceLatchTest, Close4021EndsTheJoinAndIsTriedOnceAfterAPause) {
  make();
  join(kA);
  state(kA);
  server();
  const auto out = closed(4021);
  const auto& error = find<voice_action::CompleteJoin>(out)->result.error();
  EXPECT_TRUE(error == Errc::voice_rate_limited);
  EXPECT_EQ(error.retry_after, 30s);
  EXPECT_FALSE(find<voice_action::AskDiscord>(out));
  EXPECT_EQ(latch->next_due(), now + 30s);
  EXPECT_TRUE(renews(wait(30s), false));
  server("t2");
  EXPECT_TRUE(find<voice_action::TellJoined>(told(true)));
  const auto again = closed(4021);
  EXPECT_TRUE(find<voice_action::TellFailed>(again)->error == Errc::voice_rate_limited);
  EXPECT_TRUE(find<voice_action::TellLeft>(again));
}

TEST_F(VoiceLatchTest, NothingIsToldToTheNodeDuringThePauseAfter4021) {
  connected();
  closed(4021);
  EXPECT_TRUE(server("t2").empty());
  EXPECT_TRUE(state(kA, "s2").empty());
  EXPECT_TRUE(latch->gateway_session_began(now).empty());
  EXPECT_TRUE(renews(wait(30s), false));
  EXPECT_TRUE(find<voice_action::UpdateNode>(server("t3")));
}

TEST_F(VoiceLatchTest, ARenewalThatDiscordAnswersWhileTheNodeIsAwayIsNotTriedAgain) {
  connected();
  closed(4006);
  latch->node_lost();
  EXPECT_TRUE(server("t2").empty());
  EXPECT_FALSE(latch->next_due());
  EXPECT_TRUE(find<voice_action::UpdateNode>(latch->node_ready(true, now)));
}

// --- the node

TEST_F(VoiceLatchTest, ANewNodeSessionIsToldAgain) {
  connected();
  latch->node_lost();
  const auto out = latch->node_ready(false, now);
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "t1");
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(told(true).empty());  // no second `joined`
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, AResumedSessionIsToldNothing) {
  connected();
  latch->node_lost();
  EXPECT_TRUE(latch->node_ready(true, now).empty());
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, WhatChangedWhileTheNodeWasAwayIsSentWhenItIsBack) {
  connected();
  latch->node_lost();
  EXPECT_TRUE(server("t2").empty());
  EXPECT_TRUE(find<voice_action::UpdateNode>(latch->node_ready(true, now)));
}

TEST_F(VoiceLatchTest, AnUpdateThatWasUnderWayWhenTheNodeWasLostIsSentAgain) {
  make();
  join(kA);
  state(kA);
  server();
  latch->node_lost();
  EXPECT_TRUE(find<voice_action::UpdateNode>(latch->node_ready(true, now)));
}

TEST_F(VoiceLatchTest, AnAnswerOfAnEarlierSessionIsDropped) {
  make();
  join(kA);
  state(kA);
  const auto old = server();
  latch->node_lost();
  const auto again = latch->node_ready(false, now);
  EXPECT_TRUE(answer(old, Error(Errc::connection_lost)).empty());
  EXPECT_FALSE(latch->next_due());
  answer(again);
  EXPECT_EQ(latch->next_due(), now + VoiceLatch::kConfirm);
}

TEST_F(VoiceLatchTest, AnAnswerToAnUpdateThatWasReplacedIsDropped) {
  make();
  join(kA);
  state(kA);
  const auto old = server();
  const auto next = server("t2");
  EXPECT_TRUE(answer(old, Error(Errc::cancelled)).empty());
  EXPECT_TRUE(answer(old).empty());
  EXPECT_FALSE(latch->next_due());
  answer(next);
  EXPECT_TRUE(latch->next_due());
}

TEST_F(VoiceLatchTest, AnUpdateThatTheNodeRefusesOrNeverAnswersIsRenewed) {
  Error refused(Errc::http_status);
  refused.http_status = 500;
  for (const auto& error : {refused, Error(Errc::request_timeout), Error(Errc::connection_lost)}) {
    make();
    join(kA);
    state(kA);
    EXPECT_TRUE(renews(answer(server(), error), false)) << error.what();
  }
}

TEST_F(VoiceLatchTest, AnAnswerThatIsLostEndsNoConnectionThatTheNodeHasConfirmed) {
  for (const auto errc : {Errc::connection_lost, Errc::request_timeout}) {
    make();
    join(kA);
    state(kA);
    const auto update = server();
    told(true);
    EXPECT_TRUE(answer(update, Error(errc)).empty());
    EXPECT_TRUE(latch->connected());
    EXPECT_FALSE(latch->next_due());
  }
}

TEST_F(VoiceLatchTest, AnUpdateThatFoundNoSessionWaitsForIt) {
  Error away(Errc::http_status);
  away.http_status = 404;
  make();
  join(kA);
  state(kA);
  EXPECT_TRUE(answer(server(), away).empty());
  latch->node_lost();
  EXPECT_TRUE(find<voice_action::UpdateNode>(latch->node_ready(true, now)));
}

// --- earlier joins

TEST_F(VoiceLatchTest, WhatBelongsToAnEarlierJoinIsDropped) {
  make();
  join(kA);
  latch->leave(now);
  latch->player_destroyed({}, now);
  join(kB);
  EXPECT_TRUE(state(kA).empty());
  EXPECT_TRUE(server("of A").empty());
  EXPECT_TRUE(state_gone().empty());
  EXPECT_TRUE(state(kB).empty());
  const auto out = server("of B");
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.token, "of B");
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.channel_id, kB);
}

TEST_F(VoiceLatchTest, WhatWasOnItsWayBeforeALeaveIsDropped) {
  make();
  join(kA);
  latch->leave(now);
  latch->player_destroyed({}, now);
  EXPECT_TRUE(state(kA).empty());
  EXPECT_TRUE(server().empty());
  EXPECT_TRUE(state_gone().empty());
  EXPECT_TRUE(latch->idle());
}

TEST_F(VoiceLatchTest, ALaterJoinTakesThePlaceOfTheOneThatWaits) {
  make();
  join(kA);
  const auto first = joins;
  const auto out = join(kB);
  EXPECT_TRUE(find<voice_action::CompleteJoin>(out)->result.error() == Errc::cancelled);
  EXPECT_EQ(find<voice_action::CompleteJoin>(out)->join, first);
  EXPECT_EQ(find<voice_action::AskDiscord>(out)->channel_id, kB);
  state(kA);
  server("of A");
  state(kB);
  const auto update = server("of B");
  ASSERT_TRUE(find<voice_action::UpdateNode>(update));
  EXPECT_EQ(find<voice_action::UpdateNode>(update)->voice.channel_id, kB);
}

TEST_F(VoiceLatchTest, ANewSessionOfTheGatewayJoinsAgain) {
  connected();
  EXPECT_TRUE(renews(latch->gateway_session_began(now), false));
  state(kA, "s2");
  const auto out = server("t2");
  ASSERT_TRUE(find<voice_action::UpdateNode>(out));
  EXPECT_EQ(find<voice_action::UpdateNode>(out)->voice.session_id, "s2");
}

TEST_F(VoiceLatchTest, AfterReadyDiscordHasTimeForManyGuilds) {
  VoiceOptions none;
  none.renewals = 0;  // they are for connections that were closed
  connected(none);
  EXPECT_TRUE(renews(latch->gateway_session_began(now), false));
  EXPECT_EQ(latch->next_due(), now + 3min);
  connected();
  latch->gateway_session_began(now);
  EXPECT_TRUE(renews(wait(3min), false));  // still without leaving first
  EXPECT_EQ(latch->next_due(), now + 5s);
}

TEST_F(VoiceLatchTest, ANewSessionOfTheGatewayMeansNothingBeforeDiscordHasLetTheBotIn) {
  make();
  EXPECT_TRUE(latch->gateway_session_began(now).empty());
  join(kA);
  EXPECT_TRUE(latch->gateway_session_began(now).empty());  // op 4 is on its way still
}

// --- deadlines

TEST_F(VoiceLatchTest, TheDeadlineNamesWhatWasMissing) {
  const auto missing = [&] {
    const auto out = latch->join_timed_out(now);
    const auto* done = find<voice_action::CompleteJoin>(out);
    EXPECT_TRUE(done != nullptr);
    EXPECT_TRUE(done->result.error() == Errc::voice_timeout);
    return done->result.error().message;
  };
  make();
  join(kA);
  EXPECT_NE(missing().find("neither VOICE_STATE_UPDATE nor VOICE_SERVER_UPDATE"), std::string::npos);
  make();
  join(kA);
  server();
  EXPECT_EQ(missing(), "Discord sent no VOICE_STATE_UPDATE");
  make();
  join(kA);
  state(kA);
  EXPECT_EQ(missing(), "Discord sent no VOICE_SERVER_UPDATE");
  make();
  join(kA);
  state(kA);
  server("t1", {});
  EXPECT_EQ(missing(), "the voice server is gone, and Discord told no other");
  make();
  join(kA);
  state(kA);
  latch->node_lost();
  server();
  EXPECT_EQ(missing(), "the node has no session");
  make();
  join(kA);
  state(kA);
  server();
  EXPECT_EQ(missing(), "the node did not say that it is connected");
}

TEST_F(VoiceLatchTest, TheDeadlineTellsTheTroubleBeforeIt) {
  make();
  join(kA);
  state(kA);
  server();
  closed(4006);
  const auto out = latch->join_timed_out(now);
  const auto& error = find<voice_action::CompleteJoin>(out)->result.error();
  EXPECT_EQ(error.close_code, 4006);
  EXPECT_EQ(error.message.find("Discord sent no VOICE_SERVER_UPDATE; before that: "), 0u) << error.message;
}

TEST_F(VoiceLatchTest, AJoinThatFailsLeavesNothingBehind) {
  make();
  join(kA);
  auto out = latch->join_timed_out(now);
  EXPECT_TRUE(find<voice_action::TellFailed>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(out));  // the node was told nothing
  EXPECT_TRUE(state(kA).empty());                        // let in late
  EXPECT_TRUE(state_gone().empty());
  EXPECT_TRUE(latch->idle());
  make();
  join(kA);
  state(kA);
  server();
  out = latch->join_cancelled(now);
  EXPECT_FALSE(find<voice_action::CompleteJoin>(out));
  EXPECT_FALSE(find<voice_action::TellFailed>(out));
  EXPECT_FALSE(find<voice_action::AskDiscord>(out)->channel_id.has_value());
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(out));
}

TEST_F(VoiceLatchTest, NoErrorHasTheTokenInIt) {
  make();
  join(kA);
  state(kA);
  server("hunter2");
  auto all = closed(4006);
  for (auto& each : latch->join_timed_out(now)) all.push_back(std::move(each));
  for (const auto& each : all) {
    if (const auto* warn = std::get_if<voice_action::Warn>(&each)) {
      EXPECT_EQ(warn->error.what().find("hunter2"), std::string::npos);
    }
    if (const auto* done = std::get_if<voice_action::CompleteJoin>(&each)) {
      EXPECT_EQ(done->result.error().what().find("hunter2"), std::string::npos);
    }
  }
}

TEST_F(VoiceLatchTest, ATokenThatTheNodeRepeatsIsTakenOutOfItsError) {
  Error echo(Errc::http_status, "no hunter2, hunter2");
  echo.http_status = 500;
  echo.body = echo.trace = "hunter2";
  const auto is_clean = [](const VoiceActions& out) {
    const auto* warning = find<voice_action::Warn>(out);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->error.message, "no , ");
    EXPECT_EQ(warning->error.body, "");
    EXPECT_EQ(warning->error.trace, "");
  };
  make();
  join(kA);
  state(kA);
  is_clean(answer(server("hunter2"), echo));
  answer(server("hunter2"));
  const auto update = question(wait(1s));
  is_clean(latch->player_fetched(update, echo, now));
}

// --- what is of a connection before

TEST_F(VoiceLatchTest, AfterDestroyPlayerItIsNotConnectedEvenSoonAfterAnUpdate) {
  connected();
  now += 1s;  // a close within 5 s of an update is taken for the update's own
  latch->destroyed_by_user();
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(told(true).empty()) << "it was on its way";
  EXPECT_FALSE(latch->connected());
  EXPECT_TRUE(closed(1000, false).empty());
  EXPECT_FALSE(latch->connected());
  EXPECT_EQ(latch->take_late(), 2u);
  EXPECT_EQ(latch->take_late(), 0u);
  // Another voice server: the node is told, and makes a player anew, which is heard again.
  answer(server("t2"));
  EXPECT_TRUE(told(true).empty());
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, AfterDestroyPlayerTheNextJoinConnectsAgain) {
  connected();
  now += 1s;
  latch->destroyed_by_user();
  EXPECT_TRUE(find<voice_action::AskDiscord>(join(kA)));
  state(kA);
  answer(server("t2"));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(told(true)));
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, AJoinThatWaitsMakesADestroyedPlayerAnew) {
  make();
  join(kA);
  state(kA);
  answer(server());
  latch->destroyed_by_user();
  const auto number = question(wait(VoiceLatch::kConfirm));
  Error none(Errc::http_status);
  none.http_status = 404;
  EXPECT_TRUE(renews(latch->player_fetched(number, none, now), false));
}

TEST_F(VoiceLatchTest, WhatAReplacedConnectionSaysIsCounted) {
  connected();
  EXPECT_EQ(latch->take_late(), 0u);
  server("t2");
  EXPECT_TRUE(told(true).empty()) << "of the connection before";
  EXPECT_TRUE(closed(1000, false).empty());
  EXPECT_EQ(latch->take_late(), 2u);
  EXPECT_TRUE(told(true).empty());
  EXPECT_TRUE(latch->connected());
  EXPECT_EQ(latch->take_late(), 0u);
}

}  // namespace
}  // namespace lavapp::lavalink
