// NodeLink's answers and messages, where they are not as Lavalink's: shapes from its docs (https://nodelink.js.org/docs)
// and, for version 2, from https://github.com/PerformanC/NodeLink.
#include <gtest/gtest.h>

#include <optional>

#include "lavalink/decode.hpp"
#include "lavalink/message_decoder.hpp"
#include "lavalink/samples.hpp"

namespace lavapp::lavalink {
namespace {

namespace sample = test::sample;

/// Remembers the last of each kind that a test looks at.
class Heard final : public MessageSink {
 public:
  void on(const Ready&) override {}
  void on(const StatsUpdate& message) override { stats = message.stats; }
  void on(const PlayerUpdate& message) override { player = message; }
  void on(const TrackStart&) override {}
  void on(const TrackEnd& message) override { end = message; }
  void on(const TrackFailed& message) override { failed = message; }
  void on(const TrackStuck&) override {}
  void on(const VoiceClosed& message) override { voice = message; }
  void on(const UnknownMessage& message) override { unknown = message.type; }
  void on(const Warning& warning) override { fault = warning.error.message; }

  std::optional<Stats> stats;
  std::optional<PlayerUpdate> player;
  std::optional<TrackEnd> end;
  std::optional<TrackFailed> failed;
  std::optional<VoiceClosed> voice;
  std::string unknown, fault;
};

Heard decode(const std::string& text) {
  Heard heard;
  MessageDecoder().decode(text, heard);
  return heard;
}

TEST(NodeLink, InfoHasNoJvmAndAVersionOfLists) {
  const auto info = decode_info(
                        R"({"version":{"semver":"3.1.1","major":3,"minor":1,"patch":1,"prerelease":[],"build":["b",1]},)"
                        R"("buildTime":1764691522000,"git":{"branch":"v3","commit":"b2814b1","commitTime":1764691522000},)"
                        R"("node":"v25.2.1","voice":{"name":"@performanc/voice","version":"github:PerformanC/voice"},)"
                        R"("isNodelink":true,"sourceManagers":["youtube"],"filters":["lowpass"],)"
                        R"("plugins":[{"name":"p","version":"1.0.0","author":null,"path":null}]})")
                        .value();
  EXPECT_TRUE(info.is_node_link);
  EXPECT_EQ(info.version.semver, "3.1.1");
  EXPECT_FALSE(info.version.build);
  EXPECT_TRUE(info.jvm.empty());
  EXPECT_TRUE(info.lavaplayer.empty());
  EXPECT_EQ(info.plugins.at(0).name, "p");
}

TEST(NodeLink, Version2SpellsItsNameInItsOwnWay) {
  const auto info = decode_info(
                        R"({"version":{"semver":"2.3.0","major":2,"minor":3,"patch":0,"preRelease":null},"buildTime":-1,)"
                        R"("git":{"branch":"main","commit":"unknown","commitTime":-1},"nodejs":"v22","isNodeLink":true,)"
                        R"("jvm":"0.0.0","lavaplayer":"0.0.0","sourceManagers":[],"filters":["lowPass"],"plugins":[]})")
                        .value();
  EXPECT_TRUE(info.is_node_link);
  EXPECT_FALSE(decode_info(sample::info).value().is_node_link);
}

TEST(NodeLink, StatsNameItsOwnLoad) {
  const auto stats =
      decode_stats(
          R"({"players":0,"playingPlayers":0,"uptime":17930,"memory":{"free":904605696,"used":39914392,)"
          R"("allocated":51482624,"reservable":8011513856},"cpu":{"cores":12,"systemLoad":0.93,"nodelinkLoad":0.25},)"
          R"("frameStats":null,"detailedStats":{"api":{"requests":{"/v4/stats":1},"errors":{}}}})")
          .value();
  EXPECT_EQ(stats.cpu.lavalink_load, 0.25);
  EXPECT_EQ(stats.cpu.system_load, 0.93);
  const auto heard = decode(
      R"({"op":"stats","players":5,"playingPlayers":3,"uptime":3600000,"memory":{"free":1,"used":2,"allocated":3,)"
      R"("reservable":4},"cpu":{"cores":8,"systemLoad":0.25,"processLoad":0.08},)"
      R"("frameStats":{"sent":15000,"nulled":0,"deficit":0,"expected":15000}})");
  ASSERT_TRUE(heard.stats) << heard.fault;
  EXPECT_EQ(heard.stats->cpu.lavalink_load, 0.08);
  EXPECT_EQ(heard.stats->frame_stats->sent, 15'000);
}

TEST(NodeLink, StatsWithoutAnyLoadAreAFaultStill) {
  const auto stats = decode_stats(
      R"({"players":0,"playingPlayers":0,"uptime":1,"memory":{"free":1,"used":2,"allocated":3,"reservable":4},)"
      R"("cpu":{"cores":12,"systemLoad":0.93},"frameStats":null})");
  EXPECT_EQ(stats.error().message, "cpu.lavalinkLoad is missing");
}

TEST(NodeLink, PositionsHaveFractionsUnderATimescale) {
  const auto heard = decode(
      R"({"op":"playerUpdate","guildId":"987654321098765432","state":{"time":1701350400000,"position":45230.000000000007,)"
      R"("connected":true,"ping":42.5}})");
  ASSERT_TRUE(heard.player) << heard.fault;
  EXPECT_EQ(heard.player->state.position, std::chrono::milliseconds(45'230));
  EXPECT_EQ(heard.player->state.ping, std::chrono::milliseconds(42));
  for (const char* wrong : {"1e300", "-1e300", "\"1\"", "null"}) {
    const auto refused =
        decode(R"({"op":"playerUpdate","guildId":"1","state":{"time":1,"position":)" + std::string(wrong) +
               R"(,"connected":true,"ping":1}})");
    EXPECT_FALSE(refused.player) << wrong;
    EXPECT_EQ(refused.fault.rfind("playerUpdate: state.position", 0), 0u) << refused.fault;
  }
}

TEST(NodeLink, APlayerWithoutVoiceHasNulls) {
  const auto player =
      decode_player(
          R"({"guildId":"990369410344701964","track":null,"volume":100,"fading":{"enabled":false},"paused":false,)"
          R"("loudnessNormalizer":false,"filters":{"filters":{"timescale":{"speed":1.1}}},"state":{"time":1764813548928,)"
          R"("position":0,"connected":false,"ping":0},"voice":{"sessionId":null,"token":null,"endpoint":null,)"
          R"("channelId":null}})")
          .value();
  EXPECT_TRUE(player.voice.token.empty());
  EXPECT_TRUE(player.voice.endpoint.empty());
  EXPECT_TRUE(player.voice.session_id.empty());
  EXPECT_FALSE(player.voice.channel_id);
  EXPECT_EQ(player.filters.unknown.find("filters")->text, R"({"timescale":{"speed":1.1}})");
}

TEST(NodeLink, ATrackHasNoPluginInfo) {
  const auto track =
      decode_track(
          R"({"encoded":"QAAA","info":{"title":"a","author":"b","length":214000,"identifier":"c","isSeekable":true,)"
          R"("isStream":false,"uri":"","artworkUrl":null,"isrc":null,"sourceName":"youtube","position":0},"endTime":0,)"
          R"("userData":{"requester":"1"}})")
          .value();
  EXPECT_TRUE(track.plugin_info.empty());
  EXPECT_EQ(track.user_data.text, R"({"requester":"1"})");
}

TEST(NodeLink, VoiceMayCloseWithoutCodeAndReason) {
  const auto heard = decode(R"({"op":"event","type":"WebSocketClosedEvent","guildId":"7","byRemote":true})");
  ASSERT_TRUE(heard.voice) << heard.fault;
  EXPECT_EQ(heard.voice->code, 0);
  EXPECT_TRUE(heard.voice->reason.empty());
  EXPECT_TRUE(heard.voice->by_remote);
  EXPECT_TRUE(decode(R"({"op":"event","type":"WebSocketClosedEvent","guildId":"7","code":4014,"reason":null,"byRemote":true})")
                  .voice);
}

TEST(NodeLink, AnExceptionMayHaveNoCause) {
  const auto failed =
      decode_load_result(R"({"loadType":"error","data":{"message":"Failed to load track","severity":"fault"}})").value();
  ASSERT_NE(failed.exception(), nullptr);
  EXPECT_EQ(*failed.exception()->message, "Failed to load track");
  EXPECT_TRUE(failed.exception()->cause.empty());
}

TEST(NodeLink, MoreTypesOfLoadResultsAreListsAndTracks) {
  const std::string list = R"({"info":{"name":"A list","selectedTrack":-1},"pluginInfo":{},"tracks":[)" + sample::track + "]}";
  for (const char* type : {"album", "artist", "playlist", "station", "podcast", "show"}) {
    const auto loaded = decode_load_result(R"({"loadType":")" + std::string(type) + R"(","data":)" + list + "}").value();
    ASSERT_NE(loaded.playlist(), nullptr) << type;
    EXPECT_EQ(loaded.playlist()->name, "A list");
    EXPECT_EQ(loaded.tracks().size(), 1u);
  }
  const auto track = decode_load_result(R"({"loadType":"short","data":)" + sample::track + "}").value();
  EXPECT_EQ(track.tracks().size(), 1u);
  const auto empty = decode_load_result(R"({"loadType":"empty","data":{}})").value();
  EXPECT_TRUE(std::holds_alternative<NothingFound>(empty.value));
}

TEST(NodeLink, AGaplessEndDoesNotStartTheNextTrack) {
  for (const char* reason : {"gapless", "crossfading"}) {
    const auto heard = decode(R"({"op":"event","type":"TrackEndEvent","guildId":"7","track":)" + sample::track +
                              R"(,"reason":")" + reason + "\"}");
    ASSERT_TRUE(heard.end) << heard.fault;
    EXPECT_EQ(heard.end->reason, TrackEndReason::unknown);
    EXPECT_EQ(heard.end->reason.text, reason);
    EXPECT_FALSE(may_start_next(heard.end->reason)) << "NodeLink has started it already";
  }
}

TEST(NodeLink, ItsOwnEventsAreHandedOn) {
  for (const char* type : {"PlayerCreatedEvent", "PlayerDestroyedEvent", "VolumeChangedEvent", "MixStartedEvent"}) {
    EXPECT_EQ(decode(R"({"op":"event","type":")" + std::string(type) + R"(","guildId":"7","volume":50})").unknown, type);
  }
}

}  // namespace
}  // namespace lavapp::lavalink
