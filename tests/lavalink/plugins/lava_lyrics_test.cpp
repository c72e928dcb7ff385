// LavaLyrics, as its README and its protocol have it. https://github.com/topi314/LavaLyrics
#include "lavapp/lavalink/plugins/lava_lyrics.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "lavalink/plugins/plugin_fixture.hpp"
#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

const char* const kCurrent = "/v4/sessions/s1/players/7/track/lyrics";
const char* const kSubscription = "/v4/sessions/s1/players/7/lyrics/subscribe";

class LavaLyricsTest : public PluginTest {
 protected:
  void SetUp() override {
    connected();
    has_plugin(LavaLyrics::plugin);
    lyrics.emplace(*node);
    peer->requests.clear();
  }
  Result<Optional<Lyrics>> fetch(std::string encoded, LyricsFrom from = LyricsFrom::track_source) {
    return await<Optional<Lyrics>>([&](auto done) { lyrics->fetch(encoded, from, std::move(done)); });
  }
  Result<Optional<Lyrics>> fetch_current() {
    return await<Optional<Lyrics>>(
        [&](auto done) { lyrics->fetch_current(7, LyricsFrom::track_source, std::move(done)); });
  }
  Result<void> subscribe(LyricsFrom from = LyricsFrom::track_source) {
    return await<void>([&](auto done) { lyrics->subscribe(7, from, std::move(done)); });
  }
  Result<void> unsubscribe() {
    return await<void>([&](auto done) { lyrics->unsubscribe(7, std::move(done)); });
  }
  void no_content(std::string route) {
    peer->routes[std::move(route)] = [](const net::HttpRequest&) { return empty_answer(204); };
  }
  void event(const std::string& type, const std::string& fields) {
    peer->send_text(R"({"guildId":"7",)" + fields + R"("op":"event","type":")" + type + "\"}");
  }

  std::optional<LavaLyrics> lyrics;
};

TEST_F(LavaLyricsTest, ATracksLyricsAreFetched) {
  peer->route("GET /v4/lyrics", sample::lyrics);
  const auto found = fetch("QA+/=");
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(last_target(), "GET /v4/lyrics?track=QA%2B%2F%3D&skipTrackSource=false");
  ASSERT_TRUE(found->has_value());
  const Lyrics& all = **found;
  EXPECT_EQ(all.source_name, "spotify");
  EXPECT_EQ(*all.provider, "MusixMatch");
  EXPECT_FALSE(all.text);
  ASSERT_EQ(all.lines.size(), 2u);
  EXPECT_EQ(all.lines[0].timestamp, 16'770ms);
  EXPECT_FALSE(all.lines[0].duration.has_value());
  EXPECT_EQ(all.lines[0].line, "Took a walk to the water at night");
  EXPECT_EQ(*all.lines[1].duration, 1'500ms);
  EXPECT_EQ(all.lines[1].plugin.text, R"({"x":1})");
  EXPECT_EQ(all.raw, sample::lyrics);
}

TEST_F(LavaLyricsTest, SourcesMayHaveTheTextAlone) {
  // protocol/.../Lyrics.kt: provider, text and lines may be null.
  peer->route("GET /v4/lyrics", R"({"sourceName":"x","provider":null,"text":"la la","lines":null,"plugin":{}})");
  const auto found = fetch("QAAA", LyricsFrom::others);
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(last_target(), "GET /v4/lyrics?track=QAAA&skipTrackSource=true");
  EXPECT_EQ(*(**found).text, "la la");
  EXPECT_FALSE((**found).provider);
  EXPECT_TRUE((**found).lines.empty());
}

TEST_F(LavaLyricsTest, NoContentIsNone) {
  no_content("GET /v4/lyrics");
  no_content(std::string("GET ") + kCurrent);
  EXPECT_FALSE(fetch("QAAA").value().has_value());
  EXPECT_FALSE(fetch_current().value().has_value());
}

TEST_F(LavaLyricsTest, LyricsOfWhatPlays) {
  peer->route(std::string("GET ") + kCurrent, sample::lyrics);
  EXPECT_EQ(fetch_current().value()->lines.size(), 2u);
  EXPECT_EQ(last_target(), std::string("GET ") + kCurrent + "?skipTrackSource=false");
  refuse(std::string("GET ") + kCurrent, 404, "No track playing");
  const auto nothing = fetch_current();
  EXPECT_EQ(nothing.error().http_status, 404);
  EXPECT_EQ(nothing.error().message, "No track playing");
}

TEST_F(LavaLyricsTest, SubscribesAndUnsubscribes) {
  no_content(std::string("POST ") + kSubscription);
  no_content(std::string("DELETE ") + kSubscription);
  ASSERT_TRUE(subscribe(LyricsFrom::others).has_value());
  EXPECT_EQ(last_target(), std::string("POST ") + kSubscription + "?skipTrackSource=true");
  ASSERT_TRUE(unsubscribe().has_value());
  EXPECT_EQ(last_target(), std::string("DELETE ") + kSubscription);
}

TEST_F(LavaLyricsTest, ASubscriptionThatLoadsHoldsUpItsEndButNotThePlayer) {
  peer->routes[std::string("POST ") + kSubscription] = [](const net::HttpRequest&) { return std::nullopt; };
  no_content(std::string("DELETE ") + kSubscription);
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  const auto first =
      begin<void>([&](auto done) { lyrics->subscribe(7, LyricsFrom::track_source, std::move(done)); });
  const auto second = begin<void>([&](auto done) { lyrics->unsubscribe(7, std::move(done)); });
  ASSERT_TRUE(await<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return peer->last("POST", kSubscription) != nullptr; }));
  EXPECT_EQ(peer->last("DELETE", kSubscription), nullptr);
  peer->answer_late("POST", kSubscription, empty_answer(204));
  ASSERT_TRUE(run_until([&] { return second->has_value(); }));
  EXPECT_TRUE((*first)->has_value());
}

