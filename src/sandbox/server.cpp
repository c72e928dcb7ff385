#include "sandbox/server.hpp"

#include "core/bounded.hpp"
#include "core/runtime_impl.hpp"
#include "sandbox/connection.hpp"
#include "sandbox/routes.hpp"

namespace lavapp::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_texts = 1'000;

std::int64_t unix_now() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

NodeOptions checked(NodeOptions options) {
  check(options);
  return options;
}

}  // namespace

Server::Server(std::shared_ptr<detail::RuntimeImpl> runtime, NodeOptions options)
    : strand_(std::move(runtime)),
      wake_(strand_),
      downtime_(strand_),
      port_(options.port),
      state_(checked(std::move(options)), strand_.runtime().clock().now(), unix_now()) {}

Time Server::now() { return strand_.runtime().clock().now(); }

std::int64_t Server::wall() {
  std::lock_guard lock(mutex_);
  return state_.wall(now());
}

Result<void> Server::listen() {
  auto listener = net::listen(strand_, port_, [weak = weak_from_this()](std::shared_ptr<net::ByteStream> stream) {
    if (const auto self = weak.lock()) self->accepted(std::move(stream));
  });
  if (!listener) return std::move(listener).error();
  listener_ = *std::move(listener);
  if (port_ == 0) port_ = listener_->port();  // the same ever after
  std::lock_guard lock(mutex_);
  running_ = true;
  return {};
}

void Server::start() { listen().value(); }

void Server::stop() {
  strand_.post([self = shared_from_this()] {
    self->stopped_ = true;
    self->go_down(Node::Stop::abrupt);
    self->wake_.cancel();
    self->downtime_.cancel();
  });
}

void Server::accepted(std::shared_ptr<net::ByteStream> stream) {
  if (stopped_) return stream->close();  // a listener that is closed hands over nothing
  auto connection = std::make_shared<Connection>(shared_from_this(), std::move(stream));
  open_.push_back(connection);
  {
    std::lock_guard lock(mutex_);
    connections_ = open_.size();
  }
  connection->start();
}

void Server::gone(const std::shared_ptr<Connection>& connection) {
  std::erase(open_, connection);
  std::lock_guard lock(mutex_);
  connections_ = open_.size();
}

Verdict Server::receive(const net::HttpRequest& request) {
  std::lock_guard lock(mutex_);
  const bool handshake = request.target.substr(0, request.target.find('?')) == websocket_path;
  return {journal_.add(request), faults_.take(request, handshake)};
}

Answer Server::answer(const Verdict&, const net::HttpRequest& request) {
  std::lock_guard lock(mutex_);
  const auto at = now();
  state_.advance(at);
  if (request.target.substr(0, request.target.find('?')) != websocket_path) return {handle_request(state_, request, at), {}};
  auto handshake = judge_handshake(state_, request, port_, at);
  if (handshake.refusal) return {*std::move(handshake.refusal), {}};
  return {{}, std::move(handshake)};
}

void Server::answered(const Verdict& verdict, int status) {
  std::lock_guard lock(mutex_);
  journal_.answered(verdict.entry, status);
}

std::shared_ptr<Session> Server::open_session(const Handshake& handshake) {
  std::lock_guard lock(mutex_);
  return state_.open(handshake.session_id, handshake.owner, now());
}

void Server::close_session(Session& session) {
  std::lock_guard lock(mutex_);
  const auto at = now();
  state_.advance(at);
  state_.close(session, at);
}

std::vector<std::string> Server::take_outbox(Session& session) {
  std::lock_guard lock(mutex_);
  return session.take_outbox();
}

void Server::text_received(std::string_view text) {
  std::lock_guard lock(mutex_);
  if (texts_.size() == max_texts) texts_.pop_front();
  texts_.emplace_back(text);
}

void Server::flush() {
  if (stopped_) return;
  std::optional<Time> due;
  Time at;
  {
    std::lock_guard lock(mutex_);
    at = now();
    state_.advance(at);
    due = state_.next_due();
  }
  for (const auto& connection : open_) connection->flush_session();
  if (!due) return wake_.cancel();
  wake_.start(std::max(*due - at, Clock::duration(1)), [this] { flush(); });
  // A settable clock may have been moved past that meanwhile.
  if (now() > at) strand_.post([self = shared_from_this()] { self->flush_if_late(); });
}

void Server::flush_if_late() {
  const auto late = [this] {
    std::lock_guard lock(mutex_);
    const auto due = state_.next_due();
    return due && *due <= now();
  };
  if (late()) flush();
}

bool Server::running() const {
  std::lock_guard lock(mutex_);
  return running_;
}

std::size_t Server::connections() const {
  std::lock_guard lock(mutex_);
  return connections_;
}

void Server::on_connections(std::function<void(Connection&)> act) {
  strand_.post([self = shared_from_this(), act = std::move(act)] {
    const auto connections = self->open_;  // acting may end them
    for (const auto& connection : connections) act(*connection);
    self->flush();
  });
}

void Server::set_half_open(bool on) {
  strand_.post([self = shared_from_this(), on] {
    self->half_open_ = on;
    if (on) return;
    const auto connections = self->open_;
    for (const auto& connection : connections) connection->resume();
    self->flush();
  });
}

void Server::go_down(Node::Stop how) {
  listener_.reset();
  {
    std::lock_guard lock(mutex_);
    running_ = false;
  }
  const auto connections = open_;
  for (const auto& connection : connections) {
    if (how == Node::Stop::orderly) {
      connection->shut_down(1001);
    } else {
      connection->close(false);
    }
  }
}

void Server::restart(std::chrono::milliseconds downtime, Node::Stop how) {
  const auto up_at = now() + detail::bounded(downtime);
  strand_.post([self = shared_from_this(), up_at, how] {
    if (self->stopped_) return;
    self->go_down(how);
    self->come_up(up_at);
  });
}

void Server::come_up(Time at) {
  const auto left = at - now();
  if (left > Clock::duration(0)) return downtime_.start(left, [this, at] { come_up(at); });
  {
    std::lock_guard lock(mutex_);
    state_.reset(now());
  }
  // Somebody else may have taken the port meanwhile.
  if (!listen()) downtime_.start(100ms, [this, at] { come_up(at); });
}

}  // namespace lavapp::sandbox
