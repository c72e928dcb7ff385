// Plugins against a sandbox node that says it has them, as the tests of a bot would set it up (docs/plugins.md).
#include "integration/node_and_sandbox.hpp"
#include "lavapp/lavalink/plugins/lava_search.hpp"
#include "lavapp/lavalink/plugins/sponsorblock.hpp"

namespace lavapp {
namespace {

using namespace plugins;

class PluginsAndSandbox : public NodeAndSandbox {
 protected:
  void restart_with(std::vector<Plugin> list) {
    sandbox::NodeOptions options;
    options.plugins = std::move(list);
    server = std::make_unique<sandbox::Node>(runtime, options);
    connected();
  }
};

TEST_F(PluginsAndSandbox, ARouteIsAnsweredToOrder) {
  restart_with({{"lavasearch-plugin", "1.0.0"}});
  server->order(sandbox::Fault::answer(R"({"texts":[{"text":"harbour lights","plugin":{}}]})").on_target("/v4/loadsearch"));
  server->order(sandbox::Fault::refuse(204).on_target("/v4/loadsearch"));
  LavaSearch search(*node);
  const auto load = [&] {
    return await<SearchResults>(
        [&](auto done) { search.load_search("spsearch:harb", {SearchType::text}, std::move(done)); });
  };
  const auto found = load();
  ASSERT_TRUE(found.has_value()) << found.error().what();
  EXPECT_EQ(found->texts.at(0).text, "harbour lights");
  EXPECT_TRUE(load().value().empty());
  EXPECT_EQ(server->requests().back().target, "/v4/loadsearch?query=spsearch%3Aharb&types=text");
}

TEST_F(PluginsAndSandbox, AnEventIsSentToOrder) {
  restart_with({{"sponsorblock-plugin", "3.0.0"}});
  server->order(sandbox::Fault::refuse(200).on_target("/sponsorblock/categories"));
  SponsorBlock sponsorblock(*node);
  std::vector<std::string> skipped;
  sponsorblock.on(SponsorBlock::segment_skipped,
                  [&](const SegmentSkipped& e) { skipped.push_back(e.segment.category.text); });
  const auto set = await<void>(
      [&](auto done) { sponsorblock.set_categories(7, {SegmentCategory::sponsor}, std::move(done)); });
  ASSERT_TRUE(set.has_value()) << set.error().what();
  EXPECT_EQ(server->requests().back().body, R"(["sponsor"])");
  server->send_text(R"({"op":"event","type":"SegmentSkipped","guildId":"7",)"
                    R"("segment":{"category":"sponsor","start":0,"end":3000}})");
  ASSERT_TRUE(run_until([&] { return !skipped.empty(); }));
  EXPECT_EQ(skipped, std::vector<std::string>{"sponsor"});
}

TEST_F(PluginsAndSandbox, ASandboxWithoutPluginsHasNone) {
  connected();
  const auto found = await<SearchResults>([&](auto done) { LavaSearch(*node).load_search("x", {}, std::move(done)); });
  EXPECT_TRUE(found.error() == Errc::unsupported);
}

TEST_F(PluginsAndSandbox, AnyRouteThroughTheRawDoor) {
  connected();
  const auto ask = [&](RawRequest request) {
    return await<JsonText>([&](auto done) { node->request(request, std::move(done)); });
  };
  EXPECT_EQ(ask({"GET", "/version", {}, {}}).value().text, "4.2.2");
  EXPECT_EQ(ask({"GET", "/v4/sessions/{sessionId}/players", {}, {}}).value().text, "[]");
  const auto missing = ask({"GET", "/v4/nowhere", {}, {}});
  EXPECT_EQ(missing.error().http_status, 404);
  EXPECT_EQ(missing.error().route, "GET /v4/nowhere");
}

}  // namespace
}  // namespace lavapp
