// FaultWalk: brings a connection to any step of its life, where a test then breaks it or destroys the WebSocket.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/test_certificates.hpp"
#include "websocket_fixture.hpp"

namespace lavapp {

enum class Step {
  http_proxy,  ///< CONNECT has been asked for.
  socks5_proxy,
  tls,            ///< The ClientHello has been sent.
  handshake,      ///< The upgrade has been asked for.
  handshake_tls,  ///< The same over TLS.
  idle,           ///< Open, and nothing under way.
  idle_tls,
  header,     ///< Half of a frame's header has come.
  payload,    ///< Half of its payload.
  fragments,  ///< One frame of a message of two.
  compressed,  ///< Half of a compressed message.
  closing,     ///< Our Close frame has been sent.
};
inline const Step kSteps[] = {Step::http_proxy, Step::socks5_proxy, Step::tls,       Step::handshake,  Step::handshake_tls, Step::idle,
                              Step::idle_tls,   Step::header,       Step::payload,   Step::fragments,  Step::compressed,    Step::closing};

inline std::string name_of(Step step) {
  static const char* const names[] = {"HttpProxy", "Socks5Proxy", "Tls",     "Handshake", "HandshakeOverTls", "Idle",
                                      "IdleOverTls", "Header",    "Payload", "Fragments", "Compressed",       "Closing"};
  return names[static_cast<int>(step)];
}

inline bool is_open(Step step) { return step >= Step::idle; }
inline bool over_tls(Step step) { return step == Step::handshake_tls || step == Step::idle_tls; }

class FaultWalk : public WebSocketTest {
 protected:
  FaultWalk() {
    const auto& identity = server_identity();
    tls_listener_ = net::listen(strand, 0, [this](auto stream) { accepted_over_tls(std::move(stream)); }, identity.certificate_pem,
                                identity.private_key_pem)
                        .value();
  }
  ~FaultWalk() override {
    ws.reset();
    tls_listener_->close();
    poll();
  }

  /// A key costs time: one authority and one server for all tests.
  static const test::CertificateAuthority& authority() {
    static const test::CertificateAuthority one;
    return one;
  }
  static const test::Identity& server_identity() {
    static const test::Identity one = authority().issue();
    return one;
  }

  WebSocketOptions options_for(Step step) const {
    WebSocketOptions options;
    options.write_timeout = 0ms;  // the clock jumps while a Ping is being written
    options.tls.ca_pem = authority().pem();
    options.compression.enabled = step == Step::compressed;
    if (step == Step::http_proxy) options.proxy = "http://127.0.0.1:" + std::to_string(listener->port());
    if (step == Step::socks5_proxy) options.proxy = "socks5://127.0.0.1:" + std::to_string(listener->port());
    return options;
  }
  std::string url_for(Step step) const {
    if (step == Step::http_proxy || step == Step::socks5_proxy) return "ws://server.example/";
    if (step == Step::tls) return "wss://127.0.0.1:" + std::to_string(listener->port()) + "/";
    if (over_tls(step)) return "wss://127.0.0.1:" + std::to_string(tls_port()) + "/";
    return url();
  }

  /// A WebSocket on its way, stopped at `step`. A ping is pending from then on, if it is open.
  void reach(Step step) {
    make(options_for(step), url_for(step));
    keep_token();
    go_to(step);
  }
  /// The same with the WebSocket that is there.
  void go_to(Step step) {
    connect();
    peer = next_peer();
    if (step < Step::handshake) return;
    take_request();
    if (!is_open(step)) return;
    peer->write(rest_of(Step::handshake, step == Step::compressed));
    const auto before = count("open");
    ASSERT_TRUE(run_until([&] { return count("open") > before; }));
    ws->ping("pending", [this, token = token](Result<std::chrono::nanoseconds> r) { pinged.push_back(std::move(r)); });
    ASSERT_TRUE(run_until([&] { return !peer->received.empty(); }));
    const auto half = half_before(step);
    if (!half.empty()) peer->write(half);
    if (step == Step::closing) {
      const auto so_far = peer->received.size();
      ASSERT_TRUE(ws->close(1000, "enough"));
      ASSERT_TRUE(run_until([&] { return peer->received.size() > so_far; }));
    }
    poll();
  }

  /// What has come of a message when its step is reached, and what is missing of it.
  static std::string half_before(Step step) {
    switch (step) {
      case Step::header: return text_frame("hello").substr(0, 1);
      case Step::payload: return text_frame("hello").substr(0, 4);
      case Step::fragments: return frame(0x01, "hel");
      case Step::compressed: return hello_compressed().substr(0, 5);
      default: return {};
    }
  }
  /// What a server, or what stands before it, says next if all is well.
  std::string rest_of(Step step, bool deflate = false) const {
    switch (step) {
      case Step::http_proxy: return "HTTP/1.1 200 Connection established\r\n\r\n";
      case Step::socks5_proxy: return std::string("\x05\x00", 2) + std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);
      case Step::tls: return {};
      case Step::handshake:
      case Step::handshake_tls: return switching(deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "");
      case Step::idle:
      case Step::idle_tls: return text_frame("hello");
      case Step::header: return text_frame("hello").substr(1);
      case Step::payload: return text_frame("hello").substr(4);
      case Step::fragments: return frame(0x80, "lo");
      case Step::compressed: return hello_compressed().substr(5);
      case Step::closing: return close_frame(1000, "enough");
    }
    return {};
  }
  /// RFC 7692 7.2.3.1: "Hello".
  static std::string hello_compressed() { return frame(0xC1, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)); }

  /// The next connection, once it has said something.
  Peer next_peer() {
    const auto index = seen_++;
    EXPECT_TRUE(run_until([&] { return peers.size() > index && !peers[index]->received.empty(); }));
    return peers.size() > index ? peers[index] : std::make_shared<ScriptedPeer>(nullptr);
  }
  /// Takes the upgrade out of what the peer has received.
  void take_request() {
    ASSERT_TRUE(run_until([&] {
      const auto at = peer->received.find("GET ");
      return at != std::string::npos && peer->received.find("\r\n\r\n", at) != std::string::npos;
    }));
    request = peer->received.substr(peer->received.find("GET "));
    peer->received.clear();
  }

  /// Is captured by every listener and handler: held by nobody else once all of them are gone.
  void keep_token() {
    ws->on(WebSocket::message, [token = token](const WebSocket::Message&) {});
    ws->on(WebSocket::closed, [token = token](const WebSocket::Close&) {});
  }
  void expect_nothing_left() {
    ws.reset();
    poll();
    EXPECT_EQ(token.use_count(), 1);
  }

  std::uint16_t tls_port() const { return tls_listener_->port(); }

  Peer peer;
  std::vector<Result<std::chrono::nanoseconds>> pinged;
  std::shared_ptr<int> token = std::make_shared<int>(0);

 private:
  void accepted_over_tls(std::shared_ptr<net::ByteStream> stream) {
    peers.push_back(std::make_shared<ScriptedPeer>(std::move(stream)));
    peers.back()->read();
  }

  std::shared_ptr<net::Listener> tls_listener_;
  std::size_t seen_ = 0;
};

}  // namespace lavapp
