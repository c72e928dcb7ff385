#include "lavalink/encode.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lavapp::lavalink {
namespace {

using namespace std::chrono_literals;

std::string encoded(const PlayerUpdateRequest& update) {
  const auto body = encode_player_update(update);
  return body ? *body : "error: " + body.error().message;
}
PlayerUpdateRequest with_track(TrackUpdate track) {
  PlayerUpdateRequest update;
  update.track = std::move(track);
  return update;
}
PlayerUpdateRequest with_voice(VoiceState voice) {
  PlayerUpdateRequest update;
  update.voice = std::move(voice);
  return update;
}

TEST(EncodePlayerUpdate, LeavesOutWhatIsAbsent) { EXPECT_EQ(encoded({}), "{}"); }

TEST(EncodePlayerUpdate, TellsAbsentNullAndValueApart) {
  PlayerUpdateRequest update;
  update.track.emplace();
  EXPECT_EQ(encoded(update), R"({"track":{}})");
  update.track->encoded = nullptr;
  update.end_time = nullptr;
  EXPECT_EQ(encoded(update), R"({"track":{"encoded":null},"endTime":null})");
  update.track->encoded = "QAAA";
  update.end_time = 5000ms;
  EXPECT_EQ(encoded(update), R"({"track":{"encoded":"QAAA"},"endTime":5000})");
}

TEST(EncodePlayerUpdate, WritesEveryField) {
  PlayerUpdateRequest update;
  update.track.emplace();
  update.track->identifier = "ytsearch:\"never\" \xC3\xBC\n";
  update.track->user_data = JsonText(" {\"n\": 1.50}");
  update.position = 0ms;
  update.volume = 1000;
  update.paused = false;
  update.voice = VoiceState{"t", "e:443", "s", Snowflake(123456789012345678)};
  EXPECT_EQ(encoded(update),
            R"({"track":{"identifier":"ytsearch:\"never\" )"
            "\xC3\xBC"
            R"(\n","userData": {"n": 1.50}},"position":0,"volume":1000,"paused":false,)"
            R"("voice":{"token":"t","endpoint":"e:443","sessionId":"s","channelId":"123456789012345678"}})");
}

TEST(EncodePlayerUpdate, WritesEveryFilter) {
  PlayerUpdateRequest update;
  auto& f = update.filters.emplace();
  EXPECT_EQ(encoded(update), R"({"filters":{}})");
  f.volume = 0.8;
  f.equalizer = {{1, 0.15}, {2, -0.25}};
  f.karaoke = Karaoke{0.9, 0.8, 200, 90};
  f.timescale = Timescale{1.1, 0.9, 1.05};
  f.tremolo = Tremolo{3, 0.4};
  f.vibrato = Vibrato{4, 0.3};
  f.rotation = Rotation{0.2};
  f.distortion = Distortion{0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6};
  f.channel_mix = ChannelMix{0.9, 0.1, 0.2, 0.8};
  f.low_pass = LowPass{15};
  f.plugin_filters = {{"a", JsonText("[1,2]")}, {"b", JsonText("null")}};
  f.unknown = {{"never", JsonText("sent")}};
  EXPECT_EQ(nlohmann::json::parse(encoded(update)), nlohmann::json::parse(R"({"filters":{"volume":0.8,
      "equalizer":[{"band":1,"gain":0.15},{"band":2,"gain":-0.25}],
      "karaoke":{"level":0.9,"monoLevel":0.8,"filterBand":200.0,"filterWidth":90.0},
      "timescale":{"speed":1.1,"pitch":0.9,"rate":1.05},"tremolo":{"frequency":3.0,"depth":0.4},
      "vibrato":{"frequency":4.0,"depth":0.3},"rotation":{"rotationHz":0.2},
      "distortion":{"sinOffset":0.1,"sinScale":0.9,"cosOffset":0.2,"cosScale":0.8,"tanOffset":0.3,"tanScale":0.7,
                    "offset":0.4,"scale":0.6},
      "channelMix":{"leftToLeft":0.9,"leftToRight":0.1,"rightToLeft":0.2,"rightToRight":0.8},
      "lowPass":{"smoothing":15.0},"pluginFilters":{"a":[1,2],"b":null}}})"));
  f = {};
  f.karaoke.emplace().level = 0.5;
  f.rotation.emplace();
  f.equalizer.emplace();
  EXPECT_EQ(encoded(update), R"({"filters":{"equalizer":[],"karaoke":{"level":0.5},"rotation":{}}})");
}

TEST(EncodePlayerUpdate, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    PlayerUpdateRequest update;
    change(update);
    return encoded(update);
  };
  EXPECT_EQ(refused([](auto& u) { u.position = -1ms; }), "error: position must be 0 or more, is -1");
  EXPECT_EQ(refused([](auto& u) { u.end_time = 0ms; }), "error: endTime must be more than 0, is 0");
  EXPECT_EQ(refused([](auto& u) { u.end_time = -5ms; }), "error: endTime must be more than 0, is -5");
  EXPECT_EQ(refused([](auto& u) { u.volume = 1001; }), "error: volume must be 0 to 1000, is 1001");
  EXPECT_EQ(refused([](auto& u) { u.volume = -1; }), "error: volume must be 0 to 1000, is -1");
  EXPECT_EQ(refused([](auto& u) {
              u.filters.emplace().equalizer = {{0, 0}, {0, 0}, {15, 0}};
            }),
            "error: filters.equalizer[2].band must be 0 to 14, is 15");
  EXPECT_EQ(refused([](auto& u) {
              u.filters.emplace().vibrato = Vibrato{15.0, {}};
            }),
            "error: filters.vibrato.frequency must be more than 0, to 14, is 15");
}

