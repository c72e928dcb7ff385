#include "lavalink/node_impl.hpp"

#include <utility>

#include "lavalink/decode.hpp"
#include "lavalink/last_attempt.hpp"
#include "lavalink/node_address.hpp"
#include "net/random.hpp"
#include "websocket/batch_ended.hpp"

namespace lavapp::lavalink {
namespace {

constexpr std::chrono::milliseconds kConnectDeadline{30'000};
constexpr std::chrono::milliseconds kShutdownDeadline{10'000};

std::optional<Error> mistake_in(const NodeOptions& options) {
  auto result = validate(options);
  if (result) return {};
  return std::move(result.error());
}

NodeSession::Options session_options(const NodeOptions& options, std::uint64_t seed) {
  NodeSession::Options result;
  result.reconnect = options.reconnect;
  result.resuming = options.resuming;
  result.ready_timeout = options.ready_timeout;
  result.session_id = options.session_id;
  result.seed = seed;
  return result;
}

}  // namespace

NodeImpl::NodeImpl(Runtime& runtime, NodeOptions options)
    : options_(std::move(options)),
      mistake_(mistake_in(options_)),
      routes_(options_),
      strand_(runtime.impl()),
      emitter_(detail::EmitterCore::create()),
      inside_core_(detail::EmitterCore::create()),
      inside_(inside_core_),
      lanes_on_demand_(options_.guild_lanes == GuildLanes::automatic),
      session_id_(options_.session_id),
      ask_what_plays_again_(strand_),
      what_plays_pauses_(ReconnectOptions{}, net::random_seed()),
      timer_(strand_),
      lanes_on_(options_.guild_lanes == GuildLanes::on || (lanes_on_demand_ && runtime.impl()->threads() > 1)) {
  for (const auto& each : {emitter_, inside_core_}) {
    each->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr error) { runtime->report(error); });
  }
  if (!mistake_) session_.emplace(session_options(options_, net::random_seed()));
}

NodeImpl::~NodeImpl() = default;

std::shared_ptr<NodeImpl> NodeImpl::make(Runtime& runtime, NodeOptions options) {
  const std::shared_ptr<NodeImpl> node(new NodeImpl(runtime, std::move(options)));
  node->context_end_ = detail::ContextEnd(*runtime.impl(), [weak = node->weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    // A runtime's own context is there as long as this is, and its tasks still run.
    self->strand_.runtime().owns_context() ? self->destroy() : self->let_go();
  });
  return node;
}

void NodeImpl::let_go() {
  const auto rest = std::move(rest_);
  const auto capabilities = std::exchange(capabilities_, {});
  const auto pending = std::exchange(pending_, {});
  const auto connect = std::move(connect_);
  const auto shutdowns = std::exchange(shutdowns_, {});
}

std::string NodeImpl::session_id() const {
  std::lock_guard lock(mutex_);
  return session_id_;
}

std::optional<Stats> NodeImpl::stats() const {
  std::lock_guard lock(mutex_);
  return stats_;
}

void NodeImpl::destroy() {
  destroyed_.store(true, std::memory_order_release);
  emitter_->close();
  inside_core_->close();
  strand_.post([self = shared_from_this()] {
    // Whoever waits hears `closed`, before anything that ending the connection would tell them.
    const auto guard = [&](auto&& task) { self->strand_.runtime().guard(task); };
    if (auto connect = std::exchange(self->connect_, nullptr)) {
      self->connect_told_ = true;
      guard([&] { connect->abort(Error(Errc::closed)); });
    }
    for (auto& shutdown : std::exchange(self->shutdowns_, {})) guard([&] { shutdown->abort(Error(Errc::closed)); });
    if (self->rest_) self->rest_->session_away();  // whose turn it becomes meanwhile is not sent
    self->pending_.end_all(Error(Errc::closed), guard);
    if (self->session_) self->apply(self->session_->cut());
    self->socket_.reset();
    self->timer_.cancel();
    self->ask_what_plays_again_.cancel();
    self->end_batch();
    self->drop_rest();
  });
}

Metrics NodeImpl::metrics() const {
  auto result = metrics_.snapshot(state() == NodeState::ready);
  const auto dropped = dropped_->read();
  result.dropped.push_back({"old_session", dropped.old_session});
  result.dropped.push_back({"old_reply", dropped.old_replies});
  result.dropped.push_back({"old_voice", dropped.old_voice});
  result.dropped.push_back({"coalesced", dropped.coalesced});
  result.dropped.push_back({"overflow", dropped.overflow});
  return result;
}

std::optional<Error> NodeImpl::refusal(Needs needs) const {
  if (destroyed_.load(std::memory_order_acquire)) return Error(Errc::closed, "the node or its runtime is destroyed");
  if (mistake_) return mistake_;
  const auto now = state();
  if (now == NodeState::closed || now == NodeState::closing) {
    return Error(Errc::not_open, now == NodeState::closed ? "the node is closed; connect() opens it again" : "the node is closing");
  }
  // While its WebSocket is away, a session answers every request with 404.
  if (needs != Needs::nothing && now != NodeState::ready) {
    const bool may_come_back = now == NodeState::reconnecting || now == NodeState::awaiting_ready;
    if (needs == Needs::session && options_.rest.wait_while_away && may_come_back && !session_id().empty()) return {};
    return Error(Errc::no_session, "the node is " + std::string(to_string(now)));
  }
  return {};
}

void NodeImpl::session_patched(const std::string& session_id, const SessionState& state) {
  session_->session_patched(session_id, state.resuming);
}

// --- connect() and shutdown() ---

void NodeImpl::connect(CallOptions options, Handler<Ready> handler) {
  strand_.post([self = shared_from_this(), options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_connect(std::move(options), std::move(handler));
  });
}

void NodeImpl::begin_connect(CallOptions options, Handler<Ready> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return complete<Ready>(handler, Error(Errc::closed));
  if (mistake_) return complete<Ready>(handler, *mistake_);
  if (auto checked = detail::check_deadline(options); !checked) return complete<Ready>(handler, std::move(checked).error());
  auto actions = session_->connect();
  if (!actions) return complete<Ready>(handler, std::move(actions.error()));
  connect_told_ = false;
  last_failure_.reset();
  auto token = handler.cancel();
  Handler<Ready> watched(
      [weak = weak_from_this(), handler = std::move(handler)](Result<Ready> result) mutable {
        if (auto self = weak.lock()) self->connect_ended(result);
        handler(std::move(result));
      },
      std::move(token));
  const auto deadline = options.deadline.value_or(kConnectDeadline);
  connect_ = detail::Operation<Ready>::start(
      strand_, std::move(watched), std::move(options),
      {deadline, Errc::connect_timeout, "no `ready` within " + std::to_string(deadline.count()) + " ms"});
  apply(std::move(*actions));
}

/// Before the caller hears the result: the session learns of a deadline or a cancellation.
void NodeImpl::connect_ended(Result<Ready>& result) {
  connect_.reset();
  if (std::exchange(connect_told_, true) || result) return;
  if (result.error() != Errc::connect_timeout) return apply(session_->connect_cancelled());
  session_->connect_timed_out();
  if (!last_failure_) return;
  add_last_attempt(result.error(), *last_failure_);
}

void NodeImpl::shutdown(KeepSession keep, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), keep, options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_shutdown(keep, std::move(options), std::move(handler));
  });
}

