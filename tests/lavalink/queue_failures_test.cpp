// Tracks that fail, tracks that are stuck, and a node that cannot be told.
#include "lavalink/queue_rules_fixture.hpp"

namespace lavapp::lavalink {
namespace {

// --- Failures ---

TEST_F(QueueRulesTest, AnExceptionAndItsEndAreOneFailureAndOneSkip) {
  playing();
  excepted();
  EXPECT_EQ(done(), "");
  ended(TrackEndReason::load_failed);
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500");
  EXPECT_EQ(failures[0].message, "no more");
  EXPECT_TRUE(failures[0].exception.has_value());
  EXPECT_EQ(rules->state(), QueueState::waiting);
  time_out();
  EXPECT_EQ(done(), "play b");
  EXPECT_EQ(coming(), "cd");
}

TEST_F(QueueRulesTest, AnExceptionAfterSomeAudioEndsAsFinishedAndIsAFailureStill) {
  playing();
  now += 5s;
  excepted();
  ended(TrackEndReason::finished);
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500");
}

TEST_F(QueueRulesTest, AnEndWithoutItsExceptionIsAFailureToo) {
  playing();
  ended(TrackEndReason::load_failed);
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500");
  EXPECT_FALSE(failures[0].exception.has_value());
}

TEST_F(QueueRulesTest, SkippingAtTheExceptionIsNotTwoSkips) {
  playing();
  excepted();
  skip();
  ended(plays[0], TrackEndReason::load_failed);
  EXPECT_EQ(done(), "a to b, play b");
  started();
  finished();
  EXPECT_EQ(done(), "b to c, play c") << "the exception was not b's";
}

TEST_F(QueueRulesTest, TooManyFailuresInARowStopTheQueueWithGrowingPauses) {
  QueueOptions options;
  options.max_failures = 4;
  options.longest_pause = 800ms;
  playing(options, "abcdef");
  fails();
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500");
  time_out(), fails();
  EXPECT_EQ(done(), "play b, failed b exception, b to c, wait 800");
  time_out(), fails();
  EXPECT_EQ(done(), "play c, failed c exception, c to d, wait 800");
  time_out(), fails();
  EXPECT_EQ(done(), "play d, failed d exception, stopped too_many_failures");
  EXPECT_EQ(failures.back().in_a_row, 4u);
  EXPECT_EQ(*error, Errc::tracks_failed);
  EXPECT_EQ(rules->state(), QueueState::stopped);
  EXPECT_EQ(coming(), "ef") << "what was not tried is not lost";
  perform(rules->play());
  EXPECT_EQ(done(), "play d");
  fails();
  EXPECT_EQ(failures.back().in_a_row, 1u) << "the user has begun anew";
}

TEST_F(QueueRulesTest, WhoSkipsBehindTooManyFailuresBeginsAnew) {
  QueueOptions options;
  options.max_failures = 2;
  playing(options, "abcd");
  fails(), time_out(), fails();
  EXPECT_EQ(rules->state(), QueueState::stopped);
  skip();
  fails();
  EXPECT_EQ(failures.back().in_a_row, 1u);
  EXPECT_EQ(rules->state(), QueueState::waiting) << "one failure more does not stop it again";
}

TEST_F(QueueRulesTest, AStartThatWasOnItsWayDoesNotUndoTheStop) {
  QueueOptions options;
  options.max_failures = 1;
  make(options);
  perform(rules->play());
  Error broken(Errc::http_status);
  broken.http_status = 500;
  perform(rules->play_refused(numbers.back(), broken, now));
  started();
  ended(TrackEndReason::stopped);
  EXPECT_EQ(done(), "- to a, play a, failed a refused, stop, stopped too_many_failures");
}

TEST_F(QueueRulesTest, ATrackThatFinishesEndsTheRow) {
  playing();
  fails(), time_out(), fails(), time_out(), started(), finished();
  done();
  fails();
  EXPECT_EQ(done(), "failed d exception, d to -, ended");
  EXPECT_EQ(failures.back().in_a_row, 1u);
}

TEST_F(QueueRulesTest, ATrackThatPlayedForAWhileBeforeItFailedEndsTheRow) {
  playing();
  fails(), time_out(), started();
  now += 10s;
  excepted(), ended(TrackEndReason::finished);
  EXPECT_EQ(failures.back().in_a_row, 1u);
  time_out(), started();
  now += 9s;
  excepted(), ended(TrackEndReason::finished);
  EXPECT_EQ(failures.back().in_a_row, 2u);
}

TEST_F(QueueRulesTest, SkippingDoesNotEndTheRowButAnHonestPlayDoes) {
  playing({}, "abcdef");
  fails(), time_out(), fails();
  skip();
  EXPECT_EQ(rules->tracks().current()->track.info.identifier, "d");
  started();
  skip();
  fails();
  EXPECT_EQ(failures.back().in_a_row, 3u);
  perform(rules->play()), fails(), time_out(), started();
  now += 1min;
  EXPECT_EQ(rules->tracks().current()->track.info.identifier, "f");
  perform(rules->previous(now));
  fails();
  EXPECT_EQ(failures.back().in_a_row, 1u);
}

TEST_F(QueueRulesTest, ALoopOnATrackThatFailsDoesNotSpin) {
  playing({Loop::track});
  fails();
  EXPECT_EQ(done(), "failed a exception, wait 500");
  time_out(), fails();
  EXPECT_EQ(done(), "play a, failed a exception, wait 1000");
  time_out(), fails();
  EXPECT_EQ(done(), "play a, failed a exception, stopped too_many_failures");
}

TEST_F(QueueRulesTest, ALoopOnATrackThatIsOverAtOnceDoesNotSpin) {
  playing({Loop::track});
  for (int i = 0; i < 3; ++i) {
    if (i != 0) time_out(), started();
    now += 99ms;
    ended(TrackEndReason::finished);
  }
  EXPECT_EQ(done(),
            "failed a no_audio, wait 500, play a, failed a no_audio, wait 1000, play a, failed a no_audio, "
            "stopped too_many_failures");
}

TEST_F(QueueRulesTest, AShortTrackWhoseStartAndEndArriveTogetherHasPlayed) {
  make({});
  perform(rules->play());
  done();
  started();
  auto told = plays.back();
  told.info.position = 100ms;
  ended(told, TrackEndReason::finished);
  EXPECT_EQ(done(), "a to b, play b");
}

TEST_F(QueueRulesTest, ATrackThatIsOverWhereItBeganHasNotPlayed) {
  make({}, "");
  auto late = track("a");
  late.track.info.position = 1min;
  ASSERT_TRUE(rules->tracks().add({late, track("b")}).has_value());
  perform(rules->play());
  started();
  done();
  ended(TrackEndReason::finished);
  EXPECT_EQ(done(), "failed a no_audio, a to b, wait 500");
}

TEST_F(QueueRulesTest, AStreamHasNoLengthAndMayEndWhenItLikes) {
  make({}, "");
  auto stream = track("s");
  stream.track.info.is_stream = true;
  stream.track.info.length = std::chrono::milliseconds::max();
  ASSERT_TRUE(rules->tracks().add({stream}).has_value());
  perform(rules->play());
  started();
  now += 1s;
  ended(TrackEndReason::finished);
  EXPECT_EQ(done(), "- to s, play s, s to -, ended");
}

TEST_F(QueueRulesTest, AQueueOfFailingTracksThatLoopsDoesNotSpin) {
  playing({Loop::queue}, "ab");
  fails(), time_out(), fails(), time_out(), fails();
  EXPECT_EQ(rules->state(), QueueState::stopped);
  EXPECT_EQ(plays.size(), 3u);
  EXPECT_EQ(rules->tracks().current()->track.info.identifier + coming(), "ab") << "nothing is lost";
}

TEST_F(QueueRulesTest, DuringThePauseTheUserNeedNotWait) {
  playing();
  fails();
  done();
  skip();
  EXPECT_EQ(done(), "no wait, b to c, play c");
  fails();
  done();
  perform(rules->previous(now));
  EXPECT_EQ(done(), "no wait, added d at 0, d to c, play c");
  fails();
  done();
  EXPECT_EQ(rules->state(), QueueState::stopped);
}

TEST_F(QueueRulesTest, StoppingDuringThePauseEndsIt) {
  playing();
  fails();
  done();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "no wait, stopped requested");
  perform(rules->timer_fired(timers.back()));
  EXPECT_EQ(done(), "");
  perform(rules->play());
  EXPECT_EQ(done(), "play b");
}

// --- Stuck ---

TEST_F(QueueRulesTest, AStuckTrackIsSkippedBecauseNoEndFollows) {
  playing();
  now += 20s;
  stuck();
  EXPECT_EQ(done(), "failed a stuck, stop, a to b, wait 500");
  EXPECT_EQ(failures[0].message, "no audio for 10000 ms");
  ended(plays[0], TrackEndReason::stopped);
  EXPECT_EQ(done(), "") << "that end is the stop's";
  time_out();
  EXPECT_EQ(done(), "play b");
}

TEST_F(QueueRulesTest, ATrackThatIsStuckFromItsBeginningHasNotPlayed) {
  playing();
  fails(), time_out(), started();
  now += 10s;
  stuck();
  EXPECT_EQ(failures.back().in_a_row, 2u);
  time_out(), started();
  now += 20s;
  stuck();
  EXPECT_EQ(failures.back().in_a_row, 1u);
}

TEST_F(QueueRulesTest, AStuckTrackCanBeLeftToTheNode) {
  QueueOptions options;
  options.when_stuck = WhenStuck::wait;
  playing(options);
  stuck();
  EXPECT_EQ(done(), "");
  finished();
  EXPECT_EQ(done(), "a to b, play b");
}

TEST_F(QueueRulesTest, ANodeMaySayWhatItLikesOfTheThreshold) {
  playing({Loop::track});
  stuck(std::chrono::milliseconds::max());
  stuck(std::chrono::milliseconds::min());
  EXPECT_EQ(failures.size(), 1u);
}

// --- A node that cannot be told ---

TEST_F(QueueRulesTest, ATrackThatTheNodeDoesNotTakeIsAFailure) {
  make({});
  perform(rules->play());
  Error refused(Errc::http_status, "Bad Request");
  refused.http_status = 400;
  done();
  perform(rules->play_refused(numbers.back(), refused, now));
  EXPECT_EQ(done(), "failed a refused, stop, a to b, wait 500") << "what it should replace plays on";
}

TEST_F(QueueRulesTest, APlayThatOthersHoldUpIsMadeAgainAndBlamesNoTrack) {
  make({});
  perform(rules->play());
  done();
  Error open(Errc::circuit_open, "the node has failed too often");
  open.http_status = 500;  // of what opened it
  open.retry_after = 4s;
  perform(rules->play_refused(numbers.back(), open, now));
  EXPECT_EQ(done(), "wait 4000");
  time_out();
  EXPECT_EQ(done(), "play a");
  Error limited(Errc::http_status, "Too Many Requests");
  limited.http_status = 429;
  limited.retry_after = 1h;
  perform(rules->play_refused(numbers.back(), limited, now));
  EXPECT_EQ(done(), "wait 30000") << "longest_pause";
  time_out();
  started();
  EXPECT_EQ(rules->state(), QueueState::playing);
}

TEST_F(QueueRulesTest, APlayThatIsHeldUpTooOftenStopsTheQueue) {
  QueueOptions options;
  options.max_failures = 2;
  make(options);
  perform(rules->play());
  for (int i = 0; i < 2; ++i) {
    perform(rules->play_refused(numbers.back(), Error(Errc::queue_full), now));
    EXPECT_EQ(rules->state(), QueueState::waiting);
    time_out();
  }
  done();
  perform(rules->play_refused(numbers.back(), Error(Errc::queue_full), now));
  EXPECT_EQ(done(), "stopped node_failed, wait 500");
}

TEST_F(QueueRulesTest, WhatAPlayThatIsHeldUpTooOftenWasToReplaceIsStopped) {
  QueueOptions options;
  options.max_failures = 2;
  playing(options);
  skip();
  Error limited(Errc::http_status, "Too Many Requests");
  limited.http_status = 429;
  limited.retry_after = 7s;
  for (int i = 0; i < 2; ++i) {
    perform(rules->play_refused(numbers.back(), limited, now));
    time_out();
  }
  done();
  perform(rules->play_refused(numbers.back(), limited, now));
  EXPECT_EQ(done(), "stopped node_failed, wait 7000");
  time_out();
  EXPECT_EQ(done(), "stop") << "a plays on";
  rules->stopped();
  EXPECT_TRUE(rules->session_resumed(true).empty());
}

TEST_F(QueueRulesTest, WhatAPlayThatNeverReachedTheNodeWasToReplaceIsStopped) {
  playing();
  skip();
  done();
  perform(rules->play_refused(numbers.back(), Error(Errc::connect_failed), now));
  EXPECT_EQ(done(), "stopped node_failed, wait 500");
  const auto late = timers.back();
  perform(rules->play());
  EXPECT_EQ(done(), "play b");
  EXPECT_TRUE(rules->timer_fired(late).empty()) << "b replaces it now";
}

TEST_F(QueueRulesTest, WhoStopsWhileAPlayIsHeldUpIsObeyed) {
  make({});
  perform(rules->play());
  perform(rules->play_refused(numbers.back(), Error(Errc::circuit_open), now));
  const auto late = timers.back();
  perform(rules->stop(now));
  EXPECT_EQ(rules->state(), QueueState::stopped);
  EXPECT_TRUE(rules->timer_fired(late).empty());
}

TEST_F(QueueRulesTest, WhoStopsWhileAPlayIsHeldUpStopsWhatPlaysOn) {
  playing();
  skip();
  perform(rules->play_refused(numbers.back(), Error(Errc::circuit_open), now));
  done();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "no wait, stop, stopped requested") << "a plays on, which b was to replace";
}

