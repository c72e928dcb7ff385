// Reconnection of a WebSocket: when, how often, and what becomes of what was queued.
#include "websocket_fixture.hpp"

#include <stdexcept>

namespace lavapp {
namespace {

class Reconnect : public WebSocketTest {
 protected:
  /// Delays of exactly 1 s, 2 s, 4 s.
  static WebSocketOptions options() {
    WebSocketOptions result;
    result.reconnect.enabled = true;
    result.reconnect.jitter = false;
    result.heartbeat_interval = 0s;
    return result;
  }
  WebSocket& make_one(WebSocketOptions o) {
    make(std::move(o));
    ws->on(WebSocket::reconnecting, [this](const ReconnectAttempt& a) {
      attempts.push_back(a);
      events.push_back("reconnecting:" + std::to_string(a.attempt) + ":" + std::to_string(a.delay.count()));
    });
    return *ws;
  }
  Peer open_one(WebSocketOptions o = options()) {
    make_one(std::move(o));
    return reopen();
  }
  bool run_until_attempts(std::size_t n) {
    return run_until([&] { return attempts.size() >= n; });
  }
  std::vector<ReconnectAttempt> attempts;
};

TEST_F(Reconnect, IsOffByDefault) {
  const auto peer = open();
  peer->close();
  ASSERT_TRUE(run_until_closed());
  advance(1h);
  EXPECT_EQ(peers.size(), 1u);
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(Reconnect, ALostConnectionComesBack) {
  const auto first = open_one();
  first->close();
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_EQ(ws->ready_state(), ReadyState::connecting);
  EXPECT_TRUE(attempts[0].reason == Errc::connection_lost);
  EXPECT_EQ(events, (Lines{"open", "error:" + make_error_code(Errc::connection_lost).message(), "closed:1006::unclean",
                           "reconnecting:1:1000"}));
  advance(999ms);
  EXPECT_EQ(peers.size(), 1u);
  advance(1ms);
  accept()->write(switching() + text_frame("again"));
  ASSERT_TRUE(run_until_event("text:again"));
  EXPECT_EQ(count("open"), 2u);
  EXPECT_EQ(connected.size(), 1u) << "connect() has completed once";
  ASSERT_EQ(ws->counters().reconnects.size(), 1u);
  EXPECT_EQ(ws->counters().reconnects[0].first, Errc::connection_lost);
  EXPECT_EQ(ws->counters().reconnects[0].second, 1u);
  EXPECT_EQ(ws->counters().attempts, 2u);
  EXPECT_EQ(ws->counters().connections, 2u);
}

TEST_F(Reconnect, APeersCloseIsAReasonToo) {
  const auto peer = open_one();
  peer->write(close_frame(1012, "restart"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->close();
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_TRUE(attempts[0].reason == Errc::closed_by_peer);
  EXPECT_EQ(attempts[0].reason.close_code, 1012);
  EXPECT_TRUE(has("closed:1012:restart:clean"));
  EXPECT_FALSE(has("error"));
}

TEST_F(Reconnect, DelaysGrowUntilAConnectionWasStable) {
  open_one()->close();
  for (std::uint32_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(run_until_attempts(i));
    EXPECT_EQ(attempts.back().attempt, i);
    EXPECT_EQ(attempts.back().delay, 1s * (1 << (i - 1)));
    advance(attempts.back().delay);
    accept()->close();
  }
  ASSERT_TRUE(run_until_attempts(4));
  advance(attempts.back().delay);
  const auto short_lived = accept();
  short_lived->write(switching());
  ASSERT_TRUE(run_until([&] { return count("open") == 2; }));
  advance(29s);
  short_lived->close();
  ASSERT_TRUE(run_until_attempts(5));
  EXPECT_EQ(attempts.back().attempt, 5u);
  advance(attempts.back().delay);
  const auto stable = accept();
  stable->write(switching());
  ASSERT_TRUE(run_until([&] { return count("open") == 3; }));
  advance(30s);
  stable->close();
  ASSERT_TRUE(run_until_attempts(6));
  EXPECT_EQ(attempts.back().attempt, 1u);
  EXPECT_EQ(attempts.back().delay, 1s);
}

TEST_F(Reconnect, ConnectWaitsForTheFirstSuccess) {
  make_one(options());
  connect();
  accept()->close();
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_TRUE(connected.empty());
  advance(1s);
  accept()->write(switching());
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_TRUE(connected[0]);
}

TEST_F(Reconnect, ConnectFailsWithTheLastErrorWhenAttemptsAreUsedUp) {
  auto few = options();
  few.reconnect.max_attempts = 1;
  make_one(few);
  connect();
  accept()->close();
  ASSERT_TRUE(run_until_attempts(1));
  advance(1s);
  accept()->close();
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_FALSE(connected[0]);
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  EXPECT_EQ(count("closed"), 2u);
  EXPECT_EQ(attempts.size(), 1u);
  reopen();
}

TEST_F(Reconnect, ConnectsDeadlineEndsTheWaitAndNotTheTrying) {
  make_one(options());
  CallOptions brief;
  brief.deadline = 500ms;
  connect(brief);
  accept()->close();
  ASSERT_TRUE(run_until_attempts(1));
  advance(500ms);
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_TRUE(connected[0].error() == Errc::connect_timeout);
  advance(500ms);
  accept()->write(switching());
  ASSERT_TRUE(run_until_event("open"));
  EXPECT_EQ(connected.size(), 1u);
}

TEST_F(Reconnect, AnAttemptThatTheDeadlineCutIsTriedAgain) {
  make_one(options());
  CallOptions brief;
  brief.deadline = 500ms;
  connect(brief);
  accept();
  advance(500ms);
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_EQ(connected.size(), 1u);
  EXPECT_TRUE(connected[0].error() == Errc::handshake_timeout) << connected[0].error().what();
  advance(1s);
  accept()->write(switching());
  ASSERT_TRUE(run_until_event("open"));
}

TEST_F(Reconnect, CancellingConnectEndsAllAttempts) {
  for (const bool while_waiting : {true, false}) {
    make_one(options());
    attempts.clear();
    connected.clear();
    events.clear();
    CancelSource source;
    CallOptions cancellable;
    cancellable.cancel = source.token();
    connect(cancellable);
    accept()->close();
    ASSERT_TRUE(run_until_attempts(1));
    if (!while_waiting) {
      advance(1s);
      accept();
    }
    source.cancel();
    ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
    EXPECT_TRUE(connected[0].error() == Errc::cancelled) << connected[0].error().what();
    EXPECT_EQ(count("closed"), 2u);
    EXPECT_EQ(ws->ready_state(), ReadyState::closed);
    advance(1h);
    EXPECT_EQ(attempts.size(), 1u);
  }
}

TEST_F(Reconnect, WhatCannotHelpIsNotTried) {
  make_one(options());
  connect();
  accept()->write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_EQ(connected[0].error().http_status, 401);
  EXPECT_TRUE(attempts.empty());
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
}

TEST_F(Reconnect, RetryAfterIsHonoured) {
  make_one(options());
  connect();
  accept()->write("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_EQ(attempts[0].delay, 7s);
}

TEST_F(Reconnect, ThePredicateMaySayNo) {
  auto asks = options();
  std::vector<int> codes;
  asks.reconnect_if = [&](const ReconnectAttempt& a) {
    codes.push_back(a.reason.close_code);
    return a.reason.close_code != 4004;
  };
  const auto first = open_one(asks);
  first->write(close_frame(4000));
  ASSERT_TRUE(run_until_frames(first, 1));
  first->close();
  ASSERT_TRUE(run_until_attempts(1));
  advance(1s);
  const auto second = accept();
  second->write(switching() + close_frame(4004));
  ASSERT_TRUE(run_until_frames(second, 1));
  second->close();
  ASSERT_TRUE(run_until_event("closed:4004"));
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  EXPECT_EQ(codes, (std::vector<int>{4000, 4004}));
}

TEST_F(Reconnect, APredicateThatThrowsMeansNoAndIsReported) {
  auto asks = options();
  asks.reconnect_if = [](const ReconnectAttempt&) -> bool { throw std::runtime_error("no"); };
  open_one(asks)->close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  EXPECT_EQ(thrown.size(), 1u);
}

TEST_F(Reconnect, OurOwnEndIsNotUndone) {
  for (const bool graceful : {true, false}) {
    const auto peer = open_one();
    events.clear();
    if (graceful) {
      ASSERT_TRUE(ws->close());
      peer->write(close_frame(1000));
      peer->close();
    } else {
      ws->terminate();
    }
    ASSERT_TRUE(run_until_closed());
    EXPECT_EQ(ws->ready_state(), ReadyState::closed);
    advance(1h);
    EXPECT_TRUE(attempts.empty());
  }
}

TEST_F(Reconnect, CloseWhileWaitingEndsIt) {
  open_one()->close();
  ASSERT_TRUE(run_until_attempts(1));
  bool done = false;
  ws->close(1000, "", [&](Result<WebSocket::Close>) { done = true; });
  ASSERT_TRUE(run_until([&] { return done; }));
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
  EXPECT_EQ(count("closed"), 2u);
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(Reconnect, CloseInTheListenerOfTheLossEndsIt) {
  const auto peer = open_one();
  ws->on(WebSocket::closed, [this] { static_cast<void>(ws->close()); });
  peer->close();
  ASSERT_TRUE(run_until([&] { return ws->ready_state() == ReadyState::closed; }));
  advance(1h);
  EXPECT_EQ(peers.size(), 1u);
}

TEST_F(Reconnect, ConnectWhileTryingIsAlreadyConnecting) {
  open_one()->close();
  ASSERT_TRUE(run_until_attempts(1));
  connect();
  ASSERT_TRUE(run_until([&] { return connected.size() == 2; }));
  EXPECT_TRUE(connected[1].error() == Errc::already_connecting);
}

TEST_F(Reconnect, DestroyedWhileWaitingOrInAListener) {
  open_one()->close();
  ASSERT_TRUE(run_until_attempts(1));
  ws.reset();
  poll();
  EXPECT_EQ(clock->pending(), 0u);
  const auto peer = open_one();
  ws->on(WebSocket::reconnecting, [this] { ws.reset(); });
  peer->close();
  ASSERT_TRUE(run_until([&] { return ws == nullptr; }));
  poll();
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(Reconnect, BadOptionsAreNamed) {
  auto bad = options();
  bad.reconnect.factor = 0.5;
  make_one(bad);
  connect();
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  EXPECT_TRUE(connected[0].error() == Errc::invalid_argument);
  EXPECT_EQ(connected[0].error().message.substr(0, 16), "reconnect.factor");
}

// --- what was queued

TEST_F(Reconnect, WhatWasQueuedIsLostUnlessKept) {
  const auto peer = open_one();
  peer->close();
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_TRUE(ws->send("between").error() == Errc::not_open);
}

struct ReconnectKeeping : Reconnect {
  static WebSocketOptions keeping() {
    auto result = options();
    result.keep_queue = true;
    return result;
  }
};

TEST_F(ReconnectKeeping, MessagesBetweenTwoConnectionsAreSentByTheNext) {
  open_one(keeping())->close();
  ASSERT_TRUE(run_until_attempts(1));
  std::vector<Result<void>> sent;
  ASSERT_TRUE(ws->send("one"));
  ws->send("two", [&](Result<void> r) { sent.push_back(std::move(r)); });
  ASSERT_TRUE(ws->send_binary("three"));
  EXPECT_EQ(ws->buffered_amount(), 11u);
  advance(1s);
  const auto peer = accept();
  peer->write(switching());
  ws->once(WebSocket::open, [this] { ASSERT_TRUE(ws->send("four")); });
  ASSERT_TRUE(run_until_frames(peer, 4));
  EXPECT_EQ(frames_in(peer), (Lines{"text:one", "text:two", "binary:three", "text:four"}));
  EXPECT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_TRUE(sent[0]);
  EXPECT_TRUE(run_until([&] { return ws->buffered_amount() == 0; }));
}

TEST_F(ReconnectKeeping, WhatWasNotWrittenGoesFirst) {
  peers_read = false;
  auto large = keeping();
  large.max_queue_bytes = 64 * 1024 * 1024;
  large.write_timeout = 10s;
  make_one(large);
  connect();
  ASSERT_TRUE(run_until([&] { return peers.size() == 1; }));
  peers[0]->read_once();
  ASSERT_TRUE(run_until([&] { return peers[0]->received.find("\r\n\r\n") != std::string::npos; }));
  request = std::exchange(peers[0]->received, {});
  peers[0]->write(switching());
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  // More than the system takes from a peer that does not read: the last ones wait.
  const std::string body(1024 * 1024, 'x');
  std::size_t number = 0;
  for (; number < 40; ++number) ASSERT_TRUE(ws->send(std::to_string(number) + ":" + body));
  poll();
  const auto unsent = ws->buffered_amount();
  ASSERT_GT(unsent, 2 * body.size());
  peers_read = true;
  peers[0]->close(true);
  ASSERT_TRUE(run_until_attempts(1));
  ASSERT_TRUE(ws->send("40:" + body));
  advance(1s);
  ASSERT_TRUE(run_until([&] { return peers.size() == 2; }));
  ASSERT_TRUE(run_until([&] { return peers[1]->received.find("\r\n\r\n") != std::string::npos; }));
  request = std::exchange(peers[1]->received, {});
  peers[1]->write(switching());
  ASSERT_TRUE(run_until([&] { return ws->buffered_amount() == 0; }));
  Frames frames;
  std::vector<std::string> numbers;
  ASSERT_TRUE(run_until([&] {  // what the system has taken has still to reach the peer
    frames.read(peers[1]->received);
    for (const auto& line : std::exchange(frames.lines, {})) numbers.push_back(line.substr(5, line.find(':', 5) - 5));
    return !numbers.empty() && numbers.back() == "40";
  }));
  // Without a gap from the first that had not gone to the last.
  const auto first = std::stoul(numbers.front());
  ASSERT_EQ(numbers.size(), 41 - first);
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], std::to_string(first + i));
}

TEST_F(ReconnectKeeping, TheQueueIsBoundedAllTheSame) {
  auto small = keeping();
  small.max_queue_bytes = 10;
  small.max_queue_messages = 2;
  open_one(small)->close();
  ASSERT_TRUE(run_until_attempts(1));
  EXPECT_TRUE(ws->send("12345678901").error() == Errc::queue_full);
  EXPECT_TRUE(ws->send("1"));
  EXPECT_TRUE(ws->send("2"));
  EXPECT_TRUE(ws->send("3").error() == Errc::queue_full);
}

TEST_F(ReconnectKeeping, GivingUpTellsWhoeverWaits) {
  auto few = keeping();
  few.reconnect.max_attempts = 1;
  open_one(few)->close();
  ASSERT_TRUE(run_until_attempts(1));
  std::vector<Result<void>> sent;
  ws->send("never", [&](Result<void> r) { sent.push_back(std::move(r)); });
  advance(1s);
  accept()->close();
  ASSERT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_TRUE(sent[0].error() == Errc::connection_lost);
  EXPECT_EQ(ws->buffered_amount(), 0u);
}

TEST_F(ReconnectKeeping, CloseWhileWaitingDropsTheQueue) {
  open_one(keeping())->close();
  ASSERT_TRUE(run_until_attempts(1));
  std::vector<Result<void>> sent;
  ws->send("never", [&](Result<void> r) { sent.push_back(std::move(r)); });
  ASSERT_TRUE(ws->close());
  EXPECT_TRUE(ws->send("too late").error() == Errc::not_open);
  ASSERT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_TRUE(sent[0].error() == Errc::closed) << sent[0].error().what();
  EXPECT_EQ(ws->buffered_amount(), 0u);
}

TEST_F(ReconnectKeeping, DestroyedItTellsWhoeverWaits) {
  open_one(keeping())->close();
  ASSERT_TRUE(run_until_attempts(1));
  std::vector<Result<void>> sent;
  ws->send("never", [&](Result<void> r) { sent.push_back(std::move(r)); });
  ws.reset();
  ASSERT_TRUE(run_until([&] { return sent.size() == 1; }));
  EXPECT_TRUE(sent[0].error() == Errc::closed);
}

}  // namespace
}  // namespace lavapp
