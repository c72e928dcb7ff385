#include "lavalink/queue_tracks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "lavalink/queue_helpers.hpp"
#include "lavalink/queue_mark.hpp"

namespace lavapp::lavalink {
namespace {

using test::name;
using test::names;
using test::track;
using test::tracks;

class QueueTracksTest : public testing::Test {
 protected:
  QueueTracksTest() { EXPECT_TRUE(queue.add(tracks("abcde")).has_value()); }
  std::string places() const {
    return names(queue.history()) + "|" + queue.current()->track.info.title + "|" + names(queue.upcoming());
  }
  QueueTracks queue{10, 3, 1};
};

TEST_F(QueueTracksTest, AddsAtTheEndAndInsertsAnywhere) {
  const auto added = queue.add(tracks("fg"));
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(added->index, 5u);
  EXPECT_EQ(names(added->tracks), "fg");
  ASSERT_TRUE(queue.insert(0, tracks("x")).has_value());
  ASSERT_TRUE(queue.insert(3, tracks("y")).has_value());
  EXPECT_EQ(names(queue.upcoming()), "xabycdefg");
}

TEST_F(QueueTracksTest, WhatIsNotInOrderChangesNothingAndIsNamed) {
  EXPECT_EQ(queue.insert(6, tracks("x")).error().message, "index must be at most 5, is 6");
  EXPECT_EQ(queue.move(5, 0).error().message, "from must be less than 5, is 5");
  EXPECT_EQ(queue.move(0, 5).error().message, "to must be less than 5, is 5");
  EXPECT_EQ(queue.swap(0, 9).error().message, "b must be less than 5, is 9");
  EXPECT_EQ(queue.remove(5, 0).error().message, "index must be less than 5, is 5");
  EXPECT_EQ(queue.remove(3, 3).error().message, "count must be at most 2, is 3");
  EXPECT_EQ(queue.remove(3, SIZE_MAX).error().message, "count must be at most 2, is " + std::to_string(SIZE_MAX));
  EXPECT_EQ(queue.add({track("x"), Track()}).error().message, "track.encoded must not be empty");
  auto bad = track("x");
  for (const auto* text : {"[]", "{", "12", "null"}) {
    bad.track.user_data = JsonText(text);
    EXPECT_EQ(queue.add({bad}).error().message, "user_data must be a JSON object") << text;
  }
  EXPECT_EQ(names(queue.upcoming()), "abcde");
}

TEST_F(QueueTracksTest, IsBounded) {
  const auto refused = queue.add(tracks("fghijk"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), Errc::queue_full);
  EXPECT_EQ(refused.error().message, "there is room for 5 tracks, not for 6");
  EXPECT_TRUE(queue.add(tracks("fghij")).has_value());
  EXPECT_EQ(queue.room(), 0u);
}

TEST_F(QueueTracksTest, MovesForthAndBack) {
  ASSERT_TRUE(queue.move(0, 4).has_value());
  EXPECT_EQ(names(queue.upcoming()), "bcdea");
  ASSERT_TRUE(queue.move(3, 1).has_value());
  EXPECT_EQ(names(queue.upcoming()), "becda");
  ASSERT_TRUE(queue.move(2, 2).has_value());
  EXPECT_EQ(names(queue.upcoming()), "becda");
}

TEST_F(QueueTracksTest, EachTrackThatIsRemovedTellsWhereItWas) {
  using Indexes = std::vector<std::size_t>;
  EXPECT_EQ(queue.remove(1, 2)->indexes, (Indexes{1, 2}));
  EXPECT_EQ(queue.remove_if([](const QueueEntry& e) { return e->track.info.title != "d"; }).indexes, (Indexes{0, 2}));
}

TEST_F(QueueTracksTest, AShuffleTellsItsOrder) {
  const auto before = names(queue.upcoming());
  const auto shuffled = queue.shuffle();
  std::string shown;
  for (const auto from : shuffled.order) shown += before.at(from);
  EXPECT_NE(shown, before);
  EXPECT_EQ(shown, names(queue.upcoming()));
}

/// Whoever shows the queue follows it by the events alone.
TEST_F(QueueTracksTest, ASwapIsToldAsTheMovesThatMakeIt) {
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = 0; b < 5; ++b) {
      auto shown = names(queue.upcoming());
      auto expected = shown;
      std::swap(expected[a], expected[b]);
      const auto moves = queue.swap(a, b);
      ASSERT_TRUE(moves.has_value());
      for (const auto& move : *moves) {
        const char taken = shown[move.from];
        shown.erase(move.from, 1);
        shown.insert(move.to, 1, taken);
      }
      EXPECT_EQ(names(queue.upcoming()), expected);
      EXPECT_EQ(shown, expected) << a << " and " << b;
    }
  }
}

