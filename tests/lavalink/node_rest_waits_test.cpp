// REST over a Node: requests that wait for a connection, for a node that fails, or for the session, and what they are told.
#include <gtest/gtest.h>

#include "lavalink/node_fixture.hpp"
#include "lavalink/rest.hpp"

namespace lavapp::lavalink {
namespace {

using test::empty_answer;
using test::json_answer;

const char* const kPlayer = "/v4/sessions/s1/players/7";

class NodeRestWaits : public NodeTest {
 protected:
  NodeOptions options() const {
    auto result = NodeTest::options();
    result.rest.jitter = false;
    return result;
  }
  /// One failure opens the breaker, and is told at once.
  NodeOptions easily_broken() const {
    auto result = options();
    result.rest.max_attempts = 1;
    result.rest.breaker_failures = 1;
    return result;
  }
  void hang(std::string route) {
    peer->routes[std::move(route)] = [](const net::HttpRequest&) { return std::nullopt; };
  }
  void refuse(std::string route, int status) {
    peer->routes[std::move(route)] = [status](const net::HttpRequest&) { return empty_answer(status); };
  }
  Got<Info> info() {
    return begin<Info>([&](auto done) { node->fetch_info(std::move(done)); });
  }
  Got<LoadResult> load() {
    return begin<LoadResult>([&](auto done) { node->load_tracks("a", std::move(done)); });
  }
  Got<PlayerState> pause(Snowflake guild = 7) {
    return begin<PlayerState>([&](auto done) { node->player(guild).pause(true, std::move(done)); });
  }
  Got<PlayerState> set_filters() {
    Filters filters;
    filters.volume = 0.5;
    return begin<PlayerState>([&](auto done) { node->player(7).set_filters(filters, std::move(done)); });
  }
  Got<PlayerState> update_voice(Snowflake guild = 7) {
    const VoiceState voice{"t", "e", "s", 3};
    return begin<PlayerState>([&](auto done) { node->player(guild).update_voice(voice, std::move(done)); });
  }
  Got<void> destroy() {
    return begin<void>([&](auto done) { node->destroy_player(7, std::move(done)); });
  }
  template <class T>
  bool ended(const Got<T>& got) {
    return run_until([&] { return got->has_value(); });
  }
  std::size_t asked(std::string_view method, std::string_view target) const {
    return static_cast<std::size_t>(std::count_if(peer->requests.begin(), peer->requests.end(), [&](const auto& each) {
      return each.method == method && each.target == target;
    }));
  }
  /// Waits for the node to have been asked so often.
  bool seen(std::string_view method, std::string_view target, std::size_t times = 1) {
    return run_until([&] { return asked(method, target) >= times; });
  }
};

TEST_F(NodeRestWaits, APoolFullOfRequestsThatMayHangIsNoFailureOfTheNode) {
  connected(options());
  hang("GET /v4/loadtracks");
  std::vector<Got<LoadResult>> loads;
  for (int i = 0; i < 4; ++i) loads.push_back(load());
  ASSERT_TRUE(seen("GET", "/v4/loadtracks?identifier=a", 4));
  std::vector<Got<PlayerState>> paused;
  for (std::uint64_t guild = 1; guild <= 5; ++guild) paused.push_back(pause(guild));
  advance(10s);
  for (const auto& each : paused) {
    ASSERT_TRUE(ended(each));
    ASSERT_TRUE((*each)->error() == Errc::request_timeout) << (*each)->error().what();
    EXPECT_EQ((*each)->error().message, "no answer within 10000 ms; it waited for a connection");
  }
  EXPECT_EQ(node->metrics().circuit, CircuitState::closed);
  EXPECT_FALSE(loads.front()->has_value());
  advance(20s);
  ASSERT_TRUE(ended(loads.front()));
  EXPECT_EQ((*loads.front())->error().message, "no answer within 30000 ms");
}

TEST_F(NodeRestWaits, TheSessionsPatchWaitsForNoConnectionAndHasAlwaysRoom) {
  auto with = options();
  with.rest_connections = 1;
  with.rest.max_pending = 1;
  make(with);
  hang("GET /v4/loadtracks");
  const auto loading = load();
  ASSERT_TRUE(seen("GET", "/v4/loadtracks?identifier=a"));
  const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  EXPECT_TRUE(ready.has_value());
  EXPECT_TRUE(seen("PATCH", "/v4/sessions/s1"));
  EXPECT_TRUE(warnings.empty());
  EXPECT_FALSE(loading->has_value());
  ASSERT_TRUE(ended(info()));
}

TEST_F(NodeRestWaits, WhatTheNodeHasIsAskedAlthoughThoseThatWaitForItFillTheRoom) {
  auto with = options();
  with.rest.max_pending = 1;
  connected(with);
  peer->route("GET /v4/info", kInfoJson);
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  const auto filters = set_filters();
  ASSERT_TRUE(ended(filters));
  EXPECT_TRUE((*filters)->has_value()) << (*filters)->error().what();
}

TEST_F(NodeRestWaits, WhatTheNodeHasIsNotAskedWhileTheSessionIsAway) {
  auto with = options();
  with.rest.wait_while_away = true;
  connected(with);
  peer->route("GET /v4/info", kInfoJson);
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  peer->drop();
  peer->stop_listening();
  ASSERT_TRUE(run_until_state(NodeState::reconnecting));
  const auto filters = set_filters();
  poll();
  peer->listen_again();
  ASSERT_TRUE(advance_until([&] { return filters->has_value(); }, 10s));
  EXPECT_TRUE((*filters)->has_value()) << (*filters)->error().what();
  EXPECT_EQ(node->metrics().retries.size(), 0u) << "nothing was asked in vain";
}

TEST_F(NodeRestWaits, WhatTheNodeHasIsNotAskedWhileTheBreakerIsOpen) {
  connected(easily_broken());
  peer->route("GET /v4/info", kInfoJson);
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [this](const net::HttpRequest&) {
    peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
    return empty_answer(503);
  };
  const auto paused = pause();
  const auto filters = set_filters();  // made before the breaker opens
  ASSERT_TRUE(ended(paused));
  EXPECT_EQ((*paused)->error().http_status, 503);
  poll();
  EXPECT_FALSE(filters->has_value());
  EXPECT_EQ(asked("GET", "/v4/info"), 0u);
  advance(5s);
  ASSERT_TRUE(ended(filters));
  EXPECT_TRUE((*filters)->has_value()) << (*filters)->error().what();
}

TEST_F(NodeRestWaits, ASessionLostWhileTheNodeTellsWhatItHasIsToldBehindIt) {
  auto with = options();
  with.rest.wait_while_away = true;
  connected(with);
  hang("GET /v4/info");
  const auto filters = set_filters();
  ASSERT_TRUE(seen("GET", "/v4/info"));
  peer->greeting = [](const net::HttpRequest&) {
    return std::vector<std::string>{R"({"op":"ready","resumed":false,"sessionId":"s2"})"};
  };
  peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
  peer->route("GET /v4/info", kInfoJson);
  peer->drop();
  ASSERT_TRUE(advance_until([&] { return filters->has_value(); }, 10s));
  EXPECT_TRUE((*filters)->error() == Errc::no_session) << (*filters)->error().what();
  EXPECT_EQ(asked("PATCH", kPlayer), 0u);
}

TEST_F(NodeRestWaits, ADeleteIsNotRepeatedOnceALaterVoiceUpdateHasMadeThePlayerAnew) {
  connected(options());
  refuse("DELETE /v4/sessions/s1/players/7", 503);
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  const auto destroyed = destroy();
  ASSERT_TRUE(seen("DELETE", kPlayer));
  const auto joined = update_voice();
  ASSERT_TRUE(ended(joined));
  EXPECT_TRUE((*joined)->has_value());
  peer->routes["DELETE /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return empty_answer(204); };
  ASSERT_TRUE(advance_until([&] { return destroyed->has_value(); }, 5s));
  EXPECT_EQ(asked("DELETE", kPlayer), 1u);
  ASSERT_FALSE((*destroyed)->has_value());
  EXPECT_EQ((*destroyed)->error().http_status, 503);
  EXPECT_NE((*destroyed)->error().message.find("not sent again: a later voice update"), std::string::npos)
      << (*destroyed)->error().message;
}

TEST_F(NodeRestWaits, ADeleteThatWaitsForItsTurnIsNotSentOnceALaterVoiceUpdateIsOut) {
  connected(options());
  peer->routes["PATCH /v4/sessions/s1/players/7"] =
      [](const net::HttpRequest& request) -> std::optional<net::HttpResponse> {
    if (request.body.find("voice") == std::string::npos) return std::nullopt;
    return json_answer(player_json("7"));
  };
  const auto paused = pause();
  ASSERT_TRUE(seen("PATCH", kPlayer));
  const auto destroyed = destroy();
  const auto joined = update_voice();
  ASSERT_TRUE(ended(joined));
  peer->answer_late("PATCH", kPlayer, json_answer(player_json("7")));
  ASSERT_TRUE(ended(destroyed));
  EXPECT_TRUE((*paused)->has_value());
  EXPECT_EQ(asked("DELETE", kPlayer), 0u);
  ASSERT_FALSE((*destroyed)->has_value());
  EXPECT_TRUE((*destroyed)->error() == Errc::cancelled);
  EXPECT_EQ((*destroyed)->error().message,
            "not sent: a later voice update of this guild has gone out, whose player it would destroy");
}

TEST_F(NodeRestWaits, ADeleteIsRepeatedWhateverBecameOfOtherVoiceUpdates) {
  connected(options());
  peer->routes["DELETE /v4/sessions/s1/players/7"] = [this](const net::HttpRequest&) {
    peer->routes["DELETE /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) { return empty_answer(204); };
    return empty_answer(503);
  };
  peer->route("PATCH /v4/sessions/s1/players/7", player_json("7"));
  peer->route("PATCH /v4/sessions/s1/players/8", player_json("8"));
  ASSERT_TRUE(ended(update_voice()));
  const auto destroyed = destroy();
  ASSERT_TRUE(ended(update_voice(8)));
  ASSERT_TRUE(advance_until([&] { return destroyed->has_value(); }, 5s));
  EXPECT_TRUE((*destroyed)->has_value());
  EXPECT_EQ(asked("DELETE", kPlayer), 2u);
}

TEST_F(NodeRestWaits, TheBreakerOfANodeThatIsShutDownIsToldAsClosed) {
  auto with = easily_broken();
  with.resuming = false;
  connected(with);
  refuse("GET /v4/info", 503);
  ASSERT_TRUE(ended(info()));
  EXPECT_EQ(node->metrics().circuit, CircuitState::open);
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::no, std::move(done)); }).has_value());
  EXPECT_EQ(node->metrics().circuit, CircuitState::closed);
  EXPECT_EQ(node->metrics().circuit_opened, 1u);
}

