#include "discord/gateway_impl.hpp"

#include <algorithm>
#include <utility>

#include "discord/gateway_url.hpp"
#include "lavapp/discord/identify_queue.hpp"
#include "net/random.hpp"
#include "websocket/frame.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::milliseconds kConnectDeadline{120'000};
constexpr std::chrono::milliseconds kCloseDeadline{10'000};

ShardSession::Options session_options(const GatewayOptions& options) {
  ShardSession::Options result;
  result.url = options.url;
  result.session = options.session;
  result.reconnect = options.reconnect;
  result.hello_timeout = options.hello_timeout;
  result.ready_timeout = options.ready_timeout;
  result.guild_timeout = options.guild_timeout;
  result.identifies_per_day = options.identifies_per_day;
  result.takes_turns = options.identify_queue != nullptr;
  result.seed = net::random_seed();
  return result;
}

Error not_sendable(int code) { return Error(Errc::invalid_argument, "no client may close with " + std::to_string(code)); }

}  // namespace

GatewayImpl::GatewayImpl(std::shared_ptr<detail::RuntimeImpl> runtime, GatewayOptions options)
    : options_(std::move(options)),
      strand_(std::move(runtime)),
      emitter_(detail::EmitterCore::create()),
      timer_(strand_),
      send_timer_(strand_),
      save_timer_(strand_) {
  emitter_->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr error) { runtime->report(error); });
  if (auto valid = validate(options_); !valid) {
    mistake_ = std::move(valid).error();
    return;
  }
  try {
    session_.emplace(session_options(options_));
  } catch (const std::invalid_argument& problem) {
    mistake_ = Error(Errc::invalid_argument, problem.what());
  }
  snapshot_.session = options_.session;
  if (options_.session_store) keeper_.emplace(options_.session_store, options_.shard);
}

GatewayImpl::Snapshot GatewayImpl::snapshot() const {
  std::lock_guard lock(mutex_);
  auto copy = snapshot_;
  if (copy.session) copy.session->sequence = std::max(copy.session->sequence, sequence_.load(std::memory_order_relaxed));
  return copy;
}

void GatewayImpl::publish() {
  if (!session_) return;
  std::lock_guard lock(mutex_);
  snapshot_.status = session_->status();
  snapshot_.acked = session_->last_heartbeat_acked();
  snapshot_.has_been_ready = session_->has_been_ready();
  snapshot_.do_not_reconnect = session_->do_not_reconnect();
  snapshot_.interval = session_->heartbeat_interval();
  snapshot_.session = session_->session();
  sequence_.store(snapshot_.session ? snapshot_.session->sequence : 0, std::memory_order_relaxed);
  snapshot_.connected_since = session_->connected_since();
  snapshot_.last_heartbeat = session_->last_heartbeat();
  snapshot_.last_resume = session_->last_resume();
  // They only become fewer, one by one, but for another READY.
  if (snapshot_.expected_guilds.size() != session_->expected_guilds().size()) snapshot_.expected_guilds = session_->expected_guilds();
}

/// Another session is kept at once, its sequence number now and then.
void GatewayImpl::keep_session() {
  if (!keeper_ || session_->status() == GatewayStatus::disconnected) return;
  strand_.runtime().guard([&] { keeper_->update(session_->session()); });
  if (session_->session() && !save_timer_.waiting()) {
    save_timer_.start(SessionKeeper::kInterval, [this] {
      save_session();
      keep_session();
    });
  }
}

void GatewayImpl::save_session() {
  if (keeper_ && session_) strand_.runtime().guard([&] { keeper_->save(session_->session()); });
}

void GatewayImpl::on_strand(MoveFunction<void(GatewayImpl&)> task) {
  strand_.post([self = shared_from_this(), task = std::move(task)]() mutable {
    if (!self->destroyed_.load(std::memory_order_acquire)) task(*self);
  });
}

void GatewayImpl::destroy() {
  destroyed_.store(true, std::memory_order_release);
  emitter_->close();
  strand_.post([self = shared_from_this()] {
    if (self->session_) self->apply(self->session_->terminate(self->now()));
    self->drop_commands(Error(Errc::closed));
    self->fail_members(Error(Errc::closed));
    self->timer_.cancel();
    self->send_timer_.cancel();
    self->save_timer_.cancel();
    self->socket_.reset();
    self->leaving_.clear();
    for (const auto& each : std::exchange(self->closes_, {})) {
      self->strand_.runtime().guard([&] { each->complete(Error(Errc::closed)); });
    }
  });
}

// --- what the user wants

void GatewayImpl::connect(CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_connect(std::move(options), std::move(handler));
  });
}

