// REST over a Node while the sandbox node makes trouble: what is sent again, what waits, what fails at once.
#include "integration/node_and_sandbox.hpp"

namespace lavapp {
namespace {

using sandbox::Fault;

class RestAndSandbox : public NodeAndSandbox {
 protected:
  NodeOptions options() const {
    auto result = NodeAndSandbox::options();
    result.rest.jitter = false;
    return result;
  }
  /// Connected, with a log of the breaker, and nothing seen yet.
  void start(NodeOptions with) {
    connected(std::move(with));
    node->on(Node::debug, [this](std::string_view text) {
      if (text.rfind("circuit breaker: ", 0) == 0) circuit.emplace_back(text.substr(17, text.find(',') - 17));
    });
    server->clear_requests();
  }
  void start() { start(options()); }

  Got<Info> info(CallOptions call = {}) {
    return begin<Info>([&](auto done) { node->fetch_info(std::move(done), call); });
  }
  Got<PlayerState> volume(int percent, CallOptions call = {}) {
    return begin<PlayerState>([&](auto done) { node->player(7).set_volume(percent, std::move(done), call); });
  }
  template <class T>
  const Result<T>& ended(const Got<T>& got, Clock::duration limit = 60s) {
    EXPECT_TRUE(let_time_pass([&] { return got->has_value(); }, limit));
    if (!got->has_value()) got->emplace(Error(Errc::abandoned, "the test gave up waiting"));
    return **got;
  }
  /// Without a move of the clock.
  template <class T>
  const Result<T>& at_once(const Got<T>& got) {
    EXPECT_TRUE(run_until([&] { return got->has_value(); }));
    if (!got->has_value()) got->emplace(Error(Errc::abandoned, "the test gave up waiting"));
    return **got;
  }
  std::vector<int> statuses(const std::string& method, const std::string& part_of_target) const {
    std::vector<int> result;
    for (const auto& each : server->requests()) {
      if (each.method == method && each.target.find(part_of_target) != std::string::npos) result.push_back(each.status);
    }
    return result;
  }
  bool seen(std::size_t count, const std::string& method, const std::string& part_of_target) {
    return run_until([&] { return statuses(method, part_of_target).size() >= count; });
  }
  /// What is on its way between two sockets of this process, the clock standing still.
  void let_bytes_arrive() {
    for (int i = 0; i < 20; ++i) {
      context.restart();
      context.run_for(1ms);
    }
  }
  std::uint64_t retries(const std::string& cause) const {
    for (const auto& each : node->metrics().retries) {
      if (each.name == cause) return each.count;
    }
    return 0;
  }
  void open_breaker() {
    server->order(Fault::refuse(503).on_target("/v4/stats").always());
    CallOptions call;
    call.deadline = 1500ms;  // too short to wait for the breaker
    while (node->metrics().circuit == CircuitState::closed) {
      const auto stats = begin<Stats>([&](auto done) { node->fetch_stats(std::move(done), call); });
      ASSERT_FALSE(ended(stats));
    }
    server->clear_requests();
  }
  /// A player's PATCH that the node answers 404, because its session's connection has gone meanwhile.
  Got<PlayerState> caught_away(CallOptions call = {}) {
    server->order(Fault::delay(500ms).on_method("PATCH").on_target("/players/"));
    const auto changed = volume(30, call);
    EXPECT_TRUE(seen(1, "PATCH", "/players/"));
    server->close_websockets(1001);
    EXPECT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
    advance(500ms);
    EXPECT_TRUE(run_until([&] { return statuses("PATCH", "/players/").front() == 404; }));
    let_bytes_arrive();
    EXPECT_FALSE(changed->has_value());
    return changed;
  }