TEST_F(NodeRestWaits, AConnectionThatMayTakeForEverToAnswerAPingIsLeftAlone) {
  auto with = options();
  with.pong_timeout = 0ms;
  connected(with);
  peer->routes["PATCH /v4/sessions/s1/players/7"] = [](const net::HttpRequest&) {
    return json_answer(R"({"timestamp":1,"status":404,"error":"Not Found","message":"Session not found","path":"/"})", 404);
  };
  peer->answers_pings = false;
  const auto paused = pause();
  ASSERT_TRUE(run_until([&] { return peer->unanswered_ping.has_value(); }));
  advance(5s);
  EXPECT_EQ(node->state(), NodeState::ready);
  advance(5s);
  ASSERT_TRUE(ended(paused));
  EXPECT_TRUE((*paused)->error() == Errc::request_timeout) << (*paused)->error().what();
  EXPECT_EQ(node->state(), NodeState::ready);
  EXPECT_TRUE(attempts.empty());
}

TEST_F(NodeRestWaits, AProbeWhoseAnswerIsOfNoUseLetsTheNextOneGo) {
  auto with = easily_broken();
  with.rest.max_attempts = 3;
  with.rest.breaker_pause = 2s;
  with.max_message_size = 1000;
  make(with);
  refuse("GET /v4/info", 503);
  refuse("GET /v4/stats", 503);
  const auto first = info();
  const auto second = begin<Stats>([&](auto done) { node->fetch_stats(std::move(done)); });
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 2; }));
  ASSERT_TRUE(run_until([&] { return node->metrics().circuit == CircuitState::open; }));
  for (int i = 0; i < 20; ++i) poll();
  advance(250ms);  // both wait at the breaker
  peer->route("GET /v4/info", std::string(2000, ' '));
  peer->route("GET /v4/stats", kStatsJson);
  advance(2s);
  ASSERT_TRUE(ended(first));
  EXPECT_TRUE((*first)->error() == Errc::message_too_big) << (*first)->error().what();
  ASSERT_TRUE(ended(second)) << "without a move of the clock";
  EXPECT_TRUE((*second)->has_value()) << (*second)->error().what();
}

