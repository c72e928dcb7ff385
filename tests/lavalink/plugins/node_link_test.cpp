// What NodeLink adds, as https://nodelink.js.org/docs/api/rest has it.
#include "lavapp/lavalink/plugins/node_link.hpp"

#include <gtest/gtest.h>

#include "lavalink/plugins/plugin_fixture.hpp"
#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

class NodeLinkTest : public PluginTest {
 protected:
  void SetUp() override {
    make();
    is_node_link();
  }
  Result<NodeLinkLyrics> load_lyrics(std::string language = "") {
    return await<NodeLinkLyrics>([&](auto done) { NodeLink(*node).load_lyrics("QA+=", language, std::move(done)); });
  }
};

TEST_F(NodeLinkTest, SyncedLyrics) {
  peer->route("GET /v4/loadlyrics", sample::node_link_lyrics);
  const auto lyrics = load_lyrics("en");
  ASSERT_TRUE(lyrics.has_value()) << lyrics.error().what();
  EXPECT_EQ(last_target(), "GET /v4/loadlyrics?encodedTrack=QA%2B%3D&lang=en");
  EXPECT_EQ(lyrics->load_type, NodeLinkLyricsType::lyrics);
  EXPECT_TRUE(lyrics->synced);
  EXPECT_EQ(*lyrics->language, "en");
  EXPECT_EQ(*lyrics->source, "youtube");
  EXPECT_EQ(*lyrics->provider, "youtube");
  ASSERT_EQ(lyrics->lines.size(), 1u);
  EXPECT_EQ(lyrics->lines[0].text, "We're no strangers to love");
  EXPECT_EQ(*lyrics->lines[0].time, 18'640ms);
  EXPECT_EQ(*lyrics->lines[0].duration, 3'240ms);
  EXPECT_FALSE(lyrics->exception);
  EXPECT_EQ(lyrics->raw, sample::node_link_lyrics);
}

TEST_F(NodeLinkTest, PlainLyricsHaveNoTimes) {
  peer->route("GET /v4/loadlyrics",
              R"({"loadType":"lyrics","data":{"synced":false,"lang":"en","source":"genius","lines":[)"
              R"({"text":"la","time":null,"duration":null}]}})");
  const auto lyrics = load_lyrics().value();
  EXPECT_EQ(last_target(), "GET /v4/loadlyrics?encodedTrack=QA%2B%3D");
  EXPECT_FALSE(lyrics.synced);
  EXPECT_FALSE(lyrics.lines.at(0).time.has_value());
}

TEST_F(NodeLinkTest, NoneAndAnErrorAreToldApart) {
  peer->route("GET /v4/loadlyrics", R"({"loadType":"empty","data":{}})");
  const auto none = load_lyrics().value();
  EXPECT_EQ(none.load_type, NodeLinkLyricsType::empty);
  EXPECT_FALSE(none.exception);
  peer->route("GET /v4/loadlyrics", sample::node_link_error);
  const auto failed = load_lyrics().value();
  EXPECT_EQ(failed.load_type, NodeLinkLyricsType::error);
  ASSERT_TRUE(failed.exception);
  EXPECT_EQ(*failed.exception->message, "Lyrics source 'x' is not available.");
  EXPECT_EQ(failed.exception->severity, Severity::common);
}

TEST_F(NodeLinkTest, Chapters) {
  peer->route("GET /v4/loadchapters", sample::node_link_chapters);
  const auto chapters = await<std::vector<NodeLinkChapter>>(
      [&](auto done) { NodeLink(*node).load_chapters("QA", std::move(done)); });
  ASSERT_TRUE(chapters.has_value()) << chapters.error().what();
  ASSERT_EQ(chapters->size(), 1u);
  EXPECT_EQ((*chapters)[0].title, "An intro to video chapters");
  EXPECT_EQ((*chapters)[0].start_time, 0ms);
  EXPECT_EQ((*chapters)[0].end_time, 23s);
  EXPECT_EQ((*chapters)[0].duration, 23s);
}

TEST_F(NodeLinkTest, LavalinkIsNot) {
  expect_unsupported<NodeLinkLyrics>([&](auto done) { NodeLink(*node).load_lyrics("QA", "", std::move(done)); },
                                     "the node is not NodeLink");
}

TEST_F(NodeLinkTest, ItsFiltersAreKnownByLavalinksNames) {
  connected();
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  Filters filters;
  filters.low_pass = LowPass{20.0};
  const auto set = [&] {
    return await<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
  };
  EXPECT_TRUE(set().has_value()) << "it tells of \"lowpass\"";
  filters.volume = 0.5;
  EXPECT_EQ(set().error().message, "the node has no filter named volume");
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
