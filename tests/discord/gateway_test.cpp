// The shard against the sandbox gateway: the life of a connection, and each fault that can be ordered.
#include <tuple>

#include "discord/gateway_fixture.hpp"

namespace lavapp::discord {
namespace {

std::string name_of(std::tuple<Encoding, Compression> transport) {
  static const char* const compressions[] = {"Plain", "ZlibStream", "ZstdStream", "Payload"};
  const auto [encoding, compression] = transport;
  return std::string(encoding == Encoding::json ? "Json" : "Etf") + compressions[static_cast<int>(compression)];
}

class EachTransport : public GatewayTest, public testing::WithParamInterface<std::tuple<Encoding, Compression>> {};

TEST_P(EachTransport, CarriesAWholeLife) {
  serve(with_guilds({1ull << 22, 2ull << 22}));
  auto wanted = options();
  wanted.encoding = std::get<0>(GetParam());
  wanted.compression = std::get<1>(GetParam());
  make(wanted);
  connect();
  ASSERT_TRUE(hears("guilds, missing 0")) << shown();
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0]);
  EXPECT_EQ(shard->status(), GatewayStatus::ready);

  // Small and large events, in their order.
  for (int n = 0; n < 50; ++n) {
    server->dispatch("TEST", json{{"n", n}, {"filler", std::string(static_cast<std::size_t>(n) * 3'000, 'a' + static_cast<char>(n % 26))}}.dump());
  }
  ASSERT_TRUE(run_until([&] { return tests.size() == 50; })) << shown();
  for (int n = 0; n < 50; ++n) EXPECT_EQ(tests[static_cast<std::size_t>(n)], n);

  // A voice channel.
  std::vector<VoiceStateUpdate> states;
  std::vector<VoiceServerUpdate> voice_servers;
  shard->on(Gateway::voice_state_update, [&](const VoiceStateUpdate& update) { states.push_back(update); });
  shard->on(Gateway::voice_server_update, [&](const VoiceServerUpdate& update) { voice_servers.push_back(update); });
  VoiceStateRequest join;
  join.channel_id = 222222222222222222;
  join.self_deaf = true;
  bool told = false;
  shard->update_voice_state(111111111111111111, join, [&](Result<void> result) { told = result.has_value(); });
  ASSERT_TRUE(run_until([&] { return !voice_servers.empty(); })) << shown();
  EXPECT_TRUE(told);
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states[0].guild_id, Snowflake(111111111111111111));
  EXPECT_EQ(*states[0].channel_id, Snowflake(222222222222222222));
  EXPECT_TRUE(states[0].self_deaf);
  EXPECT_EQ(voice_servers[0].token, "voice-token-111111111111111111");
  EXPECT_EQ(*voice_servers[0].endpoint, "voice.sandbox.test:443");

  // Lost, and resumed with what was missed.
  server->drop_connections();
  ASSERT_TRUE(hears("reconnecting to resume")) << shown();
  for (int n = 50; n < 60; ++n) server->dispatch("TEST", json{{"n", n}}.dump());
  ASSERT_TRUE(advance_until([&] { return std::find(lines.begin(), lines.end(), "resumed") != lines.end(); })) << shown();
  EXPECT_EQ(tests.size(), 60u);
  EXPECT_EQ(server->identifies(), 1u);
  EXPECT_EQ(errors.size(), 1u);
  for (std::size_t i = 1; i < sequences.size(); ++i) EXPECT_EQ(sequences[i], sequences[i - 1] + 1);

  shard->close();
  ASSERT_TRUE(hears("closed"));
  ASSERT_TRUE(run_until([&] { return server->open_connections() == 0; }));
  EXPECT_EQ(server->close_codes().back(), 1000);
}

INSTANTIATE_TEST_SUITE_P(Each, EachTransport,
                         testing::Values(std::tuple(Encoding::json, Compression::none), std::tuple(Encoding::json, Compression::zlib_stream),
                                         std::tuple(Encoding::json, Compression::zstd_stream),
                                         std::tuple(Encoding::json, Compression::payload), std::tuple(Encoding::etf, Compression::none),
                                         std::tuple(Encoding::etf, Compression::zlib_stream),
                                         std::tuple(Encoding::etf, Compression::zstd_stream)),
                         [](const auto& one) { return name_of(one.param); });

TEST_F(GatewayTest, BeatsAndMeasures) {
  serve();
  std::vector<std::chrono::nanoseconds> trips;
  live();
  shard->on(Gateway::heartbeat_ack, [&](std::chrono::nanoseconds trip) { trips.push_back(trip); });
  EXPECT_EQ(shard->heartbeat_interval(), 41'250ms);
  ASSERT_TRUE(advance_until([&] { return trips.size() >= 3; }));
  EXPECT_EQ(sent(1), trips.size());
  EXPECT_TRUE(shard->last_heartbeat_acked());
  EXPECT_TRUE(errors.empty());
}

TEST_F(GatewayTest, AGatewayThatDoesNotAcknowledgeIsLeftAndResumed) {
  serve();
  live();
  server->ignore_heartbeats();
  ASSERT_TRUE(advance_until([&] { return errors.size() == 1; })) << shown();
  EXPECT_TRUE(errors[0] == Errc::heartbeat_not_acknowledged);
  server->ignore_heartbeats(false);
  ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
  ASSERT_FALSE(server->close_codes().empty());
  EXPECT_EQ(server->close_codes()[0], 4000);
  EXPECT_EQ(errors.size(), 1u);
}

TEST_F(GatewayTest, AHalfOpenConnectionIsNoticedAndResumed) {
  serve();
  live();
  server->half_open();
  ASSERT_TRUE(advance_until([&] { return errors.size() == 1; })) << shown();
  EXPECT_TRUE(errors[0] == Errc::heartbeat_not_acknowledged);
  server->half_open(false);
  ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
}

TEST_F(GatewayTest, Op1IsAnsweredAtOnce) {
  serve();
  live();
  const auto before = sent(1);
  server->request_heartbeat();
  ASSERT_TRUE(run_until([&] { return sent(1) == before + 1; }));
  EXPECT_TRUE(errors.empty());
}

TEST_F(GatewayTest, Op7KeepsTheSession) {
  serve();
  live();
  server->request_reconnect();
  ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
  EXPECT_EQ(server->close_codes().at(0), 4000);
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(GatewayTest, Op7InPlaceOfHello) {
  serve();
  server->greet_with(R"({"op":7,"d":null})");
  make(options());
  connect();
  ASSERT_TRUE(hears("reconnecting")) << shown();
  server->greet_with_hello();
  ASSERT_TRUE(advance_until([&] { return shard->status() == GatewayStatus::ready; })) << shown();
  EXPECT_EQ(connected.size(), 1u);
}

TEST_F(GatewayTest, Op9IsTakenByItsFlag) {
  serve();
  live();
  server->invalidate_sessions(true);
  ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
  EXPECT_EQ(server->identifies(), 1u);
  lines.clear();
  clock->advance(10s);
  server->invalidate_sessions(false);
  ASSERT_TRUE(advance_until([&] { return server->identifies() == 2 && shard->status() == GatewayStatus::ready; })) << shown();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "session lost"), 1);
}

TEST_F(GatewayTest, FatalCloseCodesAreOneErrorAndTheEnd) {
  const std::pair<int, Errc> fatal[] = {{4004, Errc::authentication_failed}, {4010, Errc::invalid_shard},
                                        {4011, Errc::sharding_required},     {4012, Errc::invalid_api_version},
                                        {4013, Errc::invalid_intents},       {4014, Errc::disallowed_intents}};
  for (const auto& [code, errc] : fatal) {
    SCOPED_TRACE(code);
    server.reset();
    serve();
    errors.clear();
    lines.clear();
    connected.clear();
    server->refuse_with_close(code);
    make(options());
    connect();
    ASSERT_TRUE(hears("closed")) << shown();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_TRUE(errors[0] == errc);
    EXPECT_EQ(errors[0].close_code, code);
    ASSERT_EQ(connected.size(), 1u);
    EXPECT_TRUE(connected[0].error() == errc);
    advance(10min);
    EXPECT_EQ(server->connections(), 1u);
    EXPECT_TRUE(shard->do_not_reconnect());
    EXPECT_TRUE(shard->is_closed());
  }
}

TEST_F(GatewayTest, WhatTheSandboxRefusesIsNamed) {
  const auto expect = [&](GatewayOptions wanted, Errc errc) {
    errors.clear();
    lines.clear();
    make(std::move(wanted));
    connect();
    ASSERT_TRUE(hears("closed")) << shown();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_TRUE(errors[0] == errc) << errors[0].what();
  };
  sandbox::GatewayOptions strict;
  strict.allowed_intents = intents::unprivileged;
  serve(strict);
  auto wrong = options();
  wrong.token = "not-the-token";
  expect(wrong, Errc::authentication_failed);
  wrong = options();
  wrong.intents = intents::all;
  expect(wrong, Errc::disallowed_intents);
  wrong.intents = 1u << 31;
  expect(wrong, Errc::invalid_intents);
  sandbox::GatewayOptions crowded;
  crowded.max_guilds_per_shard = 0;
  crowded.guilds = {1};
  server.reset();
  serve(crowded);
  expect(options(), Errc::sharding_required);
}

TEST_F(GatewayTest, OtherCloseCodesResumeOrIdentify) {
  for (const int code : {4000, 4001, 4002, 1000, 1001}) {
    SCOPED_TRACE(code);
    server.reset();
    serve();
    live();
    server->close_connections(code);
    ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
    EXPECT_EQ(server->identifies(), 1u);
  }
  for (const int code : {4003, 4005, 4007, 4009}) {
    SCOPED_TRACE(code);
    server.reset();
    serve();
    live();
    server->close_connections(code);
    ASSERT_TRUE(advance_until([&] { return server->identifies() == 2 && shard->status() == GatewayStatus::ready; })) << shown();
    EXPECT_EQ(server->resumes(), 0u);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "session lost"), 1);
  }
}

TEST_F(GatewayTest, ADeadResumeUrlLeadsBackToTheGateway) {
  sandbox::GatewayOptions dead;
  dead.resume_gateway_url = "ws://127.0.0.1:1";
  serve(dead);
  live();
  EXPECT_NE(shard->url().find("127.0.0.1:1/"), std::string::npos);
  server->drop_connections();
  ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
  EXPECT_EQ(server->identifies(), 1u);
}

TEST_F(GatewayTest, ACorruptStreamIsClosedResumably) {
  for (const auto compression : {Compression::none, Compression::zlib_stream, Compression::zstd_stream}) {
    server.reset();
    errors.clear();
    serve();
    auto wanted = options();
    wanted.compression = compression;
    live(wanted);
    server->send_garbage("\x01\x02 this is nothing that could be read");
    ASSERT_TRUE(advance_until([&] { return server->resumes() == 1 && shard->status() == GatewayStatus::ready; })) << shown();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_TRUE(errors[0] == Errc::bad_payload) << errors[0].what();
    EXPECT_EQ(server->close_codes().at(0), 4000);
  }
}

TEST_F(GatewayTest, EachStepHasItsLimit) {
  serve();
  server->greet_with_nothing();
  make(options());
  connect();
  ASSERT_TRUE(run_until([&] { return server->connections() == 1; }));
  ASSERT_TRUE(advance_until([&] { return errors.size() == 1; }));
  EXPECT_TRUE(errors[0] == Errc::hello_timeout);
  server->greet_with_hello();
  server->ignore_identify();
  ASSERT_TRUE(advance_until([&] { return errors.size() == 2; })) << shown();
  EXPECT_TRUE(errors[1] == Errc::ready_timeout);
  server->ignore_identify(false);
  ASSERT_TRUE(advance_until([&] { return shard->status() == GatewayStatus::ready; })) << shown();
}

TEST_F(GatewayTest, ACodeThatNoClientMaySendIsRefused) {
  serve();
  live();
  std::vector<Result<void>> ended;
  shard->close(1006, [&](Result<void> result) { ended.push_back(std::move(result)); });
  ASSERT_TRUE(run_until([&] { return ended.size() == 1; }));
  EXPECT_EQ(ended[0].error(), Errc::invalid_argument);
  shard->close(999);
  ASSERT_TRUE(run_until([&] { return !lines.empty(); }));
  EXPECT_EQ(lines[0].rfind("warning ", 0), 0u) << lines[0];
  EXPECT_EQ(shard->status(), GatewayStatus::ready);
  EXPECT_EQ(server->open_connections(), 1u);
}

TEST_F(GatewayTest, WhenItWasWhat) {
  serve();
  make(options());
  EXPECT_FALSE(shard->connected_since());
  connect();
  ASSERT_TRUE(run_until([&] { return shard->status() == GatewayStatus::ready; }));
  EXPECT_EQ(shard->connected_since(), clock->now());
  EXPECT_FALSE(shard->last_heartbeat());
  ASSERT_TRUE(advance_until([&] { return sent(1) == 1; }));
  ASSERT_TRUE(shard->last_heartbeat());
  EXPECT_GT(*shard->last_heartbeat(), *shard->connected_since());
  server->drop_connections();
  ASSERT_TRUE(advance_until([&] { return shard->last_resume().has_value() && shard->status() == GatewayStatus::ready; }));
  EXPECT_LE(*shard->last_resume(), clock->now());
}

TEST_F(GatewayTest, ReadyIsToldBeforeAnythingThatFollowsFromIt) {
  serve();
  make(options());
  shard->on(Gateway::guilds_ready, [&] { note("guilds"); });
  shard->connect([this](Result<void>) { note("connected"); });
  ASSERT_TRUE(hears("connected"));
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].rfind("ready ", 0), 0u) << lines[0];
}

