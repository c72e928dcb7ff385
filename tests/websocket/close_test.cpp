// The end of a connection: the closing handshake, violations, and every way of being cut.
#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

using CloseTest = WebSocketTest;

// A defect of the seed: there was no closing handshake.
TEST_F(CloseTest, SendsACloseFrameAndWaitsForTheAnswer) {
  const auto peer = open();
  EXPECT_TRUE(ws->send("last words"));
  EXPECT_TRUE(ws->close(4001, "bye"));
  EXPECT_EQ(ws->ready_state(), ReadyState::closing);
  EXPECT_TRUE(ws->send("late").error() == Errc::not_open);
  ASSERT_TRUE(run_until_frames(peer, 2));
  EXPECT_EQ(frames_in(peer), (Lines{"text:last words", "close:4001:bye"}));
  peer->write(text_frame("too late to be heard") + close_frame(4001, "good bye"));
  poll();
  EXPECT_FALSE(has("closed")) << "TCP is still there";
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(events, (Lines{"open", "closed:4001:good bye:clean"}));
  EXPECT_TRUE(run_until_ended(peer));
  EXPECT_EQ(ws->ready_state(), ReadyState::closed);
}

TEST_F(CloseTest, AnswersThePeersClose) {
  const auto peer = open();
  peer->write(close_frame(1001, "restart"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_EQ(frames_in(peer), Lines{"close:1001"});
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(events, (Lines{"open", "closed:1001:restart:clean"}));
}

// A defect of the seed: 1005 and 1006 went out on the wire.
TEST_F(CloseTest, ACloseWithoutCodeIs1005AndAnsweredWithoutCode) {
  const auto peer = open();
  peer->write(frame(0x88, ""));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_EQ(frames_in(peer), Lines{"close:1005"}) << "an empty payload, as the reader calls it";
  EXPECT_EQ(peer->received.size(), 6u);
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(events.back(), "closed:1005::clean");
}

// Boost.Beast's stream hung there for ever.
TEST_F(CloseTest, AServerThatNeverEndsTcpAfterItsCloseDoesNotKeepUs) {
  const auto peer = open();
  peer->write(close_frame(1000));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_FALSE(has("closed"));
  advance(1s);
  EXPECT_EQ(events, (Lines{"open", "closed:1000::clean"}));
  EXPECT_TRUE(run_until_ended(peer));
}

TEST_F(CloseTest, AServerThatNeverAnswersTheCloseIsCut) {
  const auto peer = open();
  EXPECT_TRUE(ws->close());
  ASSERT_TRUE(run_until_frames(peer, 1));
  poll();
  advance(4'999ms);
  EXPECT_FALSE(has("closed"));
  advance(1ms);
  EXPECT_EQ(events, (Lines{"open", "error:timed out in the closing handshake", "closed:1006::unclean"}));
  EXPECT_TRUE(run_until_ended(peer));
}

TEST_F(CloseTest, ALostConnectionIs1006WithOneError) {
  for (const bool reset : {false, true}) {
    events.clear();
    errors.clear();
    const auto peer = open();
    peer->close(reset);
    ASSERT_TRUE(run_until_closed());
    EXPECT_EQ(events, (Lines{"open", "error:connection lost", "closed:1006::unclean"}));
    EXPECT_EQ(static_cast<bool>(errors[0].cause), reset);
  }
}

TEST_F(CloseTest, HalfAMessageAndThenTheEnd) {
  const auto peer = open();
  peer->write(text_frame("complete") + text_frame("half a mess").substr(0, 6));
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(events, (Lines{"open", "text:complete", "error:connection lost", "closed:1006::unclean"}));
}

TEST_F(CloseTest, ACloseIsHeardEvenIfTheSocketIsGoneWhenWeAnswer) {
  const auto peer = open();
  peer->write(close_frame(1001, "restart"));
  peer->close();
  EXPECT_TRUE(ws->send("into the void"));
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(count("closed:1001:restart"), 1u);
  EXPECT_TRUE(errors.empty());
}

// Defects of the seed: all of these were accepted. What goes out is the code of RFC 6455 7.4.1.
TEST_F(CloseTest, ViolationsAreAnsweredWithTheirCode) {
  struct Case {
    const char* name;
    std::string bytes;
    int code;
    Errc errc;
  };
  const Case cases[] = {
      {"RSV bit", frame(0xC1, "x"), 1002, Errc::protocol_error},
      {"reserved opcode", frame(0x83, ""), 1002, Errc::protocol_error},
      {"orphan continuation", frame(0x80, "x"), 1002, Errc::protocol_error},
      {"control frame over 125 bytes", ping_frame(std::string(126, 'p')), 1002, Errc::protocol_error},
      {"masked by the server", masked(text_frame("x")), 1002, Errc::protocol_error},
      {"close code 1006", close_frame(1006), 1002, Errc::protocol_error},
      {"invalid UTF-8", text_frame("\xFF"), 1007, Errc::invalid_utf8},
      {"over the limit", text_frame(std::string(2000, 'x')), 1009, Errc::message_too_big},
      {"unbounded length", "\x82\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, 1009, Errc::message_too_big},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    events.clear();
    errors.clear();
    WebSocketOptions options;
    options.max_message_size = 1000;
    const auto peer = open(options);
    peer->write(text_frame("fine") + c.bytes + text_frame("never seen"));
    ASSERT_TRUE(run_until_frames(peer, 1));
    EXPECT_EQ(frames_in(peer)[0].substr(0, 10), "close:" + std::to_string(c.code));
    peer->end_sending();
    ASSERT_TRUE(run_until_closed());
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[1], "text:fine");
    EXPECT_TRUE(errors.at(0) == c.errc);
    EXPECT_EQ(errors[0].close_code, c.code);
    EXPECT_EQ(events[3], "closed:1006::unclean");
  }
}

TEST_F(CloseTest, AViolatorThatStaysIsCut) {
  const auto peer = open();
  peer->write("\xFF\xFF and so on");
  ASSERT_TRUE(run_until_frames(peer, 1));
  poll();
  advance(1s);
  EXPECT_EQ(events, (Lines{"open", "error:WebSocket protocol error", "closed:1006::unclean"}));
  EXPECT_TRUE(run_until_ended(peer));
}

TEST_F(CloseTest, CodesAndReasonsThatMustNotTravelAreRefused) {
  const auto peer = open();
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, -1}) {
    const auto result = ws->close(code);
    ASSERT_FALSE(result) << code;
    EXPECT_TRUE(result.error() == Errc::invalid_argument);
  }
  EXPECT_FALSE(ws->close(1000, std::string(124, 'x')));
  EXPECT_FALSE(ws->close(1000, "\xFF"));
  std::optional<Error> failed;
  ws->close(1006, "", [&](Result<WebSocket::Close> r) { failed = r.error(); });
  EXPECT_FALSE(failed);
  ASSERT_TRUE(settle(peer));
  EXPECT_TRUE(failed && *failed == Errc::invalid_argument);
  EXPECT_EQ(ws->ready_state(), ReadyState::open);
  EXPECT_TRUE(ws->close(1000, std::string(123, 'x')));
  ASSERT_TRUE(run_until_frames(peer, 1));
}

TEST_F(CloseTest, TheOperationCompletesWithWhatClosedTold) {
  const auto peer = open();
  std::optional<WebSocket::Close> told;
  ws->close(1000, "", [&](Result<WebSocket::Close> r) { told = r.value(); });
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(close_frame(1000, "done"));
  peer->end_sending();
  ASSERT_TRUE(run_until([&] { return told.has_value(); }));
  EXPECT_EQ(told->code, 1000);
  EXPECT_EQ(told->reason, "done");
  EXPECT_TRUE(told->clean);
  told.reset();
  ws->close(1000, "", [&](Result<WebSocket::Close> r) { told = r.value(); });
  EXPECT_FALSE(told) << "never inside the call";
  poll();
  ASSERT_TRUE(told) << "at once if it is closed already";
  EXPECT_EQ(told->reason, "done");
  EXPECT_EQ(count("closed"), 1u);
}

TEST_F(CloseTest, TwiceIsOnce) {
  const auto peer = open();
  EXPECT_TRUE(ws->close(4001));
  EXPECT_TRUE(ws->close(4002));
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(close_frame(4001));
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(ws->close(4003));
  poll();
  EXPECT_EQ(frames_in(peer), Lines{"close:4001"});
  EXPECT_EQ(count("closed"), 1u);
}

TEST_F(CloseTest, TerminateCutsWithoutHandshakeOrError) {
  const auto peer = open();
  ws->terminate();
  EXPECT_EQ(ws->ready_state(), ReadyState::closing);
  poll();
  EXPECT_EQ(events, (Lines{"open", "closed:1006::unclean"}));
  ASSERT_TRUE(run_until_ended(peer));
  EXPECT_TRUE(frames_in(peer).empty());
}

TEST_F(CloseTest, TerminateInAListenerSilencesTheRestOfTheRead) {
  const auto peer = open();
  ws->on(WebSocket::message, [this] { ws->terminate(); });
  peer->write(text_frame("one") + text_frame("two"));
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(events, (Lines{"open", "text:one", "closed:1006::unclean"}));
}

TEST_F(CloseTest, WhatIsPendingCompletesWhenThePeerCloses) {
  const auto peer = open();
  std::vector<Error> failed;
  ws->ping("x", [&](auto r) { failed.push_back(r.error()); });
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(close_frame(4004, "auth"));
  peer->end_sending();
  ASSERT_TRUE(run_until_closed());
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_TRUE(failed[0] == Errc::closed_by_peer);
  EXPECT_EQ(failed[0].close_code, 4004);
  EXPECT_EQ(failed[0].message, "auth");
}

TEST_F(CloseTest, NothingOfAnOldConnectionReachesTheNewOne) {
  const auto first = open();
  ASSERT_TRUE(ws->send("to the first"));
  ws->terminate();
  poll();
  const auto second = reopen();
  first->write(text_frame("from the first"));
  second->write(text_frame("from the second"));
  ASSERT_TRUE(run_until_event("text:"));
  EXPECT_TRUE(ws->send("to the second"));
  ASSERT_TRUE(run_until_frames(second, 1));
  advance(29s);
  ASSERT_TRUE(settle(second));
  EXPECT_EQ(events, (Lines{"open", "closed:1006::unclean", "open", "text:from the second"}));
  EXPECT_EQ(frames_in(second), Lines{"text:to the second"});
  EXPECT_EQ(ws->latency().recent.size(), 0u);
}

TEST_F(CloseTest, ConnectMayBeCalledInsideTheClosedListener) {
  const auto first = open();
  ws->once(WebSocket::closed, [this] { connect(); });
  first->close();
  const auto second = accept();
  second->write(switching() + text_frame("again"));
  ASSERT_TRUE(run_until_event("text:again"));
  EXPECT_EQ(ws->ready_state(), ReadyState::open);
}

TEST_F(CloseTest, ACloseMeantForTheOldConnectionSparesTheNewOne) {
  const auto first = open();
  first->close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(ws->close());
  ws->terminate();
  const auto second = reopen();
  ASSERT_TRUE(settle(second));
  EXPECT_EQ(ws->ready_state(), ReadyState::open);
}

}  // namespace
}  // namespace lavapp
