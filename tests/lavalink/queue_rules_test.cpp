#include "lavalink/queue_rules.hpp"

#include <gtest/gtest.h>

#include "lavalink/queue_helpers.hpp"
#include "lavalink/queue_mark.hpp"

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using test::name;
using test::names;
using test::track;
using test::tracks;

/// Does what the rules say as a node would, and writes it down.
class QueueRulesTest : public testing::Test {
 protected:
  QueueRulesTest() { make({}); }

  void make(QueueOptions options, const std::string& with = "abcd") {
    rules.emplace(std::move(options), 1);
    if (!with.empty()) {
      EXPECT_TRUE(rules->tracks().add(tracks(with)).has_value());
    }
  }
  /// A queue that plays its first track.
  void playing(QueueOptions options = {}, const std::string& with = "abcd") {
    make(std::move(options), with);
    perform(rules->play());
    started();
    log.clear();
  }

  void perform(QueueActions actions) {
    for (auto& each : actions) std::visit([this](const auto& a) { write(a); }, each);
  }
  void perform(Result<QueueActions> actions) {
    ASSERT_TRUE(actions.has_value()) << actions.error().what();
    perform(std::move(*actions));
  }
  /// What has been done since the last look.
  std::string done() { return std::exchange(log, {}); }

  // What the node tells of the last play, or of an earlier one.
  void started() { started(plays.back()); }
  void started(const Track& told) { perform(rules->on(about<TrackStart>(told), now)); }
  void ended(TrackEndReason reason) { ended(plays.back(), reason); }
  void ended(const Track& told, TrackEndReason reason) {
    auto event = about<TrackEnd>(told);
    event.reason = {reason, ""};
    perform(rules->on(event, now));
  }
  void excepted() {
    auto event = about<TrackFailed>(plays.back());
    event.exception.message = "no more";
    perform(rules->on(event, now));
  }
  void stuck(std::chrono::milliseconds threshold = 10s) {
    auto event = about<TrackStuck>(plays.back());
    event.threshold = threshold;
    perform(rules->on(event, now));
  }
  /// Plays to its end.
  void finished() {
    now += 3min;
    ended(TrackEndReason::finished);
  }
  /// As the node tells it: TrackStart, TrackException, TrackEnd.
  void fails() {
    started();
    excepted();
    ended(TrackEndReason::load_failed);
  }
  void skip() { perform(rules->skip(now)); }
  std::string coming() const { return names(rules->tracks().upcoming()); }

  std::optional<QueueRules> rules;
  Clock::time_point now{1h};
  std::string log;
  std::vector<Track> plays;  // as the node has them
  std::vector<PlayNumber> numbers;
  std::vector<TrackFailure> failures;
  std::optional<Error> error;  // of the last stop or end
  std::optional<queue_action::AskAutoplay> asked;
  QueueState told_state = QueueState::idle;
  bool timer = false;
  std::vector<std::uint64_t> timers;  // their numbers

 private:
  template <class Event>
  static Event about(const Track& told) {
    Event event;
    event.track = told;
    return event;
  }
  void note(const std::string& what) { log += (log.empty() ? "" : ", ") + what; }

  void write(const queue_action::Play& a) {
    note("play " + a.track.track.info.identifier);
    auto told = a.track.track;
    told.user_data = with_mark(told.user_data, {a.play, a.track.requester});
    told.encoded += " at 0";  // a node tells another text than it was given: the position is in it
    plays.push_back(std::move(told));
    numbers.push_back(a.play);
  }
  void write(const queue_action::Stop&) { note("stop"); }
  void write(const queue_action::StartTimer& a) {
    note("wait " + std::to_string(a.after.count()));
    timer = true;
    timers.push_back(a.timer);
  }
  void write(const queue_action::StopTimer&) {
    note("no wait");
    EXPECT_TRUE(std::exchange(timer, false));
  }
  void write(const queue_action::AskAutoplay& a) {
    note("ask after " + name(a.last));
    asked = a;
  }
  void write(const TracksAdded& e) { note("added " + names(e.tracks) + " at " + std::to_string(e.index)); }
  void write(const TracksRemoved& e) { note("removed " + names(e.tracks)); }
  void write(const TrackMoved&) { note("moved"); }
  void write(const QueueShuffled&) { note("shuffled"); }
  void write(const QueueCleared&) { note("cleared"); }
  void write(const CurrentChanged& e) { note(name(e.before) + " to " + name(e.now)); }
  void write(const TrackFailure& e) {
    note("failed " + e.track.track.info.identifier + " " + std::string(to_string(e.cause)));
    failures.push_back(e);
  }
  void write(const QueueStopped& e) {
    note("stopped " + std::string(to_string(e.reason)));
    error = e.error;
  }
  void write(const QueueStateChanged& e) { told_state = e.now; }
  void write(const QueueEnded& e) {
    note("ended");
    error = e.error;
  }