void GatewayImpl::begin_connect(CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (mistake_) return handler(*mistake_);
  if (auto checked = detail::check_deadline(options); !checked) return handler(std::move(checked).error());
  const bool idle = session_->status() == GatewayStatus::idle || session_->status() == GatewayStatus::disconnected;
  if (keeper_ && idle && !session_->session()) {
    strand_.runtime().guard([&] { session_->set_session(keeper_->load()); });
  }
  auto actions = session_->connect(now());
  if (!actions) return handler(std::move(actions).error());
  connect_ = detail::Operation<void>::start(strand_, std::move(handler), std::move(options),
                                            {kConnectDeadline, Errc::ready_timeout, "of connect(); trying goes on"},
                                            [weak = weak_from_this()](const Error& why) {
                                              const auto self = weak.lock();
                                              if (!self) return;
                                              self->connect_.reset();
                                              if (why == Errc::cancelled) self->apply(self->session_->terminate(self->now()));
                                            });
  apply(*std::move(actions));
}

Result<void> GatewayImpl::reconnect() {
  if (mistake_) return *mistake_;
  if (told(&Snapshot::do_not_reconnect)) return Error(Errc::not_open, "reconnecting is prevented");
  const auto status = told(&Snapshot::status);
  if (status == GatewayStatus::idle || status == GatewayStatus::disconnected) {
    return Error(Errc::not_open, "the shard is " + std::string(to_string(status)));
  }
  on_strand([](GatewayImpl& self) {
    if (auto actions = self.session_->reconnect(self.now())) self.apply(*std::move(actions));
  });
  return {};
}

void GatewayImpl::close(int code) {
  on_strand([code](GatewayImpl& self) {
    if (!websocket::valid_close_code(code)) return self.warn(not_sendable(code));
    if (self.session_) self.apply(self.session_->close(code, self.now()));
  });
}

void GatewayImpl::close(int code, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), code, options = std::move(options), handler = std::move(handler)]() mutable {
    self->begin_close(code, std::move(options), std::move(handler));
  });
}

void GatewayImpl::begin_close(int code, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (mistake_) return handler(*mistake_);
  if (auto checked = detail::check_deadline(options); !checked) return handler(std::move(checked).error());
  if (!websocket::valid_close_code(code)) return handler(not_sendable(code));
  const auto cut = [weak = weak_from_this()](const Error&) {
    const auto self = weak.lock();
    if (!self) return;
    self->leaving_.clear();
    self->on_strand([](GatewayImpl& here) { here.complete_closes(); });  // the others that wait
  };
  closes_.push_back(detail::Operation<void>::start(strand_, std::move(handler), std::move(options),
                                                   {kCloseDeadline, Errc::close_timeout, "the connection was cut"}, cut));
  apply(session_->close(code, now()));
  complete_closes();
}

void GatewayImpl::complete_closes() {
  if (!leaving_.empty()) return;
  for (const auto& each : std::exchange(closes_, {})) strand_.runtime().guard([&] { each->complete({}); });
}

void GatewayImpl::terminate() {
  on_strand([](GatewayImpl& self) {
    if (self.session_) self.apply(self.session_->terminate(self.now()));
  });
}

void GatewayImpl::prevent_reconnect(bool prevent) {
  on_strand([prevent](GatewayImpl& self) {
    if (!self.session_) return;
    self.session_->prevent_reconnect(prevent);
    self.publish();
  });
}

void GatewayImpl::set_session(Optional<GatewaySession> session) {
  on_strand([session = std::move(session)](GatewayImpl& self) mutable {
    if (!self.session_) return;
    self.session_->set_session(std::move(session));
    self.publish();
  });
}

// --- what the session wants done

void GatewayImpl::apply(ShardActions actions) {
  for (auto& each : actions) todo_.push_back(std::move(each));
  if (std::exchange(applying_, true)) return;
  const auto self = shared_from_this();
  publish();
  while (!todo_.empty()) {
    auto next = std::move(todo_.front());
    todo_.pop_front();
    strand_.runtime().guard([&] { std::visit([&](auto& each) { perform(each); }, next); });
  }
  applying_ = false;
  publish();
  keep_session();
  arm();
}

void GatewayImpl::arm() {
  const auto due = session_->next_due();
  if (!due) return timer_.cancel();
  timer_.start(std::max(*due - now(), Clock::duration::zero()), [this] { apply(session_->timer(now())); });
}

