// The Lyrics plugin, as https://github.com/DuncteBot/java-timed-lyrics#api-for-clients and lyrics.kt have it.
#include "lavapp/lavalink/plugins/java_timed_lyrics.hpp"

#include <gtest/gtest.h>

#include "lavalink/plugins/plugin_fixture.hpp"
#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

class JavaTimedLyricsTest : public PluginTest {
 protected:
  void SetUp() override {
    connected();
    has_plugin(JavaTimedLyrics::plugin);
    peer->requests.clear();
  }
  Result<TimedLyrics> fetch(std::string id) {
    return await<TimedLyrics>([&](auto done) { JavaTimedLyrics(*node).fetch(id, std::move(done)); });
  }
};

TEST_F(JavaTimedLyricsTest, LinesHaveTheirTimes) {
  peer->route("GET /v4/lyrics/UVXvQtm6ji0", sample::timed_lyrics);
  const auto lyrics = fetch("UVXvQtm6ji0");
  ASSERT_TRUE(lyrics.has_value()) << lyrics.error().what();
  EXPECT_EQ(lyrics->type, TimedLyricsType::timed);
  EXPECT_EQ(lyrics->track.title, "We Got the Moves");
  EXPECT_EQ(lyrics->track.author, "Electric Callboy");
  EXPECT_EQ(*lyrics->track.album, "We Got the Moves");
  ASSERT_EQ(lyrics->track.album_art.size(), 1u);
  EXPECT_EQ(lyrics->track.album_art[0].url, "https://a.example/60");
  EXPECT_EQ(lyrics->track.album_art[0].height, 60);
  EXPECT_EQ(lyrics->track.album_art[0].width, 61);
  EXPECT_EQ(lyrics->source, "LyricFind");
  EXPECT_FALSE(lyrics->text);
  ASSERT_EQ(lyrics->lines.size(), 2u);
  EXPECT_EQ(lyrics->lines[0].line, "\xE2\x99\xAA");
  EXPECT_EQ(lyrics->lines[1].range->start, 6'510ms);
  EXPECT_EQ(lyrics->lines[1].range->end, 7'330ms);
  EXPECT_EQ(lyrics->raw, sample::timed_lyrics);
}

TEST_F(JavaTimedLyricsTest, OfWhatPlays) {
  peer->route("GET /v4/sessions/s1/players/7/lyrics", sample::text_lyrics);
  const auto lyrics =
      await<TimedLyrics>([&](auto done) { JavaTimedLyrics(*node).fetch_current(7, std::move(done)); });
  ASSERT_TRUE(lyrics.has_value()) << lyrics.error().what();
  EXPECT_EQ(lyrics->type, TimedLyricsType::text);
  EXPECT_EQ(*lyrics->text, "la la");
  EXPECT_FALSE(lyrics->track.album);
  EXPECT_TRUE(lyrics->track.album_art.empty());
  EXPECT_TRUE(lyrics->lines.empty());
}

TEST_F(JavaTimedLyricsTest, ALineMayHaveNoTime) {
  peer->route("GET /v4/lyrics/x",  // lyrics.kt: protocol/.../Protocol.kt
              R"({"type":"timed","track":{"title":"a","author":"b","album":null,"albumArt":[]},"source":"s",)"
              R"("lines":[{"line":"la","range":null}]})");
  EXPECT_FALSE(fetch("x").value().lines.at(0).range);
}

TEST_F(JavaTimedLyricsTest, ALaterTypeIsKept) {
  peer->route("GET /v4/lyrics/x",
              R"({"type":"karaoke","track":{"title":"a","author":"b","album":null,"albumArt":[]},"source":"s"})");
  const auto lyrics = fetch("x").value();
  EXPECT_EQ(lyrics.type, TimedLyricsType::unknown);
  EXPECT_EQ(lyrics.type.text, "karaoke");
}

TEST_F(JavaTimedLyricsTest, SearchesYouTubeAndGenius) {
  peer->route("GET /v4/lyrics/search", sample::found_videos);
  const auto found = await<std::vector<FoundVideo>>(
      [&](auto done) { JavaTimedLyrics(*node).search("we got & moves", std::move(done)); });
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(last_target(), "GET /v4/lyrics/search?query=we%20got%20%26%20moves");
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].video_id, "UVXvQtm6ji0");
  EXPECT_EQ((*found)[0].title, "We Got The moves");

  peer->route("GET /v4/lyrics/search", sample::text_lyrics);
  const auto text =
      await<TimedLyrics>([&](auto done) { JavaTimedLyrics(*node).search_genius("x", std::move(done)); });
  ASSERT_TRUE(text.has_value()) << text.error().what();
  EXPECT_EQ(last_target(), "GET /v4/lyrics/search?query=x&source=genius");
  EXPECT_EQ(*text->text, "la la");
}

TEST_F(JavaTimedLyricsTest, NoLyricsIsTheServersAnswer) {
  refuse("GET /v4/lyrics/x", 404, "Lyrics were not found");
  const auto lyrics = fetch("x");
  EXPECT_EQ(lyrics.error().http_status, 404);
  EXPECT_EQ(lyrics.error().message, "Lyrics were not found");
}

TEST_F(JavaTimedLyricsTest, AnIdThatIsNoneIsNotSent) {
  for (const std::string bad : {"", "search"}) {
    const auto refused = fetch(bad);
    EXPECT_TRUE(refused.error() == Errc::invalid_argument) << bad;
    EXPECT_EQ(refused.error().route, "GET /v4/lyrics/" + bad);
  }
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(JavaTimedLyricsTest, ItsElderHasTheSameRoutesButForTheSearch) {
  has_plugin(JavaTimedLyrics::elder);
  peer->route("GET /v4/lyrics/x", sample::timed_lyrics);
  EXPECT_TRUE(fetch("x").has_value());
  const auto found =
      await<std::vector<FoundVideo>>([&](auto done) { JavaTimedLyrics(*node).search("x", std::move(done)); });
  EXPECT_TRUE(found.error() == Errc::unsupported);
}

TEST_F(JavaTimedLyricsTest, WithoutThePluginNothingIsSent) {
  expect_unsupported<TimedLyrics>([&](auto done) { JavaTimedLyrics(*node).fetch("x", std::move(done)); },
                                  "the node has no plugin java-lyrics-plugin");
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
