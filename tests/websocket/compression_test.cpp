// permessage-deflate between a WebSocket and a scripted server.
#include "websocket_fixture.hpp"

#include "websocket/deflate.hpp"

namespace lavapp {
namespace {

using namespace websocket;

class CompressionTest : public WebSocketTest {
 protected:
  /// Opens a connection whose server answers the offer with `extensions`.
  Peer open_with(const std::string& extensions, CompressionOptions compression = on()) {
    WebSocketOptions options;
    options.compression = compression;
    make(options);
    connect();
    auto peer = accept();
    peer->write(switching(extensions.empty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n"));
    EXPECT_TRUE(run_until([&] { return !connected.empty(); }));
    return peer;
  }
  static CompressionOptions on() {
    CompressionOptions options;
    options.enabled = true;
    options.threshold = 10;
    return options;
  }
  std::string compressed(std::string_view text) {
    ByteBuffer out;
    deflater.compress(text, out);
    return std::string(out.view());
  }
  /// The messages among what a client has sent.
  static Lines inflated(const std::string& bytes) {
    struct Sink final : FrameSink {
      Lines lines;
      bool on_message(std::string_view data, bool) override { return lines.emplace_back(data), true; }
      bool on_ping(std::string_view) override { return true; }
      bool on_pong(std::string_view) override { return true; }
      bool on_close(const ClosePayload&) override { return true; }
    } sink;
    FrameReader reader(Role::server);
    reader.decompress({15, true});
    reader.append(bytes);
    EXPECT_FALSE(reader.parse(sink));
    return sink.lines;
  }
  Deflater deflater{{15, true}, 6, 8};
};

TEST_F(CompressionTest, MessagesAreCompressedBothWays) {
  const auto peer = open_with("permessage-deflate");
  const std::string text = "over and over and over and over and over";
  peer->write(frame(0xC1, compressed(text)));
  peer->write(frame(0xC1, compressed(text)));  // by reference to the one before
  EXPECT_TRUE(settle(peer));
  EXPECT_EQ(events, (Lines{"open", "text:" + text, "text:" + text}));

  poll();
  peer->received.clear();
  EXPECT_TRUE(ws->send("short"));
  EXPECT_TRUE(ws->send(text));
  ASSERT_TRUE(run_until([&] { return inflated(peer->received).size() == 2; }));
  EXPECT_EQ(inflated(peer->received), (Lines{"short", text}));
  EXPECT_EQ(static_cast<unsigned char>(peer->received[0]), 0x81) << "below the threshold";
  EXPECT_EQ(static_cast<unsigned char>(peer->received[2 + 4 + 5]), 0xC1);
}

TEST_F(CompressionTest, AServerThatDeclinesGetsPlainMessages) {
  const auto peer = open_with("");
  peer->received.clear();
  EXPECT_TRUE(ws->send("long enough to be compressed"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_EQ(frames_in(peer), Lines{"text:long enough to be compressed"});
  peer->write(frame(0xC1, compressed("not agreed upon")));
  ASSERT_TRUE(run_until_frames(peer, 2));
  peer->end_sending();
  ASSERT_TRUE(run_until_event("error"));
  EXPECT_EQ(errors[0].close_code, 1002);
}

TEST_F(CompressionTest, AnAnswerThatWasNotOfferedFailsTheHandshake) {
  for (const auto* answer : {"x-unknown", "permessage-deflate; server_max_window_bits=20"}) {
    connected.clear();
    open_with(answer);
    ASSERT_FALSE(connected[0]);
    EXPECT_TRUE(connected[0].error() == Errc::bad_handshake) << connected[0].error().what();
  }
}

TEST_F(CompressionTest, AWindowTooSmallForOurCompressorMeansPlainMessages) {
  const auto peer = open_with("permessage-deflate; client_max_window_bits=8");
  peer->received.clear();
  EXPECT_TRUE(ws->send("long enough to be compressed"));
  ASSERT_TRUE(run_until_frames(peer, 1));
  EXPECT_EQ(frames_in(peer), Lines{"text:long enough to be compressed"});
  peer->write(frame(0xC1, compressed("the server may still compress")));
  ASSERT_TRUE(run_until_event("text:"));
  EXPECT_TRUE(has("text:the server may still compress"));
}

TEST_F(CompressionTest, ABombIsAnsweredWith1009) {
  WebSocketOptions options;
  options.compression = on();
  options.max_message_size = 10'000;
  make(options);
  connect();
  const auto peer = accept();
  peer->write(switching("Sec-WebSocket-Extensions: permessage-deflate\r\n") +
              frame(0xC2, compressed(std::string(1'000'000, 'x'))));
  ASSERT_TRUE(run_until_frames(peer, 1));
  peer->end_sending();
  ASSERT_TRUE(run_until_event("error"));
  EXPECT_TRUE(errors[0] == Errc::message_too_big);
  EXPECT_EQ(frames_in(peer)[0], "close:1009:a compressed message over the limit");
}

}  // namespace
}  // namespace lavapp
