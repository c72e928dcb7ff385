// How much comes and goes at a time: pausing, draining, pieces of messages, limits, and silence.
#include "websocket_fixture.hpp"

namespace lavapp {
namespace {

class Flow : public WebSocketTest {};

/// A frame of which `more` frames of the same message follow.
std::string unfinished(std::string_view payload) { return frame(0x01, payload); }
std::string continuation(std::string_view payload, bool last) { return frame(last ? 0x80 : 0x00, payload); }

// --- pause() and resume()

TEST_F(Flow, NoMessageFollowsAPauseInAListener) {
  const auto peer = open();
  ws->once(WebSocket::message, [this] { ws->pause(); });
  peer->write(text_frame("one") + text_frame("two"));
  ASSERT_TRUE(run_until_event("text:one"));
  poll();
  EXPECT_TRUE(ws->is_paused());
  EXPECT_FALSE(has("text:two"));
  ws->resume();
  ASSERT_TRUE(run_until_event("text:two"));
  peer->write(text_frame("three"));
  EXPECT_TRUE(run_until_event("text:three"));
}

TEST_F(Flow, ResumedInTheSameListenerNothingIsHeldBack) {
  const auto peer = open();
  ws->once(WebSocket::message, [this] {
    ws->pause();
    ws->resume();
  });
  peer->write(text_frame("one") + text_frame("two"));
  EXPECT_TRUE(run_until_event("text:two"));
  EXPECT_TRUE(settle(peer));
}

TEST_F(Flow, AServerIsHeldUpWhilePaused) {
  const auto peer = open();
  ws->pause();
  poll();
  // More than the system's buffers take: what has not been read stays with the server.
  const std::string large(64 * 1024, 'x');
  std::size_t messages = 512;
  for (std::size_t i = 0; i < messages; ++i) peer->write(binary_frame(large));
  poll();
  EXPECT_EQ(count("binary:"), 0u);
  ws->resume();
  EXPECT_TRUE(run_until([&] { return count("binary:") == messages; }));
}

TEST_F(Flow, WhatCameBeforeTheEndIsToldWhenResumed) {
  const auto peer = open();
  ws->once(WebSocket::message, [this] { ws->pause(); });
  peer->write(text_frame("one") + text_frame("two"));
  ASSERT_TRUE(run_until_event("text:one"));
  peer->close();
  poll();
  EXPECT_FALSE(has("closed"));
  ws->resume();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(count("text:two"), 1u);
  EXPECT_EQ(count("error:"), 1u);
}

TEST_F(Flow, TheHeartbeatRestsWhilePaused) {
  WebSocketOptions options;
  options.heartbeat_interval = 10s;
  options.pong_timeout = 5s;
  options.idle_timeout = 20s;
  const auto peer = open(options);
  ws->pause();
  poll();
  advance(60s);
  EXPECT_TRUE(frames_in(peer).empty());
  EXPECT_FALSE(has("closed"));
  ws->resume();
  poll();
  advance(10s);
  ASSERT_TRUE(run_until_frames(peer, 1)) << "a ping";
  advance(5s);
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::pong_timeout);
}

TEST_F(Flow, CloseEndsAPause) {
  const auto peer = open();
  ws->pause();
  ASSERT_TRUE(ws->close());
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->write(text_frame("too late") + close_frame(1000));
  peer->close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(has("closed:1000::clean"));
  EXPECT_FALSE(has("text:"));
}

TEST_F(Flow, APauseHoldsForTheNextConnectionToo) {
  make();
  ws->pause();
  const auto peer = reopen(text_frame("early"));
  poll();
  EXPECT_FALSE(has("text:"));
  ws->resume();
  EXPECT_TRUE(run_until_event("text:early"));
}

TEST_F(Flow, APausedConnectionCanBeCutAndDestroyed) {
  open();
  ws->pause();
  ws->terminate();
  ASSERT_TRUE(run_until_closed());
  reopen();
  ws->pause();
  ws.reset();
  poll();
  EXPECT_EQ(count("closed"), 1u);
}

// --- drain

TEST_F(Flow, DrainIsToldOnceWhenAllHasGone) {
  const auto peer = open();
  ws->on(WebSocket::drain, [this] { events.push_back("drain:" + std::to_string(ws->buffered_amount())); });
  strand.post([] {});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ws->send("message"));
  ASSERT_TRUE(run_until_event("drain"));
  ASSERT_TRUE(run_until_frames(peer, 3));
  EXPECT_EQ(count("drain:0"), count("drain"));
  const auto before = count("drain");
  ws->ping("not a message", [](auto) {});
  ASSERT_TRUE(run_until_frames(peer, 4));
  EXPECT_TRUE(settle(peer));
  EXPECT_EQ(count("drain"), before);
}