void NodeImpl::begin_shutdown(KeepSession keep, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return complete<void>(handler, Error(Errc::closed));
  if (auto checked = detail::check_deadline(options); !checked) return complete<void>(handler, std::move(checked).error());
  if (!session_) return complete<void>(handler, {});  // it never opened
  const auto slot = std::make_shared<std::weak_ptr<detail::Operation<void>>>();
  auto operation = detail::Operation<void>::start(
      strand_, std::move(handler), std::move(options),
      {kShutdownDeadline, Errc::close_timeout, "the node did not close in time; the connection was cut"},
      [weak = weak_from_this(), slot](const Error&) {
        const auto self = weak.lock();
        if (!self) return;
        // Its own result is the deadline or the cancellation; the others learn that the connection is gone.
        auto& waiting = self->shutdowns_;
        for (auto it = waiting.begin(); it != waiting.end(); ++it) {
          if (*it != slot->lock()) continue;
          waiting.erase(it);
          break;
        }
        if (!self->destroyed_.load(std::memory_order_acquire)) self->apply(self->session_->cut());
      });
  *slot = operation;
  shutdowns_.push_back(std::move(operation));
  apply(session_->shutdown(keep));
}

// --- What the session wants done ---

void NodeImpl::apply(NodeActions actions) {
  for (auto& each : actions) todo_.push_back(std::move(each));
  if (std::exchange(applying_, true)) return;
  const auto self = shared_from_this();
  while (!todo_.empty()) {
    auto next = std::move(todo_.front());
    todo_.pop_front();
    strand_.runtime().guard([&] { std::visit([&](auto& each) { perform(each); }, next); });
  }
  applying_ = false;
}