TEST(EncodePlayerUpdate, TakesOneWayToNameATrack) {
  TrackUpdate track;
  track.encoded = "Q";
  track.identifier = "x";
  EXPECT_EQ(encoded(with_track(track)), "error: track must have encoded or identifier, not both");
  track.encoded = nullptr;
  EXPECT_EQ(encoded(with_track(track)), "error: track must have encoded or identifier, not both");
  track = {};
  track.identifier = "";
  EXPECT_EQ(encoded(with_track(track)), "error: track.identifier must not be empty");
  track = {};
  track.encoded = "";
  EXPECT_EQ(encoded(with_track(track)), "error: track.encoded must not be empty; null stops the player");
}

TEST(EncodePlayerUpdate, NeedsAllFourVoiceValues) {
  const VoiceState whole{"t", "e", "s", Snowflake(1)};
  EXPECT_EQ(encoded(with_voice(whole)).find("error"), std::string::npos);
  auto voice = whole;
  voice.token.clear();
  EXPECT_EQ(encoded(with_voice(voice)), "error: voice.token must not be empty");
  voice = whole, voice.endpoint.clear();
  EXPECT_EQ(encoded(with_voice(voice)), "error: voice.endpoint must not be empty");
  voice = whole, voice.session_id.clear();
  EXPECT_EQ(encoded(with_voice(voice)), "error: voice.sessionId must not be empty");
  voice = whole, voice.channel_id.reset();
  EXPECT_EQ(encoded(with_voice(voice)), "error: voice.channelId must not be absent");
  voice.channel_id = Snowflake(0);
  EXPECT_EQ(encoded(with_voice(voice)), "error: voice.channelId must not be 0");
}

TEST(EncodePlayerUpdate, RefusesTextThatIsNoUtf8) {
  TrackUpdate track;
  track.identifier = "a\xFF";
  EXPECT_EQ(encoded(with_track(track)), "error: track.identifier is not valid UTF-8");
  track = {};
  track.encoded = "\xC3";
  EXPECT_EQ(encoded(with_track(track)), "error: track.encoded is not valid UTF-8");
  EXPECT_EQ(encoded(with_voice({"secret\xFF", "e", "s", Snowflake(1)})), "error: voice.token is not valid UTF-8");
  PlayerUpdateRequest update;
  update.filters.emplace().plugin_filters["\xFF"] = JsonText("1");
  EXPECT_EQ(encoded(update), "error: a name in filters.pluginFilters is not valid UTF-8");
}

TEST(EncodePlayerUpdate, WritesNulBytesAsEscapes) {
  TrackUpdate track;
  track.identifier = std::string("a\0b", 3);
  EXPECT_EQ(encoded(with_track(track)), R"({"track":{"identifier":"a\u0000b"}})");
}

TEST(EncodePlayerUpdate, ChecksEmbeddedJson) {
  TrackUpdate track;
  for (const char* bad : {"", "{", "{\"a\":}", "{} {}", "\xFF", "{\"a\":\"\xFF\"}"}) {
    track.user_data = JsonText(bad);
    EXPECT_EQ(encoded(with_track(track)), "error: track.userData is no JSON") << bad;
  }
  for (const char* bad : {"1", "null", "[]", " \"{\""}) {
    track.user_data = JsonText(bad);
    EXPECT_EQ(encoded(with_track(track)), "error: track.userData must be a JSON object") << bad;
  }
  PlayerUpdateRequest update;
  update.filters.emplace().plugin_filters["echo"] = JsonText("nope");
  EXPECT_EQ(encoded(update), "error: filters.pluginFilters.echo is no JSON");
}

TEST(EncodeSessionUpdate, WritesSecondsAndLeavesOutWhatIsAbsent) {
  EXPECT_EQ(*encode_session_update({}), "{}");
  EXPECT_EQ(*encode_session_update({true, 90s}), R"({"resuming":true,"timeout":90})");
  EXPECT_EQ(*encode_session_update({{}, 0s}), R"({"timeout":0})");
  EXPECT_EQ(encode_session_update({{}, -1s}).error().message, "timeout must be 0 or more, is -1");
}

TEST(EncodeDecodeTracks, WritesAnArray) {
  EXPECT_EQ(*encode_decode_tracks({"a", "b\""}), R"(["a","b\""])");
  EXPECT_EQ(*encode_decode_tracks({}), "[]");
  EXPECT_EQ(encode_decode_tracks({"a", "\xFF"}).error().message, "[1] is not valid UTF-8");
}

TEST(EncodeFreeAddress, WritesAnObject) {
  EXPECT_EQ(*encode_free_address("1.0.0.1"), R"({"address":"1.0.0.1"})");
  EXPECT_EQ(encode_free_address("\xFF").error().message, "address is not valid UTF-8");
}

TEST(PercentEncode, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("ytsearch:a b&c=d+e/?#%"), "ytsearch%3Aa%20b%26c%3Dd%2Be%2F%3F%23%25");
  EXPECT_EQ(percent_encode("\xC3\xBC\r\n"), "%C3%BC%0D%0A");
  EXPECT_EQ(percent_encode(std::string("\0\xFF", 2)), "%00%FF");
  EXPECT_EQ(percent_encode(""), "");
}

}  // namespace
}  // namespace lavapp::lavalink
