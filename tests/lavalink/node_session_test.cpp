#include "lavalink/node_session.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

template <class A>
const A* find(const NodeActions& actions) {
  for (const auto& each : actions) {
    if (const auto* found = std::get_if<A>(&each)) return found;
  }
  return nullptr;
}

template <class A>
std::ptrdiff_t place(const NodeActions& actions) {
  const auto found =
      std::find_if(actions.begin(), actions.end(), [](const NodeAction& a) { return std::holds_alternative<A>(a); });
  return found - actions.begin();
}

Ready ready_message(std::string id, bool resumed = false) {
  Ready ready;
  ready.session_id = std::move(id);
  ready.resumed = resumed;
  return ready;
}

Error status(int code) {
  Error error(Errc::handshake_refused);
  error.http_status = code;
  return error;
}

Error closed_with(int code) {
  Error error(Errc::closed_by_peer);
  error.close_code = code;
  return error;
}

class NodeSessionTest : public testing::Test {
 protected:
  NodeSession::Options options() {
    NodeSession::Options result;
    result.reconnect.jitter = false;
    return result;
  }
  NodeSession& make(NodeSession::Options with) {
    session.emplace(std::move(with));
    return *session;
  }
  /// Up to `ready` and the answered PATCH, as in most tests.
  NodeSession& connected(NodeSession::Options with) {
    auto& s = make(std::move(with));
    EXPECT_TRUE(s.connect().has_value());
    s.opened(s.connection(), "4");
    s.ready(s.connection(), ready_message("abc"), now);
    s.resuming_answered(s.connection(), {});
    return s;
  }
  NodeSession& connected() { return connected(options()); }
  /// From reconnecting to awaiting_ready.
  void dial_again(NodeSession& s) {
    s.timer_fired();
    s.opened(s.connection(), "4");
  }

  std::optional<NodeSession> session;
  Clock::time_point now{1h};
};

TEST_F(NodeSessionTest, ConnectDials) {
  auto& s = make(options());
  EXPECT_EQ(s.state(), NodeState::idle);
  auto actions = s.connect().value();
  ASSERT_TRUE(find<action::Dial>(actions));
  EXPECT_EQ(find<action::Dial>(actions)->connection, s.connection());
  EXPECT_EQ(find<action::Dial>(actions)->session_id, "");
  EXPECT_EQ(s.state(), NodeState::connecting);
}

TEST_F(NodeSessionTest, ConnectNamesTheSessionOfAnEarlierProcess) {
  auto with = options();
  with.session_id = "earlier";
  auto actions = make(with).connect().value();
  EXPECT_EQ(find<action::Dial>(actions)->session_id, "earlier");
}

TEST_F(NodeSessionTest, OpenedWaitsForReadyWithALimit) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  auto actions = s.opened(s.connection(), "4");
  EXPECT_EQ(s.state(), NodeState::awaiting_ready);
  ASSERT_TRUE(find<action::StartTimer>(actions));
  EXPECT_EQ(find<action::StartTimer>(actions)->after, 10s);
  EXPECT_FALSE(find<action::Warn>(actions));
}

TEST_F(NodeSessionTest, WarnsOfAnotherApiVersion) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  EXPECT_TRUE(find<action::Warn>(s.opened(s.connection(), "3")));
}

TEST_F(NodeSessionTest, ReadyAsksTheNodeToKeepTheSessionAndThenCompletesConnect) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  auto actions = s.ready(s.connection(), ready_message("abc"), now);
  EXPECT_EQ(s.state(), NodeState::ready);
  EXPECT_EQ(s.session_id(), "abc");
  EXPECT_TRUE(find<action::StopTimer>(actions));
  EXPECT_TRUE(find<action::TellReady>(actions));
  ASSERT_TRUE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::PatchSession>(actions)->resuming);
  EXPECT_FALSE(find<action::CompleteConnect>(actions));
  EXPECT_FALSE(find<action::Warn>(actions));
  auto answered = s.resuming_answered(s.connection(), {});
  ASSERT_TRUE(find<action::CompleteConnect>(answered));
  EXPECT_EQ(find<action::CompleteConnect>(answered)->result.value().session_id, "abc");
}

TEST_F(NodeSessionTest, ChangesStateBeforeItTellsReady) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  auto actions = s.ready(s.connection(), ready_message("abc"), now);
  EXPECT_LT(place<action::TellState>(actions), place<action::TellReady>(actions));
}

