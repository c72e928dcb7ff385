#include "sandbox/track_codec.hpp"

#include <gtest/gtest.h>

#include "sandbox/base64.hpp"
#include "sandbox/json.hpp"
#include "support/recordings.hpp"

namespace lavapp::sandbox {
namespace {

const std::vector<std::string> sources = {"local", "http", "test", "sandbox"};

EncodedTrack decoded(const std::string& text) {
  const auto result = decode_track(text, sources);
  if (const auto* error = std::get_if<TrackCodecError>(&result)) ADD_FAILURE() << error->java_class << ' ' << error->message;
  return std::holds_alternative<EncodedTrack>(result) ? std::get<EncodedTrack>(result) : EncodedTrack{};
}

std::string error_of(const std::string& text) {
  const auto result = decode_track(text, sources);
  const auto* error = std::get_if<TrackCodecError>(&result);
  return error ? error->java_class + ": " + error->message : "none";
}

/// Every Track object in a tree.
void collect(const nlohmann::json& json, std::vector<nlohmann::json>& tracks) {
  if (json.is_object() && json.contains("encoded") && json.contains("info")) tracks.push_back(json);
  if (json.is_structured()) {
    for (const auto& part : json) collect(part, tracks);
  }
}

TEST(TrackCodec, EveryRecordedTrackDecodesToItsInfoAndBackToItsText) {
  std::vector<nlohmann::json> tracks;
  for (const auto& recording : test::recordings()) {
    for (const auto& entry : recording.entries) {
      if (entry.contains("message")) collect(entry["message"], tracks);
      if (entry.contains("response") && entry["response"].contains("body")) collect(entry["response"]["body"], tracks);
    }
  }
  EXPECT_EQ(tracks.size(), 298U);
  for (const auto& track : tracks) {
    const auto text = track["encoded"].get<std::string>();
    const auto& info = track["info"];
    const auto result = decoded(text);
    auto padded = text;
    while (padded.size() % 4 != 0) padded += '=';  // one was recorded without
    EXPECT_EQ(encode_track(result), padded);
    EXPECT_EQ(printable(result.title), info["title"].get<std::string>());
    EXPECT_EQ(result.author, info["author"].get<std::string>());
    EXPECT_EQ(result.length, info["length"].get<std::int64_t>());
    EXPECT_EQ(result.identifier, info["identifier"].get<std::string>());
    EXPECT_EQ(result.is_stream, info["isStream"].get<bool>());
    EXPECT_EQ(result.uri.has_value(), !info["uri"].is_null());
    EXPECT_EQ(result.artwork_url.has_value(), !info["artworkUrl"].is_null());
    EXPECT_EQ(result.isrc.has_value(), !info["isrc"].is_null());
    EXPECT_EQ(result.source_name, info["sourceName"].get<std::string>());
    EXPECT_EQ(result.position, info["position"].get<std::int64_t>());
    if (result.source_name != "test") {
      EXPECT_EQ(only_java_string(result.source_fields), track["pluginInfo"]["probeInfo"].get<std::string>());
    }
  }
}

TEST(TrackCodec, KeepsWhatJavaStringsCanHold) {
  EncodedTrack track;
  track.title = std::string("nul\0, \xF0\x9F\x8E\xB5, \xED\xBD\x80 alone", 22);
  track.source_name = "sandbox";
  EXPECT_EQ(decoded(encode_track(track)).title, track.title);
  EXPECT_EQ(printable(track.title).find('\xED'), std::string::npos);
}

TEST(TrackCodec, ReadsOlderVersionsAndThoseWithoutAFlag) {
  for (int version = 1; version <= 3; ++version) {
    EncodedTrack track;
    track.version = version;
    track.title = "old";
    track.source_name = "local";
    track.position = 42;
    if (version >= 2) track.uri = "file";
    if (version >= 3) track.isrc = "X";
    const auto back = decoded(encode_track(track));
    EXPECT_EQ(back.version, version);
    EXPECT_EQ(back.uri, track.uri);
    EXPECT_EQ(back.isrc, track.isrc);
    EXPECT_EQ(back.position, 42);
  }
}

TEST(TrackCodec, CutsAStringThatJavaCannotWriteAtACharacter) {
  EncodedTrack track;
  track.source_name = "local";
  for (int i = 0; i < 40'000; ++i) track.title += "ü";
  const auto title = decoded(encode_track(track)).title;
  EXPECT_EQ(title.size(), 65'534U);
  EXPECT_EQ(title, track.title.substr(0, title.size()));
}

TEST(TrackCodec, EveryTruncationIsAnError) {
  EncodedTrack track;
  track.title = "short";
  track.source_name = "local";
  const auto bytes = base64_decode(encode_track(track)).bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(error_of(base64_encode(bytes.substr(0, size))), "java.io.EOFException: ") << size;
  }
}

TEST(TrackCodec, NamesTheSourceThatIsMissing) {
  EncodedTrack track;
  track.source_name = "youtube";
  EXPECT_NE(error_of(encode_track(track)).find("missing source manager"), std::string::npos);
}

TEST(Base64, TellsOfBadTextInJavasWords) {
  EXPECT_EQ(base64_decode("!!!").error, "Illegal base64 character 21");
  EXPECT_EQ(base64_decode("A").error, "Input byte[] should at least have 2 bytes for base64 bytes");
  EXPECT_EQ(base64_decode("AAA=A").error, "Input byte array has wrong 4-byte ending unit");
  EXPECT_EQ(base64_decode("AAAAA").error, "Last unit does not have enough valid bits");
  EXPECT_EQ(base64_decode("").bytes, "");
  EXPECT_EQ(base64_decode("YQ").bytes, "a");
  EXPECT_EQ(base64_decode("YWI=").bytes, "ab");
}

TEST(Base64, ComesBack) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)).bytes, bytes);
    bytes += static_cast<char>(i);
  }
}

}  // namespace
}  // namespace lavapp::sandbox
