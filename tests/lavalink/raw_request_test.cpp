#include "lavalink/raw_request.hpp"

#include <gtest/gtest.h>

#include "lavalink/rest_routes.hpp"

namespace lavapp::lavalink {
namespace {

std::string mistake(const RawRequest& request) {
  const auto valid = validate(request);
  if (valid) return "";
  EXPECT_TRUE(valid.error() == Errc::invalid_argument);
  return valid.error().message;
}
std::string mistake_in_path(std::string path) { return mistake({"GET", std::move(path), {}, {}}); }

RestRoutes routes(std::string prefix = "") {
  NodeOptions options;
  options.user_id = 1;
  options.password = "secret";
  options.path_prefix = std::move(prefix);
  return RestRoutes(options);
}

TEST(RawRequest, BecomesARequestWithTheNodesCredentials) {
  const auto request =
      routes("/lavalink").raw({"PUT", "/v4/x", {{"a b", "c&d"}, {"e", ""}}, JsonText(R"(["f"])")}, "s").value();
  EXPECT_EQ(request.http.method, "PUT");
  EXPECT_EQ(request.http.target, "/lavalink/v4/x?a%20b=c%26d&e=");
  EXPECT_EQ(request.http.body, R"(["f"])");
  EXPECT_EQ(request.route, "PUT /lavalink/v4/x") << "without the query";
  EXPECT_EQ(*find_header(request.http.headers, "Authorization"), "secret");
  EXPECT_EQ(*find_header(request.http.headers, "Content-Type"), "application/json");
}

TEST(RawRequest, WithoutABodyItSaysNothingOfOne) {
  const auto request = routes().raw({"DELETE", "/v4/x", {}, {}}, "s").value();
  EXPECT_EQ(request.http.target, "/v4/x");
  EXPECT_EQ(find_header(request.http.headers, "Content-Type"), nullptr);
}

TEST(RawRequest, TheSessionStandsWhereTheDocsWriteIt) {
  const RawRequest request{"GET", "/v4/sessions/{sessionId}/players/7/x", {}, {}};
  EXPECT_TRUE(needs_session(request));
  EXPECT_EQ(path_of(request, "a/b"), "/v4/sessions/a%2Fb/players/7/x");
  EXPECT_FALSE(needs_session({"GET", "/v4/sessions/s/players/7/x", {}, {}}));
  EXPECT_EQ(path_of({"GET", "/{sessionId}/{sessionId}", {}, {}}, "{sessionId}"), "/%7BsessionId%7D/%7BsessionId%7D");
}

TEST(RawRequest, APathIsAPath) {
  for (const char* good : {"/", "/v4/loadsearch", "/v4/sessions/{sessionId}/players/7", "/a%20b/%C3%BC", "/a:b@c;d,e",
                           "/...", "/.a/b."}) {
    EXPECT_EQ(mistake_in_path(good), "") << good;
  }
  EXPECT_EQ(mistake_in_path(""), "path must begin with \"/\"");
  EXPECT_EQ(mistake_in_path("v4/info"), "path must begin with \"/\"");
  EXPECT_EQ(mistake_in_path("http://other.example/v4/info"), "path must begin with \"/\"");
  EXPECT_EQ(mistake_in_path("//other.example/v4/info"), "path must not begin with \"//\": it would name another host");
  EXPECT_EQ(mistake_in_path("/v4/x?a=b"), "path must have no query and no fragment; `query` is for the former");
  EXPECT_EQ(mistake_in_path("/v4/x#a"), "path must have no query and no fragment; `query` is for the former");
  for (const char* bad : {"/v4/a b", "/v4/a\r\nX: y", "/v4/a\n", "/v4/\xC3\xBC", "/v4\\x", "/v4/\"x\""}) {
    EXPECT_EQ(mistake_in_path(bad), "path has a character that must be percent-encoded") << bad;
  }
  EXPECT_EQ(mistake_in_path(std::string("/v4/\0", 5)), "path has a character that must be percent-encoded");
  for (const char* bad : {"/%", "/%4", "/%G0", "/%0x"}) {
    EXPECT_EQ(mistake_in_path(bad), "path has a % that two hexadecimal digits do not follow") << bad;
  }
}

TEST(RawRequest, APathDoesNotLeadOutOfTheNode) {
  for (const char* bad : {"/..", "/.", "/v4/../admin", "/v4/%2e%2E/admin", "/v4/.%2e", "/v4/./x"}) {
    EXPECT_EQ(mistake_in_path(bad), "path must have no segments \".\" and \"..\"") << bad;
  }
}

TEST(RawRequest, APlaceholderThatNobodyFillsIsRefused) {
  for (const char* bad : {"/v4/players/{guildId}", "/v4/{sessionid}", "/v4/}", "/v4/{sessionId}}"}) {
    EXPECT_EQ(mistake_in_path(bad), "path has a placeholder other than {sessionId}") << bad;
  }
}

TEST(RawRequest, OtherMistakesAreNamedToo) {
  for (const char* bad : {"", "get", "GET ", "P0ST", "GET\r\n", "ABCDEFGHIJKLMNOPQ"}) {
    EXPECT_EQ(mistake({bad, "/", {}, {}}), "method must be 1 to 16 capital letters") << bad;
  }
  EXPECT_EQ(mistake({"GET", "/", {{"", "x"}}, {}}), "query has a parameter without a name");
  EXPECT_EQ(mistake({"PUT", "/", {}, JsonText("{")}), "body is no JSON");
  const auto refused = routes().raw({"GET", "/", {{"q", std::string(9'000, 'a')}}, {}}, "");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error() == Errc::invalid_argument);
  EXPECT_EQ(refused.error().message.rfind("query is too long", 0), 0u) << refused.error().message;
  const auto long_path = routes().raw({"GET", "/" + std::string(9'000, 'a'), {{"q", "a"}}, {}}, "");
  ASSERT_FALSE(long_path);
  EXPECT_EQ(long_path.error().message.rfind("path is too long", 0), 0u) << long_path.error().message;
}

}  // namespace
}  // namespace lavapp::lavalink