TEST_F(NodeSessionTest, WithoutResumingConnectCompletesAtReady) {
  auto with = options();
  with.resuming = false;
  auto& s = make(with);
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  auto actions = s.ready(s.connection(), ready_message("abc"), now);
  EXPECT_FALSE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::CompleteConnect>(actions));
}

TEST_F(NodeSessionTest, AFailedPatchIsAWarningAndConnectSucceeds) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  s.ready(s.connection(), ready_message("abc"), now);
  auto actions = s.resuming_answered(s.connection(), Error(Errc::request_timeout));
  EXPECT_TRUE(find<action::Warn>(actions));
  ASSERT_TRUE(find<action::CompleteConnect>(actions));
  EXPECT_TRUE(find<action::CompleteConnect>(actions)->result.has_value());
}

TEST_F(NodeSessionTest, ReadyWithoutASessionIdIsAWarningAndTheWaitGoesOn) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  EXPECT_TRUE(find<action::Warn>(s.ready(s.connection(), ready_message(""), now)));
  EXPECT_EQ(s.state(), NodeState::awaiting_ready);
}

TEST_F(NodeSessionTest, ASecondReadyIsAWarning) {
  auto& s = connected();
  auto actions = s.ready(s.connection(), ready_message("other"), now);
  EXPECT_TRUE(find<action::Warn>(actions));
  EXPECT_EQ(s.session_id(), "abc");
}

TEST_F(NodeSessionTest, RefusalsWithA4xxAreFinal) {
  for (const int code : {400, 401, 403, 404, 410}) {
    auto& s = make(options());
    ASSERT_TRUE(s.connect());
    auto actions = s.lost(s.connection(), status(code), now);
    EXPECT_EQ(s.state(), NodeState::closed) << code;
    EXPECT_TRUE(find<action::TellClosed>(actions));
    ASSERT_TRUE(find<action::CompleteConnect>(actions));
    EXPECT_EQ(find<action::CompleteConnect>(actions)->result.error().http_status, code);
    EXPECT_FALSE(find<action::StartTimer>(actions));
  }
}

TEST_F(NodeSessionTest, OtherRefusalsAndLostConnectionsAreTriedAgain) {
  std::vector<Error> errors = {status(408), status(425), status(429), status(500), status(503)};
  errors.emplace_back(Errc::connect_failed);
  errors.emplace_back(Errc::resolve_failed);
  errors.emplace_back(Errc::handshake_timeout);
  errors.emplace_back(Errc::connection_lost);
  for (const auto& error : errors) {
    auto& s = make(options());
    ASSERT_TRUE(s.connect());
    auto actions = s.lost(s.connection(), error, now);
    EXPECT_EQ(s.state(), NodeState::reconnecting) << error.what();
    ASSERT_TRUE(find<action::StartTimer>(actions));
    EXPECT_EQ(find<action::StartTimer>(actions)->after, 1s);
    ASSERT_TRUE(find<action::TellReconnecting>(actions));
    EXPECT_EQ(find<action::TellReconnecting>(actions)->reconnecting.attempt, 1u);
    EXPECT_TRUE(find<action::TellError>(actions));
    EXPECT_FALSE(find<action::CompleteConnect>(actions));
  }
}

TEST_F(NodeSessionTest, RetryAfterIsHonoured) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  auto error = status(429);
  error.retry_after = 90s;
  auto actions = s.lost(s.connection(), error, now);
  EXPECT_EQ(find<action::StartTimer>(actions)->after, 90s);
}

TEST_F(NodeSessionTest, AnAnswerThatIsNoHandshakeIsNotALavalinkNode) {
  for (const auto& error : {status(200), status(302), Error(Errc::bad_handshake)}) {
    auto& s = make(options());
    ASSERT_TRUE(s.connect());
    auto actions = s.lost(s.connection(), error, now);
    EXPECT_EQ(s.state(), NodeState::closed);
    EXPECT_TRUE(find<action::CompleteConnect>(actions)->result.error() == Errc::not_a_lavalink_node);
  }
}

TEST_F(NodeSessionTest, ARejectedCertificateIsFinal) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.lost(s.connection(), Error(Errc::certificate_rejected), now);
  EXPECT_EQ(s.state(), NodeState::closed);
}

