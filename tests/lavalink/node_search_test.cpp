// Node::search: what reaches the node, what comes of its answers, and how a search ends early.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::json_answer;
using S = SearchSource;

const char* const kNothing = R"({"loadType":"empty","data":null})";
const char* const kFailed =
    R"({"loadType":"error","data":{"message":"general","severity":"fault","cause":"java.io.IOException: broke",)"
    R"("causeStackTrace":null}})";
std::string found_json() { return std::string(R"({"loadType":"search","data":[)") + kTrackJson + "]}"; }

class NodeSearch : public NodeTest {
 protected:
  using Answer = std::optional<net::HttpResponse>;
  NodeSearch() {
    make();
    peer->routes["GET /v4/loadtracks"] = [this](const net::HttpRequest& request) -> Answer {
      asked.push_back(request.target.substr(std::string("/v4/loadtracks?identifier=").size()));
      if (answers.empty()) return std::nullopt;  // hangs
      auto answer = std::move(answers.front());
      answers.erase(answers.begin());
      return answer;
    };
  }

  Got<SearchAnswer> start(std::string query, std::vector<SearchSource> sources, CallOptions call = {}) {
    return begin<SearchAnswer>([&](auto done) { node->search(query, sources, std::move(done), call); });
  }
  Result<SearchAnswer> search(std::string query, std::vector<SearchSource> sources, CallOptions call = {}) {
    const auto got = start(std::move(query), std::move(sources), call);
    EXPECT_TRUE(run_until([&] { return got->has_value(); }));
    return std::move(**got);
  }

  void node_has(const std::string& source_managers, const std::string& more = "") {
    std::string info = kInfoJson;
    const std::string http = R"(["http"])";
    info.replace(info.find(http), http.size(), source_managers + more);
    peer->route("GET /v4/info", info);
  }

  std::vector<std::string> asked;  ///< identifiers, as they stood in the request
  std::vector<Answer> answers;     ///< to come; none: the node hangs
};

using Asked = std::vector<std::string>;

TEST_F(NodeSearch, AsksOneSourceAfterTheOtherUntilOneHasTracks) {
  answers = {json_answer(kNothing), json_answer(kFailed), json_answer(found_json())};
  const auto found = search("lofi", {S::spotify, S::youtube, S::soundcloud, S::bandcamp}).value();
  EXPECT_EQ(asked, (Asked{"spsearch%3Alofi", "ytsearch%3Alofi", "scsearch%3Alofi"}));
  EXPECT_EQ(found.source, S::soundcloud);
  EXPECT_EQ(found.result.first()->info.title, "c");
  ASSERT_EQ(found.others.size(), 2u);
  EXPECT_EQ(found.others[1].answer->exception()->true_cause(), "IOException: broke");
}

TEST_F(NodeSearch, WhateverIsInTheWordsReachesTheNode) {
  struct Case {
    const char* query;
    const char* on_the_wire;
  };
  for (const auto& each : {
           Case{"a & b#c+d", "ytsearch%3Aa%20%26%20b%23c%2Bd"},
           Case{"100% %20 =?/", "ytsearch%3A100%25%20%2520%20%3D%3F%2F"},
           Case{"\xc3\xbc \xe2\x99\xab \"x\"", "ytsearch%3A%C3%BC%20%E2%99%AB%20%22x%22"},
           Case{"ytsearch:twice", "ytsearch%3Atwice"},
           Case{"https://example.com/ytsearch:x?a=b&c=%20#d+e",
                "https%3A%2F%2Fexample.com%2Fytsearch%3Ax%3Fa%3Db%26c%3D%2520%23d%2Be"},
           Case{"<https://youtu.be/x>", "https%3A%2F%2Fyoutu.be%2Fx"},
       }) {
    asked.clear();
    answers = {json_answer(found_json())};
    ASSERT_TRUE(search(each.query, {S::youtube}).has_value()) << each.query;
    EXPECT_EQ(asked, (Asked{each.on_the_wire})) << each.query;
  }
  answers = {json_answer(found_json())};
  asked.clear();
  ASSERT_TRUE(search("hello world", {S::flowery_tts}).has_value());
  EXPECT_EQ(asked, (Asked{"ftts%3A%2F%2Fhello%2520world"}));
}

TEST_F(NodeSearch, AUrlIsLoadedOnce) {
  answers = {json_answer(kNothing), json_answer(found_json())};
  const auto found = search("https://example.com", {S::youtube, S::soundcloud}).value();
  EXPECT_EQ(asked.size(), 1u);
  EXPECT_EQ(found.result.type(), LoadType::empty);
  EXPECT_FALSE(found.source);
}

// Others tell this as "nothing found".
TEST_F(NodeSearch, AnErrorOfTheRouteIsAnError) {
  answers = {json_answer(R"({"status":500,"error":"Internal Server Error","message":"broke"})", 500),
             json_answer(kNothing)};
  const auto result = search("lofi", {S::youtube, S::soundcloud});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::http_status);
  EXPECT_EQ(result.error().http_status, 500);
  EXPECT_EQ(result.error().message, "YouTube: " + make_error_code(Errc::http_status).message() +
                                        " (status 500): broke; SoundCloud: nothing was found");
  EXPECT_EQ(result.error().route, "GET /v4/loadtracks");
}

