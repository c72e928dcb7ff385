// A queue that asks for more when nothing is left, on the sandbox.
#include <gtest/gtest.h>

#include "integration/queue_and_sandbox.hpp"

namespace lavapp {
namespace {

TEST_F(QueueAndSandbox, AutoplayMayLoadItsTracksFirst) {
  QueueOptions with;
  with.autoplay = [this](const Optional<QueuedTrack>& last, AutoplayAnswer answer) {
    EXPECT_EQ(title(last), "sandbox:short");
    node->load_tracks("sandbox:2", [answer = std::move(answer)](Result<LoadResult> result) mutable {
      answer({result->tracks().front()});
    });
  };
  make(with);
  add({"sandbox:short"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(let_time_pass([&] { return on_node() == "sandbox:2"; }, 10s));
  EXPECT_EQ(told, (Told{"now sandbox:short", "now -", "now sandbox:2"}));
}

TEST_F(QueueAndSandbox, AutoplayThatForgetsToAnswerEndsTheQueueInTime) {
  QueueOptions with;
  AutoplayAnswer kept;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) { kept = std::move(answer); };
  with.autoplay_timeout = 2s;
  make(with);
  ASSERT_TRUE(play().has_value());
  EXPECT_EQ(queue->state(), QueueState::loading);
  EXPECT_TRUE(until("ended", 3s));
  EXPECT_EQ(*error, Errc::request_timeout);
}

TEST_F(QueueAndSandbox, AutoplaysAnswerThatIsDestroyedEndsTheQueueAtOnce) {
  QueueOptions with;
  AutoplayAnswer kept;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) { kept = std::move(answer); };
  make(with);
  ASSERT_TRUE(play().has_value());
  poll();
  EXPECT_EQ(queue->state(), QueueState::loading);
  kept = nullptr;
  poll();
  EXPECT_EQ(queue->state(), QueueState::idle);
  EXPECT_EQ(told, (Told{"ended"}));
  EXPECT_EQ(*error, Errc::cancelled);
  EXPECT_EQ(error->message, "autoplay's answer was destroyed uncalled");
}

TEST_F(QueueAndSandbox, AutoplayThatThrowsEndsTheQueueAtOnceAndIsReported) {
  QueueOptions with;
  with.autoplay = [](const Optional<QueuedTrack>&, AutoplayAnswer) { throw std::runtime_error("no idea"); };
  make(with);
  ASSERT_TRUE(play().has_value());
  poll();
  EXPECT_EQ(told, (Told{"ended"}));
  EXPECT_EQ(*error, Errc::cancelled);
  ASSERT_EQ(thrown.size(), 1u);
  EXPECT_THROW(std::rethrow_exception(thrown[0]), std::runtime_error);
}

TEST_F(QueueAndSandbox, AutoplayThatThrowsMayHaveKeptItsAnswer) {
  QueueOptions with;
  AutoplayAnswer kept;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) {
    kept = std::move(answer);
    throw std::runtime_error("later");
  };
  make(with);
  ASSERT_TRUE(play().has_value());
  poll();
  EXPECT_EQ(queue->state(), QueueState::loading);
  kept({found("sandbox:2")});
  kept = nullptr;
  ASSERT_TRUE(run_until([&] { return on_node() == "sandbox:2"; }));
  EXPECT_EQ(told, (Told{"now sandbox:2"})) << "what has answered does not end it as well";
}

TEST_F(QueueAndSandbox, AutoplaysAnswerMayOutliveTheQueue) {
  QueueOptions with;
  AutoplayAnswer kept;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) { kept = std::move(answer); };
  make(with);
  ASSERT_TRUE(play().has_value());
  poll();
  queue.reset();
  poll();
  kept = nullptr;
  poll();
  EXPECT_EQ(told, Told());
}

TEST_F(QueueAndSandbox, APauseThatIsOverAsTheUserSkipsDoesNotEndAutoplay) {
  QueueOptions with;
  AutoplayAnswer later;
  with.autoplay = [&](const Optional<QueuedTrack>&, AutoplayAnswer answer) { later = std::move(answer); };
  make(with);
  add({"sandbox:fail", "sandbox:1"});
  ASSERT_TRUE(play().has_value());
  ASSERT_TRUE(run_until([&] { return queue->state() == QueueState::waiting; }));
  clock->advance(500ms);  // the timer has fired; the strand has not come to it
  queue->skip([](Result<void>) {});
  poll();
  EXPECT_EQ(queue->state(), QueueState::loading);
  ASSERT_TRUE(later);
  later({found("sandbox:2")});
  ASSERT_TRUE(run_until([&] { return on_node() == "sandbox:2"; }));
  EXPECT_EQ(told, (Told{"now sandbox:fail", "failed sandbox:fail", "now sandbox:1", "now -", "now sandbox:2"}));
}

}  // namespace
}  // namespace lavapp
