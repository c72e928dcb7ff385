// Node::request over a Node: any route, with the node's credentials, and its errors as those of the other operations.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::json_answer;

class NodeRequest : public NodeTest {
 protected:
  Result<JsonText> ask(RawRequest request, CallOptions call = {}) {
    return await<JsonText>([&](auto done) { node->request(request, std::move(done), call); });
  }
};

TEST_F(NodeRequest, JsonGoesOutAndComesBackAsItIs) {
  peer->route("POST /v4/plugin", R"({"b": 1,"a":[null]})");
  make();
  const auto answer = ask({"POST", "/v4/plugin", {{"q", "x y"}}, JsonText(R"({"n" : 1})")});
  ASSERT_TRUE(answer.has_value()) << answer.error().what();
  EXPECT_EQ(answer->text, R"({"b": 1,"a":[null]})");
  const auto* request = peer->last("POST", "/v4/plugin");
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->target, "/v4/plugin?q=x%20y");
  EXPECT_EQ(request->body, R"({"n" : 1})");
  EXPECT_EQ(*find_header(request->headers, "Authorization"), "youshallnotpass");
}

TEST_F(NodeRequest, NoContentIsAnEmptyText) {
  peer->routes["DELETE /v4/plugin"] = [](const net::HttpRequest&) { return empty_answer(204); };
  make();
  const auto answer = ask({"DELETE", "/v4/plugin", {}, {}});
  ASSERT_TRUE(answer.has_value()) << answer.error().what();
  EXPECT_TRUE(answer->empty());
}

TEST_F(NodeRequest, TheSessionIsFilledIn) {
  connected();
  peer->route("GET /v4/sessions/s1/players/7/x", "[]");
  EXPECT_EQ(ask({"GET", "/v4/sessions/{sessionId}/players/7/x", {}, {}}).value().text, "[]");
}

TEST_F(NodeRequest, WithoutASessionNothingIsSent) {
  make();
  const auto answer = ask({"GET", "/v4/sessions/{sessionId}/players", {}, {}});
  EXPECT_TRUE(answer.error() == Errc::no_session);
  EXPECT_EQ(answer.error().route, "GET /v4/sessions/{sessionId}/players");
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(NodeRequest, WhatCannotBeSentIsNotSent) {
  make();
  const auto answer = ask({"GET", "//other.example/", {}, {}});
  EXPECT_TRUE(answer.error() == Errc::invalid_argument);
  EXPECT_EQ(answer.error().route, "GET //other.example/");
  EXPECT_TRUE(peer->requests.empty());
  EXPECT_EQ(peer->connections(), 0u);
}

TEST_F(NodeRequest, ErrorsTellStatusRouteAndTheServersWords) {
  peer->routes["PATCH /v4/plugin"] = [](const net::HttpRequest&) {
    return json_answer(R"({"timestamp":1,"status":404,"error":"Not Found","message":"Guild not found","path":"/v4/plugin"})",
                       404);
  };
  make();
  const auto answer = ask({"PATCH", "/v4/plugin", {{"secret", "x"}}, {}});
  EXPECT_TRUE(answer.error() == Errc::http_status);
  EXPECT_EQ(answer.error().http_status, 404);
  EXPECT_EQ(answer.error().message, "Guild not found");
  EXPECT_EQ(answer.error().route, "PATCH /v4/plugin");
}

TEST_F(NodeRequest, AProxysPageIsNoAnswer) {
  peer->routes["GET /v4/plugin"] = [](const net::HttpRequest&) {
    auto answer = json_answer("<html></html>");
    answer.headers = {{"Content-Type", "text/html"}};
    return answer;
  };
  make();
  EXPECT_TRUE(ask({"GET", "/v4/plugin", {}, {}}).error() == Errc::not_a_lavalink_node);
}

TEST_F(NodeRequest, HasADeadlineAndCanBeCancelled) {
  peer->routes["GET /v4/plugin"] = [](const net::HttpRequest&) { return std::nullopt; };
  make();
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const RawRequest request{"GET", "/v4/plugin", {}, {}};
  const auto slow = begin<JsonText>([&](auto done) { node->request(request, std::move(done)); });
  const auto cancelled = begin<JsonText>([&](auto done) { node->request(request, std::move(done), call); });
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 2; }));
  source.cancel();
  ASSERT_TRUE(run_until([&] { return cancelled->has_value(); }));
  EXPECT_TRUE((*cancelled)->error() == Errc::cancelled);
  EXPECT_FALSE(slow->has_value());
  advance(10s);
  ASSERT_TRUE(run_until([&] { return slow->has_value(); }));
  EXPECT_TRUE((*slow)->error() == Errc::request_timeout);
  EXPECT_EQ((*slow)->error().route, "GET /v4/plugin");
}

}  // namespace
}  // namespace lavapp::lavalink
