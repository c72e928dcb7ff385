// The player as a simulation: commands and time in, events out.
#include "sandbox/player.hpp"

#include <gtest/gtest.h>

namespace lavapp::sandbox {
namespace {

using namespace std::chrono_literals;
using Kind = PlayerEvent::Kind;

constexpr Time start{1h};

PlayableTrack song(milliseconds length = 180s, Playback playback = Playback::plays, milliseconds trouble = 0ms) {
  PlayableTrack track;
  track.encoded.info.title = "song";
  track.encoded.info.length = length;
  track.playback = playback;
  track.trouble_after = trouble;
  return track;
}

struct Sandbox {
  PlayerRules rules = {};
  Player player{1, rules};
  PlayerEvents events = {};

  void play(PlayableTrack track, Player::Start how = {}, Time at = start) { player.play(std::move(track), std::move(how), at, events); }
  /// What happened until then, but for playerUpdates.
  std::vector<PlayerEvent> until(Time at) {
    player.advance(at, events);
    std::vector<PlayerEvent> told;
    for (auto& event : std::exchange(events, {})) {
      if (event.kind != Kind::update) told.push_back(std::move(event));
    }
    return told;
  }
};

Filters filters(const char* json) { return std::get<Filters>(parse_filters(Json::parse(json), {})); }

TEST(SandboxPlayer, PlaysToTheEndAndTellsSo) {
  Sandbox s;
  s.play(song(10s));
  const auto events = s.until(start + 11s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, Kind::start);
  EXPECT_EQ(events[1].kind, Kind::end);
  EXPECT_EQ(events[1].reason, "finished");
  EXPECT_EQ(events[1].position, 10s);
  EXPECT_EQ(events[1].at, start + 10s);
  EXPECT_FALSE(s.player.track());
  EXPECT_FALSE(s.player.next_due());
}

TEST(SandboxPlayer, UpdatesAtStartTwiceAndThenEachInterval) {
  Sandbox s;
  s.play(song());
  EXPECT_EQ(s.events.size(), 3U);
  s.events.clear();
  s.player.advance(start + 16s, s.events);
  ASSERT_EQ(s.events.size(), 3U);
  EXPECT_EQ(s.events[2].moment.position, 15s);
}

TEST(SandboxPlayer, SpeedAndTimescaleMoveThePosition) {
  Sandbox s;
  s.rules.speed = 10;
  s.play(song());
  EXPECT_EQ(s.player.position(start + 2s), 20s);
  s.player.set_filters(filters(R"({"timescale":{"speed":2.0,"rate":1.5}})"), start + 2s, s.events);
  EXPECT_EQ(s.player.position(start + 3s), 50s);
}

TEST(SandboxPlayer, PauseFreezesThePosition) {
  Sandbox s;
  s.play(song());
  s.player.set_paused(true, start + 5s);
  EXPECT_EQ(s.player.position(start + 50s), 5s);
  EXPECT_FALSE(s.player.playing());
  s.player.set_paused(false, start + 50s);
  EXPECT_EQ(s.player.position(start + 51s), 6s);
}

TEST(SandboxPlayer, PauseAndVolumeSendNothing) {
  Sandbox s;
  s.play(song());
  s.events.clear();
  s.player.set_paused(true, start + 1s);
  s.player.set_volume(5'000);
  EXPECT_EQ(s.player.volume(), 1'000);
  s.player.set_volume(-1);
  EXPECT_EQ(s.player.volume(), 0);
  EXPECT_TRUE(s.events.empty());
}

TEST(SandboxPlayer, SeekTellsWhereAndClampsAtTheBeginning) {
  Sandbox s;
  s.play(song());
  s.until(start + 10s);
  s.player.seek(-5ms, start + 10s, s.events);
  ASSERT_EQ(s.events.size(), 1U);
  EXPECT_EQ(s.events[0].moment.position, 0ms);
  s.player.seek(60s, start + 10s, s.events);
  EXPECT_EQ(s.player.position(start + 11s), 61s);
}

TEST(SandboxPlayer, SeekPastTheEndFinishes) {
  Sandbox s;
  s.play(song());
  s.player.seek(10'000s, start + 1s, s.events);
  const auto events = s.until(start + 1s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "finished");
}

TEST(SandboxPlayer, SeekWithoutTrackSendsNothing) {
  Sandbox s;
  s.player.seek(5s, start, s.events);
  EXPECT_TRUE(s.events.empty());
}

TEST(SandboxPlayer, EndTimeFinishesUnlessItHasPassed) {
  Sandbox s;
  s.play(song(), {1s, 3s});
  auto events = s.until(start + 5s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "finished");
  EXPECT_EQ(events[1].position, 3s);

  s.play(song(), {}, start + 10s);
  s.player.set_end_time(500ms, start + 12s);
  EXPECT_EQ(s.until(start + 20s).size(), 1U);
  s.player.set_end_time(15s, start + 20s);
  s.player.set_end_time(std::nullopt, start + 21s);
  EXPECT_TRUE(s.until(start + 60s).empty());
  s.player.set_end_time(100s, start + 60s);
  s.player.seek(120s, start + 61s, s.events);
  events = s.until(start + 61s);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].reason, "finished");
}

TEST(SandboxPlayer, AnotherTrackReplacesAndStopStops) {
  Sandbox s;
  s.play(song(), {0ms, {}, Json{{"id", 1}}});
  s.play(song(), {}, start + 2s);
  s.player.stop(start + 3s, s.events);
  s.player.stop(start + 4s, s.events);
  const auto events = s.until(start + 5s);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1].reason, "replaced");
  EXPECT_EQ(events[1].user_data, (Json{{"id", 1}}));
  EXPECT_EQ(events[1].position, 2s);
  EXPECT_EQ(events[2].user_data, Json::object());
  EXPECT_EQ(events[3].reason, "stopped");
}

TEST(SandboxPlayer, FailingTrackEndsWithLoadFailed) {
  Sandbox s;
  s.play(song(180s, Playback::fails));
  const auto events = s.until(start);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].kind, Kind::exception);
  EXPECT_EQ(events[1].exception.message, "Something broke when playing the track.");
  EXPECT_EQ(events[2].reason, "loadFailed");
}

