// An operation that needs something of the node: the node is asked whether it has it, once, before anything is sent.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::json_answer;

const char* const kPlayer = "/v4/sessions/s1/players/7";

class NodeCapabilities : public NodeTest {
 protected:
  void SetUp() override {
    connected();
    peer->route("GET /v4/info", kInfoJson);  // its only filter is volume
    peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
    peer->route("PATCH /v4/sessions/s1/players/8", player_json("8"));
    peer->requests.clear();
  }
  Got<PlayerState> set(const Filters& filters, Snowflake guild = 7, CallOptions call = {}) {
    return begin<PlayerState>([&](auto done) { node->player(guild).set_filters(filters, std::move(done), call); });
  }
  Result<PlayerState> set_and_wait(const Filters& filters) {
    return await<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
  }
  void hang_info() {
    peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return std::nullopt; };
  }
  bool info_was_asked() {
    return run_until([&] { return peer->last("GET", "/v4/info") != nullptr; });
  }
  std::vector<std::string> requests() const {
    std::vector<std::string> result;
    for (const auto& each : peer->requests) result.push_back(each.method + " " + each.target);
    return result;
  }
  Filters volume(double value) const {
    Filters result;
    result.volume = value;
    return result;
  }
  Filters vibrato() const {
    Filters result;
    result.vibrato = Vibrato{2.0, 0.5};
    return result;
  }
};

TEST_F(NodeCapabilities, WhatTheNodeLacksIsToldBeforeAnythingIsSent) {
  const auto result = set_and_wait(vibrato());
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::unsupported);
  EXPECT_EQ(result.error().message, "the node has no filter named vibrato");
  EXPECT_EQ(requests(), (std::vector<std::string>{"GET /v4/info"}));
}

TEST_F(NodeCapabilities, PluginFiltersAreAmongTheNodesFilters) {
  Filters echo;
  echo.plugin_filters["echo"] = JsonText("{}");
  EXPECT_EQ(set_and_wait(echo).error().message, "the node has no filter named echo");
  EXPECT_EQ(peer->last("PATCH", kPlayer), nullptr);
}

TEST_F(NodeCapabilities, TheNodeIsAskedOnceForAllThatWait) {
  const auto first = set(volume(0.5)), second = set(vibrato()), other = set(volume(0.5), 8);
  ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value() && other->has_value(); }));
  EXPECT_TRUE((*first)->has_value());
  EXPECT_TRUE((*second)->error() == Errc::unsupported);
  EXPECT_TRUE((*other)->has_value());
  EXPECT_TRUE(set_and_wait(volume(0.7)).has_value());
  const auto asked = requests();
  EXPECT_EQ(std::count(asked.begin(), asked.end(), "GET /v4/info"), 1);
}

TEST_F(NodeCapabilities, NothingIsAskedWhenNothingIsNeeded) {
  EXPECT_TRUE(set_and_wait({}).has_value());
  EXPECT_EQ(requests(), (std::vector<std::string>{std::string("PATCH ") + kPlayer}));
}

TEST_F(NodeCapabilities, AValueOutOfRangeIsToldFirst) {
  EXPECT_TRUE(set_and_wait(volume(6)).error() == Errc::invalid_argument);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(NodeCapabilities, AFailureOfInfoIsTheOperationsAndTheNextOneAsksAnew) {
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return json_answer(R"({"message":"broken"})", 500); };
  const auto result = set_and_wait(volume(0.5));
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::http_status);
  EXPECT_EQ(result.error().http_status, 500);
  EXPECT_EQ(result.error().route, "GET /v4/info");
  EXPECT_EQ(peer->last("PATCH", kPlayer), nullptr);
  peer->route("GET /v4/info", kInfoJson);
  EXPECT_TRUE(set_and_wait(volume(0.5)).has_value());
}

