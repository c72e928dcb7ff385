// Player::set_filters: a request goes out only when it would change something.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::json_answer;

const std::string kPlayer = "/v4/sessions/s1/players/7";

std::string info_with_every_filter() {
  std::string info = kInfoJson;
  const std::string only = R"("filters":["volume"])";
  return info.replace(info.find(only), only.size(), R"("filters":["volume","timescale","karaoke","echo"])");
}

class PlayerFilters : public NodeTest {
 protected:
  void SetUp() override {
    connected();
    peer->route("GET /v4/info", info_with_every_filter());
    keep("s1");
    peer->requests.clear();
  }
  /// The node answers with the filters that it was sent last, as a node does.
  void keep(const std::string& session) {
    const auto path = "/v4/sessions/" + session + "/players/7";
    peer->routes["PATCH " + path] = [this](const net::HttpRequest& request) {
      const auto at = request.body.find(R"("filters":)");
      if (at != std::string::npos) has = request.body.substr(at + 10, request.body.size() - at - 11);
      return json_answer(with_filters(has));
    };
    peer->routes["GET " + path] = [this](const net::HttpRequest&) { return json_answer(with_filters(has)); };
    peer->routes["DELETE " + path] = [this](const net::HttpRequest&) {
      has = "{}";
      return empty_answer(204);
    };
  }
  std::string with_filters(const std::string& filters) const {
    auto player = player_json("7", kTrackJson, "5000", "1234");
    const std::string none = R"("filters":{})";
    return player.replace(player.find(none), none.size(), R"("filters":)" + filters);
  }
  Got<PlayerState> set(const Filters& filters, CallOptions call = {}) {
    return begin<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done), call); });
  }
  /// How many requests of filters went out until it was complete.
  int sent_for(const Filters& filters) {
    const auto before = patches().size();
    const auto result = await<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
    EXPECT_TRUE(result.has_value()) << result.error().what();
    EXPECT_TRUE(node->player(7).filters() == filters);
    return static_cast<int>(patches().size() - before);
  }
  Result<PlayerState> pause() {
    return await<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  }
  Result<PlayerSnapshot> update(const Filters& filters, CallOptions call = {}) {
    PlayerUpdateRequest request;
    request.filters = filters;
    return await<PlayerSnapshot>(
        [&](auto done) { node->update_player(7, request, Replace::yes, std::move(done), call); });
  }
  std::vector<std::string> patches() const {
    std::vector<std::string> result;
    for (const auto& each : peer->requests) {
      if (each.method == "PATCH" && each.body.find("filters") != std::string::npos) result.push_back(each.body);
    }
    return result;
  }
  void hang() {
    peer->routes["PATCH " + kPlayer] = [](const net::HttpRequest&) { return std::nullopt; };
  }

  std::string has = "{}";
  const Filters quiet = Filters().with_volume(0.5), fast = Filters().with_timescale({2.0});
};

TEST_F(PlayerFilters, TheSameSetIsSentOnce) {
  EXPECT_EQ(sent_for(quiet), 1);
  EXPECT_EQ(sent_for(quiet), 0);
  EXPECT_EQ(sent_for(fast), 1);
  EXPECT_EQ(sent_for(fast), 0);
  EXPECT_EQ(sent_for(quiet), 1);
  EXPECT_EQ(patches(), (std::vector<std::string>{R"({"filters":{"volume":0.5}})", R"({"filters":{"timescale":{"speed":2.0}}})",
                                                 R"({"filters":{"volume":0.5}})"}));
}

TEST_F(PlayerFilters, WhatIsNotSentCompletesWithTheKnownState) {
  ASSERT_EQ(sent_for(quiet), 1);
  const auto state = await<PlayerState>([&](auto done) { node->player(7).set_filters(quiet, std::move(done)); });
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->position, 1234ms);
  EXPECT_TRUE(state->connected);
  EXPECT_EQ(node->player(7).track()->info.title, "c");
}

TEST_F(PlayerFilters, WhatANodeFillsInIsTheSameSet) {
  peer->routes["PATCH " + kPlayer] = [this](const net::HttpRequest&) {
    return json_answer(with_filters(R"({"timescale":{"speed":2.0,"pitch":1.0,"rate":1.0}})"));
  };
  EXPECT_EQ(sent_for(fast), 1);
  EXPECT_EQ(sent_for(fast), 0);
}

TEST_F(PlayerFilters, AnEmptySetTurnsAllOffOnce) {
  EXPECT_EQ(sent_for({}), 1) << "what the node has is not known yet";
  EXPECT_EQ(sent_for({}), 0);
  EXPECT_EQ(sent_for(quiet), 1);
  EXPECT_EQ(sent_for({}), 1);
  EXPECT_EQ(patches().back(), R"({"filters":{}})");
}

TEST_F(PlayerFilters, AnyAnswerTellsWhatTheNodeHas) {
  has = R"({"volume":0.5})";  // from an earlier process, say
  ASSERT_TRUE(pause().has_value());
  EXPECT_EQ(sent_for(quiet), 0);
  EXPECT_EQ(peer->last("GET", "/v4/info"), nullptr) << "nothing is needed of the node";
}

TEST_F(PlayerFilters, EventsDoNotTellWhatTheNodeHas) {
  peer->send_text(std::string(R"({"op":"event","type":"TrackStartEvent","guildId":"7","track":)") + kTrackJson + "}");
  ASSERT_TRUE(run_until([&] { return node->player(7).track().has_value(); }));
  EXPECT_EQ(sent_for({}), 1);
}

