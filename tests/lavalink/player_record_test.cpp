#include "lavalink/player_record.hpp"

#include <gtest/gtest.h>

#include "lavalink/player_book.hpp"

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

Track track(std::string name, milliseconds length = 60s) {
  Track result;
  result.encoded = name + "@0";
  result.info.identifier = name;
  result.info.length = length;
  return result;
}

template <class Event>
Event event(Track of) {
  Event result;
  result.guild_id = 1;
  result.track = std::move(of);
  return result;
}

TrackEnd ended(Track of, TrackEndReason reason) {
  auto result = event<TrackEnd>(std::move(of));
  result.reason = Named<TrackEndReason>(reason, "");
  return result;
}

PlayerUpdate update(milliseconds time, milliseconds position, bool connected = true) {
  PlayerUpdate result;
  result.guild_id = 1;
  result.state.time = time;
  result.state.position = position;
  result.state.connected = connected;
  return result;
}

PlayerSnapshot answer(milliseconds time, milliseconds position, std::optional<Track> playing) {
  PlayerSnapshot result;
  result.guild_id = 1;
  result.track = std::move(playing);
  result.state.time = time;
  result.state.position = position;
  result.state.connected = true;
  return result;
}

Asked seek(milliseconds to) {
  Asked result;
  result.position = to;
  return result;
}

Asked play(bool paused = false) {
  Asked result;
  result.play = Asked::Play::at_once;
  result.paused = paused;
  result.end_time = nullptr;
  return result;
}

Asked play_until(milliseconds end, Asked::Play how = Asked::Play::at_once) {
  auto result = play();
  result.play = how;
  result.end_time = end;
  return result;
}

Asked end_at(Update<milliseconds> end) {
  Asked result;
  result.end_time = std::move(end);
  return result;
}

class PlayerRecordTest : public testing::Test {
 protected:
  Clock::time_point now{1h};
  PlayerRecord record;
};

TEST_F(PlayerRecordTest, ANewOneHasNoTrackAndFullVolume) {
  EXPECT_FALSE(record.track());
  EXPECT_EQ(record.volume(), 100);
  EXPECT_FALSE(record.paused());
  EXPECT_FALSE(record.position(now));
}

TEST_F(PlayerRecordTest, AnAnswerTellsEverything) {
  auto player = answer(10ms, 5s, track("a"));
  player.volume = 30;
  player.paused = true;
  player.filters.volume = 0.5;
  record.answered(player, {}, 1, 2, now);
  EXPECT_EQ(record.track()->info.identifier, "a");
  EXPECT_EQ(record.volume(), 30);
  EXPECT_TRUE(record.paused());
  EXPECT_EQ(record.filters().volume, 0.5);
  EXPECT_EQ(record.position(now + 10s), 5s);
}

TEST_F(PlayerRecordTest, ThePositionMovesOnFromUpdateToUpdate) {
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  EXPECT_EQ(record.position(now + 2s), 2s);
  record.on(update(5010ms, 4s), 2, now + 5s);
  EXPECT_EQ(record.position(now + 6s), 5s);
}

TEST_F(PlayerRecordTest, ASeekTakesEffectAtOnceThoughTheAnswerTellsTheOldPosition) {
  // As recorded: playerUpdate with 59 s, then the answer with half a second.
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  record.on(update(507ms, 59s), 3, now + 500ms);
  record.answered(answer(509ms, 500ms, track("a")), seek(59s), 2, 3, now + 502ms);
  EXPECT_EQ(record.position(now + 502ms), 59s);
}

TEST_F(PlayerRecordTest, PauseFreezesAndResumeGoesOn) {
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  auto paused = answer(3010ms, 3s, track("a"));
  paused.paused = true;
  record.answered(paused, {}, 2, 3, now + 3s);
  EXPECT_EQ(record.position(now + 20s), 3s);
  record.answered(answer(20010ms, 3s, track("a")), {}, 3, 4, now + 20s);
  EXPECT_EQ(record.position(now + 21s), 4s);
}

TEST_F(PlayerRecordTest, TimescaleChangesThePace) {
  auto fast = answer(10ms, 0s, track("a"));
  fast.filters.timescale = Timescale{1.5, {}, 2.0};
  record.answered(fast, {}, 1, 2, now);
  EXPECT_EQ(record.position(now + 1s), 3s);
}

