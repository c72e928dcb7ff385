#include "lavalink/rest_routes.hpp"

#include <gtest/gtest.h>

namespace lavapp::lavalink {
namespace {

NodeOptions options() {
  NodeOptions result;
  result.user_id = 1;
  result.password = "secret";
  return result;
}

std::string line(const RestRequest& request) { return request.http.method + " " + request.http.target; }
std::string line(const Result<RestRequest>& request) { return line(request.value()); }

net::HttpResponse answer(int status, std::string body, Headers headers = {{"Content-Type", "application/json"}}) {
  net::HttpResponse result;
  result.status = status;
  result.body = std::move(body);
  result.headers = std::move(headers);
  return result;
}

TEST(RestRoutes, EachRouteHasItsMethodAndPath) {
  const RestRoutes routes(options());
  PlayerUpdateRequest update;
  update.paused = true;
  EXPECT_EQ(line(routes.version()), "GET /version");
  EXPECT_EQ(line(routes.info()), "GET /v4/info");
  EXPECT_EQ(line(routes.stats()), "GET /v4/stats");
  EXPECT_EQ(line(routes.load_tracks("a")), "GET /v4/loadtracks?identifier=a");
  EXPECT_EQ(line(routes.decode_track("a")), "GET /v4/decodetrack?encodedTrack=a");
  EXPECT_EQ(line(routes.decode_tracks({"a"})), "POST /v4/decodetracks");
  EXPECT_EQ(line(routes.update_session("s", {})), "PATCH /v4/sessions/s");
  EXPECT_EQ(line(routes.players("s")), "GET /v4/sessions/s/players");
  EXPECT_EQ(line(routes.player("s", 7)), "GET /v4/sessions/s/players/7");
  EXPECT_EQ(line(routes.update_player("s", 7, update, Replace::yes)), "PATCH /v4/sessions/s/players/7");
  EXPECT_EQ(line(routes.update_player("s", 7, update, Replace::no)), "PATCH /v4/sessions/s/players/7?noReplace=true");
  EXPECT_EQ(line(routes.destroy_player("s", 7)), "DELETE /v4/sessions/s/players/7");
  EXPECT_EQ(line(routes.routeplanner_status()), "GET /v4/routeplanner/status");
  EXPECT_EQ(line(routes.free_routeplanner_address("1.2.3.4")), "POST /v4/routeplanner/free/address");
  EXPECT_EQ(line(routes.free_all_routeplanner_addresses()), "POST /v4/routeplanner/free/all");
}

TEST(RestRoutes, IdentifiersArePercentEncoded) {
  const RestRoutes routes(options());
  EXPECT_EQ(line(routes.load_tracks("ytsearch:a b&c=d+e#\xc3\xbc")),
            "GET /v4/loadtracks?identifier=ytsearch%3Aa%20b%26c%3Dd%2Be%23%C3%BC");
  EXPECT_EQ(line(routes.decode_track("QA+/=")), "GET /v4/decodetrack?encodedTrack=QA%2B%2F%3D");
  EXPECT_EQ(line(routes.players("a/b?c")), "GET /v4/sessions/a%2Fb%3Fc/players");
}

TEST(RestRoutes, TheRouteInErrorsHasNoQuery) {
  const RestRoutes routes(options());
  EXPECT_EQ(routes.load_tracks("a").value().route, "GET /v4/loadtracks");
}

TEST(RestRoutes, RequestsHavePasswordAndTheCallersHeaders) {
  auto with = options();
  with.headers = {{"X-Shard", "7"}};
  const auto request = RestRoutes(with).info();
  EXPECT_EQ(*find_header(request.http.headers, "authorization"), "secret");
  EXPECT_EQ(*find_header(request.http.headers, "x-shard"), "7");
  EXPECT_EQ(find_header(request.http.headers, "content-type"), nullptr);
}

TEST(RestRoutes, BodiesAreJson) {
  const RestRoutes routes(options());
  SessionUpdate update;
  update.resuming = true;
  update.timeout = std::chrono::seconds(60);
  const auto request = routes.update_session("s", update).value();
  EXPECT_EQ(*find_header(request.http.headers, "content-type"), "application/json");
  EXPECT_EQ(request.http.body, R"({"resuming":true,"timeout":60})");
}

TEST(RestRoutes, ThePrefixStandsBeforeEveryRoute) {
  auto with = options();
  with.path_prefix = "/lavalink";
  const RestRoutes routes(with);
  EXPECT_EQ(line(routes.version()), "GET /lavalink/version");
  EXPECT_EQ(routes.info().route, "GET /lavalink/v4/info");
}

TEST(RestRoutes, TraceIsAskedForWhenWanted) {
  auto with = options();
  with.trace = true;
  const RestRoutes routes(with);
  EXPECT_EQ(line(routes.info()), "GET /v4/info?trace=true");
  EXPECT_EQ(line(routes.load_tracks("a")), "GET /v4/loadtracks?identifier=a&trace=true");
}

TEST(RestRoutes, AnIdentifierTooLongForAHeadIsRefused) {
  const RestRoutes routes(options());
  EXPECT_TRUE(routes.load_tracks(std::string(7'000, 'a')).has_value());
  const auto refused = routes.load_tracks(std::string(8'192, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error() == Errc::invalid_argument);
  EXPECT_EQ(refused.error().message.rfind("identifier", 0), 0u);
  EXPECT_EQ(refused.error().route, "GET /v4/loadtracks");
  EXPECT_FALSE(routes.load_tracks(std::string(2'800, ' ')).has_value()) << "percent-encoding triples it";
}

TEST(RestRoutes, ALongTrackDoesNotFitAHead) {
  const RestRoutes routes(options());
  EXPECT_TRUE(routes.fits_a_head(std::string(7'000, 'a')));
  EXPECT_FALSE(routes.fits_a_head(std::string(8'192, 'a')));
}

TEST(RestRoutes, WhatCannotBeEncodedIsRefusedBeforeItIsSent) {
  const RestRoutes routes(options());
  PlayerUpdateRequest update;
  update.volume = 1001;
  const auto refused = routes.update_player("s", 7, update, Replace::yes);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error() == Errc::invalid_argument);
  EXPECT_NE(refused.error().message.find("volume"), std::string::npos);
}

TEST(RestRoutes, WhatIsRefusedTellsItsRoute) {
  auto with = options();
  with.path_prefix = "/lavalink";
  const RestRoutes routes(with);
  const auto refused = [](const Result<RestRequest>& request) {
    return request ? "not refused" : request.error().route;
  };
  PlayerUpdateRequest update;
  update.volume = 1001;
  SessionUpdate session;
  session.timeout = std::chrono::seconds(-1);
  EXPECT_EQ(refused(routes.load_tracks(std::string(9'000, 'a'))), "GET /lavalink/v4/loadtracks");
  EXPECT_EQ(refused(routes.update_player("s", 7, update, Replace::no)), "PATCH /lavalink/v4/sessions/s/players/7");
  EXPECT_EQ(refused(routes.update_session("s", session)), "PATCH /lavalink/v4/sessions/s");
  EXPECT_EQ(refused(routes.decode_tracks({"\xff"})), "POST /lavalink/v4/decodetracks");
  EXPECT_EQ(refused(routes.free_routeplanner_address("\xff")), "POST /lavalink/v4/routeplanner/free/address");
  RawRequest raw;
  raw.path = "/v4/sessions/{sessionId}/x?token=secret";
  EXPECT_EQ(refused(routes.raw(raw, "s")), "GET /lavalink/v4/sessions/{sessionId}/x");
  raw.path = "/v4/a\nb";
  EXPECT_EQ(refused(routes.raw(raw, "s")), "GET /lavalink/v4/a");
  raw.path = "/v4/x";
  raw.query = {{"q", std::string(9'000, 'a')}};
  EXPECT_EQ(refused(routes.raw(raw, "s")), "GET /lavalink/v4/x");
}

TEST(RestRoutes, PatternsAreThoseOfTheDocs) {
  const RestRoutes routes(options());
  EXPECT_EQ(routes.info().pattern, "GET /v4/info");
  EXPECT_EQ(routes.load_tracks("a")->pattern, "GET /v4/loadtracks");
  EXPECT_EQ(routes.update_session("s", {})->pattern, "PATCH /v4/sessions/{sessionId}");
  EXPECT_EQ(routes.players("{guildId}").pattern, "GET /v4/sessions/{sessionId}/players");
  EXPECT_EQ(routes.destroy_player("s", 7).pattern, "DELETE /v4/sessions/{sessionId}/players/{guildId}");
  EXPECT_EQ(routes.destroy_player("{guildId}", 7).route, "DELETE /v4/sessions/%7BguildId%7D/players/7");
}

TEST(RestAnswer, AGoodOneIsItsBody) {
  EXPECT_EQ(read_answer({{}, "GET /v4/info"}, answer(200, "{}"), RestBody::json).value(), "{}");
  EXPECT_EQ(
      read_answer({{}, "GET /version"}, answer(200, "4.2.2", {{"Content-Type", "text/plain"}}), RestBody::text).value(),
      "4.2.2");
  EXPECT_EQ(read_answer({{}, "DELETE /"}, answer(204, "", {}), RestBody::none).value(), "");
}

TEST(RestAnswer, AnErrorTellsStatusMessageRouteAndTrace) {
  const auto result = read_answer(
      {{}, "GET /v4/x"},
      answer(
          404,
          R"({"timestamp":1,"status":404,"error":"Not Found","trace":"at x","message":"Session not found","path":"/v4/x"})"),
      RestBody::json);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::http_status);
  EXPECT_EQ(result.error().http_status, 404);
  EXPECT_EQ(result.error().message, "Session not found");
  EXPECT_EQ(result.error().route, "GET /v4/x");
  EXPECT_EQ(result.error().trace, "at x");
}

TEST(RestAnswer, AnErrorMayHaveNoBody) {
  const auto result = read_answer({{}, "GET /v4/x"}, answer(403, "", {}), RestBody::json);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().http_status, 403);
}

TEST(RestAnswer, RetryAfterIsHandedOn) {
  const auto result = read_answer({{}, "GET /v4/x"}, answer(429, "", {{"retry-after", "7"}}), RestBody::json);
  EXPECT_EQ(result.error().retry_after, std::chrono::seconds(7));
  const auto date = read_answer({{}, "GET /v4/x"}, answer(429, "", {{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}}),
                                RestBody::json);
  EXPECT_EQ(date.error().retry_after, std::chrono::seconds(0));
}

TEST(RestAnswer, AWebPageIsNoLavalinkNode) {
  const auto page = answer(200, "<html></html>", {{"Content-Type", "text/html"}});
  for (const auto expected : {RestBody::json, RestBody::text}) {
    const auto result = read_answer({{}, "GET /v4/info"}, page, expected);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error() == Errc::not_a_lavalink_node);
    EXPECT_EQ(result.error().route, "GET /v4/info");
  }
}

}  // namespace
}  // namespace lavapp::lavalink