  std::vector<std::string> circuit;
};

TEST_F(RestAndSandbox, A503IsSentAgainAndTheCallerHearsTheEnd) {
  start();
  server->order(Fault::refuse(503).on_target("/info").times(2));
  const auto got = info();
  EXPECT_TRUE(ended(got).has_value());
  EXPECT_EQ(statuses("GET", "/info"), (std::vector{503, 503, 200}));
  EXPECT_EQ(retries("status 503"), 2u);
}

TEST_F(RestAndSandbox, AfterTheLastAttemptItsErrorIsTold) {
  start();
  server->order(Fault::refuse(503, "maintenance").on_target("/info").always());
  const auto got = info();
  const auto& result = ended(got);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().http_status, 503);
  EXPECT_EQ(result.error().route, "GET /v4/info");
  EXPECT_EQ(result.error().body, "maintenance");
  EXPECT_EQ(statuses("GET", "/info").size(), 3u);
}

TEST_F(RestAndSandbox, AConnectionThatIsRefusedIsTriedAgain) {
  auto with = options();
  node = std::make_unique<Node>(runtime, with);
  server->restart(600ms);
  ASSERT_TRUE(run_until([&] { return !server->running(); }));
  const auto got = info();
  EXPECT_TRUE(ended(got).has_value());
  EXPECT_EQ(retries("connect_failed"), 2u);
}

TEST_F(RestAndSandbox, AnAnswerThatIsLostIsAskedForAgainOnlyIfThatChangesNothing) {
  start();
  server->order(Fault::cut().on_method("PATCH").on_target("/players/"));
  EXPECT_TRUE(ended(volume(30)).has_value());
  EXPECT_EQ(statuses("PATCH", "/players/").size(), 2u);
  ASSERT_TRUE(play("sandbox:1").has_value());
  server->clear_requests();

  server->order(Fault::cut().on_method("PATCH").on_target("/players/"));
  const auto sought = begin<PlayerState>([&](auto done) { node->player(7).seek(90s, std::move(done)); });
  EXPECT_TRUE(ended(sought).error() == Errc::connection_lost);
  const auto track = found("sandbox:2");
  server->order(Fault::cut().on_method("PATCH").on_target("/players/"));
  const auto played = begin<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done)); });
  EXPECT_TRUE(ended(played).error() == Errc::connection_lost);
  EXPECT_EQ(statuses("PATCH", "/players/").size(), 2u);
}

TEST_F(RestAndSandbox, ARefusalBeforeAnythingIsDoneIsSentAgainForEveryRoute) {
  start();
  const auto track = found("sandbox:1");
  server->order(Fault::refuse(429).on_method("PATCH").on_target("/players/"));
  const auto played = begin<PlayerState>([&](auto done) { node->player(7).play(track, std::move(done)); });
  EXPECT_TRUE(ended(played).has_value());
  EXPECT_EQ(statuses("PATCH", "/players/"), (std::vector{429, 200}));
}

TEST_F(RestAndSandbox, OneAttemptTurnsItOff) {
  auto with = options();
  with.rest.max_attempts = 1;
  start(with);
  server->order(Fault::refuse(503).on_target("/info"));
  EXPECT_EQ(at_once(info()).error().http_status, 503);
}

TEST_F(RestAndSandbox, ADeadlineThatComesFirstTellsTheLastError) {
  start();
  server->order(Fault::refuse(503).on_target("/info"));
  server->order(Fault::hang().on_target("/info"));
  CallOptions call;
  call.deadline = 2s;
  const auto got = info(call);
  const auto& result = ended(got);
  EXPECT_TRUE(result.error() == Errc::request_timeout);
  EXPECT_EQ(result.error().http_status, 503);
  EXPECT_NE(result.error().message.find("the last attempt: HTTP error (status 503)"), std::string::npos)
      << result.error().message;
}

TEST_F(RestAndSandbox, CancelledInAPauseItEnds) {
  start();
  server->order(Fault::refuse(503).on_target("/info"));
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto got = info(call);
  ASSERT_TRUE(seen(1, "GET", "/info"));
  let_bytes_arrive();
  EXPECT_FALSE(got->has_value());
  source.cancel();
  EXPECT_TRUE(at_once(got).error() == Errc::cancelled);
  advance(10s);
  EXPECT_EQ(statuses("GET", "/info").size(), 1u);
}