 protected:
  void time_out() {
    ASSERT_TRUE(std::exchange(timer, false)) << "nobody waits";
    perform(rules->timer_fired(timers.back()));
  }
};

// --- From one track to the next ---

TEST_F(QueueRulesTest, NothingPlaysUntilItIsTold) {
  EXPECT_EQ(rules->state(), QueueState::idle);
  perform(rules->play());
  EXPECT_EQ(done(), "- to a, play a");
  EXPECT_EQ(rules->state(), QueueState::playing);
  EXPECT_EQ(coming(), "bcd");
  perform(rules->play());
  EXPECT_EQ(done(), "") << "it plays already";
}

TEST_F(QueueRulesTest, AnEmptyQueueHasNothingToPlayOrToSkip) {
  make({}, "");
  perform(rules->play());
  skip();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "");
  EXPECT_EQ(rules->skip_to(0, now).error().message, "index must be less than 0, is 0");
  EXPECT_EQ(rules->previous(now).error().message, "there is no track before this one");
}

TEST_F(QueueRulesTest, AfterATrackHasFinishedTheNextOneBegins) {
  playing();
  finished();
  EXPECT_EQ(done(), "a to b, play b");
  EXPECT_EQ(names(rules->tracks().history()), "a");
}

TEST_F(QueueRulesTest, AfterTheLastOneTheQueueHasEnded) {
  playing({}, "a");
  finished();
  EXPECT_EQ(done(), "a to -, ended");
  EXPECT_EQ(rules->state(), QueueState::idle);
  EXPECT_FALSE(error.has_value());
  ASSERT_TRUE(rules->tracks().add(tracks("z")).has_value());
  perform(rules->play());
  EXPECT_EQ(done(), "- to z, play z");
}

TEST_F(QueueRulesTest, EveryPlayHasItsNumberAndAnotherProcessHasOthers) {
  playing();
  finished();
  EXPECT_EQ(numbers[1], numbers[0] + 1);
  EXPECT_LT(numbers[0], PlayNumber(1) << 53);
  QueueRules other({}, 2);
  ASSERT_TRUE(other.tracks().add(tracks("a")).has_value());
  EXPECT_NE(std::get<queue_action::Play>(other.play().back()).play, numbers[0]);
}

TEST_F(QueueRulesTest, StoppedReplacedCleanupAndUnknownEndsDoNotGoOn) {
  for (const auto& [reason, told] : {std::pair(TrackEndReason::stopped, "stopped by_others"),
                                     std::pair(TrackEndReason::replaced, "stopped by_others"),
                                     std::pair(TrackEndReason::cleanup, "stopped cleanup"),
                                     std::pair(TrackEndReason::unknown, "stopped by_others")}) {
    playing();
    ended(reason);
    EXPECT_EQ(done(), told);
    EXPECT_EQ(rules->state(), QueueState::stopped);
    EXPECT_EQ(rules->tracks().current()->track.info.identifier, "a");
    perform(rules->play());
    EXPECT_EQ(done(), "play a");
  }
}

// --- Skipping ---

TEST_F(QueueRulesTest, SkippingGoesOnOnceWhateverTheNodeTellsAfterwards) {
  playing();
  skip();
  EXPECT_EQ(done(), "a to b, play b");
  ended(plays[0], TrackEndReason::replaced);
  started();
  EXPECT_EQ(done(), "");
  EXPECT_EQ(rules->state(), QueueState::playing);
}

TEST_F(QueueRulesTest, ATrackThatFinishesWhileItIsSkippedIsNotTwoSkips) {
  playing();
  skip();
  ended(plays[0], TrackEndReason::finished);
  EXPECT_EQ(done(), "a to b, play b");
}