TEST_F(Flow, AFullQueueDrainsWhenThePeerReads) {
  peers_read = false;
  WebSocketOptions options;
  options.max_queue_bytes = 4 * 1024 * 1024;
  make(options);
  connect();
  ASSERT_TRUE(run_until([&] { return peers.size() == 1; }));
  const auto peer = peers[0];
  peer->read_once();
  ASSERT_TRUE(run_until([&] { return peer->received.find("\r\n\r\n") != std::string::npos; }));
  request = std::exchange(peer->received, {});
  peer->write(switching());
  ASSERT_TRUE(run_until([&] { return connected.size() == 1; }));
  bool drained = false;
  ws->on(WebSocket::drain, [&] { drained = true; });
  const std::string large(1024 * 1024, 'x');
  std::size_t taken = 0;
  for (; taken < 1000 && ws->send_binary(large); ++taken) poll();
  ASSERT_LT(taken, 1000u);
  EXPECT_TRUE(ws->send_binary(large).error() == Errc::queue_full);
  drained = false;  // before, the system may have taken all that there was
  poll();
  EXPECT_FALSE(drained);
  peer->read();
  ASSERT_TRUE(run_until([&] { return drained; }));
  EXPECT_EQ(ws->buffered_amount(), 0u);
  EXPECT_EQ(ws->counters().messages_sent, taken);
}

// --- stream_messages

struct FlowOfPieces : Flow {
  Peer open_streaming(WebSocketOptions options = {}) {
    options.stream_messages = true;
    make(std::move(options));
    ws->on(WebSocket::fragment, [this](const WebSocket::Fragment& f) {
      pieces.push_back((f.first ? "<" : "") + std::string(f.data) + (f.last ? ">" : ""));
      whole += f.data;
      binary = f.binary;
    });
    return reopen();
  }
  Lines pieces;
  std::string whole;
  bool binary = false;
};

TEST_F(FlowOfPieces, AMessageIsToldAsItArrives) {
  const auto peer = open_streaming();
  const auto bytes = text_frame("hello world");
  peer->write(bytes.substr(0, 7));
  ASSERT_TRUE(run_until([&] { return !pieces.empty(); }));
  EXPECT_EQ(pieces.front().front(), '<');
  peer->write(bytes.substr(7));
  ASSERT_TRUE(run_until([&] { return whole == "hello world"; }));
  EXPECT_EQ(pieces.back().back(), '>');
  EXPECT_FALSE(binary);
  EXPECT_FALSE(has("text:"));
}

TEST_F(FlowOfPieces, FragmentsAndControlFramesBetweenThem) {
  const auto peer = open_streaming();
  peer->write(unfinished("one ") + ping_frame("between") + continuation("two", false) + continuation("", true) +
              binary_frame("b") + text_frame(""));
  ASSERT_TRUE(run_until([&] { return pieces.size() == 5; }));
  EXPECT_EQ(pieces, (Lines{"<one ", "two", ">", "<b>", "<>"}));
  EXPECT_TRUE(has("ping:between"));
  EXPECT_EQ(ws->counters().messages_received, 3u);
  EXPECT_EQ(ws->counters().bytes_received, 8u);
}