TEST_F(NodeRestWaits, WhatIsAskedBeforeAResumedSessionIsThereGoesToItUnderItsNewId) {
  auto with = options();
  with.session_id = "s1";
  with.rest.wait_while_away = true;
  make(with);
  peer->greeting = [](const net::HttpRequest&) { return std::vector<std::string>(); };
  peer->route("PATCH /v4/sessions/s2", R"({"resuming":true,"timeout":60})");
  peer->route("PATCH /v4/sessions/s2/players/7", player_json("7"));
  const auto ready = begin<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(run_until_state(NodeState::awaiting_ready));
  const auto paused = pause();
  poll();
  peer->send_text(R"({"op":"ready","resumed":true,"sessionId":"s2"})");
  ASSERT_TRUE(ended(paused));
  EXPECT_TRUE((*paused)->has_value()) << (*paused)->error().what();
  EXPECT_EQ(asked("PATCH", "/v4/sessions/s2/players/7"), 1u);
}

TEST_F(NodeRestWaits, ADeadlineTellsWhyARequestWasNotSent) {
  const auto rest = std::make_shared<Rest>(strand, options(), "", 1, Rest::Hooks());
  const RestRoutes routes(options());
  peer->routes["GET /v4/info"] = [](const net::HttpRequest&) {
    auto answer = empty_answer(429);
    answer.headers.emplace_back("Retry-After", "5");
    return answer;
  };
  const auto send = [&](RestRequest request) {
    return rest->send(std::move(request), {}, clock->now() + 10s, [](Result<net::HttpResponse>) {});
  };
  auto tried = send(routes.info());
  ASSERT_TRUE(run_until([&] { return peer->requests.size() == 1; }));
  for (int i = 0; i < 20; ++i) poll();
  auto held = send(routes.version());
  const auto told = [](Rest::Cancel& cancel) {
    const auto error = cancel(Error(Errc::request_timeout, "late"));
    return error ? error->message : "";
  };
  EXPECT_EQ(told(held), "late; it was not sent, as the node had asked for no requests");
  EXPECT_EQ(told(tried).rfind("late; it waited to be sent again; the last attempt: HTTP error (status 429)", 0), 0u);
  rest->close();
  poll();
}

}  // namespace
}  // namespace lavapp::lavalink