void NodeImpl::perform(action::Dial& dial) {
  WebSocketOptions options;
  options.headers = websocket_headers(options_, dial.session_id);
  options.tls = options_.tls;
  options.proxy = options_.proxy;
  options.resolve_timeout = options.connect_timeout = options.tls_timeout = options_.connect_timeout;
  options.heartbeat_interval = options_.heartbeat_interval;
  options.pong_timeout = options_.pong_timeout;
  options.max_message_size = options_.max_message_size;
  socket_error_.reset();
  end_batch_soon();
  latency_.store(0, std::memory_order_relaxed);
  socket_connection_ = dial.connection;
  socket_.emplace(strand_, websocket_url(options_), std::move(options));
  listen(*socket_, dial.connection);
  socket_->connect([weak = weak_from_this(), connection = dial.connection](Result<HandshakeResponse> result) {
    if (result) return;  // `open` has told
    if (auto self = weak.lock()) {
      self->apply(self->session_->lost(connection, std::move(result.error()), self->now()));
    }
  });
}

void NodeImpl::perform(action::Close&) {
  // Refused only for a bad code or reason.
  if (socket_) static_cast<void>(socket_->close(1000));
}

void NodeImpl::perform(action::Cut&) {
  end_batch_soon();
  if (socket_) socket_->terminate();
  socket_.reset();
}

void NodeImpl::perform(action::StartTimer& timer) {
  timer_.start(timer.after, [this] { apply(session_->timer_fired()); });
}

void NodeImpl::perform(action::StopTimer&) { timer_.cancel(); }

void NodeImpl::perform(action::PatchSession& patch) {
  SessionUpdate update;
  update.resuming = patch.resuming;
  if (patch.resuming) update.timeout = options_.resume_timeout;
  RestPlan<SessionState> plan{routes_.update_session(patch.session_id, update)};
  if (plan.request) {
    plan.request->purpose = RestPurpose::session;
    plan.request->session_id.clear();  // it does not wait for what comes of it
  }
  plan.decode = decode_session;
  plan.deadline = options_.request_timeout;
  plan.lane.own_connection = true;  // what hangs in the pool must not cost the session
  run<SessionState>(
      {},
      [weak = weak_from_this(), connection = patch.connection](Result<SessionState> result) {
        const auto self = weak.lock();
        if (!self) return;
        Result<void> outcome;
        if (!result) outcome = std::move(result.error());
        self->apply(self->session_->resuming_answered(connection, std::move(outcome)));
      },
      std::move(plan));
}

void NodeImpl::perform(action::ForgetPlayers&) {
  players_.clear();
  capabilities_.forget();
  session_over();
}

void NodeImpl::session_over() {
  ++session_number_;
  ask_what_plays_again_.cancel();
  if (lanes_) lanes_->session_over();
}

/// session_id() is asked on any thread, and tells what the session's rules say once they have decided.
void NodeImpl::publish_session_id() {
  std::lock_guard lock(mutex_);
  session_id_ = session_->session_id();
}

void NodeImpl::perform(action::TellReady& tell) {
  publish_session_id();
  this->tell(Node::ready, tell.ready);
}

void NodeImpl::perform(action::TellState& tell) {
  publish_session_id();
  state_.store(tell.change.to, std::memory_order_release);
  if (rest_) {
    if (tell.change.to == NodeState::ready) {
      rest_->session_began(session_->session_id(), session_->resumed());
    } else if (tell.change.to != NodeState::closing) {  // what was asked before shutdown() goes out still
      rest_->session_away();
    }
  }
  if (strand_.runtime().logs()) {
    auto line =
        "node " + authority(options_) + " is " + std::string(to_string(tell.change.to)) + ": " + tell.change.reason;
    if (tell.change.error) line += ": " + tell.change.error->what();
    strand_.runtime().log(tell.change.error ? LogLevel::warning : LogLevel::info, line);
  }
  this->tell(Node::state_change, tell.change);
}

