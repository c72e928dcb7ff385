// Opening a WebSocket: what goes out, what is accepted, and every way in which it can fail.
#include <boost/asio/ip/tcp.hpp>

#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

using ConnectTest = WebSocketTest;

std::uint16_t refused_port() {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

TEST_F(ConnectTest, SendsNothingUntilTold) {
  make();
  poll();
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  EXPECT_TRUE(peers.empty());
}

TEST_F(ConnectTest, SendsEveryHeaderAndReadsThoseOfTheAnswer) {
  WebSocketOptions options;
  options.headers = {{"Authorization", "youshallnotpass"}, {"User-Id", "1"}};
  options.subprotocols = {"a", "b"};
  make(options, url("/v4/websocket?x=1"));
  connect();
  EXPECT_EQ(ws->ready_state(), ReadyState::connecting);
  const auto peer = accept();
  EXPECT_EQ(request.substr(0, request.find('\r')), "GET /v4/websocket?x=1 HTTP/1.1");
  EXPECT_EQ(header_of(request, "Authorization"), "youshallnotpass");
  EXPECT_EQ(header_of(request, "User-Id"), "1");
  EXPECT_EQ(header_of(request, "Origin"), "(none)");
  peer->write(switching("Session-Resumed: true\r\nSec-WebSocket-Protocol: b\r\n"));
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  ASSERT_TRUE(connected[0]);
  EXPECT_EQ(*find_header(connected[0]->headers, "session-resumed"), "true");
  EXPECT_EQ(connected[0]->subprotocol, "b");
  EXPECT_EQ(ws->ready_state(), ReadyState::open);
  EXPECT_EQ(events, Lines{"open"});
}

// A defect of the seed.
TEST_F(ConnectTest, FramesInTheSegmentOfThe101AreReadAtOnce) {
  open({}, text_frame("ready") + text_frame("stats"));
  poll();
  EXPECT_EQ(events, (Lines{"open", "text:ready", "text:stats"}));
}

// A defect of the seed: 401, 403, 404 and 5xx raised only `debug`, and connect() hung.
TEST_F(ConnectTest, RefusalsFailWithStatusAndBody) {
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    SCOPED_TRACE(status);
    events.clear();
    connected.clear();
    make();
    connect();
    accept()->write("HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: 6\r\nRetry-After: 7\r\n\r\nreason");
    ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
    const auto& error = connected[0].error();
    EXPECT_TRUE(error == Errc::handshake_refused);
    EXPECT_EQ(error.http_status, status);
    EXPECT_EQ(error.body, "reason");
    EXPECT_EQ(error.retry_after, 7s);
    EXPECT_EQ(events, (Lines{"error:WebSocket handshake refused", "closed:1006::unclean"}));
    EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  }
}

TEST_F(ConnectTest, ARefusalWhoseBodyEndsWithTheConnection) {
  make();
  connect();
  const auto peer = accept();
  peer->write("HTTP/1.1 502 Bad Gateway\r\n\r\nnginx");
  peer->end_sending();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected[0].error().http_status, 502);
  EXPECT_EQ(connected[0].error().body, "nginx");
}