TEST_F(QueueRulesTest, WhoSkipsTheLastTrackWhileItIsHeldUpStopsWhatPlaysOn) {
  playing({}, "ab");
  skip();
  perform(rules->play_refused(numbers.back(), Error(Errc::circuit_open), now));
  done();
  skip();
  EXPECT_EQ(done(), "no wait, stop, b to -, ended");
}

TEST_F(QueueRulesTest, AStopThatIsHeldUpOrNotAnsweredIsMadeAgain) {
  playing();
  perform(rules->stop(now));
  done();
  Error limited(Errc::http_status);
  limited.http_status = 429;
  limited.retry_after = 7s;
  perform(rules->stop_refused(limited));
  EXPECT_EQ(done(), "wait 7000");
  time_out();
  EXPECT_EQ(done(), "stop");
  perform(rules->stop_refused(Error(Errc::request_timeout)));
  EXPECT_EQ(done(), "wait 1000");
  time_out();
  EXPECT_EQ(done(), "stop");
  for (int i = 0; i < 70; ++i) perform(rules->stop_refused(Error(Errc::circuit_open)));
  done();
  perform(rules->stop_refused(Error(Errc::circuit_open)));
  EXPECT_EQ(done(), "wait 30000") << "never longer";
  rules->stopped();
  time_out();
  EXPECT_EQ(done(), "") << "another one was heard";
}

