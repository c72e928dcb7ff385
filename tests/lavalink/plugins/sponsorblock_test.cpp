// SponsorBlock, as its README and its protocol have it. https://github.com/topi314/Sponsorblock-Plugin
#include "lavapp/lavalink/plugins/sponsorblock.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "lavalink/plugins/plugin_fixture.hpp"
#include "lavalink/plugins/samples.hpp"

namespace lavapp::lavalink::plugins {
namespace {

using Categories = std::vector<Named<SegmentCategory>>;

const char* const kRoute = "/v4/sessions/s1/players/7/sponsorblock/categories";

class SponsorBlockTest : public PluginTest {
 protected:
  void SetUp() override {
    connected();
    has_plugin(SponsorBlock::plugin);
    sponsorblock.emplace(*node);
    peer->requests.clear();
  }
  Result<void> set(std::vector<SegmentCategory> categories) {
    return await<void>([&](auto done) { sponsorblock->set_categories(7, categories, std::move(done)); });
  }
  Result<Categories> fetch() {
    return await<Categories>([&](auto done) { sponsorblock->fetch_categories(7, std::move(done)); });
  }
  /// As Lavalink's ISocketContext sends a plugin's event.
  void event(const std::string& type, const std::string& fields) {
    peer->send_text(R"({"op":"event","type":")" + type + R"(","guildId":"7",)" + fields + "}");
  }
  std::string route(const char* method) const { return std::string(method) + " " + kRoute; }