TEST_F(QueueRulesTest, TheSameTrackTwiceInARowIsTwoPlays) {
  playing({}, "aab");
  skip();
  EXPECT_EQ(done(), "a to a, play a");
  ended(plays[0], TrackEndReason::replaced);
  started();
  ended(plays[0], TrackEndReason::finished);
  EXPECT_EQ(done(), "") << "that was the first one";
  finished();
  EXPECT_EQ(done(), "a to b, play b");
}

TEST_F(QueueRulesTest, SkippingTheLastOneStopsThePlayer) {
  playing({}, "a");
  skip();
  EXPECT_EQ(done(), "stop, a to -, ended");
  ended(TrackEndReason::stopped);
  EXPECT_EQ(done(), "");
}

TEST_F(QueueRulesTest, SkipToLeavesThoseBetween) {
  playing();
  perform(rules->skip_to(1, now));
  EXPECT_EQ(done(), "a to c, play c");
  EXPECT_EQ(names(rules->tracks().history()), "ab");
  EXPECT_EQ(coming(), "d");
  EXPECT_EQ(rules->skip_to(1, now).error().message, "index must be less than 1, is 1");
  EXPECT_EQ(coming(), "d");
}

TEST_F(QueueRulesTest, PreviousGoesBackAndTheCurrentOneIsNext) {
  playing();
  skip();
  done();
  perform(rules->previous(now));
  EXPECT_EQ(done(), "added b at 0, b to a, play a");
  EXPECT_EQ(coming(), "bcd");
  EXPECT_FALSE(rules->previous(now).has_value());
}

TEST_F(QueueRulesTest, PreviousWorksAfterTheEnd) {
  playing({}, "a");
  finished();
  done();
  perform(rules->previous(now));
  EXPECT_EQ(done(), "- to a, play a");
}

TEST_F(QueueRulesTest, StoppingKeepsTheTrackAndWhatIsToCome) {
  playing();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "stop, stopped requested");
  ended(TrackEndReason::stopped);
  EXPECT_EQ(done(), "");
  perform(rules->play());
  EXPECT_EQ(done(), "play a");
  EXPECT_EQ(coming(), "bcd");
}

TEST_F(QueueRulesTest, AStartThatWasOnItsWayDoesNotUndoTheUsersStop) {
  make({});
  perform(rules->play());
  perform(rules->stop(now));
  started();
  EXPECT_EQ(rules->state(), QueueState::stopped);
}

TEST_F(QueueRulesTest, EditsDoNotTouchWhatPlays) {
  playing();
  rules->tracks().clear();
  EXPECT_EQ(rules->state(), QueueState::playing);
  finished();
  EXPECT_EQ(done(), "a to -, ended");
}

// --- Loops ---

TEST_F(QueueRulesTest, ATrackThatLoopsIsPlayedAgainAndIsNotItsOwnHistory) {
  playing({Loop::track});
  finished();
  started();
  finished();
  EXPECT_EQ(done(), "play a, play a");
  EXPECT_TRUE(rules->tracks().history().empty());
}

TEST_F(QueueRulesTest, SkippingLeavesATrackThatLoops) {
  playing({Loop::track});
  skip();
  EXPECT_EQ(done(), "a to b, play b");
  started();
  finished();
  EXPECT_EQ(done(), "play b");
}

TEST_F(QueueRulesTest, AQueueThatLoopsComesRoundAndLosesNothing) {
  playing({Loop::queue}, "abc");
  finished();
  started();
  skip();
  EXPECT_EQ(done(), "added a at 2, a to b, play b, added b at 2, b to c, play c");
  EXPECT_EQ(coming(), "ab");
  perform(rules->skip_to(1, now));
  EXPECT_EQ(rules->tracks().current()->track.info.identifier, "b");
  EXPECT_EQ(coming(), "ca");
  perform(rules->previous(now));
  perform(rules->previous(now));
  EXPECT_EQ(rules->tracks().current()->track.info.identifier + coming(), "cab") << "and back, through a";
  EXPECT_EQ(done(),
            "added ca at 2, c to b, play b, removed a, added b at 0, b to a, play a, removed c, added a at 0, a to c, "
            "play c");
}

TEST_F(QueueRulesTest, OneTrackAloneCanLoopAsAQueue) {
  playing({Loop::queue}, "a");
  finished();
  EXPECT_EQ(done(), "added a at 0, a to a, play a");
  started();
  skip();
  EXPECT_EQ(done(), "added a at 0, a to a, play a");
}