TEST_F(QueueRulesTest, AStopThatNeverReachedTheNodeIsMadeAgain) {
  for (const auto unreached : {Errc::resolve_failed, Errc::resolve_timeout, Errc::connect_failed, Errc::connect_timeout,
                               Errc::proxy_timeout, Errc::tls_failed, Errc::tls_timeout}) {
    playing();
    perform(rules->stop(now));
    done();
    perform(rules->stop_refused(Error(unreached)));
    EXPECT_EQ(done(), "wait 500") << Error(unreached).what();
    time_out();
    EXPECT_EQ(done(), "stop");
  }
}

TEST_F(QueueRulesTest, AStopThatTheNodeRefusesIsNotMadeAgain) {
  playing();
  perform(rules->stop(now));
  done();
  Error refused(Errc::http_status);
  refused.http_status = 400;
  perform(rules->stop_refused(refused));
  EXPECT_EQ(done(), "");
}

TEST_F(QueueRulesTest, AStopThatIsToBeMadeAgainIsForgottenByWhoPlays) {
  playing();
  perform(rules->stop(now));
  perform(rules->stop_refused(Error(Errc::request_timeout)));
  perform(rules->play());
  done();
  time_out();
  EXPECT_EQ(done(), "");
}

TEST_F(QueueRulesTest, AStopThatFailedWhileAutoplayWasAskedIsMadeWhenThatFindsNothing) {
  QueueOptions options;
  options.autoplay = [](const Optional<QueuedTrack>&, AutoplayAnswer) {};
  playing(options, "a");
  skip();
  perform(rules->stop_refused(Error(Errc::request_timeout)));
  done();
  perform(rules->autoplay_answered(asked->ask, {}));
  EXPECT_EQ(done(), "no wait, stop, ended");
}