TEST_F(NodeSessionTest, Close1011BeforeReadyRefusesTheSession) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  auto actions = s.lost(s.connection(), closed_with(1011), now);
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(find<action::CompleteConnect>(actions)->result.error() == Errc::session_refused);
}

TEST_F(NodeSessionTest, Close1011AfterReadyIsALostConnection) {
  auto& s = connected();
  s.lost(s.connection(), closed_with(1011), now);
  EXPECT_EQ(s.state(), NodeState::reconnecting);
}

TEST_F(NodeSessionTest, OtherClosesBeforeReadyAreTriedAgain) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  s.lost(s.connection(), closed_with(1001), now);
  EXPECT_EQ(s.state(), NodeState::reconnecting);
}

TEST_F(NodeSessionTest, AServerThatNeverSaysReadyIsLeftAndTriedAgain) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  const auto old = s.connection();
  s.opened(old, "4");
  auto actions = s.timer_fired();
  EXPECT_TRUE(find<action::Cut>(actions));
  EXPECT_EQ(s.state(), NodeState::reconnecting);
  EXPECT_TRUE(find<action::TellReconnecting>(actions)->reconnecting.reason == Errc::ready_timeout);
  EXPECT_TRUE(s.lost(old, Error(Errc::connection_lost), now).empty());
}

TEST_F(NodeSessionTest, ALostConnectionIsDialledAgainWithItsSession) {
  auto& s = connected();
  const auto old = s.connection();
  auto actions = s.lost(old, Error(Errc::connection_lost), now);
  EXPECT_EQ(s.state(), NodeState::reconnecting);
  EXPECT_EQ(s.session_id(), "abc");
  auto again = s.timer_fired();
  ASSERT_TRUE(find<action::Dial>(again));
  EXPECT_EQ(find<action::Dial>(again)->session_id, "abc");
  EXPECT_NE(find<action::Dial>(again)->connection, old);
}

TEST_F(NodeSessionTest, AResumedSessionLosesNothingAndNeedsNoPatch) {
  auto& s = connected();
  s.lost(s.connection(), Error(Errc::connection_lost), now);
  dial_again(s);
  auto actions = s.ready(s.connection(), ready_message("abc", true), now);
  EXPECT_EQ(s.state(), NodeState::ready);
  EXPECT_FALSE(find<action::ForgetPlayers>(actions));
  EXPECT_FALSE(find<action::Warn>(actions));
  EXPECT_FALSE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::TellReady>(actions));
}

TEST_F(NodeSessionTest, ASessionThatWasNotResumedLosesItsPlayersWithAReason) {
  auto& s = connected();
  s.lost(s.connection(), Error(Errc::connection_lost), now);
  dial_again(s);
  auto actions = s.ready(s.connection(), ready_message("new"), now);
  EXPECT_EQ(s.session_id(), "new");
  EXPECT_TRUE(find<action::ForgetPlayers>(actions));
  ASSERT_TRUE(find<action::Warn>(actions));
  EXPECT_NE(find<action::TellState>(actions)->change.reason.find("not resumed"), std::string::npos);
  EXPECT_TRUE(find<action::PatchSession>(actions));
}

TEST_F(NodeSessionTest, TheSessionOfAnEarlierProcessIsPatchedForOurOwnTimeout) {
  auto with = options();
  with.session_id = "earlier";
  auto& s = make(with);
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  auto actions = s.ready(s.connection(), ready_message("earlier", true), now);
  EXPECT_TRUE(find<action::PatchSession>(actions));
  EXPECT_FALSE(find<action::ForgetPlayers>(actions));
}

TEST_F(NodeSessionTest, PausesGrowAndStartAnewOnlyAfterAStableConnection) {
  auto& s = connected();
  s.lost(s.connection(), Error(Errc::connection_lost), now + 1s);
  s.timer_fired();
  auto second = s.lost(s.connection(), Error(Errc::connect_failed), now + 2s);
  EXPECT_EQ(find<action::StartTimer>(second)->after, 2s);
  dial_again(s);
  s.ready(s.connection(), ready_message("abc", true), now + 10s);
  auto unstable = s.lost(s.connection(), Error(Errc::connection_lost), now + 15s);
  EXPECT_EQ(find<action::StartTimer>(unstable)->after, 4s);
  dial_again(s);
  s.ready(s.connection(), ready_message("abc", true), now + 20s);
  auto stable = s.lost(s.connection(), Error(Errc::connection_lost), now + 50s);
  EXPECT_EQ(find<action::StartTimer>(stable)->after, 1s);
}