TEST_F(QueueRulesTest, TheLoopCanBeChangedWhileItPlays) {
  playing({Loop::track});
  rules->set_loop(Loop::none);
  finished();
  EXPECT_EQ(done(), "a to b, play b");
}

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
  rules->stop_refused();
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
  rules->stop_refused();
  done();
  perform(rules->session_resumed(true));
  EXPECT_EQ(done(), "");
  perform(rules->stop(now));
  rules->stop_refused();
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

// --- Whose events they are ---

TEST_F(QueueRulesTest, EventsOfWhatOthersPlayAreIgnored) {
  playing();
  auto foreign = track("a").track;
  foreign.user_data = with_mark({}, {numbers.back() + 7, {}});
  started(foreign);
  ended(foreign, TrackEndReason::finished);
  ended(track("z").track, TrackEndReason::finished);
  EXPECT_EQ(done(), "");
}

/// Some servers do not hand user data back.
TEST_F(QueueRulesTest, WithoutMarksTheTrackItselfTells) {
  playing({}, "aab");
  for (auto& told : plays) told.user_data = {};
  skip();
  plays.back().user_data = {};
  done();
  ended(TrackEndReason::replaced);
  EXPECT_EQ(done(), "") << "the first a, by our own skip";
  started();
  finished();
  EXPECT_EQ(done(), "a to b, play b");
}

// --- Autoplay ---

class QueueAutoplay : public QueueRulesTest {
 protected:
  static QueueOptions options() {
    QueueOptions result;
    result.autoplay = [](const Optional<QueuedTrack>&, AutoplayAnswer) {};
    return result;
  }
  void answer(const std::string& with) { perform(rules->autoplay_answered(asked->ask, tracks(with))); }
};

TEST_F(QueueAutoplay, IsAskedWhenNothingIsLeft) {
  playing(options(), "a");
  finished();
  EXPECT_EQ(done(), "a to -, ask after a, wait 30000");
  EXPECT_EQ(rules->state(), QueueState::loading);
  answer("xy");
  EXPECT_EQ(done(), "no wait, added xy at 0, - to x, play x");
  EXPECT_EQ(coming(), "y");
}

TEST_F(QueueAutoplay, ThatHasNothingEndsTheQueue) {
  playing(options(), "a");
  finished();
  done();
  answer("");
  EXPECT_EQ(done(), "no wait, ended");
  EXPECT_EQ(rules->state(), QueueState::idle);
}

TEST_F(QueueAutoplay, ThatNeverAnswersEndsTheQueue) {
  playing(options(), "a");
  finished();
  done();
  time_out();
  EXPECT_EQ(done(), "ended");
  EXPECT_EQ(*error, Errc::request_timeout);
  answer("x");
  EXPECT_EQ(done(), "") << "too late";
}

TEST_F(QueueAutoplay, ThatNeverAnswersDoesNotKeepBackWhatTheUserAdded) {
  playing(options(), "a");
  finished();
  ASSERT_TRUE(rules->tracks().add(tracks("u")).has_value());
  done();
  time_out();
  EXPECT_EQ(done(), "- to u, play u");
}

/// The pause's timer has fired on another thread, while the user skips the last track.
TEST_F(QueueAutoplay, IsNotEndedByTheTimerOfThePauseBeforeIt) {
  playing(options(), "ab");
  fails();
  const auto pause = timers.back();
  skip();
  EXPECT_EQ(done(), "failed a exception, a to b, wait 500, no wait, b to -, ask after b, wait 30000");
  perform(rules->timer_fired(pause));
  EXPECT_EQ(done(), "");
  answer("x");
  EXPECT_EQ(done(), "no wait, added x at 0, - to x, play x");
}

TEST_F(QueueAutoplay, ThatAnswersTwiceIsHeardOnce) {
  playing(options(), "a");
  finished();
  answer("x");
  done();
  answer("y");
  EXPECT_EQ(done(), "");
}