TEST_F(QueueRulesTest, ATrackWhoseEndWasLostWithTheConnectionIsOver) {
  playing();
  perform(rules->session_resumed(true));
  EXPECT_TRUE(rules->is_unsure());
  perform(rules->told_what_plays(nullptr, now));
  EXPECT_EQ(done(), "a to b, play b");
  perform(rules->told_what_plays(nullptr, now));
  EXPECT_EQ(done(), "") << "nobody asked about b";
}

TEST_F(QueueRulesTest, ATrackWhoseEndWasLostBehindItsExceptionHasFailed) {
  playing();
  excepted();
  perform(rules->session_resumed(true));
  perform(rules->told_what_plays(nullptr, now));
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500");
}

TEST_F(QueueRulesTest, ATrackThatPlaysOnAfterAResumeIsLeftAlone) {
  playing();
  perform(rules->session_resumed(true));
  perform(rules->told_what_plays(&plays.back(), now));
  EXPECT_EQ(done(), "");
  perform(rules->session_resumed(true));
  finished();
  done();
  perform(rules->told_what_plays(nullptr, now));
  EXPECT_EQ(done(), "") << "its end came before the answer";
}

TEST_F(QueueRulesTest, ATrackThatAnotherHasReplacedUnheardStopsTheQueue) {
  playing();
  perform(rules->session_resumed(true));
  const auto other = track("x").track;
  perform(rules->told_what_plays(&other, now));
  EXPECT_EQ(done(), "stopped by_others");
}

