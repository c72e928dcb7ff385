#include "discord/gateway_impl.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "discord/close_codes.hpp"
#include "discord/etf.hpp"
#include "discord/event_reader.hpp"
#include "discord/gateway_url.hpp"
#include "lavapp/discord/identify_queue.hpp"
#include "net/random.hpp"
#include "websocket/byte_buffer.hpp"
#include "websocket/frame.hpp"

namespace lavapp::discord {
namespace {

constexpr std::chrono::milliseconds kConnectDeadline{120'000};
constexpr std::chrono::milliseconds kSendDeadline{120'000};
constexpr std::chrono::milliseconds kCloseDeadline{10'000};
constexpr std::chrono::milliseconds kMembersDeadline{30'000};
/// Discord closes with 4002 at more.
constexpr std::size_t kMaxPayload = 4'096;

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
  net::fill_random(&result.seed, sizeof(result.seed));
  return result;
}

Result<Op> op_of(std::string_view payload) {
  const auto document = nlohmann::json::parse(payload, nullptr, false);
  if (document.is_discarded()) return Error(Errc::invalid_argument, "what is to be sent is no JSON");
  const auto op = document.is_object() ? document.find("op") : document.end();
  if (op == document.end() || !op->is_number_integer()) return Error(Errc::invalid_argument, "what is to be sent has no op");
  return static_cast<Op>(op->get<std::int64_t>());
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
  if (options.deadline && options.deadline->count() <= 0) return handler(Error(Errc::invalid_argument, "deadline must be more than 0 ms"));
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

void GatewayImpl::send(std::string payload, CallOptions options, Handler<void> handler) {
  strand_.post([self = shared_from_this(), payload = std::move(payload), options = std::move(options),
                handler = std::move(handler)]() mutable { self->begin_send(std::move(payload), std::move(options), std::move(handler)); });
}

void GatewayImpl::begin_send(std::string payload, CallOptions options, Handler<void> handler) {
  if (destroyed_.load(std::memory_order_acquire)) return handler(Error(Errc::closed));
  if (mistake_) return handler(*mistake_);
  const auto status = session_->status();
  if (status == GatewayStatus::idle || status == GatewayStatus::disconnected) {
    return handler(Error(Errc::not_open, "the shard is " + std::string(to_string(status))));
  }
  const auto op = op_of(payload);
  if (!op) return handler(op.error());
  auto bytes = encode(payload);
  if (!bytes) return handler(std::move(bytes).error());
  if (bytes->size() > kMaxPayload) {
    return handler(Error(Errc::payload_too_big, std::to_string(bytes->size()) + " bytes encoded; the gateway takes 4096"));
  }
  if (commands_.size() >= options_.max_queued_commands) return handler(Error(Errc::queue_full, "max_queued_commands"));
  auto operation = detail::Operation<void>::start(strand_, std::move(handler), std::move(options),
                                                  {kSendDeadline, Errc::write_timeout, "the command was still waiting"});
  commands_.push_back({*std::move(bytes), *op, std::move(operation)});
  pump();
}

void GatewayImpl::request_members(MembersRequest request, CallOptions options, Handler<Members> handler) {
  strand_.post([self = shared_from_this(), request = std::move(request), options = std::move(options),
                handler = std::move(handler)]() mutable { self->begin_request_members(request, std::move(options), std::move(handler)); });
}

void GatewayImpl::begin_request_members(const MembersRequest& request, CallOptions options, Handler<Members> handler) {
  auto begun = members_.begin(request);
  if (!begun) return handler(std::move(begun).error());
  const auto nonce = begun->nonce;
  CancelSource request_itself;
  const auto forget = [weak = weak_from_this(), nonce, request_itself](const Error&) mutable {
    request_itself.cancel();  // if it has not been sent yet
    const auto self = weak.lock();
    if (!self) return;
    self->members_.forget(nonce);
    self->member_requests_.erase(nonce);
  };
  const auto operation = detail::Operation<Members>::start(
      strand_, std::move(handler), std::move(options), {kMembersDeadline, Errc::request_timeout, "not all members have come"}, forget);
  member_requests_[nonce] = operation;
  begin_send(std::move(begun->payload), CallOptions{{}, request_itself.token()}, Handler<void>([operation](Result<void> sent) {
    if (!sent) operation->abort(std::move(sent).error());
  }));
}

void GatewayImpl::members_ended(std::optional<MembersBook::Ended> ended) {
  if (!ended) return;
  const auto it = member_requests_.find(ended->nonce);
  if (it == member_requests_.end()) return;
  const auto operation = std::move(it->second);
  member_requests_.erase(it);
  strand_.runtime().guard([&] { operation->complete(std::move(ended->result)); });
}

/// Their answers will not come.
void GatewayImpl::fail_members(const Error& why) {
  for (auto& [nonce, operation] : std::exchange(member_requests_, {})) {
    members_.forget(nonce);
    strand_.runtime().guard([&, &waiting = operation] { waiting->complete(why); });
  }
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
  if (options.deadline && options.deadline->count() <= 0) return handler(Error(Errc::invalid_argument, "deadline must be more than 0 ms"));
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

// --- what the WebSocket tells

void GatewayImpl::listen(WebSocket& socket, std::uint64_t connection) {
  // A listener that runs may be the last to hold this: each holds on to it while it does.
  const auto mine = [weak = weak_from_this(), connection](auto&& task) {
    const auto self = weak.lock();
    if (self && self->socket_connection_ == connection) task(*self);
  };
  socket.on(WebSocket::open, [mine, connection](const HandshakeResponse&) {
    mine([&](GatewayImpl& self) { self.apply(self.session_->opened(connection, self.now())); });
  });
  socket.on(WebSocket::message, [mine](const WebSocket::Message& message) {
    mine([&](GatewayImpl& self) { self.on_message(message); });
  });
  socket.on(WebSocket::error, [mine](const Error& error) { mine([&](GatewayImpl& self) { self.socket_error_ = error; }); });
  socket.on(WebSocket::closed, [mine, connection](const WebSocket::Close& close) {
    mine([&](GatewayImpl& self) { self.on_closed(connection, close); });
  });
}

void GatewayImpl::on_closed(std::uint64_t connection, const WebSocket::Close& close) {
  leave_socket();
  Error error = close_error(close.code, close.reason);
  if (socket_error_ && close.code == 1006) error = std::move(*socket_error_);
  socket_error_.reset();
  apply(session_->lost(connection, close.code, std::move(error), now()));
}

void GatewayImpl::on_message(const WebSocket::Message& message) {
  const auto connection = socket_connection_;
  const auto fail = [&](Error error) { apply(session_->broken(connection, std::move(error), now())); };
  if (message.binary && decompressor_) {
    Scratch bytes;
    const auto whole = decompressor_->feed(message.data, *bytes);
    if (!whole) return fail(std::move(whole).error());
    if (*whole) on_bytes({bytes->data(), bytes->size()});
  } else if (message.binary != (options_.encoding == Encoding::etf)) {
    return fail(Error(Errc::bad_payload, message.binary ? "a binary message, and no compression was asked for" : "text where ETF was asked for"));
  } else {
    on_bytes(message.data);
  }
}

/// \param bytes  with PayloadReader::kPadding behind them: a ScratchBuffer has that, and so has what a WebSocket hands on
void GatewayImpl::on_bytes(std::string_view bytes) {
  static_assert(PayloadReader::kPadding <= websocket::ByteBuffer::kPadding);
  auto payload = reader_.read(bytes, options_.encoding);
  if (!payload) return apply(session_->broken(socket_connection_, std::move(payload).error(), now()));
  on_payload(*payload);
}

Dispatch GatewayImpl::dispatch_of(const Payload& payload) const {
  const auto s = payload.s.value_or(0);
  if (!payload.unread.empty()) return {payload.t, s, payload.unread, Dispatch::Holds::payload};
  return {payload.t, s, payload.d, options_.encoding == Encoding::etf ? Dispatch::Holds::term : Dispatch::Holds::json};
}

void GatewayImpl::on_payload(const Payload& payload) {
  const auto connection = socket_connection_;
  const auto body = dispatch_of(payload);
  switch (payload.op) {
    case Op::dispatch: return on_dispatch(payload);
    case Op::heartbeat: return apply(session_->heartbeat_wanted(connection, now()));
    case Op::reconnect: return apply(session_->reconnect_wanted(connection, now()));
    case Op::invalid_session: return apply(session_->session_invalid(connection, body.data() == "true", now()));
    case Op::hello: {
      const auto interval = read_hello(body.data());
      if (!interval) return apply(session_->broken(connection, interval.error(), now()));
      if (!limit_) limit_.emplace(*interval);
      return apply(session_->hello(connection, *interval, now()));
    }
    case Op::heartbeat_ack: {
      const auto trip = session_->acknowledged(connection, now());
      publish();
      if (!trip) return;
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(*trip);
      ping_.store(nanoseconds.count(), std::memory_order_relaxed);
      emit(Gateway::heartbeat_ack, nanoseconds);
      return;
    }
    default: warn(Error(Errc::bad_payload, "an opcode that is not known: " + std::to_string(static_cast<std::int64_t>(payload.op))));
  }
}

void GatewayImpl::on_dispatch(const Payload& payload) {
  const auto connection = socket_connection_;
  const auto current = [&] { return socket_connection_ == connection && !destroyed_.load(std::memory_order_acquire); };
  const auto dispatch = dispatch_of(payload);
  if (payload.t == "READY") {
    const auto ready = read_event<GatewayReady>(dispatch.data());
    if (!ready) return apply(session_->broken(connection, unreadable(dispatch, ready.error()), now()));
    ready_ = &*ready;
    apply(session_->ready(connection, ready->session_id, ready->resume_gateway_url, ready->guilds, now()));
    ready_ = nullptr;
    session_->event(connection, dispatch.sequence(), now());
    if (current()) emit(Gateway::dispatch, dispatch);
    return;
  }
  if (payload.s) session_->event(connection, *payload.s, now());
  if (session_->session()) sequence_.store(session_->session()->sequence, std::memory_order_relaxed);
  emit(Gateway::dispatch, dispatch);
  if (!current()) return;
  if (payload.t == "RESUMED") {
    apply(session_->resumed(connection, now()));
    if (current()) emit(Gateway::resumed);
  } else if (payload.t == "GUILD_CREATE" || payload.t == "GUILD_DELETE") {
    tell_typed(payload, dispatch);
    if (!current() || session_->expected_guilds().empty()) return;
    const auto id = payload.unread.empty() ? read_id(dispatch.data()) : find_id(payload.unread);
    if (id) apply(session_->guild(connection, *id, now()));
  } else if (payload.t == "GUILD_MEMBERS_CHUNK") {
    if (!members_.empty()) members_ended(members_.chunk(dispatch.data()));
  } else if (payload.t == "RATE_LIMITED") {
    if (!members_.empty()) members_ended(members_.rate_limited(dispatch.data()));
  } else {
    tell_typed(payload, dispatch);
  }
}

// --- sending

Result<std::string> GatewayImpl::encode(std::string_view json) const {
  if (options_.encoding == Encoding::etf) return etf::from_json(json);
  return std::string(json);
}

Result<void> GatewayImpl::transmit(std::string_view bytes) {
  if (!socket_ || socket_connection_ == 0) return Error(Errc::not_open);
  if (limit_) limit_->sent(now());
  return options_.encoding == Encoding::etf ? socket_->send_binary(bytes) : socket_->send(bytes);
}

/// What the shard itself has to say.
void GatewayImpl::transmit_now(const std::string& json) {
  auto bytes = encode(json);
  if (bytes) (void)transmit(*bytes);  // if it is not open any more, `closed` tells
}

void GatewayImpl::pump() {
  auto next = Clock::duration::max();
  for (auto it = commands_.begin(); commands_open_ && limit_ && it != commands_.end();) {
    if (it->operation->done()) {  // its deadline has passed, or it was cancelled
      it = commands_.erase(it);
      continue;
    }
    const bool presence = it->op == Op::presence_update;
    const auto wait = presence ? limit_->wait_for_presence(now()) : limit_->wait(now());
    if (wait > Clock::duration::zero()) {
      next = std::min(next, wait);
      if (!presence) break;
      ++it;  // others need not wait for it
      continue;
    }
    auto sent = transmit(it->bytes);
    if (!sent && sent.error() == Errc::not_open) return;  // the connection ends: it waits for the next one
    if (presence) limit_->presence_sent(now());
    const auto operation = std::move(it->operation);
    it = commands_.erase(it);
    strand_.runtime().guard([&] { operation->complete(std::move(sent)); });
  }
  if (next != Clock::duration::max()) send_timer_.start(next, [this] { pump(); });
}

void GatewayImpl::drop_commands(const Error& why) {
  for (auto& command : std::exchange(commands_, {})) {
    strand_.runtime().guard([&] { command.operation->complete(why); });
  }
}

void GatewayImpl::warn(Error error) { emit(Gateway::warning, error); }

void GatewayImpl::debug(const std::string& text) {
  if (listened(Gateway::debug)) emit(Gateway::debug, std::string_view(text));
}

}  // namespace lavapp::discord
