// What comes when the queue is empty, and after a restart.
#include "lavalink/queue_rules_fixture.hpp"

namespace lavapp::lavalink {
namespace {

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

TEST_F(QueueAutoplay, WhoseAnswerIsGoneIsNotWaitedFor) {
  playing(options(), "a");
  finished();
  done();
  perform(rules->autoplay_dropped(asked->ask));
  EXPECT_EQ(done(), "no wait, ended");
  EXPECT_EQ(rules->state(), QueueState::idle);
  EXPECT_EQ(*error, Errc::cancelled);
  EXPECT_EQ(error->message, "autoplay's answer was destroyed uncalled");
  perform(rules->autoplay_dropped(asked->ask));
  EXPECT_EQ(done(), "") << "it is over";
}

TEST_F(QueueAutoplay, WhoseAnswerIsGoneDoesNotKeepBackWhatTheUserAdded) {
  playing(options(), "a");
  finished();
  ASSERT_TRUE(rules->tracks().add(tracks("u")).has_value());
  done();
  perform(rules->autoplay_dropped(asked->ask));
  EXPECT_EQ(done(), "no wait, - to u, play u");
}

TEST_F(QueueAutoplay, AnEarlierAnswerThatIsGoneEndsNothing) {
  playing(options(), "a");
  finished();
  const auto earlier = asked->ask;
  perform(rules->stop(now));
  perform(rules->play());
  done();
  perform(rules->autoplay_dropped(earlier));
  EXPECT_EQ(done(), "");
  answer("y");
  EXPECT_EQ(done(), "no wait, added y at 0, - to y, play y");
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

TEST_F(QueueAutoplay, WithMoreTracksThanThereIsRoomForEndsTheQueueWithAnError) {
  auto with = options();
  with.max_size = 2;
  playing(with, "a");
  finished();
  done();
  answer("xyz");
  EXPECT_EQ(done(), "no wait, ended");
  EXPECT_EQ(*error, Errc::queue_full);
  perform(rules->play());
  answer("xy");
  EXPECT_EQ(coming(), "y");
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