TEST_F(PlayerFilters, ASetThatIsUnderWayCounts) {
  const auto results = {set(quiet), set(quiet), set(fast), set(fast), set(quiet)};
  ASSERT_TRUE(run_until([&] { return std::data(results)[4]->has_value(); }));
  for (const auto& each : results) EXPECT_TRUE(each->has_value() && (*each)->has_value());
  EXPECT_EQ(patches(), (std::vector<std::string>{R"({"filters":{"volume":0.5}})", R"({"filters":{"timescale":{"speed":2.0}}})",
                                                 R"({"filters":{"volume":0.5}})"}));
  EXPECT_TRUE(node->player(7).filters() == quiet);
}

TEST_F(PlayerFilters, ASetThatWasNotAnsweredLeavesThemInDoubt) {
  ASSERT_EQ(sent_for(quiet), 1);
  hang();
  CallOptions call;
  call.deadline = 1s;
  const auto lost = set(fast, call);
  ASSERT_TRUE(run_until([&] { return patches().size() == 2; }));
  advance(1s);
  ASSERT_TRUE(run_until([&] { return lost->has_value(); }));
  EXPECT_TRUE((*lost)->error() == Errc::request_timeout);
  keep("s1");
  ASSERT_TRUE(pause().has_value());
  EXPECT_EQ(sent_for(quiet), 1) << "the node may have done it after all, even after it answered another request";
  EXPECT_EQ(sent_for(quiet), 0);
}

TEST_F(PlayerFilters, ASetThatWasRefusedLeavesThemInDoubt) {
  ASSERT_EQ(sent_for(quiet), 1);
  peer->routes["PATCH " + kPlayer] = [](const net::HttpRequest&) { return json_answer(R"({"message":"no"})", 500); };
  EXPECT_TRUE(await<PlayerState>([&](auto done) { node->player(7).set_filters(fast, std::move(done)); }).error() ==
              Errc::http_status);
  keep("s1");
  EXPECT_EQ(sent_for(quiet), 1);
}

TEST_F(PlayerFilters, ASetThatTheNodeLacksCastsNoDoubt) {
  ASSERT_EQ(sent_for(quiet), 1);
  const auto vibrato = Filters().with_vibrato();
  EXPECT_TRUE(await<PlayerState>([&](auto done) { node->player(7).set_filters(vibrato, std::move(done)); }).error() ==
              Errc::unsupported);
  EXPECT_EQ(sent_for(quiet), 0);
}

TEST_F(PlayerFilters, ASetThatIsCancelledBeforeItsTurnIsNotSent) {
  hang();
  const auto first = set(quiet);
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto second = set(fast, call);
  ASSERT_TRUE(run_until([&] { return patches().size() == 1; }));
  source.cancel();
  ASSERT_TRUE(run_until([&] { return second->has_value(); }));
  has = R"({"volume":0.5})";
  peer->answer_late("PATCH", kPlayer, json_answer(with_filters(has)));
  ASSERT_TRUE(run_until([&] { return first->has_value(); }));
  keep("s1");
  EXPECT_EQ(sent_for(quiet), 0);
  EXPECT_EQ(patches().size(), 1u);
}

TEST_F(PlayerFilters, ANewSessionIsSentThemAnew) {
  ASSERT_EQ(sent_for(quiet), 1);
  const auto back = [&] {
    peer->drop();
    ASSERT_TRUE(run_until_state(NodeState::reconnecting));
    advance(attempts.back().delay);
    ASSERT_TRUE(run_until_state(NodeState::ready));
  };
  back();
  EXPECT_EQ(sent_for(quiet), 0) << "a resumed session has them";
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
  };
  peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
  keep("s2");
  back();
  EXPECT_EQ(sent_for(quiet), 1);
  EXPECT_EQ(sent_for(quiet), 0);
}

TEST_F(PlayerFilters, ADestroyedPlayerIsSentThemAnew) {
  ASSERT_EQ(sent_for(quiet), 1);
  ASSERT_TRUE(await<void>([&](auto done) { node->destroy_player(7, std::move(done)); }).has_value());
  EXPECT_EQ(sent_for(quiet), 1);
}

TEST_F(PlayerFilters, UpdatePlayerIsAlwaysSentAsItIs) {
  ASSERT_EQ(sent_for(quiet), 1);
  ASSERT_TRUE(update(quiet).has_value());
  ASSERT_TRUE(update(Filters().with_vibrato()).has_value()) << "the node does not have it; that is the node's to say";
  EXPECT_EQ(patches().size(), 3u);
  EXPECT_EQ(sent_for(Filters().with_vibrato()), 0) << "but what it answers is known";
}

TEST_F(PlayerFilters, AnUpdateThatWasNotAnsweredLeavesThemInDoubt) {
  ASSERT_EQ(sent_for(quiet), 1);
  hang();
  CallOptions call;
  call.deadline = 1s;
  const auto lost = begin<PlayerSnapshot>([&](auto done) {
    PlayerUpdateRequest request;
    request.filters = fast;
    node->update_player(7, request, Replace::yes, std::move(done), call);
  });
  ASSERT_TRUE(run_until([&] { return patches().size() == 2; }));
  advance(1s);
  ASSERT_TRUE(run_until([&] { return lost->has_value(); }));
  keep("s1");
  EXPECT_EQ(sent_for(quiet), 1);
}

}  // namespace
}  // namespace lavapp::lavalink