TEST_F(RestAndSandbox, TheOrderOfOnePlayersRequestsHoldsAcrossRepetitions) {
  start();
  server->order(Fault::refuse(503).on_method("PATCH").times(2));
  std::vector<Got<PlayerState>> all;
  for (int percent = 0; percent < 10; ++percent) all.push_back(volume(percent));
  for (const auto& each : all) EXPECT_TRUE(ended(each).has_value());
  std::vector<std::string> bodies;
  for (const auto& each : server->requests()) {
    if (each.method == "PATCH" && each.status == 200) bodies.push_back(each.body);
  }
  ASSERT_EQ(bodies.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(bodies[i], R"({"volume":)" + std::to_string(i) + "}");
  EXPECT_EQ(statuses("PATCH", "/players/").size(), 12u);
}

TEST_F(RestAndSandbox, A429HoldsUpTheWholeNodeForAsLongAsItSays) {
  start();
  server->order(Fault::refuse(429).header("Retry-After", "2").on_target("/info"));
  const auto first = info();
  ASSERT_TRUE(seen(1, "GET", "/info"));
  let_bytes_arrive();
  const auto other = begin<std::string>([&](auto done) { node->fetch_version(std::move(done)); });
  advance(1900ms);
  EXPECT_FALSE(other->has_value());
  EXPECT_TRUE(statuses("GET", "/version").empty());
  EXPECT_TRUE(ended(other, 1s).has_value());
  EXPECT_TRUE(ended(first, 1s).has_value());
  EXPECT_EQ(retries("status 429"), 1u);
}

TEST_F(RestAndSandbox, A429LongerThanTheDeadlineIsToldAtOnce) {
  start();
  server->order(Fault::refuse(429, "busy").header("Retry-After", "30").on_target("/info"));
  const auto first = info();
  EXPECT_EQ(at_once(first).error().http_status, 429);
  EXPECT_EQ(at_once(first).error().message, "the node asks to wait 30 s");
  EXPECT_EQ(at_once(first).error().body, "busy");
  server->clear_requests();
  const auto other = info();
  EXPECT_EQ(at_once(other).error().http_status, 429);
  EXPECT_EQ(at_once(other).error().retry_after, 30s);
  EXPECT_NE(at_once(other).error().message.find("30 s"), std::string::npos);
  EXPECT_TRUE(server->requests().empty());
}

TEST_F(RestAndSandbox, TheBreakerOpensLetsOneThroughAndCloses) {
  start();
  open_breaker();
  const auto refused = info();
  EXPECT_TRUE(at_once(refused).error() == Errc::circuit_open) << at_once(refused).error().what();
  EXPECT_EQ(at_once(refused).error().http_status, 503);
  EXPECT_EQ(at_once(refused).error().route, "GET /v4/info");
  EXPECT_TRUE(server->requests().empty());
  advance(5s);
  server->order(Fault::delay(300ms).on_target("/info"));
  const auto probe = info();
  ASSERT_TRUE(seen(1, "GET", "/info"));
  EXPECT_TRUE(at_once(info()).error() == Errc::circuit_open) << "the probe is under way";
  EXPECT_TRUE(ended(probe).has_value());
  EXPECT_TRUE(at_once(info()).has_value());
  EXPECT_EQ(circuit, (std::vector<std::string>{"open", "half_open", "closed"}));
  EXPECT_EQ(node->metrics().circuit_opened, 1u);
}

TEST_F(RestAndSandbox, WhatWasAskedBeforeTheBreakerOpenedWaitsForTheNode) {
  auto with = options();
  with.rest.breaker_pause = 2s;
  start(with);
  server->order(Fault::refuse(503).times(5));
  std::vector<Got<Info>> all;
  for (int i = 0; i < 5; ++i) all.push_back(info());
  for (const auto& each : all) EXPECT_TRUE(ended(each).has_value());
  EXPECT_EQ(circuit, (std::vector<std::string>{"open", "half_open", "closed"}));
  EXPECT_EQ(statuses("GET", "/info").size(), 10u);
}

TEST_F(RestAndSandbox, ReadyClosesTheBreaker) {
  auto with = options();
  with.rest.breaker_pause = 60s;
  start(with);
  open_breaker();
  server->close_websockets(1001);
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2; }, 5s));
  EXPECT_TRUE(at_once(info()).has_value());
  EXPECT_EQ(circuit.back(), "closed");
}

