// LavaSrc's pluginInfo, as its protocol/.../Protocol.kt and LavaSrcAudioPluginInfoModifier.java have it.
// https://github.com/topi314/LavaSrc
#include "lavapp/lavalink/plugins/lava_src.hpp"

#include <gtest/gtest.h>

#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

Result<ExtendedTrackInfo> track_info(std::string json) {
  Track track;
  track.plugin_info = JsonText(std::move(json));
  return read_extended_info(track);
}
Result<ExtendedPlaylistInfo> playlist_info(std::string json) {
  PlaylistLoaded playlist;
  playlist.plugin_info = JsonText(std::move(json));
  return read_extended_info(playlist);
}

TEST(LavaSrc, ATracksInfoIsRead) {
  const auto info = track_info(sample::track_info).value();
  EXPECT_EQ(*info.album_name, "Holy Hell");
  EXPECT_EQ(*info.album_url, "https://a.example/1");
  EXPECT_EQ(*info.artist_url, "https://a.example/2");
  EXPECT_EQ(*info.artist_artwork_url, "https://a.example/3");
  EXPECT_EQ(*info.preview_url, "https://a.example/4");
  EXPECT_TRUE(info.is_preview);
  EXPECT_TRUE(info.is_local);
}

TEST(LavaSrc, WhatItDoesNotKnowIsAbsent) {
  const auto info = track_info(R"({"albumName":null,"albumUrl":null,"artistUrl":null,"artistArtworkUrl":null,)"
                               R"("previewUrl":null,"isPreview":false})")
                        .value();
  EXPECT_FALSE(info.album_name);
  EXPECT_FALSE(info.preview_url);
  EXPECT_FALSE(info.is_preview);
  const auto list =
      playlist_info(R"({"type":"playlist","url":null,"artworkUrl":null,"author":null,"totalTracks":null})").value();
  EXPECT_EQ(list.type, ExtendedPlaylistType::playlist);
  EXPECT_FALSE(list.url);
  EXPECT_FALSE(list.total_tracks.has_value());
}

TEST(LavaSrc, AnotherSourcesTrackHasNone) {
  for (const char* nothing : {"", "{}", R"({"videoId":"x"})"}) {
    EXPECT_FALSE(track_info(nothing).value().album_name) << nothing;
    EXPECT_EQ(playlist_info(nothing).value().type, ExtendedPlaylistType::unknown) << nothing;
  }
}

TEST(LavaSrc, APlaylistsInfoIsRead) {
  const auto info = playlist_info(sample::playlist_info).value();
  EXPECT_EQ(info.type, ExtendedPlaylistType::album);
  EXPECT_EQ(*info.url, "https://a.example/1");
  EXPECT_EQ(*info.artwork_url, "https://a.example/2");
  EXPECT_EQ(*info.author, "Architects");
  EXPECT_EQ(*info.total_tracks, 15);
}

TEST(LavaSrc, EveryTypeHasItsName) {
  for (const auto& [text, type] : {std::pair{"playlist", ExtendedPlaylistType::playlist},
                                   {"album", ExtendedPlaylistType::album},
                                   {"artist", ExtendedPlaylistType::artist},
                                   {"recommendations", ExtendedPlaylistType::recommendations}}) {
    EXPECT_EQ(playlist_info(std::string(R"({"type":")") + text + "\"}").value().type, type);
    EXPECT_EQ(to_string(type), text);
  }
  const auto later = playlist_info(R"({"type":"station"})").value();
  EXPECT_EQ(later.type, ExtendedPlaylistType::unknown);
  EXPECT_EQ(later.type.text, "station");
}

TEST(LavaSrc, InfoThatIsCutAnywhereIsRefused) {
  const std::string whole = R"({"type":"album","url":"https://a.example/1","author":null,"totalTracks":15,"x":{"y":[1]}})";
  ASSERT_TRUE(playlist_info(whole).has_value());
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(playlist_info(whole.substr(0, size)).has_value()) << whole.substr(0, size);
  }
}

TEST(LavaSrc, AFaultNamesItsField) {
  const auto wrong = track_info(R"({"albumName":5})");
  EXPECT_TRUE(wrong.error() == Errc::bad_response);
  EXPECT_EQ(wrong.error().message, "albumName must be a string, is a number");
  EXPECT_EQ(playlist_info("[]").error().message, "pluginInfo must be an object, is an array");
  EXPECT_FALSE(track_info("{").has_value());
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