void GatewayImpl::perform(action::Dial& dial) {
  WebSocketOptions options;
  options.tls = options_.tls;
  options.proxy = options_.proxy;
  options.resolve_timeout = options.connect_timeout = options.tls_timeout = options.handshake_timeout = options_.connect_timeout;
  options.heartbeat_interval = std::chrono::milliseconds(0);  // the gateway has one of its own
  options.max_message_size = options_.max_payload;
  socket_error_.reset();
  commands_open_ = false;
  limit_.reset();
  decompressor_ = make_decompressor(options_.compression, options_.max_payload);
  socket_connection_ = dial.connection;
  const auto url = gateway_url(dial.url, options_);
  debug("connecting to " + url);
  socket_ = std::make_unique<WebSocket>(strand_, url, std::move(options));
  listen(*socket_, dial.connection);
  socket_->connect([weak = weak_from_this(), connection = dial.connection](Result<HandshakeResponse> result) {
    const auto self = weak.lock();
    if (result || !self || self->socket_connection_ != connection) return;
    self->apply(self->session_->lost(connection, 1006, std::move(result).error(), self->now()));
  });
}

void GatewayImpl::forget_turn() {
  if (turn_) turn_->cancel();
  turn_.reset();
}

/// Its last words are not heard: it is of another connection.
void GatewayImpl::leave_socket() {
  forget_turn();
  socket_connection_ = 0;
  commands_open_ = false;
  ping_.store(0, std::memory_order_relaxed);
}

void GatewayImpl::perform(action::Close& close) {
  leave_socket();
  if (!socket_) return;
  debug("closing with " + std::to_string(close.code));
  (void)socket_->close(close.code);
  auto* const leaving = socket_.get();
  leaving_.push_back(std::move(socket_));
  leaving->once(WebSocket::closed, [weak = weak_from_this(), leaving] {
    const auto self = weak.lock();
    if (!self) return;
    auto& all = self->leaving_;
    all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& each) { return each.get() == leaving; }), all.end());
    self->complete_closes();
  });
}

void GatewayImpl::perform(action::Cut&) {
  leave_socket();
  socket_.reset();
}

void GatewayImpl::perform(action::SendHeartbeat& beat) {
  const auto wait = limit_ ? limit_->wait_for_heartbeat(now()) : Clock::duration::zero();
  if (wait > Clock::duration::zero()) return warn(Error(Errc::rate_limited, "no heartbeat can be sent: 120 sends in 60 s"));
  transmit_now(heartbeat_payload(beat.sequence ? Optional<std::uint64_t>(*beat.sequence) : Optional<std::uint64_t>()));
}

void GatewayImpl::perform(action::AskForTurn& ask) {
  debug("waiting for a turn to identify");
  turn_.emplace();
  const auto answer = [weak = weak_from_this(), strand = strand_, connection = ask.connection](Result<void> turn) {
    strand.post([weak, connection, turn = std::move(turn)]() mutable {
      const auto self = weak.lock();
      if (!self || self->destroyed_.load(std::memory_order_acquire)) return;
      self->apply(turn ? self->session_->turn(connection, self->now())
                       : self->session_->broken(connection, std::move(turn).error(), self->now()));
    });
  };
  options_.identify_queue->wait(options_.shard, turn_->token(), Handler<void>(answer));
}

void GatewayImpl::perform(action::SendIdentify&) {
  debug("identifying");
  transmit_now(identify_payload(options_));
}

void GatewayImpl::perform(action::SendResume& resume) {
  debug("resuming from " + std::to_string(resume.session.sequence));
  transmit_now(resume_payload(options_, resume.session));
}

void GatewayImpl::perform(action::TellStatus& tell) {
  publish();
  debug("status: " + std::string(to_string(tell.change.to)) + ": " + tell.change.reason);
  emit(Gateway::status_change, tell.change);
}
void GatewayImpl::perform(action::TellReady&) {
  if (ready_ != nullptr) emit(Gateway::ready, *ready_);
}
void GatewayImpl::perform(action::TellSessionLost& tell) {
  fail_members(tell.why);
  emit(Gateway::session_lost, tell.why);
}
void GatewayImpl::perform(action::TellReconnecting& tell) { emit(Gateway::reconnecting, tell.reconnecting); }
void GatewayImpl::perform(action::TellIdentifyLimit& tell) { emit(Gateway::identify_limit, tell.wait); }
void GatewayImpl::perform(action::TellError& tell) { emit(Gateway::error, tell.error); }
void GatewayImpl::perform(action::TellGuilds& tell) { emit(Gateway::guilds_ready, tell.guilds); }

void GatewayImpl::perform(action::TellClosed& tell) {
  drop_commands(tell.why);
  fail_members(tell.why);
  save_timer_.cancel();
  save_session();
  emit(Gateway::closed, tell.why);
}

void GatewayImpl::perform(action::OpenCommands&) {
  commands_open_ = true;
  pump();
}

void GatewayImpl::perform(action::CompleteConnect& complete) {
  if (const auto connect = std::move(connect_)) connect->complete(std::move(complete.result));
}

void GatewayImpl::warn(Error error) { emit(Gateway::warning, error); }

void GatewayImpl::debug(const std::string& text) {
  if (listened(Gateway::debug)) emit(Gateway::debug, std::string_view(text));
}

}  // namespace lavapp::discord