TEST_F(QueueRulesTest, APlayThatIsUnderWayDuringAResumeIsToldByItsAnswer) {
  make({});
  perform(rules->play());
  done();
  perform(rules->session_resumed(false));
  EXPECT_FALSE(rules->is_unsure());
  perform(rules->told_what_plays(nullptr, now));
  EXPECT_EQ(done(), "");
  rules->play_taken(numbers.back());
  perform(rules->session_resumed(true));
  EXPECT_TRUE(rules->is_unsure()) << "its start was lost, and may be its end as well";
}

TEST_F(QueueRulesTest, AStopThatIsOwedIsForgottenOnceThePlayerWasStopped) {
  playing();
  perform(rules->stop(now));
  perform(rules->stop_refused(Error(Errc::no_session)));
  rules->stopped();
  EXPECT_TRUE(rules->session_resumed(true).empty());
  perform(rules->stop(now));
  perform(rules->stop_refused(Error(Errc::no_session)));
  perform(rules->play());
  perform(rules->stop(now));
  EXPECT_TRUE(rules->session_resumed(true).empty()) << "that stop succeeded";
}

TEST_F(QueueRulesTest, ANodeThatIsAwayDoesNotCostTracks) {
  Error gone(Errc::http_status, "Session not found");
  gone.http_status = 404;
  for (const auto& trouble :
       {Error(Errc::no_session), Error(Errc::connection_lost), Error(Errc::request_timeout), gone}) {
    make({});
    perform(rules->play());
    done();
    perform(rules->play_refused(numbers.back(), trouble, now));
    EXPECT_EQ(done(), "stopped node_failed");
    EXPECT_EQ(error->code, trouble.code);
    perform(rules->play());
    EXPECT_EQ(done(), "play a");
  }
}