TEST_F(PlayerRecordTest, APositionThatDoesNotMoveOnTheNodeDoesNotMoveHere) {
  // As recorded of a player without a voice connection.
  auto silent = answer(10ms, 0s, track("a"));
  silent.state.connected = false;
  record.answered(silent, {}, 1, 2, now);
  record.on(update(20ms, 0s, false), 2, now + 10ms);
  record.on(update(5010ms, 0s, false), 3, now + 5s);
  EXPECT_EQ(record.position(now + 9s), 0s);
  record.on(update(10010ms, 20ms, true), 4, now + 10s);
  EXPECT_EQ(record.position(now + 11s), 1020ms);
}

TEST_F(PlayerRecordTest, ATrackThatBeginsMovesWhateverWasToldBefore) {
  record.answered(answer(10ms, 0s, {}), {}, 1, 2, now);
  record.answered(answer(9010ms, 0s, track("a")), {}, 2, 3, now + 9s);
  EXPECT_EQ(record.position(now + 10s), 1s);
}

TEST_F(PlayerRecordTest, ATrackThatWaitedForVoiceMovesOnceTheNodeIsConnected) {
  record.on(event<TrackStart>(track("a")), 1, now);
  record.on(update(1s, 0ms, false), 2, now);
  record.on(update(6s, 0ms, false), 3, now + 5s);
  EXPECT_EQ(record.position(now + 7s), 0ms);
  record.on(update(8s, 0ms, true), 4, now + 7s);
  EXPECT_EQ(record.position(now + 9s), 2s);
}

TEST_F(PlayerRecordTest, ASeekBackToAPositionThatWasToldBeforeIsNoStandstill) {
  record.on(event<TrackStart>(track("a")), 1, now);
  record.on(update(1s, 0ms), 2, now);
  record.on(update(5s, 0ms), 4, now + 4s);  // of the seek
  record.answered(answer(5s, 0ms, track("a")), seek(0ms), 3, 5, now + 4s);
  EXPECT_EQ(record.position(now + 6s), 2s);
}

TEST_F(PlayerRecordTest, ASmallSeekBackIsNoLateWord) {
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  record.on(update(5010ms, 4500ms), 3, now + 5s);  // of the seek
  record.answered(answer(5010ms, 4500ms, track("a")), seek(4500ms), 3, 4, now + 5s);
  EXPECT_EQ(record.position(now + 5s), 4500ms);
}

TEST_F(PlayerRecordTest, ATrackStartWhoseAnswerWasLostPausesOrGoesOnAsItWasAsked) {
  auto paused = answer(1s, 0ms, track("a"));
  paused.paused = true;
  record.answered(paused, {}, 1, 2, now);
  record.asked_to_play(play(), 3);
  EXPECT_TRUE(record.paused()) << "nobody knows yet";
  record.on(event<TrackStart>(track("b")), 4, now);
  EXPECT_FALSE(record.paused());
  EXPECT_EQ(record.position(now + 2s), 2s);

  record.asked_to_play(play(), 5);
  record.answered(answer(2s, 0ms, track("c")), play(), 5, 6, now);
  record.answered(paused, {}, 7, 8, now);
  record.on(event<TrackStart>(track("c")), 9, now);
  EXPECT_TRUE(record.paused()) << "the event was late: it had been paused since";
}

TEST_F(PlayerRecordTest, APausedTrackGoesOnWhereItWas) {
  auto paused = answer(10ms, 3s, track("a"));
  paused.paused = true;
  record.answered(paused, {}, 1, 2, now);
  record.on(update(5010ms, 3s), 2, now + 5s);
  record.on(update(10010ms, 3s), 3, now + 10s);
  record.answered(answer(12010ms, 3s, track("a")), {}, 4, 5, now + 12s);
  EXPECT_EQ(record.position(now + 14s), 5s);
}

TEST_F(PlayerRecordTest, AStuckTrackStandsUntilItMoves) {
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  record.on(update(5010ms, 5s), 2, now + 5s);
  record.on(event<TrackStuck>(track("a")), now + 6s);
  const auto stands = record.position(now + 6s);
  EXPECT_EQ(record.position(now + 9s), stands);
  record.on(update(10010ms, 5s), 3, now + 10s);
  EXPECT_EQ(record.position(now + 14s), 5s);
  record.on(update(15010ms, 6s), 4, now + 15s);
  EXPECT_EQ(record.position(now + 16s), 7s);
}

