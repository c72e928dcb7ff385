// Connection: one TCP connection of the server: HTTP requests, one after the other, until it becomes a WebSocket.
#pragma once

#include <memory>
#include <string>

#include "core/timer.hpp"
#include "net/byte_stream.hpp"
#include "net/http_message.hpp"
#include "sandbox/server.hpp"
#include "websocket/frame_reader.hpp"

namespace lavapp::sandbox {

/// Lives on the server's strand; kept by the server's list and by what it reads and writes.
class Connection final : public net::ByteStreamHandler,
                         public websocket::FrameSink,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(const std::shared_ptr<Server>& server, std::shared_ptr<net::ByteStream> stream);

  void start();
  /// Goes on after a half-open time.
  void resume();
  /// Cuts it.
  void close(bool reset);
  /// Sends what its session has to say.
  void flush_session();
  void send_frame(websocket::Opcode opcode, std::string_view payload);
  void send_bytes(std::string_view bytes);
  /// Sends a Close frame; the peer's answer ends the connection.
  void close_websocket(int code, const std::string& reason);
  /// Sends a Close frame, if it is a WebSocket, and FIN.
  void shut_down(int code);
  bool is_websocket() const { return session_ != nullptr && state_ == State::websocket; }

  void on_read(const std::error_code& error, std::size_t size) override;
  void on_written(const std::error_code& error) override;

 private:
  enum class State {
    request,    // reading a request
    waiting,    // a request is being answered later, or never
    websocket,  // frames
    closing,    // a Close frame has been sent; waiting for the peer's
    ended,      // FIN has been or will be sent; what comes is thrown away
    closed,
  };

  bool on_message(std::string_view data, bool binary) override;
  bool on_ping(std::string_view payload) override;
  bool on_pong(std::string_view payload) override;
  bool on_close(const websocket::ClosePayload& close) override;

  void read();
  void process();
  void parse_requests();
  void handle(net::HttpRequest request, bool keep_alive);
  void answer(const Verdict& verdict, const net::HttpRequest& request, bool keep_alive);
  void send_reply(const Verdict& verdict, const Reply& reply, bool keep_alive, bool head_only);
  void upgrade(const Handshake& handshake);
  void parse_frames();
  void leave_session();
  void refuse();
  void end_after_writing();
  void write();
  void wait_for_request();

  std::weak_ptr<Server> server_;
  std::shared_ptr<net::ByteStream> stream_;
  State state_ = State::request;
  net::HttpParser parser_;
  websocket::FrameReader frames_{websocket::Role::server};
  std::shared_ptr<Session> session_;
  detail::Timer timer_;
  std::string input_;    // read, not yet looked at
  std::string output_;   // to be written next
  std::string writing_;  // being written
  std::vector<char> buffer_;
  bool reading_ = false;
  bool in_body_ = false;  // the head of the present request is with the parser
  bool continued_ = false;
};

}  // namespace lavapp::sandbox