// Others read the body of a 404 as if it were an answer.
TEST_F(NodeSearch, TheBodyOfA404IsNoAnswer) {
  answers = {json_answer(found_json(), 404), json_answer(found_json())};
  const auto result = search("lofi", {S::youtube, S::soundcloud});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().http_status, 404);
  EXPECT_EQ(asked.size(), 1u) << "the route is not there, whatever the source";
}

TEST_F(NodeSearch, AnAnswerThatCannotBeReadGoesToTheNextSource) {
  answers = {json_answer("{}"), json_answer(found_json())};
  const auto found = search("lofi", {S::youtube, S::soundcloud}).value();
  EXPECT_EQ(found.source, S::soundcloud);
  EXPECT_TRUE(found.others[0].answer.error() == Errc::bad_response);
}

TEST_F(NodeSearch, ANodeThatIsNotThereIsNotAskedForTheNextSource) {
  peer->stop_listening();
  const auto got = start("lofi", {S::youtube, S::soundcloud});
  ASSERT_TRUE(advance_until([&] { return got->has_value(); }));
  ASSERT_FALSE(**got);
  EXPECT_TRUE((*got)->error() == Errc::connect_failed) << (*got)->error().what();
  EXPECT_EQ((*got)->error().message.find("scsearch"), std::string::npos) << (*got)->error().message;
}

TEST_F(NodeSearch, ASourceThatHangsLeavesTimeToTheNext) {
  const auto got = start("lofi", {S::youtube, S::soundcloud}, {10s});
  ASSERT_TRUE(run_until([&] { return asked.size() == 1; }));
  answers = {json_answer(found_json())};
  advance(4999ms);
  EXPECT_EQ(asked.size(), 1u);
  advance(1ms);
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  const auto& found = (*got)->value();
  EXPECT_EQ(found.source, S::soundcloud);
  EXPECT_TRUE(found.others[0].answer.error() == Errc::request_timeout);
}

TEST_F(NodeSearch, TheDeadlineIsThatOfTheWhole) {
  const auto got = start("lofi", {S::youtube, S::soundcloud, S::deezer});
  for (std::size_t source = 1; source <= 3; ++source) {
    ASSERT_TRUE(run_until([&] { return asked.size() == source; }));
    advance(9999ms);
    EXPECT_FALSE(got->has_value());
    advance(1ms);
  }
  ASSERT_TRUE(got->has_value()) << "load_timeout, 30 s";
  EXPECT_TRUE((*got)->error() == Errc::request_timeout);
  const auto late = Error(Errc::request_timeout, "no answer within 10000 ms").what();
  EXPECT_EQ((*got)->error().message, "YouTube: " + late + "; SoundCloud: " + late + "; Deezer: " + late);
}