TEST_F(RestAndSandbox, TheBreakerHoldsUpNeitherTheSessionsPatchNorVoice) {
  node = std::make_unique<Node>(runtime, options());
  open_breaker();
  const auto ready = await<Ready>([&](auto done) { node->connect(std::move(done)); });
  ASSERT_TRUE(ready.has_value());
  EXPECT_EQ(statuses("PATCH", "/v4/sessions/"), std::vector{200});
  open_breaker();
  const auto voice = begin<PlayerState>([&](auto done) {
    node->player(7).update_voice(VoiceState{"token", "endpoint", "session", 3}, std::move(done));
  });
  EXPECT_TRUE(at_once(voice).has_value()) << at_once(voice).error().what();
}

TEST_F(RestAndSandbox, VoiceUpdatesThatHangDoNotOpenTheBreaker) {
  auto with = options();
  with.rest.breaker_failures = 1;
  start(with);
  server->hang_voice_updates();
  const auto voice = begin<PlayerState>([&](auto done) {
    node->player(7).update_voice(VoiceState{"token", "endpoint", "session", 3}, std::move(done));
  });
  EXPECT_TRUE(ended(voice).error() == Errc::request_timeout);
  EXPECT_TRUE(circuit.empty());
  EXPECT_TRUE(at_once(info()).has_value());
}

TEST_F(RestAndSandbox, AMachineThatHangsOpensTheBreaker) {
  auto with = options();
  with.rest.breaker_failures = 2;
  with.heartbeat_interval = 0ms;
  start(with);
  server->half_open();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(ended(info()).error() == Errc::request_timeout);
  EXPECT_TRUE(at_once(info()).error() == Errc::circuit_open);
  server->half_open(false);
}

TEST_F(RestAndSandbox, SessionNotFoundWhileAwayWaitsForTheResume) {
  start();
  const auto changed = caught_away();
  EXPECT_TRUE(ended(changed).has_value()) << ended(changed).error().what();
  EXPECT_EQ(readies, (std::vector{false, true}));
  EXPECT_EQ(statuses("PATCH", "/players/"), (std::vector{404, 200}));
  EXPECT_EQ(node->player(7).volume(), 30);
}

TEST_F(RestAndSandbox, SessionNotFoundOfASessionThatIsLostSaysSo) {
  start();
  const auto changed = caught_away();
  server->restart();
  const auto& result = ended(changed);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error() == Errc::no_session) << result.error().what();
  EXPECT_NE(result.error().message.find("was lost while this waited"), std::string::npos) << result.error().message;
  EXPECT_EQ(result.error().http_status, 404);
  EXPECT_EQ(readies, (std::vector{false, false}));
}

TEST_F(RestAndSandbox, AWaitForTheResumeEndsWithTheDeadline) {
  start();
  server->order(Fault::refuse(503).on_handshakes().always());
  CallOptions call;
  call.deadline = 4s;
  const auto changed = caught_away(call);
  const auto& result = ended(changed, 5s);
  EXPECT_TRUE(result.error() == Errc::request_timeout) << result.error().what();
  EXPECT_EQ(result.error().http_status, 404);
  EXPECT_NE(result.error().message.find("waited for the session to be resumed"), std::string::npos);
  EXPECT_NE(result.error().message.find("Session not found"), std::string::npos);
}

TEST_F(RestAndSandbox, AWaitForTheResumeCanBeCancelledAndHoldsUpNobodyAfterwards) {
  start();
  CancelSource source;
  CallOptions call;
  call.cancel = source.token();
  const auto changed = caught_away(call);
  source.cancel();
  EXPECT_TRUE(at_once(changed).error() == Errc::cancelled);
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2; }, 5s));
  EXPECT_TRUE(at_once(volume(40)).has_value());
  EXPECT_EQ(statuses("PATCH", "/players/"), (std::vector{404, 200}));
}

TEST_F(RestAndSandbox, AWaitForTheResumeEndsWithTheNode) {
  start();
  const auto changed = caught_away();
  ASSERT_TRUE(await<void>([&](auto done) { node->shutdown(KeepSession::yes, std::move(done)); }).has_value());
  EXPECT_TRUE(at_once(changed).error() == Errc::closed);
}

TEST_F(RestAndSandbox, WhatWaitsForTheResumeGoesOutInItsOrder) {
  start();
  const auto first = caught_away();
  EXPECT_TRUE(at_once(volume(50)).error() == Errc::no_session) << "it began while the connection was away";
  EXPECT_TRUE(ended(first).has_value());
  EXPECT_TRUE(at_once(volume(60)).has_value());
  EXPECT_EQ(node->player(7).volume(), 60);
}

