// WebSocketTest: a WebSocket, a scripted server, and a settable clock, all run by the test's own thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/strand.hpp"
#include "lavapp/core/runtime.hpp"
#include "lavapp/websocket.hpp"
#include "support/frames.hpp"
#include "support/runtime_test.hpp"
#include "support/scripted_peer.hpp"
#include "websocket/frame_reader.hpp"
#include "websocket/handshake.hpp"

namespace lavapp {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace test;
using Lines = std::vector<std::string>;
using Peer = std::shared_ptr<ScriptedPeer>;

inline void PrintTo(const Error& error, std::ostream* out) { *out << error.what(); }

class WebSocketTest : public RuntimeTest {
 protected:
  WebSocketTest()
      : strand(runtime.impl()),
        listener(net::listen(strand, 0, [this](auto stream) { accepted(std::move(stream)); }).value()) {}
  ~WebSocketTest() override {
    ws.reset();
    for (const auto& peer : peers) peer->close();
    listener->close();
    poll();
  }

  /// Lets everything that needs no time happen: a frame goes to the peer and back, and all before it is done.
  bool settle(const Peer& peer) {
    const auto before = pings_seen();
    peer->write(ping_frame("settle"));
    return run_until([&] { return pings_seen() > before; });
  }

  std::string url(std::string path = "/") const { return "ws://127.0.0.1:" + std::to_string(listener->port()) + path; }

  /// A fresh WebSocket whose events are written down in `events`.
  WebSocket& make(WebSocketOptions options = {}, std::string to = {}) {
    ws = std::make_unique<WebSocket>(runtime, to.empty() ? url() : to, std::move(options));
    ws->on(WebSocket::open, [this] { events.push_back("open"); });
    ws->on(WebSocket::message, [this](const WebSocket::Message& m) {
      events.push_back((m.binary ? "binary:" : "text:") + std::string(m.data));
    });
    ws->on(WebSocket::ping_received, [this](std::string_view payload) {
      payload == "settle" ? void(++settled_) : events.push_back("ping:" + std::string(payload));
    });
    ws->on(WebSocket::pong,
           [this](std::chrono::nanoseconds trip) { events.push_back("pong:" + std::to_string(trip / 1ms)); });
    ws->on(WebSocket::error, [this](const Error& e) {
      events.push_back("error:" + e.code.message());
      errors.push_back(e);
    });
    ws->on(WebSocket::closed, [this](const WebSocket::Close& c) {
      events.push_back("closed:" + std::to_string(c.code) + ":" + c.reason + (c.clean ? ":clean" : ":unclean"));
    });
    return *ws;
  }

  void connect(CallOptions options = {}) {
    ws->connect([this](Result<HandshakeResponse> r) { connected.push_back(std::move(r)); }, std::move(options));
  }

  /// The peer of the next connection, once its request is whole.
  Peer accept() {
    const auto index = taken_++;
    EXPECT_TRUE(run_until([&] {
      return peers.size() > index && peers[index]->received.find("\r\n\r\n") != std::string::npos;
    })) << "no request came";
    if (peers.size() <= index) return std::make_shared<ScriptedPeer>(nullptr);
    request = std::exchange(peers[index]->received, {});
    return peers[index];
  }
  static std::string header_of(const std::string& head, const std::string& name) {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "(none)";
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  std::string switching(const std::string& more_headers = {}) const {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           websocket::accept_value(header_of(request, "Sec-WebSocket-Key")) + "\r\n" + more_headers + "\r\n";
  }
  /// Connects, and answers as a server should. `rest` comes in the same segment.
  Peer open(WebSocketOptions options = {}, const std::string& rest = {}) {
    make(std::move(options));
    return reopen(rest);
  }
  Peer reopen(const std::string& rest = {}) {
    const auto before = connected.size();
    connect();
    auto peer = accept();
    peer->write(switching() + rest);
    EXPECT_TRUE(run_until([&] { return connected.size() > before; }));
    EXPECT_TRUE(connected.back()) << connected.back().error().what();
    return peer;
  }

  bool run_until_event(const std::string& beginning) {
    return run_until([&] { return has(beginning); });
  }
  bool has(const std::string& beginning) const { return count(beginning) > 0; }
  std::size_t count(const std::string& beginning) const {
    std::size_t n = 0;
    for (const auto& e : events) n += e.compare(0, beginning.size(), beginning) == 0;
    return n;
  }
  bool run_until_closed() { return run_until_event("closed"); }
  bool run_until_ended(const Peer& peer) {
    return run_until([&] { return peer->ended; });
  }

  /// Frames that a client sent, a line for each; "?" for bytes that are none.
  class Frames final : websocket::FrameSink {
   public:
    Lines lines;
    /// Reads on in `all` behind what it has read of it before.
    void read(const std::string& all) {
      reader_.append(std::string_view(all).substr(read_));
      read_ = all.size();
      if (reader_.parse(*this)) lines.push_back("?");
    }

   private:
    bool note(const char* kind, std::string_view payload) { return lines.push_back(kind + std::string(payload)), true; }
    bool on_message(std::string_view data, bool binary) override { return note(binary ? "binary:" : "text:", data); }
    bool on_ping(std::string_view payload) override { return note("ping:", payload); }
    bool on_pong(std::string_view payload) override { return payload == "settle" || note("pong:", payload); }
    bool on_close(const websocket::ClosePayload& c) override {
      return note("close:", std::to_string(c.code) + (c.reason.empty() ? "" : ":" + c.reason));
    }
    websocket::FrameReader reader_{websocket::Role::server};
    std::size_t read_ = 0;
  };
  static Lines frames_in(const std::string& bytes) {
    Frames frames;
    frames.read(bytes);
    return frames.lines;
  }
  static Lines frames_in(const Peer& peer) { return frames_in(peer->received); }
  bool run_until_frames(const Peer& peer, std::size_t n) {
    return run_until([&] { return frames_in(peer).size() >= n; });
  }

  detail::Strand strand;
  std::vector<Peer> peers;
  std::shared_ptr<net::Listener> listener;
  std::unique_ptr<WebSocket> ws;
  Lines events;
  std::vector<Error> errors;
  std::vector<Result<HandshakeResponse>> connected;
  std::string request;
  bool peers_read = true;

 private:
  std::size_t pings_seen() const { return settled_; }
  void accepted(std::shared_ptr<net::ByteStream> stream) {
    peers.push_back(std::make_shared<ScriptedPeer>(std::move(stream)));
    if (peers_read) peers.back()->read();
  }
  std::size_t taken_ = 0;
  std::size_t settled_ = 0;
};

}  // namespace lavapp
