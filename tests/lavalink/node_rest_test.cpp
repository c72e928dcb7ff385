// REST over a Node: what is sent, what comes back, and how errors look.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::json_answer;

class NodeRest : public NodeTest {
 protected:
  void hang(std::string route) {
    peer->routes[std::move(route)] = [](const net::HttpRequest&) { return std::nullopt; };
  }
  Result<Info> fetch_info(CallOptions call = {}) {
    return await<Info>([&](auto done) { node->fetch_info(std::move(done), call); });
  }
};

TEST_F(NodeRest, RoutesWithoutASessionWorkBeforeConnect) {
  peer->route("GET /v4/info", kInfoJson);
  make();
  const auto info = fetch_info();
  ASSERT_TRUE(info.has_value()) << info.error().what();
  EXPECT_EQ(info->version.semver, "4.2.2");
  EXPECT_EQ(*find_header(peer->last("GET", "/v4/info")->headers, "Authorization"), "youshallnotpass");
}

TEST_F(NodeRest, SessionRoutesNeedASession) {
  make();
  const auto players = await<std::vector<PlayerSnapshot>>([&](auto done) { node->fetch_players(std::move(done)); });
  EXPECT_TRUE(players.error() == Errc::no_session);
}

TEST_F(NodeRest, MistakesInTheOptionsAreToldByEveryOperation) {
  auto with = options();
  with.port = 0;
  make(with);
  EXPECT_TRUE(fetch_info().error() == Errc::invalid_argument);
}

TEST_F(NodeRest, VersionIsPlainText) {
  peer->routes["GET /version"] = [](const net::HttpRequest&) {
    auto answer = json_answer("4.2.2");
    answer.headers = {{"Content-Type", "text/plain;charset=UTF-8"}};
    return answer;
  };
  make();
  EXPECT_EQ(await<std::string>([&](auto done) { node->fetch_version(std::move(done)); }).value(), "4.2.2");
  peer->routes["GET /version"] = [](const net::HttpRequest&) {
    auto answer = json_answer("<html></html>");
    answer.headers = {{"Content-Type", "text/html"}};
    return answer;
  };
  EXPECT_TRUE(await<std::string>([&](auto done) { node->fetch_version(std::move(done)); }).error() ==
              Errc::not_a_lavalink_node);
}

TEST_F(NodeRest, AWrongPasswordIs403WithoutABody) {
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) { return empty_answer(403); };
  make();
  const auto info = fetch_info();
  ASSERT_FALSE(info);
  EXPECT_TRUE(info.error() == Errc::http_status);
  EXPECT_EQ(info.error().http_status, 403);
  EXPECT_EQ(info.error().route, "GET /v4/info");
  EXPECT_EQ(info.error().what().find("youshallnotpass"), std::string::npos);
}

TEST_F(NodeRest, AnAnswerThatIsNotWhatTheRoutePromisesIsABadResponse) {
  for (const char* body : {"no json", "[]", "{}", R"({"version":7})", ""}) {
    peer->route("GET /v4/info", body);
    make();
    const auto info = fetch_info();
    ASSERT_FALSE(info) << body;
    EXPECT_TRUE(info.error() == Errc::bad_response) << body << ": " << info.error().what();
    EXPECT_EQ(info.error().route, "GET /v4/info");
  }
}

TEST_F(NodeRest, AnAnswerOverTheLimitIsRefused) {
  auto with = options();
  with.max_message_size = 1000;
  peer->route("GET /v4/info", std::string(2000, ' '));
  make(with);
  const auto info = fetch_info();
  ASSERT_FALSE(info);
  EXPECT_TRUE(info.error() == Errc::message_too_big) << info.error().what();
}

TEST_F(NodeRest, AnUnreachableNodeIsToldAtOnceIfNothingIsRepeated) {
  auto with = options();
  with.rest.max_attempts = 1;
  make(with);
  peer->stop_listening();
  const auto info = fetch_info();
  EXPECT_TRUE(info.error() == Errc::connect_failed);
  EXPECT_TRUE(static_cast<bool>(info.error().cause));
  EXPECT_EQ(info.error().route, "GET /v4/info");
}