TEST_F(NodeSessionTest, NeverGivesUpByItself) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  for (int i = 0; i < 1000; ++i) {
    s.lost(s.connection(), Error(Errc::connect_failed), now);
    ASSERT_EQ(s.state(), NodeState::reconnecting);
    ASSERT_TRUE(find<action::Dial>(s.timer_fired()));
  }
}

TEST_F(NodeSessionTest, GivesUpAfterTheAttemptsItWasGiven) {
  auto with = options();
  with.reconnect.max_attempts = 2;
  auto& s = make(with);
  ASSERT_TRUE(s.connect());
  s.lost(s.connection(), Error(Errc::connect_failed, "first"), now);
  s.timer_fired();
  s.lost(s.connection(), Error(Errc::connect_failed, "second"), now);
  s.timer_fired();
  auto actions = s.lost(s.connection(), Error(Errc::connect_failed, "third"), now);
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(find<action::TellClosed>(actions));
  EXPECT_EQ(find<action::CompleteConnect>(actions)->result.error().message, "third");
}

TEST_F(NodeSessionTest, WithReconnectionOffTheFirstFailureIsFinal) {
  auto with = options();
  with.reconnect.enabled = false;
  auto& s = connected(with);
  auto actions = s.lost(s.connection(), Error(Errc::connection_lost), now);
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(find<action::TellError>(actions));
  EXPECT_TRUE(find<action::TellClosed>(actions));
}

TEST_F(NodeSessionTest, WhatAnOldConnectionSaysIsDropped) {
  auto& s = connected();
  const auto old = s.connection();
  s.lost(old, Error(Errc::connection_lost), now);
  s.timer_fired();
  EXPECT_TRUE(s.opened(old, "4").empty());
  EXPECT_TRUE(s.ready(old, ready_message("abc", true), now).empty());
  EXPECT_TRUE(s.lost(old, Error(Errc::connection_lost), now).empty());
  EXPECT_TRUE(s.resuming_answered(old, {}).empty());
}

TEST_F(NodeSessionTest, TheAnswerToAPatchOfALostConnectionIsDropped) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  s.ready(s.connection(), ready_message("abc"), now);
  s.lost(s.connection(), Error(Errc::connection_lost), now);
  EXPECT_TRUE(s.resuming_answered(s.connection(), {}).empty());
  dial_again(s);
  s.ready(s.connection(), ready_message("new"), now);
  EXPECT_TRUE(find<action::CompleteConnect>(s.resuming_answered(s.connection(), {})));
}

TEST_F(NodeSessionTest, ConnectTwiceIsRefused) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  EXPECT_TRUE(s.connect().error() == Errc::already_connecting);
  s.opened(s.connection(), "4");
  s.ready(s.connection(), ready_message("abc"), now);
  EXPECT_TRUE(s.connect().error() == Errc::already_connecting);
}

TEST_F(NodeSessionTest, AfterItsDeadlineConnectGoesOnAndAnotherMayWaitAlong) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.lost(s.connection(), Error(Errc::connect_failed), now);
  s.connect_timed_out();
  EXPECT_EQ(s.state(), NodeState::reconnecting);
  EXPECT_TRUE(s.connect().value().empty());
  dial_again(s);
  s.ready(s.connection(), ready_message("abc"), now);
  EXPECT_TRUE(find<action::CompleteConnect>(s.resuming_answered(s.connection(), {})));
}

TEST_F(NodeSessionTest, ALateSuccessIsAnEventAlone) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.connect_timed_out();
  s.opened(s.connection(), "4");
  EXPECT_TRUE(find<action::TellReady>(s.ready(s.connection(), ready_message("abc"), now)));
  EXPECT_FALSE(find<action::CompleteConnect>(s.resuming_answered(s.connection(), {})));
}

TEST_F(NodeSessionTest, ACancelledConnectEndsTheAttempt) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  auto actions = s.connect_cancelled();
  EXPECT_TRUE(find<action::Cut>(actions));
  EXPECT_TRUE(find<action::TellClosed>(actions));
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(find<action::Dial>(s.connect().value()));
}