TEST_F(RestAndSandbox, CallsMadeWhileAwayWaitIfTheOptionsSaySo) {
  auto with = options();
  with.rest.wait_while_away = true;
  start(with);
  server->close_websockets(1001);
  ASSERT_TRUE(run_until([&] { return node->state() == NodeState::reconnecting; }));
  const auto first = volume(30);
  const auto second = volume(40);
  const auto voice = begin<PlayerState>([&](auto done) {
    node->player(7).update_voice(VoiceState{"token", "endpoint", "session", 3}, std::move(done));
  });
  EXPECT_TRUE(at_once(voice).error() == Errc::no_session);
  EXPECT_TRUE(server->requests().empty());
  EXPECT_TRUE(ended(second).has_value());
  EXPECT_TRUE(ended(first).has_value());
  EXPECT_EQ(node->player(7).volume(), 40);
}

TEST_F(RestAndSandbox, TheQueueOfRequestsIsBounded) {
  auto with = options();
  with.rest.max_pending = 2;
  start(with);
  server->order(Fault::hang().on_target("/info").always());
  const auto first = info();
  const auto second = info();
  EXPECT_TRUE(at_once(info()).error() == Errc::queue_full);
  EXPECT_EQ(node->metrics().rest_pending, 2u);
  EXPECT_TRUE(ended(first).error() == Errc::request_timeout);
  EXPECT_TRUE(ended(second).error() == Errc::request_timeout);
  server->clear_faults();
  EXPECT_TRUE(at_once(info()).has_value());
  EXPECT_EQ(node->metrics().rest_pending, 0u);
}

TEST_F(RestAndSandbox, NothingWaitsForANodeThatIsDestroyed) {
  start();
  const auto away = caught_away();
  server->order(Fault::refuse(503).on_target("/info"));
  const auto paused = info();
  ASSERT_TRUE(seen(1, "GET", "/info"));
  let_bytes_arrive();
  node.reset();
  EXPECT_TRUE(at_once(paused).error() == Errc::closed);
  EXPECT_TRUE(at_once(away).error() == Errc::closed);
}

TEST_F(RestAndSandbox, MetricsTellWhatHappened) {
  start();
  ASSERT_TRUE(play("sandbox:1").has_value());
  server->order(Fault::refuse(400).on_target("/info"));
  ASSERT_FALSE(at_once(info()));
  server->send_text("{not json");
  ASSERT_TRUE(run_until([&] { return node->metrics().dropped.front().count == 1; }));
  server->close_websockets(1001);
  ASSERT_TRUE(let_time_pass([&] { return readies.size() == 2; }, 5s));
  ASSERT_TRUE(let_time_pass([&] { return node->metrics().round_trips.count != 0; }, 40s));
  const auto metrics = node->metrics();
  EXPECT_TRUE(metrics.ready);
  std::vector<std::string> rest;
  for (const auto& each : metrics.rest) rest.push_back(each.route + " " + each.status);
  EXPECT_EQ(rest, (std::vector<std::string>{"GET /v4/info 400", "GET /v4/loadtracks 200",
                                            "PATCH /v4/sessions/{sessionId} 200",
                                            "PATCH /v4/sessions/{sessionId}/players/{guildId} 200"}));
  ASSERT_EQ(metrics.reconnects.size(), 1u);
  EXPECT_EQ(metrics.reconnects[0].name, "close 1001");
  const auto count = [&](std::string_view type) {
    for (const auto& each : metrics.events) {
      if (each.name == type) return each.count;
    }
    return std::uint64_t{0};
  };
  EXPECT_EQ(count("ready"), 2u);
  EXPECT_EQ(count("TrackStartEvent"), 1u);
  const auto text = to_openmetrics(metrics, {{"node", "main"}});
  EXPECT_EQ(text.find(node->session_id()), std::string::npos) << "an id would make a series of its own";
  EXPECT_NE(text.find(R"(lavapp_reconnects_total{node="main",cause="close 1001"} 1)"), std::string::npos) << text;
}

}  // namespace
}  // namespace lavapp
