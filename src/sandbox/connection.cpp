#include "sandbox/connection.hpp"

#include <chrono>

namespace lavapp::sandbox {
namespace {

using namespace std::chrono_literals;

// Undertow's limits: 8,192 bytes of request line and headers, a minute of keep-alive.
constexpr std::size_t max_head = 8'192;
net::HttpParser new_parser() { return net::HttpParser(net::HttpPart::request, {max_head, 256 * 1024 * 1024}); }
constexpr auto keep_alive_time = 60s;
/// How long a peer may take to answer a Close frame, or our FIN.
constexpr auto linger_time = 5s;
constexpr std::size_t read_size = 16 * 1024;
/// While a request waits for its answer, no more than this is read ahead.
constexpr std::size_t max_read_ahead = 1024 * 1024;

}  // namespace

Connection::Connection(const std::shared_ptr<Server>& server, std::shared_ptr<net::ByteStream> stream)
    : server_(server), stream_(std::move(stream)), parser_(new_parser()), timer_(server->strand()), buffer_(read_size) {}

void Connection::start() {
  wait_for_request();
  read();
}

void Connection::wait_for_request() {
  state_ = State::request;
  parser_ = new_parser();
  continued_ = in_body_ = false;
  timer_.start(keep_alive_time, [this] { close(false); });
}

void Connection::read() {
  const auto server = server_.lock();
  if (reading_ || state_ == State::closed || !server || server->half_open()) return;
  if (state_ == State::waiting && input_.size() > max_read_ahead) return;
  reading_ = true;
  stream_->read_some(shared_from_this(), buffer_.data(), buffer_.size());
}

void Connection::on_read(const std::error_code& error, std::size_t size) {
  reading_ = false;
  if (state_ == State::closed) return;
  const auto server = server_.lock();
  if (!server) return close(false);
  if (error) {
    if (server->half_open()) return;  // a machine that hangs notices nothing
    leave_session();
    return close(false);
  }
  input_.append(buffer_.data(), size);
  if (server->half_open()) return;
  process();
  read();
  server->flush();
}

void Connection::resume() {
  process();
  write();
  read();
}

void Connection::process() {
  switch (state_) {
    case State::request: return parse_requests();
    case State::websocket:
    case State::closing: return parse_frames();
    case State::waiting:
    case State::closed: return;
    case State::ended: return input_.clear();
  }
}

void Connection::parse_requests() {
  while (state_ == State::request && !input_.empty()) {
    if (!in_body_) {
      // The parser gets the head in one piece, so that the limit holds to the byte.
      const auto end = input_.find("\r\n\r\n");
      if (end == std::string::npos ? input_.size() > max_head : end + 4 > max_head) return refuse();
      if (end == std::string::npos) return;
      in_body_ = true;
    }
    timer_.cancel();
    const auto taken = parser_.feed(input_);
    if (!taken) return refuse();
    input_.erase(0, *taken);
    if (!parser_.done()) {
      const auto* expect = parser_.head_done() ? find_header(parser_.request().headers, "Expect") : nullptr;
      if (expect && !continued_) {
        continued_ = true;
        send_bytes("HTTP/1.1 100 Continue\r\n\r\n");
      }
      return;
    }
    auto request = parser_.request();
    const bool keep_alive = parser_.keep_alive();
    // RFC 9112 3.2: a request of HTTP/1.1 without Host. (1.0 keeps no connection unless it says so.)
    if (!find_header(request.headers, "Host") && keep_alive) return refuse();
    handle(std::move(request), keep_alive);
  }
}

void Connection::refuse() {
  send_bytes(serialize(Reply::bad_request(), false, false, 0));
  end_after_writing();
}

void Connection::handle(net::HttpRequest request, bool keep_alive) {
  const auto server = server_.lock();
  if (!server) return close(false);
  state_ = State::waiting;
  auto verdict = server->receive(request);
  const auto kind = verdict.fault ? std::optional(verdict.fault->kind) : std::nullopt;
  if (kind == Fault::Kind::hang) return;
  if (kind == Fault::Kind::drop) return close(false);
  if (kind == Fault::Kind::answer) {
    const auto& fault = *verdict.fault;
    Reply reply{Reply::Form::text, fault.status, fault.headers, fault.body};
    return send_reply(verdict, reply, keep_alive, request.method == "HEAD");
  }
  if (kind != Fault::Kind::delay) return answer(verdict, request, keep_alive);
  timer_.start(verdict.fault->delay_for, [this, verdict, request = std::move(request), keep_alive] {
    const auto self = shared_from_this();
    answer(verdict, request, keep_alive);
    process();
    read();
    if (const auto later = server_.lock()) later->flush();
  });
}

void Connection::answer(const Verdict& verdict, const net::HttpRequest& request, bool keep_alive) {
  const auto server = server_.lock();
  if (!server) return close(false);
  const auto answer = server->answer(verdict, request);
  if (verdict.fault && verdict.fault->kind == Fault::Kind::cut) {
    const auto whole = answer.handshake ? answer.handshake->head : serialize(answer.reply, keep_alive, false, server->wall());
    send_bytes(std::string_view(whole).substr(0, whole.size() / 2));
    return end_after_writing();
  }
  if (verdict.fault && verdict.fault->kind == Fault::Kind::swallow) return server->flush();
  if (answer.handshake) {
    server->answered(verdict, 101);
    return upgrade(*answer.handshake);
  }
  if (answer.reply.form == Reply::Form::never) return;
  send_reply(verdict, answer.reply, keep_alive, request.method == "HEAD");
}

void Connection::send_reply(const Verdict& verdict, const Reply& reply, bool keep_alive, bool head_only) {
  const auto server = server_.lock();
  if (!server) return close(false);
  server->answered(verdict, reply.status);
  server->flush();  // what the request caused often arrives before its answer, as in Lavalink
  if (reply.form == Reply::Form::bare) keep_alive = false;
  send_bytes(serialize(reply, keep_alive, head_only, server->wall()));
  if (!keep_alive) return end_after_writing();
  wait_for_request();
}

void Connection::upgrade(const Handshake& handshake) {
  const auto server = server_.lock();
  if (!server) return close(false);
  timer_.cancel();
  send_bytes(handshake.head);
  state_ = State::websocket;
  if (handshake.fails_at_once) return shut_down(websocket::close_code::internal_error);
  session_ = server->open_session(handshake);
  flush_session();
  parse_frames();
}

void Connection::parse_frames() {
  if (input_.empty()) return;
  if (const auto server = server_.lock()) server->flush();  // what is due by now comes first
  frames_.append(std::exchange(input_, {}));
  const auto violation = frames_.parse(*this);
  if (violation && state_ == State::websocket) {
    leave_session();
    send_frame(websocket::Opcode::close, websocket::encode_close(violation->close_code, violation->what));
    end_after_writing();
  }
}

bool Connection::on_message(std::string_view data, bool binary) {
  if (state_ != State::websocket) return true;
  if (!binary) {
    if (const auto server = server_.lock()) server->text_received(data);
    return true;
  }
  leave_session();
  send_frame(websocket::Opcode::close, websocket::encode_close(websocket::close_code::unsupported_data, "Binary messages not supported"));
  end_after_writing();
  return false;
}

bool Connection::on_ping(std::string_view payload) {
  if (state_ == State::websocket) send_frame(websocket::Opcode::pong, payload);
  return true;
}

bool Connection::on_pong(std::string_view) { return true; }

bool Connection::on_close(const websocket::ClosePayload& close) {
  if (state_ == State::websocket) {
    leave_session();
    // Undertow answers a Close without a code with 1000.
    const int code = close.code == websocket::close_code::no_status ? websocket::close_code::normal : close.code;
    send_frame(websocket::Opcode::close, websocket::encode_close(code, close.reason));
  }
  end_after_writing();
  return false;
}

void Connection::leave_session() {
  if (!session_) return;
  flush_session();
  if (const auto server = server_.lock()) server->close_session(*session_);
  session_.reset();
}

void Connection::flush_session() {
  const auto server = server_.lock();
  if (!session_ || !server || state_ != State::websocket) return;
  for (const auto& message : server->take_outbox(*session_)) send_frame(websocket::Opcode::text, message);
}

void Connection::send_frame(websocket::Opcode opcode, std::string_view payload) {
  websocket::FrameHeader head;
  head.opcode = opcode;
  head.payload_size = payload.size();
  char header[websocket::kMaxHeaderSize];
  output_.append(header, websocket::encode_header(header, head));
  output_.append(payload);
  write();
}

void Connection::send_bytes(std::string_view bytes) {
  output_.append(bytes);
  write();
}

void Connection::close_websocket(int code, const std::string& reason) {
  if (state_ != State::websocket) return;
  leave_session();
  send_frame(websocket::Opcode::close, websocket::encode_close(code, reason));
  state_ = State::closing;
  timer_.start(linger_time, [this] { close(false); });
}

void Connection::shut_down(int code) {
  if (state_ == State::closed) return;
  if (state_ != State::websocket) return close(false);
  leave_session();
  send_frame(websocket::Opcode::close, websocket::encode_close(code, ""));
  end_after_writing();
}

void Connection::end_after_writing() {
  state_ = State::ended;
  // FIN only, and then read on: closing with unread bytes would send RST, which can overtake the answer.
  timer_.start(linger_time, [this] { close(false); });
  if (output_.empty() && writing_.empty()) stream_->shutdown_send();
}

void Connection::write() {
  const auto server = server_.lock();
  if (!writing_.empty() || output_.empty() || state_ == State::closed || !server || server->half_open()) return;
  writing_.swap(output_);
  stream_->write(shared_from_this(), writing_);
}

void Connection::on_written(const std::error_code& error) {
  writing_.clear();
  if (error || state_ == State::closed) return;  // reading tells of the end
  write();
  if (state_ == State::ended && writing_.empty() && output_.empty()) stream_->shutdown_send();
}

void Connection::close(bool reset) {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  leave_session();
  state_ = State::closed;
  timer_.cancel();
  stream_->close(reset);
  if (const auto server = server_.lock()) server->gone(self);
}

}  // namespace lavapp::sandbox