TEST_F(NodeSessionTest, ACancelledConnectLeavesASessionThatOnceWorkedAlone) {
  auto& s = connected();
  s.lost(s.connection(), Error(Errc::connection_lost), now);
  ASSERT_TRUE(s.connect());
  EXPECT_TRUE(s.connect_cancelled().empty());
  EXPECT_EQ(s.state(), NodeState::reconnecting);
}

TEST_F(NodeSessionTest, ShutdownThatKeepsTheSessionClosesAlone) {
  auto& s = connected();
  auto actions = s.shutdown(KeepSession::yes);
  EXPECT_TRUE(find<action::Close>(actions));
  EXPECT_FALSE(find<action::PatchSession>(actions));
  EXPECT_EQ(s.state(), NodeState::closing);
  auto gone = s.lost(s.connection(), closed_with(1000), now);
  EXPECT_TRUE(find<action::TellClosed>(gone));
  EXPECT_TRUE(find<action::CompleteShutdown>(gone)->result.has_value());
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_EQ(s.session_id(), "abc");
}

TEST_F(NodeSessionTest, ShutdownThatKeepsTheSessionTurnsResumingOnFirst) {
  auto with = options();
  with.resuming = false;
  auto& s = connected(with);
  auto actions = s.shutdown(KeepSession::yes);
  ASSERT_TRUE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::PatchSession>(actions)->resuming);
  EXPECT_FALSE(find<action::Close>(actions));
  EXPECT_TRUE(find<action::Close>(s.resuming_answered(s.connection(), {})));
}

TEST_F(NodeSessionTest, ShutdownSaysWhenTheSessionCouldNotBeKept) {
  auto with = options();
  with.resuming = false;
  auto& s = connected(with);
  s.shutdown(KeepSession::yes);
  EXPECT_TRUE(find<action::Close>(s.resuming_answered(s.connection(), Error(Errc::request_timeout))));
  auto gone = s.lost(s.connection(), closed_with(1000), now);
  EXPECT_TRUE(find<action::CompleteShutdown>(gone)->result.error() == Errc::request_timeout);
}

TEST_F(NodeSessionTest, ShutdownThatEndsTheSessionTurnsResumingOffFirst) {
  auto& s = connected();
  auto actions = s.shutdown(KeepSession::no);
  ASSERT_TRUE(find<action::PatchSession>(actions));
  EXPECT_FALSE(find<action::PatchSession>(actions)->resuming);
  EXPECT_TRUE(find<action::Close>(s.resuming_answered(s.connection(), {})));
  auto gone = s.lost(s.connection(), closed_with(1000), now);
  EXPECT_TRUE(find<action::ForgetPlayers>(gone));
  EXPECT_TRUE(find<action::CompleteShutdown>(gone)->result.has_value());
  EXPECT_EQ(s.session_id(), "");
}

TEST_F(NodeSessionTest, ShutdownEndsASessionThatTheNodeWouldNotKeepWithoutAPatch) {
  auto with = options();
  with.resuming = false;
  auto& s = connected(with);
  auto actions = s.shutdown(KeepSession::no);
  EXPECT_FALSE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::Close>(actions));
}

TEST_F(NodeSessionTest, ShutdownWaitsForAPatchUnderWaySoThatTheTwoCannotOvertake) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  s.ready(s.connection(), ready_message("abc"), now);
  auto actions = s.shutdown(KeepSession::no);
  EXPECT_FALSE(find<action::PatchSession>(actions));
  EXPECT_TRUE(find<action::CompleteConnect>(actions)->result.error() == Errc::closed);
  auto answered = s.resuming_answered(s.connection(), {});
  ASSERT_TRUE(find<action::PatchSession>(answered));
  EXPECT_FALSE(find<action::PatchSession>(answered)->resuming);
}

TEST_F(NodeSessionTest, ShutdownWhoseConnectionIsLostBeforeTheSessionWasEndedSaysSo) {
  auto& s = connected();
  s.shutdown(KeepSession::no);
  auto gone = s.lost(s.connection(), Error(Errc::connection_lost), now);
  EXPECT_TRUE(find<action::CompleteShutdown>(gone)->result.error() == Errc::connection_lost);
  EXPECT_EQ(s.state(), NodeState::closed);
}