TEST_F(NodeRest, EachRouteHasItsOwnDefaultDeadline) {
  connected();
  hang("GET /v4/info");
  hang("GET /v4/loadtracks");
  hang("PATCH /v4/sessions/s1/players/7");
  VoiceState voice{"t", "e", "s", 3};
  PlayerUpdateRequest update;
  update.voice = voice;
  const auto info = begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  const auto load = begin<LoadResult>([&](auto done) { node->load_tracks("a", std::move(done)); });
  const auto join =
      begin<PlayerSnapshot>([&](auto done) { node->update_player(7, update, Replace::yes, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 4; }));
  advance(10s);
  EXPECT_TRUE(info->has_value());
  EXPECT_FALSE(join->has_value());
  advance(5s);
  EXPECT_TRUE(join->has_value());
  EXPECT_FALSE(load->has_value());
  advance(15s);
  EXPECT_TRUE(load->has_value());
  EXPECT_EQ((*load)->error().route, "GET /v4/loadtracks");
}

TEST_F(NodeRest, ALongTrackIsDecodedThroughPost) {
  peer->route("POST /v4/decodetracks", std::string("[") + kTrackJson + "]");
  peer->route("GET /v4/decodetrack", kTrackJson);
  make();
  const auto decode = [&](std::string text) {
    return await<Track>([&](auto done) { node->decode_track(text, std::move(done)); });
  };
  EXPECT_TRUE(decode("QAAA").has_value());
  EXPECT_EQ(peer->last("POST", "/v4/decodetracks"), nullptr);
  const auto track = decode(std::string(9000, 'A'));
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(track->info.title, "c");
  EXPECT_NE(peer->last("POST", "/v4/decodetracks"), nullptr);
}

TEST_F(NodeRest, AnIdentifierTooLongIsRefusedHere) {
  make();
  const auto found = await<LoadResult>([&](auto done) { node->load_tracks(std::string(9000, 'a'), std::move(done)); });
  EXPECT_TRUE(found.error() == Errc::invalid_argument);
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(NodeRest, AFilterOutOfRangeIsNeverSent) {
  connected();
  peer->requests.clear();
  Filters filters;
  filters.timescale = Timescale{0.0, {}, {}};
  const auto result = await<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
  EXPECT_TRUE(result.error() == Errc::invalid_argument);
  EXPECT_NE(result.error().message.find("timescale.speed"), std::string::npos) << result.error().message;
  EXPECT_TRUE(peer->requests.empty());
}

TEST_F(NodeRest, VoiceUpdatesThatHangHoldUpNobodyButTheirOwnGuildsVoice) {
  auto with = options();
  with.rest_connections = 1;
  connected(with);
  peer->routes["PATCH /v4/sessions/s1/players/7"] =
      [](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
    if (request.body.find("voice") != std::string::npos) return std::nullopt;
    return json_answer(player_json("7"));
  };
  peer->routes["PATCH /v4/sessions/s1/players/8"] = peer->routes["PATCH /v4/sessions/s1/players/7"];
  peer->requests.clear();
  const VoiceState voice{"t", "e", "s", 3};
  const auto join = [&](Snowflake guild) {
    return begin<PlayerState>([&](auto done) { node->player(guild).update_voice(voice, std::move(done)); });
  };
  const auto first = join(7);
  const auto second = join(7);
  const auto other = join(8);
  EXPECT_TRUE(await<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); }).has_value());
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 3; })) << "7's first, 8's, and the pause";
  advance(15s);
  ASSERT_TRUE(run_until([&] { return first->has_value() && second->has_value() && other->has_value(); }));
  EXPECT_TRUE((*first)->error() == Errc::request_timeout);
  EXPECT_TRUE((*second)->error() == Errc::request_timeout);
}

TEST_F(NodeRest, AVoiceUpdateGoesOutWhenTheOneBeforeHasEnded) {
  connected();
  hang("PATCH /v4/sessions/s1/players/7");
  peer->requests.clear();
  const VoiceState voice{"t", "e", "s", 3};
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto first = begin<PlayerState>([&](auto done) { node->player(7).update_voice(voice, std::move(done), call); });
  const auto second = begin<PlayerState>([&](auto done) { node->player(7).update_voice(voice, std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 1; }));
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  source.cancel();
  ASSERT_TRUE(run_until([&] { return second->has_value(); }));
  EXPECT_TRUE((*second)->has_value());
  EXPECT_TRUE((*first)->error() == Errc::cancelled);
}

