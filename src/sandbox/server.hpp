// Server: the sandbox node at work: a listener, its connections, a timer, and the state behind a lock.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/strand.hpp"
#include "core/timer.hpp"
#include "lavapp/sandbox/node.hpp"
#include "net/byte_stream.hpp"
#include "sandbox/handshake.hpp"
#include "sandbox/node_state.hpp"
#include "sandbox/trouble.hpp"

namespace lavapp::sandbox {

class Connection;

/// What a connection shall do with a request.
struct Verdict {
  Journal::Entry entry = 0;
  std::optional<Fault> fault = {};
};
struct Answer {
  Reply reply = {};
  /// Set: the connection becomes a WebSocket.
  std::optional<Handshake> handshake = {};
};

class Server : public std::enable_shared_from_this<Server> {
 public:
  Server(std::shared_ptr<detail::RuntimeImpl> runtime, NodeOptions options);

  /// Binds. \throws Exception
  void start();
  /// Cuts everything, frees the port. From any thread.
  void stop();

  // --- For connections, on the strand ---
  Verdict receive(const net::HttpRequest& request);
  Answer answer(const Verdict& verdict, const net::HttpRequest& request);
  void answered(const Verdict& verdict, int status);
  std::shared_ptr<Session> open_session(const Handshake& handshake);
  void close_session(Session& session);
  std::vector<std::string> take_outbox(Session& session);
  void text_received(std::string_view text);
  void gone(const std::shared_ptr<Connection>& connection);
  /// Brings what sessions have to say to their connections, and sets the timer. After everything that happened.
  void flush();
  bool half_open() const { return half_open_; }
  std::int64_t wall();
  const detail::Strand& strand() const { return strand_; }

  // --- For the public Node, from any thread ---
  std::uint16_t port() const { return port_; }
  bool running() const;
  std::size_t connections() const;
  /// Runs `use` on the state, brought up to now, under the lock; what follows from it goes out.
  template <class F>
  auto with_state(F&& use) {
    const auto later = std::shared_ptr<void>(nullptr, [self = shared_from_this()](void*) {
      self->strand_.post([self] { self->flush(); });
    });
    std::lock_guard lock(mutex_);
    const auto at = now();
    state_.advance(at);
    return use(state_, at);
  }
  template <class F>
  auto with_trouble(F&& use) const {
    std::lock_guard lock(mutex_);
    return use(faults_, journal_, texts_);
  }
  /// Runs `act` on every connection, on the strand.
  void on_connections(std::function<void(Connection&)> act);
  void set_half_open(bool on);
  void restart(std::chrono::milliseconds downtime, Node::Stop how);

 private:
  Time now();
  Result<void> listen();
  void flush_if_late();
  void accepted(std::shared_ptr<net::ByteStream> stream);
  void go_down(Node::Stop how);
  void come_up(Time at);

  detail::Strand strand_;
  detail::Timer wake_, downtime_;
  std::shared_ptr<net::Listener> listener_;
  std::vector<std::shared_ptr<Connection>> open_;  // in the order in which they came
  bool half_open_ = false;
  bool stopped_ = false;
  std::uint16_t port_ = 0;

  // Guards what follows: the strand works on it, and so do callers of the public Node, who must not wait for the strand.
  mutable std::mutex mutex_;
  NodeState state_;
  mutable Faults faults_;
  mutable Journal journal_;
  mutable std::deque<std::string> texts_;
  std::size_t connections_ = 0;
  bool running_ = false;
};

}  // namespace lavapp::sandbox
