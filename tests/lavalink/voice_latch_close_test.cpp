// What a closed voice connection means, by its code.
#include "lavalink/voice_latch_fixture.hpp"

namespace lavapp::lavalink {
namespace {

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

TEST_F(VoiceLatchTest, AVoiceConnectionWhoseCloseWasLostIsMadeAnew) {
  connected();
  latch->node_lost();
  latch->node_ready(true, now);
  told(false);
  const auto asked = question(wait(1s));
  EXPECT_TRUE(renews(latch->player_fetched(asked, player(false), now), false));
}

TEST_F(VoiceLatchTest, AVoiceConnectionThatStandsAfterAResumeIsLeftAlone) {
  connected();
  latch->node_lost();
  latch->node_ready(true, now);
  told(true);
  EXPECT_TRUE(wait(1min).empty());
  told(false);
  EXPECT_FALSE(find<voice_action::FetchPlayer>(wait(1s))) << "its close event tells";
}

TEST_F(VoiceLatchTest, APlayerWhoseEndIsNotAnsweredIsDestroyedUntilItIs) {
  connected();
  ASSERT_TRUE(find<voice_action::DestroyPlayer>(latch->leave(now)));
  state_gone();
  const auto out = latch->player_destroyed(Error(Errc::request_timeout), now);
  ASSERT_TRUE(find<voice_action::CompleteLeave>(out));
  EXPECT_EQ(find<voice_action::CompleteLeave>(out)->result.error(), Errc::request_timeout);
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(out));
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    EXPECT_TRUE(wait(pause - 1ms).empty());
    EXPECT_TRUE(find<voice_action::DestroyPlayer>(wait(1ms)));
    EXPECT_TRUE(latch->player_destroyed(Error(Errc::connection_lost), now).empty()) << "leave() has told";
  }
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(wait(30s)));
  latch->player_destroyed({}, now);
  EXPECT_TRUE(latch->idle());
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(wait(1min)));
}

TEST_F(VoiceLatchTest, AnUpdateThatMayBeDoneBehindTheDeleteIsFollowedByAnother) {
  make();
  join(kA);
  state(kA);
  server();
  latch->update_goes_out();
  ASSERT_TRUE(find<voice_action::DestroyPlayer>(latch->leave(now)));
  state_gone();
  latch->player_destroyed({}, now);
  EXPECT_FALSE(latch->idle());
  EXPECT_TRUE(find<voice_action::DestroyPlayer>(wait(1s)));
  latch->player_destroyed({}, now);
  EXPECT_TRUE(latch->idle());
}

TEST_F(VoiceLatchTest, WhoJoinsAgainAtOnceKeepsThePlayer) {
  make();
  join(kA);
  state(kA);
  server();
  latch->update_goes_out();
  latch->leave(now);
  state_gone();
  latch->player_destroyed({}, now);
  join(kA);
  state(kA);
  ASSERT_TRUE(find<voice_action::UpdateNode>(server("t2")));
  EXPECT_FALSE(find<voice_action::DestroyPlayer>(wait(1s)));
}

TEST_F(VoiceLatchTest, AnUpdateThatWasAnsweredLeavesNoDoubt) {
  make();
  join(kA);
  state(kA);
  const auto out = server();
  latch->update_goes_out();
  answer(out);
  latch->leave(now);
  state_gone();
  latch->player_destroyed({}, now);
  EXPECT_TRUE(latch->idle());
}

TEST_F(VoiceLatchTest, OfAPlayerWhoseEndIsNotAnsweredAWarningTellsOnce) {
  connected();
  ASSERT_TRUE(find<voice_action::DestroyPlayer>(state_gone()));
  EXPECT_EQ(count<voice_action::Warn>(latch->player_destroyed(Error(Errc::request_timeout), now)), 1);
  ASSERT_TRUE(find<voice_action::DestroyPlayer>(wait(1s)));
  EXPECT_TRUE(latch->player_destroyed(Error(Errc::request_timeout), now).empty());
  ASSERT_TRUE(find<voice_action::DestroyPlayer>(wait(2s)));
  Error refused(Errc::http_status);
  refused.http_status = 400;
  EXPECT_EQ(count<voice_action::Warn>(latch->player_destroyed(refused, now)), 1) << "the end of it";
  EXPECT_FALSE(latch->next_due());
}

TEST_F(VoiceLatchTest, APlayerWhoseEndNeverReachedTheNodeIsDestroyedLater) {
  Error unavailable(Errc::http_status);
  unavailable.http_status = 503;
  for (const auto& trouble : {Error(Errc::connect_failed), Error(Errc::resolve_timeout), Error(Errc::tls_failed), unavailable}) {
    connected();
    ASSERT_TRUE(find<voice_action::DestroyPlayer>(latch->leave(now)));
    latch->player_destroyed(trouble, now);
    EXPECT_TRUE(find<voice_action::DestroyPlayer>(wait(1s))) << trouble.what();
  }
}

}  // namespace
}  // namespace lavapp::lavalink