TEST_F(NodeSessionTest, ShutdownWhileReconnectingIsDoneAtOnceAndWarnsIfTheSessionLivesOn) {
  auto& s = connected();
  s.lost(s.connection(), Error(Errc::connection_lost), now);
  auto actions = s.shutdown(KeepSession::no);
  EXPECT_TRUE(find<action::Warn>(actions));
  EXPECT_TRUE(find<action::CompleteShutdown>(actions)->result.has_value());
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(s.timer_fired().empty());
}

TEST_F(NodeSessionTest, ShutdownWhileDiallingEndsTheAttempt) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  auto actions = s.shutdown(KeepSession::yes);
  EXPECT_TRUE(find<action::Cut>(actions));
  EXPECT_TRUE(find<action::CompleteConnect>(actions)->result.error() == Errc::closed);
  EXPECT_TRUE(find<action::CompleteShutdown>(actions));
  EXPECT_EQ(s.state(), NodeState::closed);
}

TEST_F(NodeSessionTest, ShutdownWhileAwaitingReadyClosesInOrder) {
  auto& s = make(options());
  ASSERT_TRUE(s.connect());
  s.opened(s.connection(), "4");
  EXPECT_TRUE(find<action::Close>(s.shutdown(KeepSession::yes)));
  EXPECT_TRUE(s.ready(s.connection(), ready_message("abc"), now).empty());
  auto gone = s.lost(s.connection(), closed_with(1000), now);
  EXPECT_TRUE(find<action::CompleteShutdown>(gone)->result.has_value());
}

TEST_F(NodeSessionTest, ShutdownOfAnIdleOrClosedNodeSucceedsAtOnce) {
  auto& s = make(options());
  EXPECT_TRUE(find<action::CompleteShutdown>(s.shutdown(KeepSession::yes)));
  EXPECT_EQ(s.state(), NodeState::idle);
}

TEST_F(NodeSessionTest, ASecondShutdownWaitsAlong) {
  auto& s = connected();
  s.shutdown(KeepSession::yes);
  EXPECT_TRUE(s.shutdown(KeepSession::no).empty());
}

TEST_F(NodeSessionTest, ConnectDuringShutdownIsRefusedAndWorksAfterIt) {
  auto& s = connected();
  s.shutdown(KeepSession::yes);
  EXPECT_TRUE(s.connect().error() == Errc::not_open);
  s.lost(s.connection(), closed_with(1000), now);
  auto actions = s.connect().value();
  EXPECT_EQ(find<action::Dial>(actions)->session_id, "abc");
}

TEST_F(NodeSessionTest, CutEndsAShutdownThatTakesTooLong) {
  auto& s = connected();
  s.shutdown(KeepSession::yes);
  auto actions = s.cut();
  EXPECT_TRUE(find<action::Cut>(actions));
  EXPECT_TRUE(find<action::TellClosed>(actions));
  EXPECT_EQ(s.state(), NodeState::closed);
  EXPECT_TRUE(s.cut().empty());
}

TEST_F(NodeSessionTest, KnowsWhatTheUserSetOnTheSession) {
  auto& s = connected();
  s.session_patched("abc", false);
  EXPECT_TRUE(find<action::PatchSession>(s.shutdown(KeepSession::yes)));
}

TEST_F(NodeSessionTest, EveryStateChangeHasItsReason) {
  auto& s = make(options());
  NodeActions all;
  const auto take = [&](NodeActions more) {
    for (auto& action : more) all.push_back(std::move(action));
  };
  take(s.connect().value());
  take(s.opened(s.connection(), "4"));
  take(s.ready(s.connection(), ready_message("abc"), now));
  take(s.lost(s.connection(), Error(Errc::connection_lost), now));
  take(s.shutdown(KeepSession::yes));
  auto from = NodeState::idle;
  int changes = 0;
  for (const auto& each : all) {
    const auto* told = std::get_if<action::TellState>(&each);
    if (!told) continue;
    ++changes;
    EXPECT_EQ(told->change.from, from);
    EXPECT_FALSE(told->change.reason.empty());
    from = told->change.to;
  }
  EXPECT_EQ(changes, 6);
  EXPECT_EQ(from, NodeState::closed);
}

}  // namespace
}  // namespace lavapp::lavalink