TEST_F(QueueTracksTest, RemovesOneARangeAndByPredicate) {
  EXPECT_EQ(names(queue.remove(1, 1)->tracks), "b");
  EXPECT_EQ(names(queue.remove(1, 2)->tracks), "cd");
  EXPECT_EQ(names(queue.upcoming()), "ae");
  EXPECT_EQ(names(queue.remove_if([](const QueueEntry& e) { return e->track.info.title == "a"; }).tracks), "a");
  EXPECT_EQ(names(queue.upcoming()), "e");
  EXPECT_EQ(queue.clear().count, 1u);
  EXPECT_TRUE(queue.upcoming().empty());
}

TEST_F(QueueTracksTest, DedupeKeepsTheFirstAndWhatIsCurrent) {
  queue.next(1, false);  // a is current
  auto elsewhere = track("c");
  elsewhere.track.info.source_name = "another source";
  auto other_position = track("d");
  other_position.track.encoded = "encoded d, from the middle on";
  ASSERT_TRUE(queue.add({track("a"), track("b"), elsewhere, other_position}).has_value());
  EXPECT_EQ(names(queue.dedupe(SameBy::encoded).tracks), "abc");
  EXPECT_EQ(names(queue.upcoming()), "bcded");
  queue.clear();
  ASSERT_TRUE(queue.add({track("a"), track("c"), elsewhere, track("d"), other_position}).has_value());
  EXPECT_EQ(names(queue.dedupe(SameBy::identifier).tracks), "ad");
  EXPECT_EQ(names(queue.upcoming()), "ccd");
}

TEST(QueueShuffle, IsTheSameForTheSameSeed) {
  const auto shuffled = [](std::uint64_t seed) {
    QueueTracks queue(10, 10, seed);
    EXPECT_TRUE(queue.add(tracks("abcdefgh")).has_value());
    queue.shuffle();
    return names(queue.upcoming());
  };
  EXPECT_EQ(shuffled(7), shuffled(7));
  EXPECT_NE(shuffled(7), shuffled(8));
  auto sorted = shuffled(7);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, "abcdefgh");
}

TEST(QueueShuffle, MakesEveryOrderEquallyOften) {
  QueueTracks queue(10, 10, 20240229);
  std::map<std::string, int> seen;
  constexpr int kRuns = 6'000;
  for (int i = 0; i < kRuns; ++i) {
    queue.clear();
    ASSERT_TRUE(queue.add(tracks("abcd")).has_value());
    queue.shuffle();
    ++seen[names(queue.upcoming())];
  }
  ASSERT_EQ(seen.size(), 24u);
  // Chi squared with 23 degrees of freedom: a fair shuffle exceeds 50 once in a thousand seeds.
  double chi = 0;
  for (const auto& [order, count] : seen) chi += (count - 250.0) * (count - 250.0) / 250.0;
  EXPECT_LT(chi, 50.0);
}

TEST_F(QueueTracksTest, NextAndPreviousGoForthAndBack) {
  queue.next(1, false);
  queue.next(1, false);
  queue.next(1, false);
  EXPECT_EQ(places(), "ab|c|de");
  queue.previous();
  queue.previous();
  EXPECT_EQ(places(), "|a|bcde");
}

