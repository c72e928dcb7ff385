#include "lavalink/fake_node.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "support/frames.hpp"
#include "websocket/frame_reader.hpp"
#include "websocket/handshake.hpp"

namespace lavapp::test {
namespace {

std::string path_of(const net::HttpRequest& request) { return request.target.substr(0, request.target.find('?')); }
std::string name_of(const net::HttpRequest& request) { return request.method + " " + path_of(request); }

}  // namespace

net::HttpResponse json_answer(std::string body, int status) {
  net::HttpResponse response;
  response.status = status;
  response.reason = "-";
  response.headers = {{"Content-Type", "application/json"}, {"Lavalink-Api-Version", "4"}};
  response.body = std::move(body);
  return response;
}

net::HttpResponse empty_answer(int status) {
  net::HttpResponse response;
  response.status = status;
  response.reason = "-";
  if (status != 204) response.headers = {{"Content-Length", "0"}};
  return response;
}

/// One TCP connection: HTTP requests, then perhaps frames.
class FakeNode::Connection final : public net::ByteStreamHandler,
                                   public websocket::FrameSink,
                                   public std::enable_shared_from_this<Connection> {
 public:
  Connection(FakeNode* owner, std::shared_ptr<net::ByteStream> stream) : node(owner), stream_(std::move(stream)) {}

  void read() { stream_->read_some(shared_from_this(), buffer_, sizeof buffer_); }

  void on_read(const std::error_code& error, std::size_t size) override {
    if (error || !node) return end();
    std::string_view bytes(buffer_, size);
    while (!bytes.empty() && node) {
      if (upgraded) {
        frames_.append(bytes);
        bytes = {};
        static_cast<void>(frames_.parse(*this));
      } else {
        const auto taken = parser_.feed(bytes);
        if (!taken) return end();
        bytes.remove_prefix(*taken);
        if (!parser_.done()) continue;
        const auto request = parser_.request();
        parser_ = net::HttpParser(net::HttpPart::request);
        handle(request);
      }
    }
    if (node) read();
  }

  void on_written(const std::error_code& error) override {
    writing_.clear();
    if (!error) flush();
  }

  void handle(const net::HttpRequest& request) {
    const bool handshake = find_header(request.headers, "Sec-WebSocket-Key") != nullptr;
    (handshake ? node->handshakes : node->requests).push_back(request);
    std::optional<net::HttpResponse> response;
    if (node->hangs) {
      // as it says
    } else if (handshake) {
      response = node->on_handshake(request);
    } else if (const auto found = node->routes.find(name_of(request)); found != node->routes.end()) {
      response = found->second(request);
    } else {
      response = node->otherwise(request);
    }
    if (!response) {
      unanswered = name_of(request);
      return;
    }
    write(serialize(*response));
    if (!handshake || response->status != 101) return;
    upgraded = true;
    for (const auto& text : node->greeting(request)) write(text_frame(text));
  }

  bool on_message(std::string_view, bool) override { return true; }
  bool on_ping(std::string_view payload) override {
    if (node->answers_pings && !node->hangs) {
      write(pong_frame(payload));
    } else {
      node->unanswered_ping = std::string(payload);
    }
    return true;
  }
  bool on_pong(std::string_view) override { return true; }
  bool on_close(const websocket::ClosePayload& close) override {
    node->close_codes.push_back(close.code);
    if (!node->answers_close || node->hangs) return true;
    if (!close_sent) write(close_frame(close.code));
    ending_ = true;
    flush();
    return true;
  }

  void write(std::string bytes) {
    waiting_.push_back(std::move(bytes));
    flush();
  }
  void flush() {
    if (!writing_.empty()) return;
    if (waiting_.empty()) {
      if (ending_) end();
      return;
    }
    writing_ = std::move(waiting_.front());
    waiting_.pop_front();
    stream_->write(shared_from_this(), writing_);
  }
  void end(bool reset = false) {
    stream_->close(reset);
    if (!node) return;
    auto& all = node->connections_;
    node = nullptr;
    const auto self = shared_from_this();
    all.erase(std::remove(all.begin(), all.end(), self), all.end());
  }

  FakeNode* node;
  bool upgraded = false;
  bool close_sent = false;
  std::string unanswered;

 private:
  std::shared_ptr<net::ByteStream> stream_;
  net::HttpParser parser_{net::HttpPart::request};
  websocket::FrameReader frames_{websocket::Role::server};
  std::deque<std::string> waiting_;
  std::string writing_;
  bool ending_ = false;
  char buffer_[4096];
};

FakeNode::FakeNode(const detail::Strand& strand, std::string certificate_pem, std::string private_key_pem)
    : on_handshake(accept),
      strand_(strand),
      certificate_pem_(std::move(certificate_pem)),
      private_key_pem_(std::move(private_key_pem)) {
  greeting = [](const net::HttpRequest& request) -> std::vector<std::string> {
    const auto* session = find_header(request.headers, "Session-Id");
    if (session && *session == "s1") return {R"({"op":"ready","resumed":true,"sessionId":"s1"})"};
    return {R"({"op":"ready","resumed":false,"sessionId":"s1"})"};
  };
  routes["PATCH /v4/sessions/s1"] = [](const net::HttpRequest& request) {
    const bool on = request.body.find("\"resuming\":true") != std::string::npos;
    return json_answer(std::string(R"({"resuming":)") + (on ? "true" : "false") + R"(,"timeout":60})");
  };
  otherwise = [](const net::HttpRequest&) {
    return json_answer(R"({"timestamp":1,"status":404,"error":"Not Found","message":"no such route","path":"/"})", 404);
  };
  listen(0);
}

void FakeNode::listen(std::uint16_t port) {
  listener_ = net::listen(
                  strand_, port,
                  [this](std::shared_ptr<net::ByteStream> stream) {
                    connections_.push_back(std::make_shared<Connection>(this, std::move(stream)));
                    connections_.back()->read();
                  },
                  certificate_pem_, private_key_pem_)
                  .value();
}

FakeNode::~FakeNode() {
  listener_->close();
  drop();
}

std::uint16_t FakeNode::port() const { return listener_->port(); }

net::HttpResponse FakeNode::accept(const net::HttpRequest& request) {
  net::HttpResponse response;
  response.status = 101;
  response.reason = "Switching Protocols";
  response.headers = {
      {"Upgrade", "WebSocket"},
      {"Connection", "Upgrade"},
      {"Lavalink-Api-Version", "4"},
      {"Session-Resumed", "false"},
      {"Sec-WebSocket-Accept", websocket::accept_value(*find_header(request.headers, "Sec-WebSocket-Key"))}};
  return response;
}

void FakeNode::route(std::string method_and_path, std::string body) {
  routes[std::move(method_and_path)] = [body = std::move(body)](const net::HttpRequest&) { return json_answer(body); };
}

const net::HttpRequest* FakeNode::last(std::string_view method, std::string_view path) const {
  for (auto it = requests.rbegin(); it != requests.rend(); ++it) {
    if (it->method == method && path_of(*it) == path) return &*it;
  }
  return nullptr;
}

std::size_t FakeNode::sockets() const {
  return static_cast<std::size_t>(
      std::count_if(connections_.begin(), connections_.end(), [](const auto& each) { return each->upgraded; }));
}
std::size_t FakeNode::connections() const { return connections_.size(); }

void FakeNode::send_text(std::string_view text) { send_raw(text_frame(text)); }
void FakeNode::send_binary(std::string_view bytes) { send_raw(binary_frame(bytes)); }

void FakeNode::send_raw(std::string bytes) {
  for (const auto& each : connections_) {
    if (each->upgraded) each->write(bytes);
  }
}

void FakeNode::send_close(int code, std::string_view reason) {
  for (const auto& each : connections_) {
    if (!each->upgraded) continue;
    each->close_sent = true;
    each->write(close_frame(code, reason));
  }
}

void FakeNode::answer_ping() { send_raw(pong_frame(std::exchange(unanswered_ping, std::nullopt).value_or(""))); }

void FakeNode::drop(bool reset) {
  for (const auto& each : std::vector(connections_)) each->end(reset);
}

void FakeNode::answer_late(std::string_view method, std::string_view path, net::HttpResponse response) {
  const auto name = std::string(method) + " " + std::string(path);
  for (const auto& each : connections_) {
    if (each->unanswered != name) continue;
    each->unanswered.clear();
    return each->write(serialize(response));
  }
}

void FakeNode::stop_listening() { listener_->close(); }
void FakeNode::listen_again() { listen(port()); }

}  // namespace lavapp::test