TEST_F(ConnectTest, ARefusalWhoseBodyNeverEnds) {
  make();
  connect();
  const auto peer = accept();
  peer->write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\nngi");
  for (int i = 0; i < 10'000 && connected.empty(); ++i) advance(1ms);
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_EQ(connected[0].error().http_status, 502);
}

TEST_F(ConnectTest, ALongRefusalIsCut) {
  for (const std::size_t size : {70'000u, 2'000'000u}) {
    connected.clear();
    make();
    connect();
    accept()->write("HTTP/1.1 403 No\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
    ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
    EXPECT_EQ(connected[0].error().http_status, 403);
    EXPECT_LE(connected[0].error().body.size(), 64u * 1024);
  }
}

// A defect of the seed: it followed, and sent Authorization along.
TEST_F(ConnectTest, RedirectsAreNotFollowed) {
  WebSocketOptions options;
  options.headers = {{"Authorization", "secret"}};
  make(options);
  connect();
  accept()->write("HTTP/1.1 302 Found\r\nLocation: " + url("/elsewhere") + "\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_EQ(connected[0].error().http_status, 302);
  poll();
  EXPECT_EQ(peers.size(), 1u);
}

TEST_F(ConnectTest, WhatIsNoWebSocketServer) {
  const std::pair<const char*, Errc> answers[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", Errc::bad_handshake},
      {"\x15\x03\x01 garbage \r\n\r\n", Errc::bad_handshake},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", Errc::bad_handshake},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
       "no\r\n\r\n",
       Errc::bad_handshake},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", Errc::handshake_refused},
      {"", Errc::connection_lost},
      {"HTTP/1.1 101 Swit", Errc::connection_lost},
  };
  for (const auto& [answer, code] : answers) {
    SCOPED_TRACE(answer);
    events.clear();
    connected.clear();
    make();
    connect();
    const auto peer = accept();
    peer->write(answer);
    peer->end_sending();
    ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
    EXPECT_TRUE(connected[0].error() == code) << connected[0].error().what();
    EXPECT_EQ(events.size(), 2u) << "one error, one closed";
    ASSERT_TRUE(run_until_ended(peer));
  }
}

TEST_F(ConnectTest, AnEndlessHeadIsNoHandshake) {
  make();
  connect();
  accept()->write("HTTP/1.1 101 Switching Protocols\r\nX: " + std::string(200'000, 'x'));
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected[0].error() == Errc::bad_handshake);
}

TEST_F(ConnectTest, AServerThatNeverAnswers) {
  make();
  connect();
  const auto peer = accept();
  advance(9'999ms);
  EXPECT_TRUE(connected.empty());
  advance(1ms);
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0].error() == Errc::handshake_timeout);
  EXPECT_EQ(events, (Lines{"error:timed out in the WebSocket handshake", "closed:1006::unclean"}));
  EXPECT_TRUE(run_until_ended(peer));
}

TEST_F(ConnectTest, AnUnreachableHost) {
  make({}, "ws://127.0.0.1:" + std::to_string(refused_port()));
  connect();
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected[0].error() == Errc::connect_failed);
  EXPECT_TRUE(connected[0].error().cause == std::errc::connection_refused);
  EXPECT_EQ(events, (Lines{"error:could not connect", "closed:1006::unclean"}));
}

// A defect of the seed: a failed wss:// fell back to ws://.
TEST_F(ConnectTest, AFailedTlsHandshakeNeverFallsBackToPlainText) {
  make({}, "wss://127.0.0.1:" + std::to_string(listener->port()));
  connect();
  ASSERT_TRUE(run_until([&] { return peers.size() == 1 && !peers[0]->received.empty(); }));
  EXPECT_EQ(peers[0]->received[0], '\x16') << "a TLS ClientHello";
  peers[0]->write("HTTP/1.1 400 Bad Request\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected[0].error() == Errc::tls_failed) << connected[0].error().what();
  EXPECT_EQ(count("closed"), 1u);
  poll();
  EXPECT_EQ(peers.size(), 1u);
}

TEST_F(ConnectTest, MistakesOfTheCallerRaiseNoEvent) {
  const auto fails_with = [this](Errc code, WebSocketOptions options, std::string to) {
    connected.clear();
    make(std::move(options), std::move(to));
    connect();
    EXPECT_TRUE(connected.empty()) << "completed inside the call";
    poll();
    EXPECT_EQ(connected.size(), 1u);
    EXPECT_TRUE(!connected[0] && connected[0].error() == code);
    EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  };
  WebSocketOptions header;
  header.headers = {{"Authorization", "a\r\nEvil: 1"}};
  WebSocketOptions zero;
  zero.connect_timeout = 0s;
  fails_with(Errc::invalid_url, {}, "lavalink:2333");
  fails_with(Errc::invalid_url, {}, "ws://h:70000");
  fails_with(Errc::invalid_header, header, url());
  fails_with(Errc::invalid_argument, zero, url());
  EXPECT_TRUE(events.empty());
  EXPECT_TRUE(peers.empty());
}

TEST_F(ConnectTest, ASecondConnectIsRefusedAndLeavesTheFirstAlone) {
  make();
  connect();
  connect();
  const auto peer = accept();
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0].error() == Errc::already_connecting);
  peer->write(switching());
  ASSERT_TRUE(run_until([&] { return connected.size() == 2; }));
  EXPECT_TRUE(connected[1]);
  connect();
  poll();
  EXPECT_TRUE(connected.at(2).error() == Errc::already_connecting);
  EXPECT_EQ(events, Lines{"open"});
}

TEST_F(ConnectTest, ItsDeadlineCoversTheWhole) {
  make();
  CallOptions options;
  options.deadline = 3s;
  connect(options);
  accept();
  advance(3s);
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0].error() == Errc::handshake_timeout) << connected[0].error().what();
  EXPECT_EQ(events.size(), 2u);
}