TEST_F(GatewayTest, TheTokenIsInNoErrorAndNoDebugLine) {
  serve();
  auto wrong = options();
  wrong.token = "hunter2-token";
  make(wrong);
  connect();
  ASSERT_TRUE(hears("closed"));
  EXPECT_EQ(debug.find("hunter2"), std::string::npos);
  for (const auto& error : errors) EXPECT_EQ(error.what().find("hunter2"), std::string::npos);
  GatewayOptions odd;
  odd.token = "Bot hunter2";
  make(odd);
  connected.clear();
  connect();
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_TRUE(connected[0].error() == Errc::invalid_argument);
  EXPECT_EQ(connected[0].error().what().find("hunter2"), std::string::npos);
}

TEST_F(GatewayTest, MistakesInTheOptionsAreNamed) {
  serve();
  const auto expect = [&](const char* name, auto&& change) {
    auto wanted = options();
    change(wanted);
    connected.clear();
    make(wanted);
    connect();
    ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
    ASSERT_FALSE(connected[0]) << name;
    EXPECT_TRUE(connected[0].error() == Errc::invalid_argument) << connected[0].error().what();
    EXPECT_EQ(connected[0].error().message.rfind(name, 0), 0u) << connected[0].error().what();
  };
  expect("token", [](auto& o) { o.token.clear(); });
  expect("shard", [](auto& o) { o.shard = {1, 1}; });
  expect("url", [](auto& o) { o.url = "gateway.discord.gg"; });
  expect("compression", [](auto& o) { o.encoding = Encoding::etf, o.compression = Compression::payload; });
  expect("large_threshold", [](auto& o) { o.large_threshold = 10; });
  expect("presence", [](auto& o) { o.presence = JsonText("[]"); });
  expect("hello_timeout", [](auto& o) { o.hello_timeout = 0ms; });
}