TEST(SandboxPlayer, BreakingTrackEndsWithFinished) {
  Sandbox s;
  s.play(song(180s, Playback::breaks, 7s));
  const auto events = s.until(start + 8s);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].kind, Kind::exception);
  EXPECT_EQ(events[1].at, start + 7s);
  EXPECT_EQ(events[2].reason, "finished");
}

TEST(SandboxPlayer, StuckTrackIsToldOnceAndNeverEnds) {
  Sandbox s;
  s.play(song(180s, Playback::stuck, 6s));
  auto events = s.until(start + 10min);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, Kind::stuck);
  EXPECT_EQ(events[1].at, start + 16s);
  EXPECT_EQ(events[1].position, 6s);
  EXPECT_EQ(events[1].threshold, 10s);
  s.player.seek(0ms, start + 10min, s.events);
  EXPECT_EQ(s.until(start + 11min).size(), 1U);
}

TEST(SandboxPlayer, StreamNeverEndsAndCannotBeSought) {
  Sandbox s;
  auto stream = song();
  stream.encoded.info.is_stream = true;
  s.play(stream);
  EXPECT_EQ(s.until(start + 24h).size(), 1U);
  s.player.seek(1s, start + 24h, s.events);
  EXPECT_EQ(s.player.position(start + 24h), 24h);
}

TEST(SandboxPlayer, WithoutVoiceARealNodeStandsStillAndCleansUp) {
  Sandbox s;
  s.rules.play_without_voice = false;
  s.play(song());
  EXPECT_EQ(s.player.position(start + 59s), 0ms);
  const auto events = s.until(start + 61s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "cleanup");
  EXPECT_EQ(events[1].at, start + 60s);
}

TEST(SandboxPlayer, VoiceMovesATrackAndItGoesOnAfterVoiceIsGone) {
  Sandbox s;
  s.rules.play_without_voice = false;
  s.play(song());
  s.player.connect_voice({"t", "e", "s", "1"}, start + 10s, s.events);
  EXPECT_EQ(s.player.position(start + 12s), 2s);
  s.player.close_voice(4014, "Disconnected.", true, start + 12s, s.events);
  EXPECT_EQ(s.player.position(start + 15s), 5s);
  const auto events = s.until(start + 15s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].code, 4014);
  EXPECT_TRUE(events[1].by_remote);
  EXPECT_EQ(s.player.moment(start + 15s).ping, 0ms);
}

TEST(SandboxPlayer, ChangingVoiceClosesTheOldConnection) {
  Sandbox s;
  s.player.connect_voice({"t", "e", "s", "1"}, start, s.events);
  s.player.connect_voice({"t", "e", "s", "2"}, start + 1s, s.events);
  s.player.destroy(start + 2s, s.events);
  const auto events = s.until(start + 2s);
  ASSERT_EQ(events.size(), 2U);
  for (const auto& event : events) {
    EXPECT_EQ(event.kind, Kind::voice_closed);
    EXPECT_EQ(event.code, 1000);
    EXPECT_FALSE(event.by_remote);
  }
}