  std::optional<SponsorBlock> sponsorblock;
};

TEST_F(SponsorBlockTest, CategoriesAreSetAsTheWireSpellsThem) {
  peer->routes[route("PUT")] = [](const net::HttpRequest&) { return empty_answer(200); };
  ASSERT_TRUE(set({SegmentCategory::sponsor, SegmentCategory::self_promo, SegmentCategory::interaction,
                   SegmentCategory::intro, SegmentCategory::outro, SegmentCategory::preview,
                   SegmentCategory::music_offtopic, SegmentCategory::filler})
                  .has_value());
  EXPECT_EQ(last_target(), route("PUT"));
  EXPECT_EQ(last_body(),
            R"(["sponsor","selfpromo","interaction","intro","outro","preview","music_offtopic","filler"])");
  ASSERT_TRUE(set({}).has_value());
  EXPECT_EQ(last_body(), "[]");
}

TEST_F(SponsorBlockTest, AnUnknownCategoryIsTheCallersMistake) {
  const auto refused = set({SegmentCategory::unknown});
  EXPECT_TRUE(refused.error() == Errc::invalid_argument);
  EXPECT_EQ(refused.error().route, "PUT /v4/sessions/{sessionId}/players/7/sponsorblock/categories");
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(SponsorBlockTest, CategoriesAreFetchedAndUnknownOnesKept) {
  peer->route(route("GET"), sample::categories);
  const auto categories = fetch();
  ASSERT_TRUE(categories.has_value()) << categories.error().what();
  ASSERT_EQ(categories->size(), 3u);
  EXPECT_EQ((*categories)[0], SegmentCategory::sponsor);
  EXPECT_EQ((*categories)[1], SegmentCategory::self_promo);
  EXPECT_EQ((*categories)[2], SegmentCategory::unknown);
  EXPECT_EQ((*categories)[2].text, "hook");
}

TEST_F(SponsorBlockTest, NoneSetIsTheServersAnswer) {
  refuse(route("GET"), 404, "Guild not found");
  const auto categories = fetch();
  EXPECT_EQ(categories.error().http_status, 404);
  EXPECT_EQ(categories.error().message, "Guild not found");
}

TEST_F(SponsorBlockTest, CategoriesAreCleared) {
  peer->routes[route("DELETE")] = [](const net::HttpRequest&) { return empty_answer(200); };
  ASSERT_TRUE(await<void>([&](auto done) { sponsorblock->clear_categories(7, std::move(done)); }).has_value());
  EXPECT_EQ(last_target(), route("DELETE"));
}

TEST_F(SponsorBlockTest, CategoriesReachTheNodeBeforeWhatIsPlayedAfterThem) {
  peer->routes[route("PUT")] = [](const net::HttpRequest&) { return std::nullopt; };
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  const auto categories = begin<void>([&](auto done) { sponsorblock->set_categories(7, {}, std::move(done)); });
  const auto played = begin<PlayerState>([&](auto done) { node->player(7).pause(false, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->last("PUT", kRoute) != nullptr; }));
  poll();
  EXPECT_EQ(peer->last("PATCH", "/v4/sessions/s1/players/7"), nullptr);
  peer->answer_late("PUT", kRoute, empty_answer(200));
  ASSERT_TRUE(run_until([&] { return played->has_value(); }));
  EXPECT_TRUE((*categories)->has_value());
}

TEST_F(SponsorBlockTest, WithoutThePluginNothingIsSent) {
  const std::string message = "the node has no plugin sponsorblock-plugin";
  expect_unsupported<void>([&](auto done) { sponsorblock->set_categories(7, {}, std::move(done)); }, message);
}

TEST_F(SponsorBlockTest, WithoutASessionNothingIsSent) {
  peer->drop();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  peer->requests.clear();
  EXPECT_TRUE(fetch().error() == Errc::no_session);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(SponsorBlockTest, EventsAreTyped) {
  std::vector<std::string> heard;
  sponsorblock->on(SponsorBlock::segments_loaded, [&](const SegmentsLoaded& e) {
    EXPECT_EQ(e.guild_id, Snowflake(7));
    EXPECT_FALSE(e.raw().empty());
    heard.push_back(std::to_string(e.segments.size()) + " segments, the last " + e.segments.back().category.text + " to " +
                    std::to_string(e.segments.back().end.count()));
  });
  sponsorblock->on(SponsorBlock::segment_skipped, [&](const SegmentSkipped& e) {
    EXPECT_EQ(e.segment.category, SegmentCategory::sponsor);
    heard.push_back("skipped " + std::to_string(e.segment.start.count()));
  });
  sponsorblock->on(SponsorBlock::chapters_loaded,
                   [&](const ChaptersLoaded& e) { heard.push_back(std::to_string(e.chapters.size()) + " chapters"); });
  sponsorblock->on(SponsorBlock::chapter_started, [&](const ChapterStarted& e) {
    EXPECT_EQ(e.chapter.start, 1s);
    EXPECT_EQ(e.chapter.end, 4s);
    heard.push_back(e.chapter.name + " lasts " + std::to_string(e.chapter.duration.count()));
  });
  event("SegmentsLoaded", R"("segments":[{"category":"sponsor","start":0,"end":3000},{"category":"hook","start":5,"end":6}])");
  event("SegmentSkipped", R"("segment":)" + sample::segment);
  event("ChaptersLoaded", R"("chapters":[{"name":"a","start":0,"end":1,"duration":1},{"name":"b","start":1,"end":2,"duration":1}])");
  event("ChapterStarted", R"("chapter":)" + sample::chapter);
  event("ChapterStarted", R"("chapter":)" + sample::chapter_of_readme);
  ASSERT_TRUE(run_until([&] { return heard.size() == 5; }));
  EXPECT_EQ(heard, (std::vector<std::string>{"2 segments, the last hook to 6", "skipped 0", "2 chapters",
                                             "Prelude lasts 3000", "As the README has it lasts 3000"}));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(SponsorBlockTest, ItsEventsAreAmongTheNodesUnknownOnes) {
  std::vector<std::string> unknown, typed;
  node->on(Node::unknown, [&](const UnknownMessage& message) { unknown.push_back(message.type); });
  sponsorblock->on(SponsorBlock::segment_skipped, [&] { typed.push_back("skipped"); });
  event("SegmentSkipped", R"("segment":)" + sample::segment);
  event("SomethingElse", R"("x":1)");
  ASSERT_TRUE(run_until([&] { return unknown.size() == 2; }));
  EXPECT_EQ(unknown, (std::vector<std::string>{"SegmentSkipped", "SomethingElse"}));
  EXPECT_EQ(typed.size(), 1u);
}

TEST_F(SponsorBlockTest, AnEventThatCannotBeReadIsTheNodesWarning) {
  int skipped = 0;
  sponsorblock->on(SponsorBlock::segment_skipped, [&] { ++skipped; });
  event("SegmentSkipped", R"("segment":{"category":"sponsor","start":0})");
  event("SegmentSkipped", R"("segment":)" + sample::segment);
  ASSERT_TRUE(run_until([&] { return skipped == 1 && !warnings.empty(); }));
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0] == Errc::bad_response);
  EXPECT_EQ(warnings[0].message, "event SegmentSkipped: segment.end is missing");
  EXPECT_EQ(node->state(), NodeState::ready);
}

class SponsorBlockSlowListeners : public SponsorBlockTest, public testing::WithParamInterface<GuildLanes> {
 protected:
  void SetUp() override {
    auto with = options();
    with.guild_lanes = GetParam();
    connected(with);
    sponsorblock.emplace(*node);
  }
  /// Sends an event, and waits until all that it led to has been done.
  void hear_chapters() {
    bool last = false;
    const auto id = node->on(Node::player_update, [&] { last = true; });
    event("ChaptersLoaded", R"("chapters":[])");
    peer->send_text(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":0,"connected":true,"ping":1}})");
    ASSERT_TRUE(run_until([&] { return last; }));
    poll();
    node->off(Node::player_update, id);
  }
  std::vector<std::string> warned() const {
    std::vector<std::string> result;
    for (const auto& each : warnings) result.push_back(each.message);
    return result;
  }
};

TEST_P(SponsorBlockSlowListeners, AreNamedByItsEventAndNotByTheNodes) {
  sponsorblock->on(SponsorBlock::chapters_loaded, [&] { clock->advance(1500ms); });
  hear_chapters();
  EXPECT_EQ(warned(), std::vector<std::string>{
                          "the listeners of SponsorBlock::chapters_loaded of guild 7 blocked for 1500 ms"});
}

TEST_P(SponsorBlockSlowListeners, OfTheNodesEventAreNamedByThat) {
  sponsorblock->on(SponsorBlock::chapters_loaded, [&] { clock->advance(300ms); });
  node->on(Node::unknown, [&] { clock->advance(1500ms); });
  hear_chapters();
  EXPECT_EQ(warned(), std::vector<std::string>{"the listeners of Node::unknown of guild 7 blocked for 1500 ms"});
}

INSTANTIATE_TEST_SUITE_P(OnTheStrandAndInALane, SponsorBlockSlowListeners,
                         testing::Values(GuildLanes::off, GuildLanes::on),
                         [](const auto& value) { return value.param == GuildLanes::on ? "Lane" : "Strand"; });

TEST_F(SponsorBlockTest, NobodysEventIsNotRead) {
  event("SegmentSkipped", R"("segment":5)");
  event("SegmentsLoaded", R"("segments":[])");
  bool heard = false;
  node->on(Node::player_update, [&] { heard = true; });
  peer->send_text(R"({"op":"playerUpdate","guildId":"7","state":{"time":1,"position":0,"connected":true,"ping":1}})");
  ASSERT_TRUE(run_until([&] { return heard; }));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(SponsorBlockTest, AfterItsEndNobodyIsTold) {
  int heard = 0;
  sponsorblock->on(SponsorBlock::segments_loaded, [&] { ++heard; });
  SponsorBlock moved = std::move(*sponsorblock);
  sponsorblock.reset();
  event("SegmentsLoaded", R"("segments":[])");
  ASSERT_TRUE(run_until([&] { return heard == 1; })) << "what was moved listens on";
  moved = SponsorBlock(*node);
  EXPECT_EQ(node->listener_count(Node::unknown), 1u);
  { const SponsorBlock gone = std::move(moved); }
  EXPECT_EQ(node->listener_count(Node::unknown), 0u);
  bool seen = false;
  node->on(Node::unknown, [&] { seen = true; });
  event("SegmentsLoaded", R"("segments":[])");
  ASSERT_TRUE(run_until([&] { return seen; }));
  EXPECT_EQ(heard, 1);
}

TEST_F(SponsorBlockTest, AListenerMayDestroyIt) {
  sponsorblock->on(SponsorBlock::segments_loaded, [&] { sponsorblock.reset(); });
  event("SegmentsLoaded", R"("segments":[])");
  ASSERT_TRUE(run_until([&] { return !sponsorblock; }));
}

TEST_F(SponsorBlockTest, ItMayOutliveItsNode) {
  node.reset();
  poll();
  EXPECT_TRUE(fetch().error() == Errc::closed);
}

}  // namespace
}  // namespace lavapp::lavalink::plugins