TEST_F(GatewayTest, CloseCompletesWhenTheConnectionIsGone) {
  serve();
  live();
  std::vector<Result<void>> ended;
  const auto note_end = [&](Result<void> result) {
    EXPECT_EQ(server->open_connections(), 0u);
    ended.push_back(std::move(result));
  };
  shard->close(1000, note_end);
  ASSERT_TRUE(run_until([&] { return ended.size() == 1; }));
  EXPECT_TRUE(ended[0]) << ended[0].error().what();
  EXPECT_EQ(server->close_codes(), (std::vector<int>{1000}));
  shard->close(1000, note_end);  // there is none any more
  ASSERT_TRUE(run_until([&] { return ended.size() == 2; }));
  EXPECT_TRUE(ended[1]);
}

TEST_F(GatewayTest, CloseCutsWhatDoesNotAnswerInTime) {
  serve();
  live();
  server->half_open();
  std::vector<Result<void>> ended;
  const auto note_end = [&](Result<void> result) { ended.push_back(std::move(result)); };
  shard->close(1000, note_end, CallOptions{2s, {}});
  shard->close(1000, note_end);
  poll();
  ASSERT_TRUE(advance_until([&] { return ended.size() == 2; }));
  EXPECT_EQ(ended[0].error(), Errc::close_timeout);
  EXPECT_TRUE(ended[1]) << ended[1].error().what();
  EXPECT_EQ(shard->status(), GatewayStatus::disconnected);
}

TEST_F(GatewayTest, CloseIsEndedByTheDestructor) {
  serve();
  live();
  server->half_open();
  std::vector<Result<void>> ended;
  shard->close(4000, [&](Result<void> result) { ended.push_back(std::move(result)); });
  shard.reset();
  ASSERT_TRUE(run_until([&] { return ended.size() == 1; }));
  EXPECT_EQ(ended[0].error(), Errc::closed);
}

}  // namespace
}  // namespace lavapp::discord
