// An open WebSocket: messages, pings, the bounds, and what listeners may do.
#include "lavapp/future.hpp"
#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

using MessagesTest = WebSocketTest;

TEST_F(MessagesTest, TextAndBinaryBothWays) {
  const auto peer = open();
  EXPECT_TRUE(ws->send("gr\xC3\xBC\xC3\x9F"));
  EXPECT_TRUE(ws->send_binary("\xFF\x00"s));
  peer->write(text_frame("hello") + binary_frame("\xFE") + frame(0x01, "in ") + frame(0x80, "parts"));
  ASSERT_TRUE(run_until_event("text:in parts"));
  EXPECT_EQ(events, (Lines{"open", "text:hello", "binary:\xFE", "text:in parts"}));
  ASSERT_TRUE(run_until_frames(peer, 2));
  EXPECT_EQ(frames_in(peer), (Lines{"text:gr\xC3\xBC\xC3\x9F", "binary:\xFF\x00"s}));
}

// A defect of the seed: quadratic buffering.
TEST_F(MessagesTest, ALargeMessageInManyPieces) {
  const auto peer = open();
  const std::string large(8 * 1024 * 1024, 'x');
  peer->write(text_frame(large));
  ASSERT_TRUE(run_until_event("text:"));
  EXPECT_EQ(events.back().size(), large.size() + 5);
}

TEST_F(MessagesTest, SendingWhenNotOpenIsAnError) {
  make();
  EXPECT_TRUE(ws->send("x").error() == Errc::not_open);
  connect();
  EXPECT_TRUE(ws->send("x").error() == Errc::not_open);
  auto waiting = ws->send("x", use_future);
  poll();
  EXPECT_THROW(waiting.get(), Exception);
}

