// EchoServer: a WebSocket server on a runtime of its own, which sends back what it gets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/strand.hpp"
#include "lavapp/core/runtime.hpp"
#include "net/byte_stream.hpp"
#include "net/http_message.hpp"
#include "support/frames.hpp"
#include "websocket/frame_reader.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::test {

class EchoServer {
 public:
  /// With a certificate it speaks TLS; with `client_ca_pem` its clients must have one too.
  explicit EchoServer(std::string certificate_pem = {}, std::string private_key_pem = {}, std::string client_ca_pem = {})
      : tls_(!certificate_pem.empty()),
        strand_(runtime_.impl()),
        listener_(net::listen(
                      strand_, 0,
                      [](std::shared_ptr<net::ByteStream> stream) {
                        auto session = std::make_shared<Session>(std::move(stream));
                        session->read();
                      },
                      std::move(certificate_pem), std::move(private_key_pem), std::move(client_ca_pem))
                      .value()) {}
  ~EchoServer() { listener_->close(); }

  std::uint16_t port() const { return listener_->port(); }
  std::string url(const std::string& host = "127.0.0.1") const {
    return (tls_ ? "wss://" : "ws://") + host + ":" + std::to_string(port()) + "/";
  }

 private:
  struct Session final : net::ByteStreamHandler, websocket::FrameSink, std::enable_shared_from_this<Session> {
    explicit Session(std::shared_ptr<net::ByteStream> s) : stream(std::move(s)) {}

    void read() {
      const auto room = reader.prepare();
      stream->read_some(shared_from_this(), room.data, room.size);
      at = room.data;
    }
    void on_read(const std::error_code& error, std::size_t size) override {
      if (error) return stream->close();
      if (open) {
        reader.commit(size);
        if (reader.parse(*this)) return stream->close();
      } else {
        const auto used = request.feed({at, size});
        if (!used) return stream->close();
        if (request.done()) {
          open = true;
          waiting =
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: " +
              websocket::accept_value(*find_header(request.request().headers, "Sec-WebSocket-Key")) + "\r\n\r\n";
        }
      }
      write();
      read();
    }
    void on_written(const std::error_code& error) override {
      flying.clear();
      if (error) return stream->close();
      if (closing && waiting.empty()) return stream->close();
      write();
    }
    void write() {
      if (!flying.empty() || waiting.empty()) return;
      flying.swap(waiting);
      stream->write(shared_from_this(), flying);
    }
    bool on_message(std::string_view data, bool binary) override {
      waiting += binary ? binary_frame(data) : text_frame(data);
      return true;
    }
    bool on_ping(std::string_view payload) override { return waiting += pong_frame(payload), true; }
    bool on_pong(std::string_view) override { return true; }
    bool on_close(const websocket::ClosePayload& close) override {
      waiting += frame(0x88, websocket::encode_close(close.code, {}));
      closing = true;
      return false;
    }

    std::shared_ptr<net::ByteStream> stream;
    net::HttpParser request{net::HttpPart::request};
    websocket::FrameReader reader{websocket::Role::server};
    char* at = nullptr;
    bool open = false, closing = false;
    std::string waiting, flying;
  };

  bool tls_;
  Runtime runtime_;
  detail::Strand strand_;
  std::shared_ptr<net::Listener> listener_;
};

}  // namespace lavapp::test