TEST_F(QueueAutoplay, WhatTheUserAddsMeanwhileComesFirst) {
  playing(options(), "a");
  finished();
  done();
  perform(rules->play());
  skip();
  EXPECT_EQ(done(), "") << "there is nothing but the question";
  ASSERT_TRUE(rules->tracks().add(tracks("u")).has_value());
  perform(rules->play());
  EXPECT_EQ(done(), "no wait, - to u, play u");
  answer("x");
  EXPECT_EQ(done(), "") << "it plays already";
}

TEST_F(QueueAutoplay, IsNotAskedOnceStopped) {
  playing(options(), "a");
  finished();
  done();
  perform(rules->stop(now));
  EXPECT_EQ(done(), "no wait, stopped requested");
  answer("x");
  EXPECT_EQ(done(), "");
}

TEST_F(QueueAutoplay, AnswersTheQuestionThatIsOpenAndNoEarlierOne) {
  playing(options(), "a");
  finished();
  const auto earlier = asked->ask;
  perform(rules->stop(now));
  perform(rules->play());
  done();
  perform(rules->autoplay_answered(earlier, tracks("x")));
  EXPECT_EQ(done(), "");
  answer("y");
  EXPECT_EQ(done(), "no wait, added y at 0, - to y, play y");
}

TEST_F(QueueAutoplay, IsAskedOfAnEmptyQueueThatShallPlay) {
  make(options(), "");
  perform(rules->play());
  EXPECT_EQ(done(), "ask after -, wait 30000");
}

TEST_F(QueueAutoplay, WithTracksThatCannotBeQueuedEndsTheQueueWithAnError) {
  playing(options(), "a");
  finished();
  done();
  perform(rules->autoplay_answered(asked->ask, {Track()}));
  EXPECT_EQ(done(), "no wait, ended");
  EXPECT_EQ(error->message, "track.encoded must not be empty");
}

TEST_F(QueueAutoplay, ThatAnswersWithFailingTracksDoesNotSpin) {
  playing(options(), "a");
  fails();
  EXPECT_EQ(done(), "failed a exception, a to -, ask after a, wait 30000");
  answer("x");
  EXPECT_EQ(done(), "no wait, added x at 0, - to x, wait 500");
  time_out(), fails();
  answer("y");
  time_out(), fails();
  EXPECT_EQ(rules->state(), QueueState::stopped);
}

// --- A restart ---

TEST_F(QueueRulesTest, WhatAnEarlierProcessPlayedGoesOn) {
  make({}, "");
  ASSERT_TRUE(rules->tracks().add({track("a", 42)}).has_value());
  perform(rules->play());
  const auto told = plays.back();

  rules.emplace(QueueOptions(), 99);
  ASSERT_TRUE(rules->tracks().add(tracks("b")).has_value());
  done();
  perform(rules->adopt(told, now));
  EXPECT_EQ(done(), "- to a");
  EXPECT_EQ(rules->tracks().current()->requester, Snowflake(42));
  EXPECT_EQ(rules->tracks().current()->track.user_data.text, "");
  EXPECT_FALSE(rules->adopt(told, now).has_value());
  now += 3min;
  ended(told, TrackEndReason::finished);
  EXPECT_EQ(done(), "a to b, play b");
}

TEST(QueueOptions, EachOneOutOfRangeIsNamed) {
  const auto fault = [](auto change) {
    QueueOptions options;
    change(options);
    try {
      QueueRules rules(options, 1);
    } catch (const std::invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(fault([](auto&) {}), "");
  EXPECT_EQ(fault([](auto& o) { o.max_size = 0; }), "lavapp: max_size must be 1 or more");
  EXPECT_EQ(fault([](auto& o) { o.max_failures = 0; }), "lavapp: max_failures must be 1 or more");
  EXPECT_EQ(fault([](auto& o) { o.first_pause = 0ms; }), "lavapp: first_pause must be more than 0 ms");
  EXPECT_EQ(fault([](auto& o) { o.longest_pause = 1ms; }), "lavapp: longest_pause must be at least first_pause");
  EXPECT_EQ(fault([](auto& o) { o.longest_pause = 25h; }), "lavapp: longest_pause must be at most a day");
  EXPECT_EQ(fault([](auto& o) { o.stable_after = 0ms; }), "lavapp: stable_after must be more than 0 ms");
  EXPECT_EQ(fault([](auto& o) { o.autoplay_timeout = 0ms; }), "lavapp: autoplay_timeout must be more than 0 ms");
}

}  // namespace
}  // namespace lavapp::lavalink