TEST_F(LavaLyricsTest, WithoutThePluginNothingIsSent) {
  expect_unsupported<void>([&](auto done) { lyrics->subscribe(7, LyricsFrom::track_source, std::move(done)); },
                           "the node has no plugin lavalyrics-plugin");
  peer->requests.clear();
  EXPECT_TRUE(fetch("QAAA").error() == Errc::unsupported);
  EXPECT_TRUE(fetch_current().error() == Errc::unsupported);
  EXPECT_TRUE(unsubscribe().error() == Errc::unsupported);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(LavaLyricsTest, NodeLinkHasSubscriptionsButOtherLyrics) {
  is_node_link();
  no_content(std::string("POST ") + kSubscription);
  EXPECT_TRUE(subscribe().has_value());
  EXPECT_TRUE(fetch("QAAA").error() == Errc::unsupported);
}

TEST_F(LavaLyricsTest, ATrackTooLongForAHeadIsNotSent) {
  const auto found = fetch(std::string(9'000, 'A'));
  EXPECT_TRUE(found.error() == Errc::invalid_argument);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(LavaLyricsTest, EventsAreTyped) {
  std::vector<std::string> heard;
  lyrics->on(LavaLyrics::lyrics_found, [&](const LyricsFound& e) {
    EXPECT_EQ(e.guild_id, Snowflake(7));
    EXPECT_FALSE(e.raw().empty());
    heard.push_back("found " + std::to_string(e.lyrics.lines.size()));
  });
  lyrics->on(LavaLyrics::lyrics_not_found, [&](const LyricsNotFound& e) {
    heard.push_back("not found for " + e.guild_id.to_string());
  });
  lyrics->on(LavaLyrics::lyrics_line, [&](const LyricsLine& e) {
    heard.push_back(std::to_string(e.line_index) + (e.skipped ? " skipped: " : ": ") + e.line.line);
  });
  event("LyricsFoundEvent", R"("lyrics":)" + sample::lyrics + ",");
  event("LyricsLineEvent",
        R"("lineIndex":1,"line":{"timestamp":5,"duration":null,"line":"la","plugin":{}},"skipped":false,)");
  event("LyricsLineEvent",
        R"("lineIndex":2,"line":{"timestamp":6,"duration":null,"line":"lu","plugin":{}},"skipped":true,)");
  event("LyricsNotFoundEvent", "");
  ASSERT_TRUE(run_until([&] { return heard.size() == 4; }));
  EXPECT_EQ(heard, (std::vector<std::string>{"found 2", "1: la", "2 skipped: lu", "not found for 7"}));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(LavaLyricsTest, NodeLinksLinesMayHaveNoTime) {
  // NodeLink 3 makes lines of lyrics that are not synced as well: their time is null. It adds words to each.
  std::vector<Lyrics::Line> lines;
  lyrics->on(LavaLyrics::lyrics_found, [&](const LyricsFound& e) { lines = e.lyrics.lines; });
  event("LyricsFoundEvent",
        R"("lyrics":{"sourceName":"youtube","provider":"genius","text":"la","lines":[)"
        R"({"timestamp":null,"duration":0,"line":"la","words":[],"plugin":{}}],"plugin":{}},)");
  ASSERT_TRUE(run_until([&] { return !lines.empty(); }));
  EXPECT_EQ(lines[0].timestamp, -1ms);
  EXPECT_EQ(lines[0].line, "la");
}

TEST_F(LavaLyricsTest, ItsListenersEndWithIt) {
  EXPECT_EQ(node->listener_count(Node::unknown), 1u);
  *lyrics = LavaLyrics(*node);
  EXPECT_EQ(node->listener_count(Node::unknown), 1u);
  lyrics.reset();
  EXPECT_EQ(node->listener_count(Node::unknown), 0u);
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