void NodeImpl::perform(action::TellReconnecting& tell) {
  metrics_.reconnecting(tell.reconnecting.reason);
  this->tell(Node::reconnecting, tell.reconnecting);
}

void NodeImpl::perform(action::TellError& tell) {
  last_failure_ = tell.error;
  this->tell(Node::error, tell.error);
}

void NodeImpl::perform(action::Warn& tell) { warn(std::move(tell.error)); }

void NodeImpl::perform(action::TellClosed& tell) {
  pending_.end_all(Error(Errc::closed), [this](auto&& task) { strand_.runtime().guard(task); });
  drop_rest();
  ask_what_plays_again_.cancel();
  if (lanes_) lanes_->session_over();  // nothing follows `closed`
  this->tell(Node::closed, tell.change);
}

void NodeImpl::perform(action::CompleteConnect& complete) {
  if (!connect_) return;
  connect_told_ = true;
  const auto connect = connect_;  // it resets connect_ when it ends
  connect->complete(std::move(complete.result));
}

void NodeImpl::perform(action::CompleteShutdown& complete) {
  publish_session_id();
  for (auto& shutdown : std::exchange(shutdowns_, {})) {
    strand_.runtime().guard([&] { shutdown->complete(complete.result); });
  }
}

// --- What the WebSocket tells ---

void NodeImpl::listen(WebSocket& socket, std::uint64_t connection) {
  // Listeners run on the strand, and destroy(), which ends the socket, waits there for its turn: this is still there.
  const auto on_strand = [this, connection](auto&& task) {
    if (socket_connection_ == connection) task(*this);
  };
  socket.on(WebSocket::open, [on_strand, connection](const HandshakeResponse& response) {
    on_strand([&](NodeImpl& self) {
      const auto* version = find_header(response.headers, "Lavalink-Api-Version");
      self.apply(self.session_->opened(connection, version ? *version : std::string()));
    });
  });
  socket.on(WebSocket::message, [this, connection](const WebSocket::Message& message) {
    if (socket_connection_ == connection) return on_socket_message(message);
    dropped_->add(dropped_->old_session);
  });
  socket.on(websocket::batch_ended, [on_strand] { on_strand([](NodeImpl& self) { self.batch_ended(); }); });
  socket.on(WebSocket::pong, [on_strand](const std::chrono::nanoseconds& round_trip) {
    on_strand([&](NodeImpl& self) {
      self.latency_.store(round_trip.count(), std::memory_order_relaxed);
      self.metrics_.round_trip(round_trip);
    });
  });
  socket.on(WebSocket::error,
            [on_strand](const Error& error) { on_strand([&](NodeImpl& self) { self.socket_error_ = error; }); });
  socket.on(WebSocket::closed, [on_strand, connection](const WebSocket::Close& close) {
    on_strand([&](NodeImpl& self) { self.on_socket_closed(connection, close); });
  });
  if (listened(Node::debug)) {
    socket.on(WebSocket::debug, [on_strand](const std::string_view& text) {
      on_strand([&](NodeImpl& self) { self.emit(Node::debug, text); });
    });
  }
}

void NodeImpl::on_socket_message(const WebSocket::Message& message) {
  if (!batch_.open()) {
    batch_.begin(message.received);
    emitter_->hold();
  }
  if (message.binary) return warn(Error(Errc::unsupported_data, "a binary message came"));
  if (listened(Node::raw)) tell_raw(message.data);
  decoder_.decode_in_place(message.data, *this);
}

void NodeImpl::on_socket_closed(std::uint64_t connection, const WebSocket::Close& close) {
  // RFC 6455 7.1.5: 1006 says that no Close frame came.
  const bool told = close.code != 1006;
  Error error(told ? Errc::closed_by_peer : Errc::connection_lost, close.reason);
  if (socket_error_) error = std::move(*socket_error_);
  socket_error_.reset();
  if (told && error.close_code == 0) error.close_code = close.code;
  end_batch_soon();
  apply(session_->lost(connection, std::move(error), now()));
}

void NodeImpl::warn(Error error) {
  if (strand_.runtime().logs()) {
    strand_.runtime().log(LogLevel::warning, "node " + authority(options_) + ": " + error.what());
  }
  Warning warning;
  warning.error = std::move(error);
  emit(Node::warning, warning);
}

}  // namespace lavapp::lavalink
