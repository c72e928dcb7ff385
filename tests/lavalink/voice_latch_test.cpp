// Joining, moving and leaving a voice channel.
#include "lavalink/voice_latch_fixture.hpp"

namespace lavapp::lavalink {
namespace {

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

}  // namespace
}  // namespace lavapp::lavalink
