// Searches against a sandbox node that says which sources it has (docs/search.md).
#include "integration/node_and_sandbox.hpp"

namespace lavapp {
namespace {

class SearchAndSandbox : public NodeAndSandbox {
 protected:
  void restart_with(std::vector<std::string> source_managers) {
    sandbox::NodeOptions options;
    options.source_managers = std::move(source_managers);
    options.search_prefixes = {"ytsearch:", "spsearch:", "spprev:spsearch:"};
    server = std::make_unique<sandbox::Node>(runtime, options);
    connected();
  }
  Result<SearchAnswer> search(std::string query, std::vector<SearchSource> sources) {
    return await<SearchAnswer>([&](auto done) { node->search(query, sources, std::move(done)); });
  }
  /// The targets of what was asked under `/v4/` by GET, in their order.
  std::vector<std::string> asked() const {
    std::vector<std::string> result;
    for (const auto& each : server->requests()) {
      if (each.method == "GET" && each.target != "/v4/websocket") result.push_back(each.target);
    }
    return result;
  }
  using Asked = std::vector<std::string>;
};

TEST_F(SearchAndSandbox, ASourceThatTheNodeHasIsAsked) {
  restart_with({"spotify", "sandbox"});
  const auto found = search("paper", {SearchSource::spotify, SearchSource::youtube}).value();
  EXPECT_EQ(found.source, SearchSource::spotify);
  EXPECT_NE(found.result.first(), nullptr);
  EXPECT_EQ(asked(), (Asked{"/v4/info", "/v4/loadtracks?identifier=spsearch%3Apaper"}));
}

TEST_F(SearchAndSandbox, ASourceThatItLacksIsPassedOverAndTold) {
  restart_with({"youtube", "sandbox"});
  const auto found = search("paper", {SearchSource::spotify, SearchSource::youtube}).value();
  EXPECT_EQ(found.source, SearchSource::youtube);
  ASSERT_EQ(found.others.size(), 1u);
  EXPECT_TRUE(found.others[0].answer.error() == Errc::unsupported);
  EXPECT_EQ(asked(), (Asked{"/v4/info", "/v4/loadtracks?identifier=ytsearch%3Apaper"}));
}

TEST_F(SearchAndSandbox, WithoutAnyOfThemItIsUnsupportedAndNotNothingFound) {
  connected();
  const auto result = search("paper", {SearchSource::spotify});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::unsupported);
  EXPECT_EQ(result.error().message,
            "Spotify: the node has no source manager named spotify, but sandbox, youtube, soundcloud, local, http");
  EXPECT_EQ(asked(), Asked{"/v4/info"});
}

TEST_F(SearchAndSandbox, ANodeRestartedWithAnotherSourceIsAskedAnew) {
  connected();
  EXPECT_TRUE(search("paper", {SearchSource::spotify}).error() == Errc::unsupported);
  restart_with({"spotify", "sandbox"});
  EXPECT_TRUE(search("paper", {SearchSource::spotify}).has_value());
}

TEST_F(SearchAndSandbox, APreviewIsASearchBehindItsPrefix) {
  restart_with({"spotify", "sandbox"});
  const auto found = search("paper", {SearchSource::spotify_preview}).value();
  EXPECT_NE(found.result.first(), nullptr);
  EXPECT_EQ(asked().back(), "/v4/loadtracks?identifier=spprev%3Aspsearch%3Apaper");
}

}  // namespace
}  // namespace lavapp