TEST_F(MessagesTest, TextToSendMustBeUtf8) {
  const auto peer = open();
  EXPECT_TRUE(ws->send("\xFF").error() == Errc::invalid_utf8);
  EXPECT_TRUE(ws->send_binary("\xFF"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_EQ(frames_in(peer), Lines{"binary:\xFF"});
}

TEST_F(MessagesTest, MessagesSentInListenersOfOneReadLeaveInOneWrite) {
  const auto peer = open();
  ws->on(WebSocket::message, [this](const WebSocket::Message& m) { EXPECT_TRUE(ws->send(m.data)); });
  peer->write(text_frame("a") + text_frame("b") + text_frame("c"));
  ASSERT_TRUE(run_until_event("text:c"));
  EXPECT_EQ(ws->buffered_amount(), 3u) << "the write has begun and is not done";
  ASSERT_TRUE(run_until_frames(peer, 3));
  EXPECT_EQ(frames_in(peer), (Lines{"text:a", "text:b", "text:c"}));
  ASSERT_TRUE(run_until([&] { return ws->buffered_amount() == 0; }));
}

TEST_F(MessagesTest, AFullQueueRefusesAndKeepsWhatItHas) {
  WebSocketOptions options;
  options.max_queue_bytes = 1'000'000;
  options.max_queue_messages = 20;
  const auto peer = open(options);
  EXPECT_TRUE(ws->send_binary(std::string(1'000'001, 'x')).error() == Errc::queue_full);
  const std::string one(300'000, 'x');
  int taken = 0;
  while (ws->send_binary(one)) ++taken;
  EXPECT_EQ(taken, 3);
  EXPECT_TRUE(ws->send_binary(one).error() == Errc::queue_full);
  ASSERT_TRUE(run_until_frames(peer, 3));
  ASSERT_TRUE(run_until([&] { return ws->buffered_amount() == 0; }));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(ws->send("x"));
  EXPECT_TRUE(ws->send("x").error() == Errc::queue_full);
  EXPECT_EQ(count("error"), 0u);
}

TEST_F(MessagesTest, PingsAreAnsweredWithTheirPayload) {
  const auto peer = open();
  peer->write(ping_frame("one") + ping_frame("") + text_frame("between") + ping_frame(std::string(125, 'p')));
  ASSERT_TRUE(run_until_frames(peer, 3));
  EXPECT_EQ(frames_in(peer), (Lines{"pong:one", "pong:", "pong:" + std::string(125, 'p')}));
  EXPECT_EQ(count("ping:"), 3u);
}

// A defect of the seed: any pong satisfied any ping.
TEST_F(MessagesTest, APingCompletesOnItsOwnPongOnly) {
  const auto peer = open();
  std::vector<std::string> done;
  ws->ping("first", [&](auto r) { done.push_back(r ? "first" : r.error().what()); });
  ws->ping("second", [&](auto r) { done.push_back(r ? "second:" + std::to_string(*r / 1ms) : r.error().what()); });
  ASSERT_TRUE(run_until_frames(peer, 2));
  EXPECT_EQ(frames_in(peer), (Lines{"ping:first", "ping:second"}));
  clock->advance(250ms);
  peer->write(pong_frame("other") + pong_frame("") + pong_frame("second") + pong_frame("second"));
  ASSERT_TRUE(run_until([&] { return !done.empty(); }));
  EXPECT_EQ(done, Lines{"second:250"});
  EXPECT_EQ(count("pong"), 1u) << "unsolicited pongs are ignored";
  EXPECT_EQ(ws->latency().last, 250ms);
  EXPECT_EQ(ws->latency().recent.size(), 1u);
  ASSERT_TRUE(settle(peer));
  advance(5s);
  ASSERT_EQ(done.size(), 2u);
  EXPECT_NE(done[1].find("pong"), std::string::npos) << done[1];
  EXPECT_EQ(ws->ready_state(), ReadyState::open) << "a ping that is missed leaves the connection alone";
}

TEST_F(MessagesTest, AnEmptyPingGetsAPayloadOfItsOwn) {
  const auto peer = open();
  int done = 0;
  ws->ping("", [&](auto r) { done += r.has_value(); });
  ws->ping("", [&](auto r) { done += r.has_value(); });
  ASSERT_TRUE(run_until_frames(peer, 2));
  const auto frames = frames_in(peer);
  EXPECT_NE(frames[0], frames[1]);
  peer->write(pong_frame(frames[0].substr(5)) + pong_frame(frames[1].substr(5)));
  EXPECT_TRUE(run_until([&] { return done == 2; }));
}

TEST_F(MessagesTest, PingsThatCannotBeSent) {
  const auto peer = open();
  std::vector<Error> failed;
  const auto note = [&](auto r) { failed.push_back(r.error()); };
  ws->ping(std::string(126, 'x'), note);
  CallOptions late;
  late.deadline = 0s;
  ws->ping("x", note, late);
  EXPECT_TRUE(failed.empty());
  poll();
  ws->terminate();
  poll();
  ws->ping("x", note);
  poll();
  ASSERT_EQ(failed.size(), 3u);
  EXPECT_TRUE(failed[0] == Errc::invalid_argument);
  EXPECT_TRUE(failed[1] == Errc::invalid_argument);
  EXPECT_TRUE(failed[2] == Errc::not_open);
}

TEST_F(MessagesTest, ASendCompletesWhenItIsWritten) {
  const auto peer = open();
  std::string order;
  ws->send("a", [&](Result<void> r) { order += r ? "a" : "!"; });
  ws->send_binary("b", [&](Result<void> r) { order += r ? "b" : "!"; });
  EXPECT_EQ(order, "") << "never inside the call";
  ASSERT_TRUE(run_until([&] { return order == "ab"; }));
  ASSERT_TRUE(run_until_frames(peer, 2));
}

TEST_F(MessagesTest, SendsKeepTheirOrderWhicheverWayTheyAreSent) {
  const auto peer = open();
  EXPECT_TRUE(ws->send("1"));
  ws->send("2", [](Result<void>) {});
  EXPECT_TRUE(ws->send("3"));
  ASSERT_TRUE(run_until_frames(peer, 3));
  EXPECT_EQ(frames_in(peer), (Lines{"text:1", "text:2", "text:3"}));
}

TEST_F(MessagesTest, HeartbeatPingsAndMeasures) {
  const auto peer = open();
  for (int round = 1; round <= 3; ++round) {
    advance(30s);
    ASSERT_TRUE(run_until_frames(peer, static_cast<std::size_t>(round)));
    clock->advance(std::chrono::milliseconds(10 * round));
    peer->write(pong_frame(frames_in(peer).back().substr(5)));
    ASSERT_TRUE(run_until([&] { return count("pong") == static_cast<std::size_t>(round); }));
  }
  EXPECT_EQ(ws->latency().last, 30ms);
  EXPECT_EQ(ws->latency().minimum, 10ms);
  EXPECT_EQ(ws->ready_state(), ReadyState::open);
}

// A defect of the seed: the dead socket was left behind, and 1006 went out on it.
TEST_F(MessagesTest, AHeartbeatUnansweredEndsTheConnection) {
  const auto peer = open();
  advance(30s);
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(text_frame("alive, says who?") + pong_frame("not yours"));
  ASSERT_TRUE(run_until_event("text:"));
  advance(5s);
  EXPECT_EQ(events,
            (Lines{"open", "text:alive, says who?", "error:timed out waiting for a pong", "closed:1006::unclean"}));
  ASSERT_TRUE(run_until_ended(peer));
  EXPECT_EQ(frames_in(peer).size(), 1u) << "nothing but the ping went out";
}

TEST_F(MessagesTest, HeartbeatOffSendsNothing) {
  WebSocketOptions options;
  options.heartbeat_interval = 0s;
  const auto peer = open(options);
  advance(1h);
  ASSERT_TRUE(settle(peer));
  EXPECT_TRUE(frames_in(peer).empty());
}

TEST_F(MessagesTest, APeerThatStopsReadingIsNoticed) {
  WebSocketOptions options;
  options.heartbeat_interval = 0s;
  options.max_queue_bytes = 64 * 1024 * 1024;
  peers_read = false;
  make(options);
  connect();
  ASSERT_TRUE(run_until([&] { return peers.size() == 1; }));
  peers[0]->read_once();  // the request, and nothing more
  const auto peer = accept();
  peer->write(switching());
  ASSERT_TRUE(run_until([&] { return !connected.empty(); }));
  std::optional<Error> failed;
  ws->send_binary(
      std::string(32 * 1024 * 1024, 'x'), [&](Result<void> r) { failed = r.error(); }, CallOptions{5min, {}});
  poll();
  for (int i = 0; i < 120 && events.size() < 3; ++i) advance(1s);
  EXPECT_EQ(events, (Lines{"open", "error:timed out writing", "closed:1006::unclean"}));
  ASSERT_TRUE(failed);
  EXPECT_TRUE(*failed == Errc::write_timeout);
}

TEST_F(MessagesTest, ListenersThatThrowAreReportedAndStopNobody) {
  make();
  ws->on(WebSocket::message, [](const WebSocket::Message&) { throw 1; });
  const auto peer = reopen(text_frame("a") + text_frame("b"));
  ASSERT_TRUE(settle(peer));
  EXPECT_EQ(events, (Lines{"open", "text:a", "text:b"}));
  EXPECT_EQ(thrown.size(), 2u);
}

TEST_F(MessagesTest, CallbacksThatThrowAreReportedAndStopNobody) {
  const auto peer = open();
  ws->send("x", [](Result<void>) { throw 1; });
  EXPECT_TRUE(ws->send("y"));
  ASSERT_TRUE(run_until_frames(peer, 2));
  ASSERT_TRUE(settle(peer));
  EXPECT_EQ(thrown.size(), 1u);
  EXPECT_TRUE(ws->send("z"));
  ASSERT_TRUE(run_until_frames(peer, 3));
}

TEST_F(MessagesTest, DestructionInsideAListenerIsSafe) {
  const auto peer = open();
  ws->once(WebSocket::message, [this] { ws.reset(); });
  int pinged = 0;
  ws->ping("x", [&](auto r) { pinged += !r; });
  peer->write(text_frame("one") + text_frame("two") + ping_frame("p"));
  ASSERT_TRUE(run_until_ended(peer));
  EXPECT_EQ(events, (Lines{"open", "text:one"}));
  EXPECT_EQ(pinged, 1);
}

TEST_F(MessagesTest, WhatIsPendingCompletesWhenTheObjectIsDestroyed) {
  const auto peer = open();
  std::vector<Error> failed;
  ws->ping("x", [&](auto r) { failed.push_back(r.error()); });
  ws->close(1000, "", [&](auto r) { failed.push_back(r ? Error(Errc::closed) : r.error()); });
  poll();
  ws.reset();
  ASSERT_TRUE(run_until([&] { return failed.size() == 2; }));
  EXPECT_TRUE(failed[0] == Errc::closed);
  EXPECT_EQ(events, Lines{"open"});
}

TEST_F(MessagesTest, AMovedWebSocketGoesOn) {
  const auto peer = open();
  WebSocket moved(std::move(*ws));
  peer->write(text_frame("still here"));
  ASSERT_TRUE(run_until_event("text:still here"));
  WebSocket other(runtime, url());
  other = std::move(moved);
  EXPECT_TRUE(other.send("and back"));
  ASSERT_TRUE(run_until_frames(peer, 1));
}

}  // namespace
}  // namespace lavapp