TEST_F(NodeCapabilities, AskingIsWithinTheOperationsOwnDeadline) {
  hang_info();
  CallOptions call;
  call.deadline = 2s;
  const auto waiting = set(volume(0.5), 7, call);
  const auto patient = set(volume(0.5), 8);
  ASSERT_TRUE(info_was_asked());
  advance(2s);
  ASSERT_TRUE(waiting->has_value());
  EXPECT_TRUE((*waiting)->error() == Errc::request_timeout);
  EXPECT_FALSE(patient->has_value());
  peer->answer_late("GET", "/v4/info", json_answer(kInfoJson));
  ASSERT_TRUE(run_until([&] { return patient->has_value(); }));
  EXPECT_TRUE((*patient)->has_value());
  EXPECT_EQ(peer->last("PATCH", kPlayer), nullptr) << "what has timed out is not sent any more";
}

TEST_F(NodeCapabilities, WhatWaitsKeepsItsPlaceAmongTheRequestsOfItsPlayer) {
  hang_info();
  const auto filters = set(volume(0.5));
  const auto pause = begin<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  const auto other = begin<PlayerState>([&](auto done) { node->player(8).pause(true, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return other->has_value(); })) << "other players do not wait";
  EXPECT_FALSE(pause->has_value());
  peer->answer_late("GET", "/v4/info", json_answer(kInfoJson));
  ASSERT_TRUE(run_until([&] { return pause->has_value(); }));
  EXPECT_TRUE(filters->has_value());
  EXPECT_EQ(peer->requests.at(peer->requests.size() - 2).body, R"({"filters":{"volume":0.5}})");
  EXPECT_EQ(peer->requests.back().body, R"({"paused":true})");
}

TEST_F(NodeCapabilities, WhatIsCancelledWhileItWaitsLetsTheNextOneGo) {
  hang_info();
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto filters = set(volume(0.5), 7, call);
  const auto pause = begin<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  ASSERT_TRUE(info_was_asked());
  source.cancel();
  ASSERT_TRUE(run_until([&] { return pause->has_value(); }));
  EXPECT_TRUE((*filters)->error() == Errc::cancelled);
  peer->answer_late("GET", "/v4/info", json_answer(kInfoJson));
  poll();
  EXPECT_EQ(peer->last("PATCH", kPlayer)->body, R"({"paused":true})");
}

TEST_F(NodeCapabilities, WhatIsRefusedLetsTheNextOneGo) {
  const auto filters = set(vibrato());
  const auto pause = begin<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return pause->has_value(); }));
  EXPECT_TRUE((*filters)->error() == Errc::unsupported);
  EXPECT_TRUE((*pause)->has_value());
}

TEST_F(NodeCapabilities, ANewSessionIsAskedAnewAndAResumedOneIsNot) {
  const auto back = [&] {
    peer->drop();
    ASSERT_TRUE(run_until_state(NodeState::reconnecting));
    advance(attempts.back().delay);
    ASSERT_TRUE(run_until_state(NodeState::ready));
  };
  ASSERT_TRUE(set_and_wait(volume(0.5)).has_value());
  peer->routes.erase("GET /v4/info");
  back();
  ASSERT_TRUE(set_and_wait(volume(0.6)).has_value());
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
  };
  peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
  back();
  EXPECT_EQ(set_and_wait(volume(0.7)).error().route, "GET /v4/info");
}

TEST_F(NodeCapabilities, WhatWaitsEndsWithTheNode) {
  hang_info();
  const auto waiting = set(volume(0.5));
  ASSERT_TRUE(info_was_asked());
  node.reset();
  ASSERT_TRUE(run_until([&] { return waiting->has_value(); }));
  EXPECT_TRUE((*waiting)->error() == Errc::closed);
}

TEST_F(NodeCapabilities, WhatWaitsEndsWithShutdown) {
  hang_info();
  const auto waiting = set(volume(0.5));
  ASSERT_TRUE(info_was_asked());
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
  ASSERT_TRUE(waiting->has_value());
  EXPECT_TRUE((*waiting)->error() == Errc::closed);
}

}  // namespace
}  // namespace lavapp::lavalink