TEST_F(QueueTracksTest, TheHistoryForgetsTheOldest) {
  for (int i = 0; i < 5; ++i) queue.next(1, false);
  EXPECT_EQ(names(queue.history()), "bcd");
  QueueTracks forgetful(10, 0, 1);
  ASSERT_TRUE(forgetful.add(tracks("ab")).has_value());
  forgetful.next(1, false);
  forgetful.next(1, false);
  EXPECT_TRUE(forgetful.history().empty());
}

TEST_F(QueueTracksTest, GoingBackInALoopMovesTracksAndDoublesNone) {
  for (int i = 0; i < 3; ++i) queue.next(1, true);
  EXPECT_EQ(queue.current()->track.info.title + names(queue.upcoming()), "cdeab");
  queue.previous();
  EXPECT_EQ(queue.current()->track.info.title + names(queue.upcoming()), "bcdea");
  QueueTracks one(10, 10, 1);
  ASSERT_TRUE(one.add(tracks("a")).has_value());
  one.next(1, true);
  one.next(1, true);
  one.previous();
  EXPECT_EQ(one.current()->track.info.title + names(one.upcoming()), "a");
}

TEST(QueueMark, StandsBesideTheUsersOwnData) {
  QueueMark mark;
  mark.play = 7;
  mark.requester = 42;
  const std::string note = R"("lavapp":{"play":7,"requester":"42"})";
  EXPECT_EQ(with_mark({}, mark).text, "{" + note + "}");
  EXPECT_EQ(with_mark(JsonText(" { } "), mark).text, " {" + note + " } ");
  const JsonText own(R"({"n": 1.50, "deep": {"x": ["ü"]}})");
  const auto marked = with_mark(own, mark);
  EXPECT_EQ(marked.text, "{" + note + R"(,"n": 1.50, "deep": {"x": ["ü"]}})");
  EXPECT_EQ(mark_in(marked).play, 7u);
  EXPECT_EQ(mark_in(marked).requester, Snowflake(42));
  EXPECT_EQ(without_mark(marked).text, R"({"n":1.5,"deep":{"x":["ü"]}})");
  EXPECT_EQ(without_mark(with_mark({}, mark)).text, "");
  EXPECT_EQ(without_mark(own).text, own.text);
}

TEST(QueueMark, WhatOthersWroteIsNoMark) {
  for (const auto* text : {"", "{}", "[]", "{", R"({"lavapp":1})", R"({"lavapp":{}})", R"({"other":"lavapp"})",
                           R"({"lavapp":{"play":"7","requester":42}})", R"({"lavapp":{"play":-1,"requester":"x"}})"}) {
    const auto mark = mark_in(JsonText(text));
    EXPECT_FALSE(mark.play.has_value()) << text;
    EXPECT_EQ(mark.requester, Snowflake(0)) << text;
  }
}

TEST(QueueMark, ATrackReadBackHasItsRequesterAndItsUserDataAgain) {
  QueueMark mark;
  mark.play = 1;
  mark.requester = 18446744073709551615u;
  auto told = track("a").track;
  told.user_data = with_mark(JsonText(R"({"why":"because"})"), mark);
  const auto back = read_back(told);
  EXPECT_EQ(back.requester, Snowflake(18446744073709551615u));
  EXPECT_EQ(back.track.user_data.text, R"({"why":"because"})");
  // Queued again as it was told, it is the same; whoever asks now is the requester.
  QueueTracks queue(10, 10, 1);
  ASSERT_TRUE(queue.add({told, {told, 5}}).has_value());
  EXPECT_EQ(queue.upcoming()[0]->requester, back.requester);
  EXPECT_EQ(queue.upcoming()[1]->requester, Snowflake(5));
  EXPECT_EQ(queue.upcoming()[1]->track.user_data.text, R"({"why":"because"})");
}

}  // namespace
}  // namespace lavapp::lavalink