TEST(SandboxPlayer, ABadFilterKillsTheTrackOnceItsBufferIsEmpty) {
  Sandbox s;
  s.play(song());
  s.player.set_filters(filters(R"({"vibrato":{"frequency":15}})"), start + 10s, s.events);
  s.player.advance(start + 11s, s.events);
  s.player.set_filters(filters(R"({"timescale":{"speed":0}})"), start + 11s, s.events);
  const auto events = s.until(start + 20s);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].exception.cause, "java.lang.IllegalArgumentException: Frequency > max (14.0)");
  EXPECT_EQ(events[1].exception.severity, "fault");
  EXPECT_EQ(events[2].reason, "finished");
  EXPECT_EQ(events[2].at, start + 15s);
}

TEST(SandboxPlayer, ABadFilterHurtsOnlyWhatPlays) {
  Sandbox s;
  s.rules.play_without_voice = false;
  s.play(song());
  s.player.set_filters(filters(R"({"timescale":{"rate":-1}})"), start, s.events);
  EXPECT_EQ(s.until(start + 10s).size(), 1U);
  s.player.connect_voice({"t", "e", "s", "1"}, start + 10s, s.events);
  const auto events = s.until(start + 10s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].exception.cause, "java.lang.IllegalArgumentException: rate <= 0");
  EXPECT_EQ(events[1].reason, "loadFailed");
}

TEST(SandboxPlayer, AStreamMayStop) {
  Sandbox s;
  auto stream = song(180s, Playback::ends_early, 4s);
  stream.encoded.info.is_stream = true;
  s.play(stream);
  const auto events = s.until(start + 5s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].at, start + 4s);
}

TEST(SandboxPlayer, AVerySlowTimescaleOverflowsNothing) {
  Sandbox s;
  s.play(song());
  s.player.set_filters(filters(R"({"timescale":{"speed":1e-320}})"), start, s.events);
  EXPECT_EQ(s.until(start + 1h).size(), 1U);
  EXPECT_EQ(s.player.position(start + 1h), 0ms);
}

TEST(SandboxPlayer, ThePositionsFarthestAwayOverflowNothing) {
  constexpr auto kFarthest = std::chrono::milliseconds::max();
  for (const auto position : {kFarthest, -kFarthest}) {
    Sandbox s;
    auto stream = song();
    stream.encoded.info.is_stream = true;
    Player::Start how;
    how.position = position;
    s.play(stream, std::move(how));
    s.player.set_end_time(kFarthest, start + 1s);
    s.until(start + 1h);
    EXPECT_GE(s.player.position(start + 2h), 2h);
    s.play(song(), {}, start + 2h);
    s.player.seek(position, start + 2h, s.events);
    s.player.set_filters(filters(R"({"timescale":{"speed":-1}})"), start + 2h, s.events);
    s.until(start + 4h);
    EXPECT_EQ(s.player.position(start + 4h), 0ms) << "it has ended";
  }
}

TEST(SandboxFilters, DefaultsAndCoercions) {
  EXPECT_EQ(dump(filters(R"({"karaoke":{},"volume":"1","equalizer":[{"band":3}],"nightcore":{}})").json),
            R"({"volume":1.0,"equalizer":[{"band":3,"gain":1.0}],"karaoke":{"level":1.0,"monoLevel":1.0,"filterBand":220.0,"filterWidth":100.0}})");
  EXPECT_EQ(dump(filters(R"({"volume":0.1,"lowPass":null})").json), R"({"volume":0.1})");
}

TEST(SandboxFilters, RefusesWhatLavalinkRefuses) {
  for (const auto* json : {R"([])", R"({"volume":null})", R"({"equalizer":{}})", R"({"equalizer":[{"gain":1}]})",
                           R"({"lowPass":5})", R"({"volume":1e39})", R"({"pluginFilters":[]})"}) {
    EXPECT_TRUE(std::holds_alternative<UndecodableFilters>(parse_filters(Json::parse(json), {}))) << json;
  }
  const auto bad = parse_filters(Json::parse(R"({"equalizer":[{"band":15}]})"), {});
  ASSERT_TRUE(std::holds_alternative<BadBand>(bad));
  EXPECT_EQ(std::get<BadBand>(bad).band, 15);
}

}  // namespace
}  // namespace lavapp::sandbox