TEST_F(QueueRulesTest, ACancelledPlayIsNotTheNodesFailure) {
  make({});
  perform(rules->play());
  done();
  perform(rules->play_refused(numbers.back(), Error(Errc::cancelled), now));
  EXPECT_EQ(done(), "stopped cancelled");
  perform(rules->play());
  EXPECT_EQ(done(), "play a");
}

TEST_F(QueueRulesTest, ARefusalOfAnEarlierPlayOrOfOneThatPlaysIsIgnored) {
  playing();
  const Error timeout(Errc::request_timeout);
  perform(rules->play_refused(numbers.back(), timeout, now));
  skip();
  done();
  perform(rules->play_refused(numbers.front(), timeout, now));
  EXPECT_EQ(done(), "");
}

TEST_F(QueueRulesTest, APlayWhoseAnswerWasLostPlaysAllTheSame) {
  make({});
  perform(rules->play());
  perform(rules->play_refused(numbers.back(), Error(Errc::request_timeout), now));
  done();
  started();
  EXPECT_EQ(rules->state(), QueueState::playing);
  finished();
  EXPECT_EQ(done(), "a to b, play b");
}

TEST_F(QueueRulesTest, AStoppedQueueThatPlaysAllTheSameSaysSo) {
  make({});
  perform(rules->play());
  perform(rules->play_refused(numbers.back(), Error(Errc::request_timeout), now));
  EXPECT_EQ(told_state, QueueState::stopped);
  started();
  EXPECT_EQ(told_state, QueueState::playing);
}

TEST_F(QueueRulesTest, WhatCouldNotBeStoppedWhileTheNodeWasAwayIsStoppedWhenItIsBack) {
  playing();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "stop, stopped requested");
  perform(rules->stop_refused(Error(Errc::no_session)));
  perform(rules->session_resumed(true));
  EXPECT_EQ(done(), "stop");
  perform(rules->session_resumed(true));
  EXPECT_EQ(done(), "") << "once";

  perform(rules->play());
  started();
  skip();
  perform(rules->play_refused(numbers.back(), Error(Errc::no_session), now));
  EXPECT_EQ(done(), "play a, a to b, play b, stopped node_failed");
  perform(rules->session_resumed(true));
  EXPECT_EQ(done(), "stop") << "a plays on, which has been left";
}

TEST_F(QueueRulesTest, WhatPlaysAgainIsNotStoppedWhenTheNodeIsBack) {
  playing();
  perform(rules->stop(now));
  perform(rules->play());
  perform(rules->stop_refused(Error(Errc::no_session)));
  done();
  perform(rules->session_resumed(true));
  EXPECT_EQ(done(), "");
  perform(rules->stop(now));
  perform(rules->stop_refused(Error(Errc::no_session)));
  done();
  perform(rules->session_resumed(false));
  EXPECT_EQ(done(), "") << "its end came meanwhile";
}

TEST_F(QueueRulesTest, WithANewSessionTheTrackWaitsToBePlayedAgain) {
  playing();
  perform(rules->session_lost(now));
  EXPECT_EQ(done(), "stopped session_lost");
  perform(rules->session_lost(now));
  EXPECT_EQ(done(), "");
  perform(rules->play());
  EXPECT_EQ(done(), "play a");
}

}  // namespace
}  // namespace lavapp::lavalink