TEST_F(FlowOfPieces, TextIsCheckedOverAllPieces) {
  const auto peer = open_streaming();
  peer->write(unfinished("\xC3") + continuation("\xA4", true));
  ASSERT_TRUE(run_until([&] { return pieces.size() == 2; }));
  EXPECT_EQ(whole, "\xC3\xA4");
  peer->write(unfinished("\xC3") + continuation("", true));
  ASSERT_TRUE(run_until([&] { return !frames_in(peer).empty(); }));
  EXPECT_EQ(frames_in(peer).back().substr(0, 10), "close:1007");
}

TEST_F(FlowOfPieces, TheLimitIsOfTheWholeMessage) {
  WebSocketOptions options;
  options.max_message_size = 10;
  const auto peer = open_streaming(options);
  peer->write(unfinished("12345") + continuation("67890", true) + text_frame("1234567890"));
  ASSERT_TRUE(run_until([&] { return pieces.size() == 3; }));
  EXPECT_FALSE(has("error"));
  peer->write(unfinished("12345") + continuation("678901", true));
  ASSERT_TRUE(run_until([&] { return !frames_in(peer).empty(); }));
  EXPECT_EQ(frames_in(peer).back().substr(0, 10), "close:1009");
}

TEST_F(FlowOfPieces, LargerThanAnyBuffer) {
  const auto peer = open_streaming();
  std::string large(3 * 1024 * 1024, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i % 26);
  peer->write(binary_frame(large));
  ASSERT_TRUE(run_until([&] { return !pieces.empty() && pieces.back().back() == '>'; }));
  EXPECT_TRUE(whole == large);
  EXPECT_TRUE(binary);
  EXPECT_GT(pieces.size(), 10u);
}

// --- limits

TEST_F(Flow, AFrameOverItsLimitIs1009) {
  WebSocketOptions options;
  options.max_frame_size = 5;
  const auto peer = open(options);
  peer->write(unfinished("12345") + continuation("67890", true));
  ASSERT_TRUE(run_until_event("text:1234567890"));
  peer->write(text_frame("123456"));
  ASSERT_TRUE(run_until([&] { return !frames_in(peer).empty(); }));
  EXPECT_EQ(frames_in(peer).back().substr(0, 10), "close:1009");
}

TEST_F(Flow, AHeadOverItsLimitIsABadHandshake) {
  WebSocketOptions options;
  options.max_header_size = 1'000;
  make(options);
  connect();
  const auto peer = accept();
  peer->write(switching("X-Long: " + std::string(1'000, 'x') + "\r\n"));
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::bad_handshake) << errors.back().what();
}

// --- silence

TEST_F(Flow, AConnectionWithoutMessagesEnds) {
  WebSocketOptions options;
  options.idle_timeout = 60s;
  options.heartbeat_interval = 0s;
  const auto peer = open(options);
  advance(59s);
  peer->write(text_frame("still here"));
  ASSERT_TRUE(run_until_event("text:"));
  advance(59s);
  ASSERT_TRUE(settle(peer)) << "a Ping is no message";
  EXPECT_FALSE(has("closed"));
  advance(1s);
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::idle_timeout) << errors.back().what();
  EXPECT_TRUE(has("closed:1006"));
}

TEST_F(Flow, APartOfAMessageIsASignOfLife) {
  WebSocketOptions options;
  options.idle_timeout = 60s;
  options.heartbeat_interval = 0s;
  options.write_timeout = 0s;  // a Pong may still be on its way when the clock jumps
  const auto peer = open(options);
  peer->write(unfinished("a long"));
  ASSERT_TRUE(settle(peer));
  for (int i = 0; i < 5; ++i) {
    advance(59s);
    peer->write(continuation(".", false));
    ASSERT_TRUE(settle(peer));
    ASSERT_FALSE(has("closed"));
  }
  advance(59s);
  ASSERT_TRUE(settle(peer)) << "a Ping within a message is none either";
  advance(1s);
  ASSERT_TRUE(run_until_closed());
  EXPECT_TRUE(errors.back() == Errc::idle_timeout) << errors.back().what();
}

}  // namespace
}  // namespace lavapp