TEST_F(NodeRest, WhatChangesAPlayerReachesTheNodeInTheOrderOfTheCalls) {
  connected();
  peer->requests.clear();
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  std::vector<std::shared_ptr<std::optional<Result<PlayerState>>>> results;
  for (int volume = 0; volume < 20; ++volume) {
    results.push_back(begin<PlayerState>([&](auto done) { node->player(7).set_volume(volume, std::move(done)); }));
  }
  ASSERT_TRUE(run_until([&] { return results.back()->has_value(); }));
  ASSERT_EQ(peer->requests.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(peer->requests[i].body, R"({"volume":)" + std::to_string(i) + "}");
}

TEST_F(NodeRest, TraceIsAskedForAndHandedOn) {
  auto with = options();
  with.trace = true;
  peer->routes["GET /v4/info"] = [](const net::HttpRequest& request) {
    EXPECT_EQ(request.target, "/v4/info?trace=true");
    return json_answer(R"({"timestamp":1,"status":500,"error":"e","trace":"at x","message":"m","path":"/v4/info"})",
                       500);
  };
  make(with);
  const auto info = fetch_info();
  EXPECT_EQ(info.error().trace, "at x");
  EXPECT_EQ(info.error().message, "m");
}

TEST_F(NodeRest, AnUnreachableNodeIsTriedAgainAndToldInTheEnd) {
  make();
  peer->stop_listening();
  const auto info = begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  ASSERT_TRUE(advance_until([&] { return info->has_value(); }, 5s));
  EXPECT_TRUE((*info)->error() == Errc::connect_failed);
  EXPECT_EQ((*info)->error().route, "GET /v4/info");
}

TEST_F(NodeRest, ASessionThatTheNodeDoesNotKnowIsLookedAfter) {
  connected();
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [this](const net::HttpRequest&) {
    peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
    return json_answer(R"({"timestamp":1,"status":404,"error":"Not Found","message":"Session not found","path":"/"})", 404);
  };
  peer->answers_pings = false;  // it has forgotten the connection, and we do not know
  CallOptions call;
  call.deadline = 20s;
  const auto paused = begin<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done), call); });
  ASSERT_TRUE(run_until([&] { return peer->unanswered_ping.has_value(); })) << "sooner than the heartbeat would";
  EXPECT_FALSE(paused->has_value());
  advance(5s);
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  EXPECT_TRUE(attempts.at(0).reason == Errc::pong_timeout) << attempts.at(0).reason.what();
  advance(1s);
  ASSERT_TRUE(run_until([&] { return paused->has_value(); }));
  EXPECT_TRUE((*paused)->has_value());
}

TEST_F(NodeRest, ASessionThatTheNodeDoesNotKnowAlthoughItsConnectionLivesIsTheEnd) {
  connected();
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) {
    return json_answer(R"({"timestamp":1,"status":404,"error":"Not Found","message":"Session not found","path":"/"})", 404);
  };
  const auto paused = await<PlayerState>([&](auto done) { node->player(7).pause(true, std::move(done)); });
  ASSERT_FALSE(paused.has_value());
  EXPECT_TRUE(paused.error() == Errc::http_status) << paused.error().what();
  EXPECT_EQ(paused.error().http_status, 404);
  EXPECT_EQ(paused.error().message, "Session not found");
  EXPECT_EQ(node->state(), NodeState::ready);
}

TEST_F(NodeRest, MistakesInTheRestOptionsAreNamed) {
  const auto mistake = [&](auto change) {
    auto with = options();
    change(with.rest);
    make(with);
    return fetch_info().error().message;
  };
  EXPECT_EQ(mistake([](RestOptions& o) { o.max_attempts = 0; }), "rest.max_attempts must be 1 to 100");
  EXPECT_EQ(mistake([](RestOptions& o) { o.max_pending = 0; }), "rest.max_pending must be 1 to 1000000");
  EXPECT_EQ(mistake([](RestOptions& o) { o.initial_pause = 0ms; }), "rest.initial_pause must be more than 0 ms");
  EXPECT_EQ(mistake([](RestOptions& o) { o.factor = 0.5; }), "rest.factor must be a number of at least 1");
  EXPECT_EQ(mistake([](RestOptions& o) { o.max_pause = 1ms; }), "rest.max_pause must be at least initial_pause");
  EXPECT_EQ(mistake([](RestOptions& o) { o.max_pause = 25h; }), "rest.max_pause must be at most a day");
  EXPECT_EQ(mistake([](RestOptions& o) { o.breaker_pause = 0ms; }), "rest.breaker_pause must be more than 0 ms");
}

TEST_F(NodeRest, UpdateSessionIsKnownToShutdown) {
  connected();
  ASSERT_TRUE(await<SessionState>([&](auto done) {
                node->update_session(SessionUpdate{false, {}}, std::move(done));
              }).has_value());
  peer->requests.clear();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
  ASSERT_EQ(peer->requests.size(), 1u);
  EXPECT_EQ(peer->requests[0].body, R"({"resuming":true,"timeout":60})");
}

}  // namespace
}  // namespace lavapp::lavalink
