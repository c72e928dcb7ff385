// Sessions that change under a voice connection, earlier joins, deadlines, and what is too late.
#include "lavalink/voice_latch_fixture.hpp"

namespace lavapp::lavalink {
namespace {

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

// --- requests that others hold up

TEST_F(VoiceLatchTest, AQuestionThatWasNotSentIsAskedAgainAndSpendsNoRenewal) {
  make();
  join(kA);
  state(kA);
  answer(server());
  const auto asked = question(wait(1s));
  Error not_sent(Errc::circuit_open, "the node has failed too often");
  not_sent.retry_after = 4s;
  EXPECT_TRUE(latch->player_fetched(asked, not_sent, now).empty());
  EXPECT_TRUE(wait(3s).empty());
  const auto again = question(wait(1s));
  EXPECT_TRUE(find<voice_action::CompleteJoin>(latch->player_fetched(again, player(true), now)));
}

TEST_F(VoiceLatchTest, APlayerThatCouldNotBeDestroyedYetIsDestroyedLater) {
  connected();
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(latch->leave(now)));
  const auto out = latch->player_destroyed(Error(Errc::queue_full), now);
  ASSERT_TRUE(find<voice_action::CompleteLeave>(out));
  EXPECT_TRUE(find<voice_action::CompleteLeave>(out)->result.has_value());
  EXPECT_FALSE(latch->idle());
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(wait(1s)));
  latch->player_destroyed({}, now);
  EXPECT_EQ(count<voice_action::DestroyPlayer>(wait(1h)), 0);
}

TEST_F(VoiceLatchTest, APlayerThatCouldNotBeDestroyedYetAndIsWantedAgainStays) {
  connected();
  latch->leave(now);
  latch->player_destroyed(Error(Errc::circuit_open), now);
  join(kA);
  state(kA);
  EXPECT_TRUE(find<voice_action::UpdateNode>(server("t2")));
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(wait(1h)));
}

TEST_F(VoiceLatchTest, ALastLookThatFoundNoSessionIsTakenAgain) {
  connected();
  closed(4014);
  const auto asked = question(wait(VoiceOptions().move_timeout));
  latch->node_lost();
  EXPECT_TRUE(latch->player_fetched(asked, Error(Errc::no_session), now).empty()) << "nothing was learnt";
  latch->node_ready(true, now);
  const auto again = question(wait(VoiceOptions().move_timeout));
  EXPECT_FALSE(find<voice_action::TellFailed>(latch->player_fetched(again, player(true), now)));
  EXPECT_TRUE(latch->connected());
}

TEST_F(VoiceLatchTest, AConfirmationThatANodesAbsenceCutShortIsAskedForWhenItIsBack) {
  make();
  join(kA);
  state(kA);
  answer(server());
  latch->node_lost();
  latch->node_ready(true, now);
  EXPECT_TRUE(find<voice_action::FetchPlayer>(wait(1s)));
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

TEST_F(VoiceLatchTest, AnUpdateThatDestroyPlayerEndsIsNotRenewed) {
  connected();
  const auto out = answer(server("t2"), Error(Errc::cancelled, "the player is destroyed"));
  EXPECT_TRUE(out.empty());
  latch->destroyed_by_user();
  EXPECT_FALSE(find<voice_action::AskDiscord>(wait(1h)));
  EXPECT_FALSE(latch->connected());
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
