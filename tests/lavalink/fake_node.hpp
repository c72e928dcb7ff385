// FakeNode: a scripted Lavalink node on 127.0.0.1. It says what the test tells it to say, right or wrong.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/strand.hpp"
#include "net/byte_stream.hpp"
#include "net/http_message.hpp"

namespace lavapp::test {

/// An answer with a JSON body.
net::HttpResponse json_answer(std::string body, int status = 200);
net::HttpResponse empty_answer(int status);

class FakeNode {
 public:
  /// Nothing: never answered.
  using Answer = std::function<std::optional<net::HttpResponse>(const net::HttpRequest&)>;

  /// Runs on `strand`, and is used there or while that strand's tasks do not run.
  explicit FakeNode(const detail::Strand& strand, std::string certificate_pem = {}, std::string private_key_pem = {});
  ~FakeNode();
  std::uint16_t port() const;

  /// The answer to a handshake; status 101 opens the WebSocket. Default: 101 as Lavalink answers.
  Answer on_handshake;
  static net::HttpResponse accept(const net::HttpRequest& request);
  /// Answers by "METHOD path" (without query). The session's PATCH is there from the beginning.
  std::map<std::string, Answer> routes;
  void route(std::string method_and_path, std::string body);
  /// Answers what no route does. Default: 404.
  Answer otherwise;
  /// Sent as soon as a WebSocket is open. Default: `ready` of a session "s1", resumed if the handshake names it.
  std::function<std::vector<std::string>(const net::HttpRequest&)> greeting;
  /// Whether Pings and Close frames are answered.
  bool answers_pings = true;
  bool answers_close = true;
  /// Nothing is answered any more.
  bool hangs = false;

  // What has come.
  std::vector<net::HttpRequest> handshakes;
  std::vector<net::HttpRequest> requests;
  std::vector<int> close_codes;  ///< of Close frames from the client
  const net::HttpRequest* last(std::string_view method, std::string_view path) const;
  /// WebSockets that are open now.
  std::size_t sockets() const;
  /// Connections that are open now, WebSockets among them.
  std::size_t connections() const;

  // To every open WebSocket.
  void send_text(std::string_view text);
  void send_binary(std::string_view bytes);
  /// Bytes as they are.
  void send_raw(std::string bytes);
  void send_close(int code, std::string_view reason = {});
  /// The payload of the last Ping that was not answered, and the answer to it.
  std::optional<std::string> unanswered_ping;
  void answer_ping();
  /// Cuts every connection.
  void drop(bool reset = false);
  /// Answers a request that was left unanswered.
  void answer_late(std::string_view method, std::string_view path, net::HttpResponse response);
  /// Takes no more connections.
  void stop_listening();
  /// Takes connections again, on the same port. \throws Exception if somebody else has it by now.
  void listen_again();

 private:
  class Connection;
  void listen(std::uint16_t port);

  detail::Strand strand_;
  std::string certificate_pem_, private_key_pem_;
  std::shared_ptr<net::Listener> listener_;
  std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace lavapp::test
