// Gateway::Impl::Connection: one client of the sandbox gateway, and what it is told.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "lavapp/discord/gateway_options.hpp"
#include "net/http_message.hpp"
#include "sandbox/gateway_encoder.hpp"
#include "sandbox/gateway_impl.hpp"
#include "websocket/frame.hpp"
#include "websocket/frame_reader.hpp"

namespace lavapp::sandbox {

/// A TCP connection: one HTTP request, then, as a rule, a WebSocket.
class Gateway::Impl::Connection final : public net::ByteStreamHandler,
                                        public websocket::FrameSink,
                                        public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Impl> gateway, std::shared_ptr<net::ByteStream> stream)
      : gateway_(std::move(gateway)), stream_(std::move(stream)) {}

  void read();
  void cut();
  bool is_open() const { return open_ && !ended_; }
  const std::shared_ptr<Session>& session() const { return session_; }

  /// JSON text, in the client's encoding.
  void send(std::string_view json);
  void send_frame(websocket::Opcode opcode, std::string_view payload);
  void close(int code, const std::string& reason);
  void write();

 private:
  void on_read(const std::error_code& error, std::size_t size) override;
  void on_written(const std::error_code& error) override;

  void answer();
  void reply(int status, const std::string& body);

  void handle(int op, const Json& d);
  bool wrong_token(const Json& d);
  void identify(const Json& d);
  void resume(const Json& d);
  void voice(const Json& d);

  bool on_message(std::string_view data, bool) override;
  bool on_ping(std::string_view payload) override { return send_frame(websocket::Opcode::pong, payload), true; }
  bool on_pong(std::string_view) override { return true; }
  bool on_close(const websocket::ClosePayload& close) override;
  /// \param code  that the client ended with; 0: the gateway closed
  void ended(int code);

  std::shared_ptr<Impl> gateway_;
  std::shared_ptr<net::ByteStream> stream_;
  net::HttpParser request_{net::HttpPart::request};
  websocket::FrameReader reader_{websocket::Role::server};
  char* place_ = nullptr;
  std::string waiting_, flying_;
  bool open_ = false, closing_ = false, ended_ = false, over_ = false;
  std::uint64_t number_ = 0;
  discord::Encoding encoding_ = discord::Encoding::json;
  std::unique_ptr<GatewayEncoder> encoder_;
  std::shared_ptr<Session> session_;
  std::deque<Clock::time_point> sends_;
};

}  // namespace lavapp::sandbox