TEST_F(ConnectTest, ItsDeadlineIsToldByTheStepThatItCuts) {
  make({}, "wss://127.0.0.1:" + std::to_string(listener->port()));  // a peer that never answers in TLS
  CallOptions options;
  options.deadline = 3s;
  connect(options);
  ASSERT_TRUE(run_until([&] { return peers.size() == 1 && !peers[0]->received.empty(); }));
  advance(3s);
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0].error() == Errc::tls_timeout) << connected[0].error().what();
  EXPECT_EQ(events, (Lines{"error:timed out in the TLS handshake", "closed:1006::unclean"}));
}

TEST_F(ConnectTest, TimeLimitsMayBeAsLongAsOneLikes) {
  constexpr auto kLongest = std::chrono::milliseconds::max();
  WebSocketOptions options;
  options.resolve_timeout = options.connect_timeout = options.tls_timeout = options.handshake_timeout = kLongest;
  options.heartbeat_interval = options.pong_timeout = options.write_timeout = options.close_timeout = kLongest;
  make(options, "ws://localhost:" + std::to_string(listener->port()));
  connect({kLongest, {}});
  const auto peer = accept();
  peer->write(switching());
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  EXPECT_TRUE(connected[0]) << connected[0].error().what();
  EXPECT_TRUE(ws->send("hello"));
  advance(1h);
  EXPECT_EQ(events, Lines{"open"});
}

TEST_F(ConnectTest, IsCancelledAtAnyStep) {
  for (const bool handshake : {true, false}) {
    events.clear();
    connected.clear();
    make();
    CancelSource source;
    CallOptions options;
    options.cancel = source.token();
    connect(options);
    if (handshake) accept();
    source.cancel();
    poll();
    ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
    EXPECT_TRUE(connected[0].error() == Errc::cancelled);
    EXPECT_EQ(events, (Lines{"error:cancelled", "closed:1006::unclean"}));
  }
}

TEST_F(ConnectTest, CloseAndTerminateEndTheAttempt) {
  for (const bool hard : {false, true}) {
    events.clear();
    connected.clear();
    make();
    connect();
    const auto peer = accept();
    if (hard)
      ws->terminate();
    else
      EXPECT_TRUE(ws->close());
    poll();
    ASSERT_EQ(connected.size(), 1u);
    EXPECT_TRUE(connected[0].error() == Errc::closed);
    EXPECT_EQ(events, (Lines{"error:closed", "closed:1006::unclean"}));
    EXPECT_TRUE(run_until_ended(peer));
  }
}

TEST_F(ConnectTest, DestructionAtAnyStepCompletesItAndNothingElse) {
  for (const int step : {2, 3, 1, 0}) {
    SCOPED_TRACE(step);
    connected.clear();
    events.clear();
    make();
    connect();
    Peer peer;
    if (step == 1) poll();
    if (step >= 2) peer = accept();
    if (step == 3) {
      peer->write(switching().substr(0, 30));
      poll();
    }
    ws.reset();
    ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
    EXPECT_TRUE(connected[0].error() == Errc::closed);
    EXPECT_TRUE(events.empty());
    if (peer) {
      EXPECT_TRUE(run_until_ended(peer));
    }
  }
}

TEST_F(ConnectTest, MayBeTriedAgainInsideTheCallbackOfAFailure) {
  make({}, url());
  bool second = false;
  ws->connect([&](Result<HandshakeResponse> first) {
    EXPECT_FALSE(first);
    ws->connect([&](Result<HandshakeResponse> r) { second = r.has_value(); });
  });
  accept()->write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
  accept()->write(switching());
  ASSERT_TRUE(run_until([&] { return second; }));
  EXPECT_EQ(events, (Lines{"error:WebSocket handshake refused", "closed:1006::unclean", "open"}));
}

TEST_F(ConnectTest, DebugLinesHoldNoSecrets) {
  WebSocketOptions options;
  options.headers = {{"Authorization", "hunter2"}, {"X-Whatever", "hunter2"}, {"client-name", "a bot"}};
  options.subprotocols = {"hunter2"};
  make(options, url("/?token=hunter2"));
  std::string lines;
  ws->on(WebSocket::debug, [&](std::string_view line) { lines += std::string(line) + "\n"; });
  connect();
  accept()->write("HTTP/1.1 401 No\r\nContent-Length: 0\r\nSet-Cookie: hunter2\r\nServer: one of ours\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  for (const auto* line : {"connecting", "> Authorization: (hidden)", "> client-name: a bot", "> Upgrade: websocket",
                           "answered: 401", "< Set-Cookie: (hidden)", "< Server: one of ours"}) {
    EXPECT_NE(lines.find(line), std::string::npos) << line << " in\n" << lines;
  }
  EXPECT_EQ(lines.find("hunter2"), std::string::npos) << lines;
}

}  // namespace
}  // namespace lavapp
