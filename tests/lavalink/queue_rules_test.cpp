// From one track to the next, skipping, loops.
#include "lavalink/queue_rules_fixture.hpp"

namespace lavapp::lavalink {
namespace {

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
  perform(rules->set_loop(Loop::none));
  finished();
  EXPECT_EQ(done(), "loop track to none, a to b, play b");
}

TEST_F(QueueRulesTest, AChangeOfTheLoopIsToldAndOnlyAChange) {
  make({Loop::track});
  perform(rules->set_loop(Loop::track));
  EXPECT_EQ(done(), "");
  perform(rules->set_loop(Loop::queue));
  EXPECT_EQ(rules->loop(), Loop::queue);
  perform(rules->set_loop(Loop::queue));
  EXPECT_EQ(done(), "loop track to queue");
}

/// "d" plays, "abc" was, and "ef" is all that there is room for.
class QueueBound : public QueueRulesTest {
 protected:
  void SetUp() override {
    QueueOptions options;
    options.max_size = 2;
    options.max_history = 3;
    playing(options, "a");
    for (const auto* more : {"b", "c", "d"}) {
      ASSERT_TRUE(rules->tracks().add(tracks(more)).has_value());
      skip();
    }
    ASSERT_TRUE(rules->tracks().add(tracks("ef")).has_value());
  }
};

TEST_F(QueueBound, GoingBackWorksBeyondTheSizeUpToThatOfTheHistory) {
  for (int i = 0; i < 3; ++i) perform(rules->previous(now));
  EXPECT_EQ(coming(), "bcdef") << "max_size and max_history";
  EXPECT_FALSE(rules->previous(now).has_value());
  EXPECT_EQ(rules->tracks().add(tracks("x")).error(), Errc::queue_full);
  EXPECT_EQ(rules->tracks().insert(0, tracks("x")).error().message, "there is room for 0 tracks, not for 1");
  for (int i = 0; i < 4; ++i) skip();
  ASSERT_TRUE(rules->tracks().insert(0, tracks("x")).has_value());
  EXPECT_EQ(rules->tracks().add(tracks("y")).error(), Errc::queue_full);
  EXPECT_EQ(coming(), "xf");
}

/// What goes to the end in a loop is in the history, too: it is not put back besides.
TEST_F(QueueBound, NoLoopMakesMoreOfWhatGoingBackMade) {
  for (int round = 0; round < 3; ++round) {
    while (!rules->tracks().history().empty()) perform(rules->previous(now));
    EXPECT_EQ(rules->tracks().upcoming().size(), 5u);
    perform(rules->set_loop(Loop::queue));
    for (int i = 0; i < 4; ++i) skip();
    perform(rules->set_loop(Loop::none));
    EXPECT_EQ(rules->tracks().upcoming().size(), 5u);
  }
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

}  // namespace
}  // namespace lavapp::lavalink
