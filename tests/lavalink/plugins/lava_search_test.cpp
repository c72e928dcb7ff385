// LavaSearch, as its README and protocol/.../SearchItem.kt have it. https://github.com/topi314/LavaSearch
#include "lavapp/lavalink/plugins/lava_search.hpp"

#include <gtest/gtest.h>

#include "lavalink/plugins/plugin_fixture.hpp"
#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

class LavaSearchTest : public PluginTest {
 protected:
  void SetUp() override {
    make();
    has_plugin(LavaSearch::plugin);
  }
  Result<SearchResults> load_search(std::string query, std::vector<SearchType> types = {}) {
    return await<SearchResults>(
        [&](auto done) { LavaSearch(*node).load_search(query, types, std::move(done)); });
  }
};

TEST_F(LavaSearchTest, FindsWhatTheReadmeShows) {
  peer->route("GET /v4/loadsearch", sample::search_results);
  const auto found = load_search("dzsearch:architects & co", {SearchType::track, SearchType::album, SearchType::artist,
                                                              SearchType::playlist, SearchType::text});
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(last_target(),
            "GET /v4/loadsearch?query=dzsearch%3Aarchitects%20%26%20co&types=track%2Calbum%2Cartist%2Cplaylist%2Ctext");
  ASSERT_EQ(found->tracks.size(), 1u);
  EXPECT_EQ(found->tracks[0].info.title, "Animals");
  EXPECT_EQ(found->tracks[0].info.length, 244s);
  ASSERT_EQ(found->albums.size(), 1u);
  EXPECT_EQ(found->albums[0].name, "For Those That Wish To Exist");
  EXPECT_EQ(found->albums[0].selected_track, -1);
  EXPECT_EQ(found->albums[0].plugin_info.text, R"({"type":"album"})");
  EXPECT_TRUE(found->albums[0].tracks.empty());
  EXPECT_EQ(found->artists.at(0).name, "Architects's Top Tracks");
  EXPECT_EQ(found->playlists.at(0).name, "100% Architects");
  ASSERT_EQ(found->texts.size(), 1u);
  EXPECT_EQ(found->texts[0].text, "Architects");
  EXPECT_EQ(found->texts[0].plugin.text, R"({"x":1})");
  EXPECT_EQ(found->plugin.text, R"({"y":2})");
  EXPECT_EQ(found->raw, sample::search_results);
  EXPECT_FALSE(found->empty());
}

TEST_F(LavaSearchTest, WithoutTypesItAsksForAll) {
  peer->route("GET /v4/loadsearch", R"({"tracks":[]})");
  const auto found = load_search("spsearch:x");
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(last_target(), "GET /v4/loadsearch?query=spsearch%3Ax");
  EXPECT_TRUE(found->empty());
}

TEST_F(LavaSearchTest, NoContentIsNothingFound) {
  peer->routes["GET /v4/loadsearch"] = [](const net::HttpRequest&) { return empty_answer(204); };
  const auto found = load_search("spsearch:x", {SearchType::track});
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_TRUE(found->empty());
  EXPECT_TRUE(found->raw.empty());
}

TEST_F(LavaSearchTest, AnErrorIsNotNothingFound) {
  refuse("GET /v4/loadsearch", 500, "spotify is down");
  const auto found = load_search("spsearch:x");
  EXPECT_TRUE(found.error() == Errc::http_status);
  EXPECT_EQ(found.error().message, "spotify is down");
  EXPECT_EQ(found.error().route, "GET /v4/loadsearch");
}

TEST_F(LavaSearchTest, AFaultNamesItsField) {
  peer->route("GET /v4/loadsearch", R"({"albums":[{"info":{"name":1,"selectedTrack":-1},"tracks":[]}]})");
  const auto found = load_search("spsearch:x");
  EXPECT_TRUE(found.error() == Errc::bad_response);
  EXPECT_EQ(found.error().message, "albums[0].info.name must be a string, is a number");
}

TEST_F(LavaSearchTest, WithoutThePluginNothingIsSent) {
  expect_unsupported<SearchResults>([&](auto done) { LavaSearch(*node).load_search("x", {}, std::move(done)); },
                                    "the node has no plugin lavasearch-plugin");
}

TEST_F(LavaSearchTest, AnUnknownTypeIsTheCallersMistake) {
  const auto found = load_search("x", {SearchType::unknown});
  EXPECT_TRUE(found.error() == Errc::invalid_argument);
  EXPECT_EQ(found.error().route, "GET /v4/loadsearch");
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(LavaSearchTest, ItMayOutliveItsNode) {
  LavaSearch search(*node);
  node.reset();
  poll();
  const auto found = await<SearchResults>([&](auto done) { search.load_search("x", {}, std::move(done)); });
  EXPECT_TRUE(found.error() == Errc::closed);
}

TEST_F(LavaSearchTest, ItsDeadlineIsThatOfLoading) {
  peer->routes["GET /v4/loadsearch"] = [](const net::HttpRequest&) { return std::nullopt; };
  LavaSearch search(*node);
  const auto found = begin<SearchResults>([&](auto done) { search.load_search("x", {}, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->last("GET", "/v4/loadsearch") != nullptr; }));
  advance(29s);
  EXPECT_FALSE(found->has_value());
  advance(1s);
  ASSERT_TRUE(run_until([&] { return found->has_value(); }));
  EXPECT_TRUE((*found)->error() == Errc::request_timeout);
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