TEST_F(NodeSearch, CancellingItEndsItAndAsksNobodyElse) {
  CancelSource stop;
  const auto got = start("lofi", {S::youtube, S::soundcloud}, {10s, stop.token()});
  ASSERT_TRUE(run_until([&] { return asked.size() == 1; }));
  stop.cancel();
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  EXPECT_TRUE((*got)->error() == Errc::cancelled);
  advance(1min);
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(NodeSearch, ItEndsWithTheNode) {
  const auto got = start("lofi", {S::youtube, S::soundcloud});
  ASSERT_TRUE(run_until([&] { return asked.size() == 1; }));
  node.reset();
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  EXPECT_TRUE((*got)->error() == Errc::closed);
  poll();
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(NodeSearch, ASourceThatTheNodeLacksIsNotAsked) {
  node_has(R"(["youtube","http"])");
  answers = {json_answer(found_json())};
  const auto found = search("lofi", {S::spotify, S::youtube, S::deezer}).value();
  EXPECT_EQ(asked, (Asked{"ytsearch%3Alofi"}));
  EXPECT_EQ(found.source, S::youtube);
  ASSERT_EQ(found.others.size(), 1u);
  const auto& spotify = found.others[0];
  EXPECT_EQ(spotify.source, S::spotify);
  EXPECT_EQ(spotify.identifier, "spsearch:lofi");
  EXPECT_TRUE(spotify.answer.error() == Errc::unsupported);
  EXPECT_EQ(spotify.answer.error().message, "the node has no source manager named spotify, but youtube, http");
  EXPECT_EQ(spotify.answer.error().route, "GET /v4/loadtracks");
}

// Others tell this as "nothing found".
TEST_F(NodeSearch, WithoutAnyOfTheSourcesItIsUnsupportedAndNothingIsSent) {
  node_has(R"(["http"])");
  const auto result = search("lofi", {S::spotify, S::youtube_music});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::unsupported);
  EXPECT_EQ(result.error().message,
            "Spotify: the node has no source manager named spotify, but http; "
            "YouTube Music: the node has no source manager named youtube, but http");
  EXPECT_EQ(result.error().route, "GET /v4/loadtracks");
  EXPECT_TRUE(search("spprev:https://open.spotify.com/track/x", {S::youtube}).error() == Errc::unsupported);
  EXPECT_EQ(asked, Asked{});
  EXPECT_EQ(peer->requests.size(), 1u) << "GET /v4/info, once";
}

TEST_F(NodeSearch, WhatIsNotCertainIsAsked) {
  node_has(R"(["http"])");
  answers = {json_answer(kNothing), json_answer(kNothing), json_answer(kNothing)};
  EXPECT_TRUE(search("lofi", {S::mixcloud}).has_value()) << "no certain name";
  EXPECT_TRUE(search("https://open.spotify.com/track/x", {S::spotify}).has_value()) << "a link";
  const auto custom = await<LoadResult>([&](auto done) { node->load_tracks("spsearch:lofi", std::move(done)); });
  EXPECT_TRUE(custom.has_value()) << "what load_tracks is told";
  EXPECT_EQ(asked.size(), 3u);
}

TEST_F(NodeSearch, NodeLinkHasNamesOfItsOwnAndIsAsked) {
  node_has(R"(["http"])", R"(,"isNodelink":true)");
  answers = {json_answer(found_json())};
  EXPECT_TRUE(search("lofi", {S::spotify}).has_value());
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(NodeSearch, ANodeThatDoesNotTellWhatItHasIsAsked) {
  for (const auto& info : {json_answer(R"({"message":"broken"})", 500), json_answer("{}"), json_answer("[]", 404)}) {
    peer->routes["GET /v4/info"] = [info](const net::HttpRequest&) { return info; };
    answers = {json_answer(found_json())};
    const auto found = search("lofi", {S::spotify});
    ASSERT_TRUE(found.has_value()) << found.error().what();
    EXPECT_EQ(found->source, S::spotify);
  }
  node_has("[]");
  answers = {json_answer(found_json())};
  EXPECT_TRUE(search("lofi", {S::spotify}).has_value()) << "no list";
}

TEST_F(NodeSearch, TheNodeIsAskedForItsSourcesWithinTheDeadline) {
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return Answer(); };
  const auto got = start("lofi", {S::youtube}, {2s});
  ASSERT_TRUE(run_until([&] { return peer->last("GET", "/v4/info") != nullptr; }));
  advance(2s);
  ASSERT_TRUE(got->has_value());
  EXPECT_TRUE((*got)->error() == Errc::request_timeout);
  EXPECT_EQ(asked, Asked{});
}

TEST_F(NodeSearch, ManyAtOnceAskForTheSourcesOnce) {
  node_has(R"(["youtube"])");
  answers = {json_answer(found_json()), json_answer(found_json())};
  const auto first = start("lofi", {S::spotify, S::youtube}), second = start("jazz", {S::youtube});
  ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value(); }));
  EXPECT_EQ(asked.size(), 2u);
  EXPECT_EQ(peer->requests.size(), 3u);
}

TEST_F(NodeSearch, ASourceThatNoTimeWasLeftForTellsTheRouteToo) {
  const auto got = start("lofi", {S::youtube, S::soundcloud}, {10s});
  ASSERT_TRUE(run_until([&] { return asked.size() == 1; }));
  advance(10s);
  ASSERT_TRUE(got->has_value());
  EXPECT_NE((*got)->error().message.find("SoundCloud: " + Error(Errc::request_timeout, "no time was left for it").what()),
            std::string::npos);
  EXPECT_EQ((*got)->error().route, "GET /v4/loadtracks");
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(NodeSearch, EveryMistakeTellsTheRoute) {
  for (const auto& result : {search("  ", {S::youtube}), search("lofi", {}), search("lofi", {S::youtube}, {0ms}),
                             search(std::string(9000, 'a'), {S::youtube}), search("https://" + std::string(9000, 'a'), {})}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().route, "GET /v4/loadtracks") << result.error().what();
  }
}

TEST_F(NodeSearch, MistakesAreToldBeforeAnythingIsSent) {
  EXPECT_TRUE(search("  ", {S::youtube}).error() == Errc::invalid_argument);
  EXPECT_TRUE(search("lofi", {}).error() == Errc::invalid_argument);
  EXPECT_TRUE(search("lofi", {S::youtube}, {0ms}).error() == Errc::invalid_argument);
  EXPECT_TRUE(search(std::string(9000, 'a'), {S::youtube, S::soundcloud}).error() == Errc::invalid_argument);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(NodeSearch, TheLongestDeadlineIsOne) {
  answers = {json_answer(found_json())};
  EXPECT_TRUE(search("lofi", {S::youtube}, {std::chrono::milliseconds::max()}).has_value());
}

}  // namespace
}  // namespace lavapp::lavalink