TEST_F(PlayerRecordTest, TrackEndTakesTheTrackAway) {
  record.on(event<TrackStart>(track("a")), 1, now);
  EXPECT_TRUE(record.track());
  // The end tells another `encoded`: it holds the position.
  auto same = track("a");
  same.encoded = "a@59000";
  record.on(ended(same, TrackEndReason::finished), 2, now);
  EXPECT_FALSE(record.track());
  EXPECT_FALSE(record.position(now + 1s));
}

TEST_F(PlayerRecordTest, AReplacedTrackLeavesItsPlaceToTheNext) {
  record.answered(answer(10ms, 0s, track("b")), {}, 1, 2, now);
  record.on(ended(track("a"), TrackEndReason::replaced), 2, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
  record.on(event<TrackStart>(track("b")), 3, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
}

TEST_F(PlayerRecordTest, AnAnswerDoesNotBringBackATrackThatEndedMeanwhile) {
  record.on(event<TrackStart>(track("a")), 2, now);
  record.on(ended(track("a"), TrackEndReason::load_failed), 3, now);
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  EXPECT_FALSE(record.track());
}

TEST_F(PlayerRecordTest, AnAnswerTellsOfATrackThatFollowsTheOneThatEndedMeanwhile) {
  record.on(ended(track("a"), TrackEndReason::finished), 2, now);
  record.answered(answer(10ms, 0s, track("b")), {}, 1, 2, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
}

TEST_F(PlayerRecordTest, AnAnswerDoesNotUndoALaterTrackStart) {
  record.on(event<TrackStart>(track("c")), 2, now);
  record.answered(answer(10ms, 0s, track("b")), {}, 1, 2, now);
  EXPECT_EQ(record.track()->info.identifier, "c");
  record.answered(answer(10ms, 0s, {}), {}, 1, 2, now);
  EXPECT_EQ(record.track()->info.identifier, "c");
}

TEST_F(PlayerRecordTest, OfTwoAnswersToRequestsUnderWayTogetherTheLaterByTheNodesClockCounts) {
  auto later = answer(20ms, 0s, {});
  later.volume = 20;
  record.answered(later, {}, 1, 3, now);
  auto earlier = answer(10ms, 0s, {});
  earlier.volume = 10;
  record.answered(earlier, {}, 2, 4, now);
  EXPECT_EQ(record.volume(), 20);
}

TEST_F(PlayerRecordTest, ANodeWhoseClockIsSetBackIsStillHeard) {
  auto before = answer(1h, 0s, {});
  before.volume = 10;
  record.answered(before, {}, 1, 2, now);
  auto after = answer(10ms, 0s, track("a"));
  after.volume = 20;
  record.answered(after, {}, 3, 4, now);
  EXPECT_EQ(record.volume(), 20);
  EXPECT_TRUE(record.track());
}

TEST_F(PlayerRecordTest, AStopTakesEffectWithItsAnswer) {
  record.answered(answer(10ms, 0s, track("a")), {}, 1, 2, now);
  record.answered(answer(20ms, 0s, {}), {}, 2, 3, now);
  EXPECT_FALSE(record.track());
  EXPECT_FALSE(record.position(now + 1s));
}

TEST_F(PlayerRecordTest, ALateTrackStartDoesNotUndoTheAnswerThatBeganTheNextTrack) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.asked_to_play(play(), 3);
  record.answered(answer(2s, 0ms, track("b")), play(), 3, 4, now);
  record.on(event<TrackStart>(track("a")), 5, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
  record.on(ended(track("a"), TrackEndReason::replaced), 6, now);
  record.on(event<TrackStart>(track("b")), 7, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
  record.on(event<TrackStart>(track("c")), 8, now);
  EXPECT_EQ(record.track()->info.identifier, "c") << "whoever else began it";
}

TEST_F(PlayerRecordTest, LateTrackStartsOfSeveralTracksUndoNothing) {
  PlayerRecord::Tick tick = 0;
  auto time = 0ms;
  for (const auto* name : {"a", "b", "a", "c"}) {
    record.asked_to_play(play(), ++tick);
    const auto sent = tick;
    record.answered(answer(time += 1s, 0ms, track(name)), play(), sent, ++tick, now);
  }
  for (const auto* name : {"a", "b", "a", "c"}) {
    record.on(event<TrackStart>(track(name)), ++tick, now);
    EXPECT_EQ(record.track()->info.identifier, "c") << "the start of " << name;
    record.on(ended(track(name), TrackEndReason::replaced), ++tick, now);
  }
  record.on(event<TrackStart>(track("a")), ++tick, now);
  EXPECT_EQ(record.track()->info.identifier, "a");
}

TEST_F(PlayerRecordTest, ATrackStartOfAnotherTrackIsHeardWhileOneIsOnItsWay) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.on(event<TrackStart>(track("A")), 3, now);  // the node worded it anew
  EXPECT_EQ(record.track()->info.identifier, "A");
  record.on(ended(track("A"), TrackEndReason::finished), 4, now);
  EXPECT_FALSE(record.track());
}

TEST_F(PlayerRecordTest, ALateTrackStartIsNotTakenForOneOfTheRequestThatWentOutSince) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.asked_to_play(play(true), 3);
  record.on(event<TrackStart>(track("a")), 4, now);
  EXPECT_EQ(record.track()->info.identifier, "a");
  EXPECT_FALSE(record.paused()) << "that is for the next one";
  record.on(ended(track("a"), TrackEndReason::replaced), 5, now);
  record.answered(answer(2s, 0ms, track("b")), play(true), 3, 6, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
}

TEST_F(PlayerRecordTest, ALateTrackStartUndoesNoStopAndNoSeek) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.answered(answer(2s, 0ms, track("a")), seek(30s), 3, 4, now);
  record.on(event<TrackStart>(track("a")), 5, now);
  EXPECT_EQ(record.position(now), 30s);

  record.asked_to_play(play(), 6);
  record.answered(answer(3s, 0ms, track("b")), play(), 6, 7, now);
  record.answered(answer(4s, 0ms, {}), {}, 8, 9, now);
  record.on(event<TrackStart>(track("b")), 10, now);
  EXPECT_FALSE(record.track());
}

TEST_F(PlayerRecordTest, ATrackStartThatNeverCameIsNotWaitedForBeyondTheNextUpdate) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.on(update(5s, 4s), 3, now);
  record.on(event<TrackStart>(track("b")), 4, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
}

TEST_F(PlayerRecordTest, ATrackThatEndedWithoutAStartIsNotWaitedFor) {
  record.asked_to_play(play(), 1);
  record.answered(answer(1s, 0ms, track("a")), play(), 1, 2, now);
  record.on(ended(track("a"), TrackEndReason::load_failed), 3, now);
  record.on(event<TrackStart>(track("b")), 4, now);
  EXPECT_EQ(record.track()->info.identifier, "b");
}

TEST_F(PlayerRecordTest, AnUpdateThatWasOnItsWayDoesNotUndoAnAnswer) {
  record.answered(answer(1s, 0ms, track("a")), {}, 1, 2, now);
  record.answered(answer(6s, 0ms, track("a")), seek(59s), 3, 4, now);
  record.on(update(5999ms, 5s), 5, now);
  EXPECT_EQ(record.position(now), 59s);
  record.on(update(10ms, 58s), 6, now);
  EXPECT_EQ(record.position(now), 58s) << "the node's clock was set back";
}

TEST_F(PlayerRecordTest, AStuckTrackThatWasReplacedHoldsNothingUp) {
  record.answered(answer(1s, 0ms, track("b")), {}, 1, 2, now);
  record.on(event<TrackStuck>(track("a")), now);
  EXPECT_EQ(record.position(now + 2s), 2s);
}

TEST_F(PlayerRecordTest, AnEndTimeIsWhereThePositionStops) {
  record.answered(answer(10ms, 0s, track("a")), play_until(2s), 1, 2, now);
  EXPECT_EQ(record.position(now + 1s), 1s);
  EXPECT_EQ(record.position(now + 9s), 2s);
  record.on(event<TrackStart>(track("a")), 3, now + 20ms);  // late
  EXPECT_EQ(record.position(now + 9s), 2s);
}

TEST_F(PlayerRecordTest, AnEndTimeCountsFromTheTrackStartThatComesBeforeTheAnswer) {
  record.asked_to_play(play_until(2s), 1);
  record.on(event<TrackStart>(track("a")), 2, now);
  EXPECT_EQ(record.position(now + 9s), 2s);
  record.answered(answer(10ms, 0s, track("a")), play_until(2s), 1, 3, now + 10ms);
  EXPECT_EQ(record.position(now + 9s), 2s);
}

TEST_F(PlayerRecordTest, AnEndTimeComesAndGoesByUpdate) {
  record.answered(answer(10ms, 0s, track("a")), play(), 1, 2, now);
  record.answered(answer(20ms, 10ms, track("a")), end_at(2s), 3, 4, now + 10ms);
  EXPECT_EQ(record.position(now + 9s), 2s);
  record.answered(answer(30ms, 20ms, track("a")), {}, 5, 6, now + 20ms);
  record.on(update(1010ms, 1s), 7, now + 1s);
  EXPECT_EQ(record.position(now + 9s), 2s) << "what says nothing of it leaves it";
  record.answered(answer(1020ms, 1010ms, track("a")), end_at(nullptr), 8, 9, now + 1010ms);
  EXPECT_EQ(record.position(now + 9s), 9s);
}

TEST_F(PlayerRecordTest, AnEndTimeEndsWithItsTrack) {
  record.answered(answer(10ms, 0s, track("a")), play_until(2s), 1, 2, now);
  record.on(event<TrackStart>(track("a")), 3, now);
  record.on(event<TrackStart>(track("b")), 4, now);
  EXPECT_EQ(record.position(now + 9s), 9s);

  record.answered(answer(20ms, 0s, track("b")), end_at(2s), 5, 6, now);
  record.on(ended(track("b"), TrackEndReason::finished), 7, now);
  EXPECT_FALSE(record.position(now + 9s));
  record.answered(answer(30ms, 0s, track("b")), {}, 8, 9, now);
  EXPECT_EQ(record.position(now + 9s), 9s) << "as an answer tells of it, that knows of no end";
}

TEST_F(PlayerRecordTest, TheSameTrackPlayedAgainHasItsOwnEndTime) {
  record.answered(answer(10ms, 0s, track("a")), play_until(2s), 1, 2, now);
  record.on(event<TrackStart>(track("a")), 3, now);
  // The answer comes before its events.
  record.asked_to_play(play_until(4s), 4);
  record.answered(answer(500ms, 0s, track("a")), play_until(4s), 4, 5, now + 500ms);
  EXPECT_EQ(record.position(now + 500ms), 0s) << "from its beginning";
  record.on(event<TrackStart>(track("a")), 6, now + 510ms);
  EXPECT_EQ(record.position(now + 9s), 4s);
  // And after them.
  record.asked_to_play(play_until(3s), 7);
  record.on(event<TrackStart>(track("a")), 8, now + 2s);
  EXPECT_EQ(record.position(now + 9s), 3s);
  record.answered(answer(2s, 0s, track("a")), play_until(3s), 7, 9, now + 2s);
  EXPECT_EQ(record.position(now + 9s), 3s);
}

TEST_F(PlayerRecordTest, AnEndTimeOfAPlayThatReplacesNothingCountsIfItBegan) {
  const auto no_replace = [](milliseconds end) { return play_until(end, Asked::Play::if_idle); };
  record.answered(answer(10ms, 0s, track("a")), no_replace(20s), 1, 2, now);
  record.on(event<TrackStart>(track("a")), 3, now);
  EXPECT_EQ(record.position(now + 30s), 20s);
  record.answered(answer(20ms, 10ms, track("a")), no_replace(2s), 4, 5, now + 10ms);
  EXPECT_EQ(record.position(now + 30s), 20s) << "it played already";
  record.on(ended(track("a"), TrackEndReason::finished), 6, now);
  record.on(event<TrackStart>(track("a")), 8, now);
  record.answered(answer(30ms, 0ms, track("a")), no_replace(2s), 7, 9, now);
  EXPECT_EQ(record.position(now + 30s), 2s);
}

TEST_F(PlayerRecordTest, AStreamHasNoPositionWhateverTheNodeSays) {
  auto stream = track("radio");
  stream.info.is_stream = true;
  record.answered(answer(10ms, 0s, stream), play_until(5s), 1, 2, now);
  EXPECT_FALSE(record.position(now));
  record.on(update(10'010ms, 10s), 3, now + 10s);
  EXPECT_FALSE(record.position(now + 10s));
  EXPECT_EQ(record.state().position, 10s) << "the node's own word";
}

TEST_F(PlayerRecordTest, AWordThatComesLateDoesNotTakeAPlayingTrackBack) {
  record.asked_to_play(play(), 1);
  record.on(event<TrackStart>(track("a")), 2, now);
  record.answered(answer(10ms, 0s, track("a")), play(), 1, 3, now + 30ms);
  EXPECT_EQ(record.position(now + 30ms), 30ms);
  record.on(update(5010ms, 4950ms), 4, now + 5s);
  EXPECT_EQ(record.position(now + 5s), 4970ms);
  EXPECT_EQ(record.position(now + 6s), 5950ms);
  auto paused = answer(6010ms, 5940ms, track("a"));
  paused.paused = true;
  record.answered(paused, {}, 5, 6, now + 6s);
  EXPECT_EQ(record.position(now + 9s), 5940ms) << "where the node stopped it";
}

TEST_F(PlayerRecordTest, AnAnswerToAPlayThatBeginsInTheMiddleDoesNotTakeItBackEither) {
  auto middle = track("a");
  middle.info.position = 30s;
  auto asked = play();
  asked.position = 30s;
  record.asked_to_play(asked, 1);
  record.on(event<TrackStart>(middle), 2, now);
  record.answered(answer(10ms, 30s, middle), asked, 1, 3, now + 40ms);
  EXPECT_EQ(record.position(now + 40ms), 30'040ms);
  EXPECT_EQ(record.position(now + 140ms), 30'100ms);
}

TEST_F(PlayerRecordTest, ATrackStartBehindItsAnswerDoesNotBeginTheTrackAgain) {
  record.answered(answer(10ms, 0s, track("a")), play(), 1, 2, now);
  record.on(event<TrackStart>(track("a")), 3, now + 40ms);
  EXPECT_EQ(record.position(now + 40ms), 40ms);
}

TEST(PlayerBook, KnowsPlayersByUpdatesStartsAndAnswers) {
  PlayerBook book;
  const Clock::time_point now{1h};
  book.on(update(10ms, 0s), now);
  auto other = answer(10ms, 0s, {});
  other.guild_id = 2;
  book.answered(book.mark(), other, {}, now);
  book.add(3);
  auto end = ended(track("a"), TrackEndReason::stopped);
  end.guild_id = 4;
  book.on(end, now);
  EXPECT_EQ(book.guilds(), (std::vector<Snowflake>{1, 2, 3}));
}

TEST(PlayerBook, AnswersOfAnEarlierSessionAreIgnored) {
  PlayerBook book;
  const Clock::time_point now{1h};
  const auto mark = book.mark();
  book.clear();
  book.answered(mark, answer(10ms, 0s, track("a")), {}, now);
  EXPECT_TRUE(book.guilds().empty());
}

// Answers travel on several connections, and events on yet another.
TEST(PlayerBook, AnswersOlderThanADestroyDoNotBringThePlayerBack) {
  PlayerBook book;
  const Clock::time_point now{1h};
  const auto player = answer(10ms, 0s, track("a"));
  book.answered(book.mark(), player, {}, now);
  const auto fetched = book.mark(), changed = book.mark(), destroyed = book.mark(), fetched_meanwhile = book.mark();
  book.remove(destroyed, 1);
  book.told(fetched, player, now);
  book.answered(changed, player, {}, now);
  book.told(fetched_meanwhile, player, now);
  book.on(update(20ms, 0s), now);
  EXPECT_TRUE(book.guilds().empty());
}

TEST(PlayerBook, WhatIsAskedBehindADestroyMakesThePlayerAnew) {
  const auto player = answer(10ms, 0s, track("a"));
  const Clock::time_point now{1h};
  PlayerBook book;
  const auto destroyed = book.mark(), played_again = book.mark();
  book.remove(destroyed, 1);
  book.answered(played_again, player, {}, now);
  EXPECT_EQ(book.guilds().size(), 1u);
  book.remove(book.mark(), 1);
  book.told(book.mark(), player, now);
  EXPECT_EQ(book.guilds().size(), 1u);
  book.remove(book.mark(), 1);
  book.on(event<TrackStart>(track("a")), now);
  EXPECT_EQ(book.guilds().size(), 1u);
  book.on(update(20ms, 5s), now);
  EXPECT_EQ(book.look(1, [&](const PlayerRecord& r) { return r.position(now); }), 5s);
}

TEST(PlayerBook, RemembersNotMoreOfTheDestroyedThanItMust) {
  PlayerBook book;
  for (std::uint64_t guild = 1; guild <= 3'000; ++guild) book.remove(book.mark(), Snowflake(guild));
  EXPECT_LE(book.destroyed_remembered(), 1'000u);
}

TEST(PlayerBook, ADestroyedPlayerIsForgottenAndItsLastEventsDoNotBringItBack) {
  PlayerBook book;
  const Clock::time_point now{1h};
  book.on(event<TrackStart>(track("a")), now);
  book.remove(book.mark(), 1);
  book.on(ended(track("a"), TrackEndReason::stopped), now);
  EXPECT_TRUE(book.guilds().empty());
}

class PlayerBookFilters : public testing::Test {
 protected:
  PlayerSnapshot told(const Filters& filters, milliseconds time = 10ms) const {
    auto result = answer(time, 5s, track("a"));
    result.filters = filters;
    return result;
  }
  bool known(const Filters& filters) const { return book.if_filters_are(filters, 1).has_value(); }

  Clock::time_point now{1h};
  PlayerBook book;
  const Filters quiet = Filters().with_volume(0.5), loud = Filters().with_volume(2);
};

TEST_F(PlayerBookFilters, AreKnownFromTheFirstAnswerOn) {
  book.add(1);
  book.on(event<TrackStart>(track("a")), now);
  book.on(update(10ms, 5s), now);
  EXPECT_FALSE(known({})) << "only what a new player has";
  book.told(book.mark(), told(quiet), now);
  EXPECT_TRUE(known(quiet));
  EXPECT_FALSE(known(loud));
  EXPECT_FALSE(known({}));
  EXPECT_FALSE(book.if_filters_are(quiet, 2));
  const auto player = book.if_filters_are(quiet, 1);
  ASSERT_TRUE(player);
  EXPECT_EQ(player->guild_id, Snowflake(1));
  EXPECT_EQ(player->state.position, 5s);
  EXPECT_EQ(player->track->info.identifier, "a");
  EXPECT_TRUE(player->filters == quiet);
}

TEST_F(PlayerBookFilters, AreInDoubtUntilTheRequestThatChangesThemIsAnswered) {
  book.answered(book.mark(), told(quiet), {}, now);
  const auto change = book.mark();
  book.filters_asked(change, 1);
  EXPECT_FALSE(known(quiet));
  book.answered(book.mark(), told(quiet, 20ms), {}, now);  // to another request, on another connection
  EXPECT_FALSE(known(quiet));
  book.answered(change, told(loud, 30ms), {}, now);
  EXPECT_TRUE(known(loud));
}

TEST_F(PlayerBookFilters, OfTwoRequestsTheLaterOneEndsTheDoubt) {
  const auto first = book.mark(), second = book.mark();
  book.filters_asked(first, 1);
  book.filters_asked(second, 1);
  book.answered(first, told(quiet, 10ms), {}, now);
  EXPECT_FALSE(known(quiet));
  book.answered(second, told(loud, 20ms), {}, now);
  EXPECT_TRUE(known(loud));
}

TEST_F(PlayerBookFilters, AnAnswerThatComesTooLateToBeTakenEndsNoDoubt) {
  const auto change = book.mark(), other = book.mark();
  book.filters_asked(change, 1);
  book.answered(other, told(quiet, 10ms), {}, now);
  book.answered(change, told(loud, 10ms), {}, now);  // as old by the node's clock, and asked for before
  EXPECT_FALSE(known(quiet));
  EXPECT_FALSE(known(loud));
}

TEST_F(PlayerBookFilters, AreForgottenWithThePlayerAndWithTheSession) {
  book.answered(book.mark(), told(quiet), {}, now);
  book.remove(book.mark(), 1);
  EXPECT_FALSE(known(quiet));
  book.answered(book.mark(), told(quiet), {}, now);
  ASSERT_TRUE(known(quiet));
  const auto old = book.mark();
  book.clear();
  EXPECT_FALSE(known(quiet));
  book.filters_asked(old, 1);  // it was on its way to the old session
  book.answered(book.mark(), told(quiet), {}, now);
  EXPECT_TRUE(known(quiet));
}

}  // namespace
}  // namespace lavapp::lavalink
