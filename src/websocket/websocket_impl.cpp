#include "websocket/websocket_impl.hpp"

#include <algorithm>
#include <future>
#include <iterator>

#include "core/runtime_impl.hpp"
#include "net/random.hpp"
#include "websocket/utf8.hpp"

namespace lavapp::detail {

using namespace std::chrono_literals;
using websocket::Connection;
using websocket::Opcode;
using websocket::SendQueue;

namespace {

websocket::ConnectionOptions connection_options(const WebSocketOptions& options) {
  websocket::ConnectionOptions result;
  result.reading.max_message_size = options.max_message_size;
  if (options.max_frame_size > 0) result.reading.max_frame_size = options.max_frame_size;
  result.reading.pieces = options.stream_messages;
  result.idle_timeout = options.idle_timeout;
  result.sending = {options.max_queue_bytes, options.max_queue_messages, options.keep_queue && options.reconnect.enabled};
  result.heartbeat_interval = options.heartbeat_interval;
  result.pong_timeout = options.pong_timeout;
  result.write_timeout = options.write_timeout;
  result.close_timeout = options.close_timeout;
  result.compression = options.compression;
  return result;
}

std::chrono::milliseconds milliseconds_of(Clock::duration span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

/// What an end is called that brought no error.
Error by_peer(const WebSocket::Close& close) {
  Error error(Errc::closed_by_peer, close.reason);
  error.close_code = close.code;
  return error;
}

Result<void> check_close(int code, std::string_view reason) {
  if (!websocket::valid_close_code(code)) {
    return Error(Errc::invalid_argument,
                 "code " + std::to_string(code) + " must not be sent in a Close frame (RFC 6455 7.4)");
  }
  if (reason.size() > websocket::kMaxCloseReason)
    return Error(Errc::invalid_argument, "reason is longer than 123 bytes");
  if (!websocket::valid_utf8(reason)) return Error(Errc::invalid_argument, "reason is not UTF-8");
  return {};
}

}  // namespace

WebSocketImpl::WebSocketImpl(Strand strand, std::string url, WebSocketOptions options)
    : strand_(std::move(strand)),
      url_(std::move(url)),
      options_(std::move(options)),
      emitter_(EmitterCore::create()),
      reconnect_timer_(strand_),
      times_(now()) {
  emitter_->on_exception([runtime = strand_.shared_runtime()](std::exception_ptr e) { runtime->report(std::move(e)); });
}

std::shared_ptr<Connection> WebSocketImpl::connection() const {
  std::lock_guard lock(mutex_);
  return connection_;
}

Latency WebSocketImpl::latency() const {
  std::lock_guard lock(mutex_);
  return latency_.value();
}

Counters WebSocketImpl::counters() const {
  Counters result;
  result.messages_sent = traffic_.messages_sent.value();
  result.messages_received = traffic_.messages_received.value();
  result.bytes_sent = traffic_.bytes_sent.value();
  result.bytes_received = traffic_.bytes_received.value();
  result.pings_sent = traffic_.pings_sent.value();
  result.pings_received = traffic_.pings_received.value();
  result.pongs_received = traffic_.pongs_received.value();
  std::lock_guard lock(mutex_);
  result.attempts = attempts_;
  result.connections = connections_;
  result.reconnects.assign(reconnects_.begin(), reconnects_.end());
  const auto until = now();
  result.connecting = times_.in(ReadyState::connecting, until);
  result.open = times_.in(ReadyState::open, until);
  result.closing = times_.in(ReadyState::closing, until);
  result.closed = times_.in(ReadyState::closed, until);
  return result;
}

Clock::time_point WebSocketImpl::now() const { return strand_.runtime().clock().now(); }

void WebSocketImpl::enter(ReadyState state) {
  if (state == state_.load()) return;
  times_.enter(state, now());
  state_.store(state, std::memory_order_release);
}

void WebSocketImpl::pause() {
  paused_.store(true);
  strand_.dispatch([self = shared_from_this()] {
    const auto present = self->connection();
    if (present && self->is_paused()) present->pause();
  });
}

void WebSocketImpl::resume() {
  paused_.store(false);
  strand_.dispatch([self = shared_from_this()] {
    const auto present = self->connection();
    if (present && !self->is_paused()) present->resume();
  });
}

std::size_t WebSocketImpl::buffered_amount() const {
  std::lock_guard lock(mutex_);
  return kept_bytes_ + (connection_ ? connection_->buffered() : 0);
}

void WebSocketImpl::post_for(Generation generation, MoveFunction<void()> task) {
  strand_.post([self = shared_from_this(), generation, task = std::move(task)]() mutable {
    if (generation == self->generation_.load()) task();
  });
}

template <class T>
void WebSocketImpl::complete_later(Handler<T> handler, Result<T> result) {
  strand_.post([handler = std::move(handler), result = std::move(result)]() mutable { handler(std::move(result)); });
}

void WebSocketImpl::note(std::string_view line) {
  if (anyone_hears(WebSocket::debug)) raise(WebSocket::debug, line);
}

// --- connecting

void WebSocketImpl::connect(CallOptions options, Handler<HandshakeResponse> handler) {
  auto url = websocket::parse_url(url_);
  if (!url) return complete_later<HandshakeResponse>(std::move(handler), std::move(url).error());
  for (auto checked : {detail::check_deadline(options), websocket::check_options(options_)}) {
    if (!checked) return complete_later<HandshakeResponse>(std::move(handler), std::move(checked).error());
  }
  auto refused = Errc{};
  {
    std::lock_guard lock(mutex_);
    if (abandoned_) {  // by a lazy token, which starts when the WebSocket is gone
      refused = Errc::closed;
    } else if (state_.load() != ReadyState::closed) {
      refused = Errc::already_connecting;
    } else {
      enter(ReadyState::connecting);
      ++generation_;
    }
  }
  if (refused != Errc{}) return complete_later<HandshakeResponse>(std::move(handler), Error(refused));
  strand_.post([self = shared_from_this(), url = *std::move(url), options = std::move(options),
                handler = std::move(handler)]() mutable {
    self->connect_here(std::move(url), std::move(options), std::move(handler));
  });
}

std::optional<WebSocketImpl::Generation> WebSocketImpl::want_end() {
  std::lock_guard lock(mutex_);
  if (state_.load() == ReadyState::closed) return {};
  if (state_.load() == ReadyState::open) enter(ReadyState::closing);
  end_wanted_ = generation_.load();
  return end_wanted_;
}

void WebSocketImpl::connect_here(websocket::Url url, CallOptions options, Handler<HandshakeResponse> handler) {
  const auto generation = generation_.load();
  target_ = std::move(url);
  backoff_.emplace(options_.reconnect, net::random_seed());
  connecting_ =
      Operation<HandshakeResponse>::start(strand_, std::move(handler), std::move(options), {30s, Errc::connect_timeout},
                                          [weak = weak_from_this(), generation](const Error& why) {
                                            if (const auto self = weak.lock()) self->connect_aborted_here(generation, why);
                                          });
  attempt_here();
}

void WebSocketImpl::attempt_here() {
  {
    std::lock_guard lock(mutex_);
    latency_ = {};
    ++attempts_;
  }
  const auto generation = generation_.load();
  const auto& url = target_;
  note("connecting to " + std::string(url.tls ? "wss://" : "ws://") + url.host_header() + std::string(url.path()));
  opening_ = websocket::Opening::start(
      strand_, url, options_,
      [weak = weak_from_this(), generation](std::string_view line) {
        const auto self = weak.lock();
        if (self && generation == self->generation_.load()) self->note(line);
      },
      [self = shared_from_this(), generation](auto opened) {
        if (generation != self->generation_.load() || !self->opening_) return;
        if (opened)
          self->opened_here(*std::move(opened));
        else
          self->attempt_failed_here(std::move(opened).error());
      });
  if (end_is_wanted()) cut_here();  // close() on another thread may have come between the beginning and this
}

bool WebSocketImpl::end_is_wanted() const {
  std::lock_guard lock(mutex_);
  return abandoned_ || end_wanted_ == generation_.load();
}

/// The operation's own deadline, which is told by the step that it cut, or its cancellation.
void WebSocketImpl::connect_aborted_here(Generation generation, const Error& why) {
  if (generation != generation_.load()) return;
  if (why != Errc::connect_timeout) {
    want_end();
    if (opening_) return attempt_failed_here(why);
    connecting_.reset();  // it tells why by itself
    return cut_here();
  }
  if (!opening_) return;  // between two attempts: the operation is over, trying goes on
  const auto operation = std::move(connecting_);
  const Error error(opening_->step_timeout(), "the deadline of connect()");
  attempt_failed_here(error);
  strand_.runtime().guard([&] { operation->complete(error); });
}

void WebSocketImpl::attempt_failed_here(Error error) {
  const auto opening = std::move(opening_);
  opening->cancel();
  over_here(error, {});
}

void WebSocketImpl::opened_here(websocket::Opening::Opened opened) {
  auto options = connection_options(options_);
  options.deflate = opened.agreed.deflate;
  auto fresh = std::make_shared<Connection>(strand_, opened.stream, options, shared_from_this());
  bool end_wanted = false;
  {
    std::lock_guard lock(mutex_);
    end_wanted = end_wanted_ == generation_.load();
    if (!end_wanted) {
      for (auto& message : std::exchange(kept_, {})) {
        fresh->send(message.opcode, message.payload, std::move(message.sent));  // within the bounds that it had before
      }
      kept_bytes_ = 0;
      reconnecting_ = false;
      connection_ = fresh;
      ++connections_;
      enter(ReadyState::open);
    }
  }
  if (end_wanted) {
    opened.stream->close();
    return cut_here();
  }
  opening_.reset();
  opened_at_ = now();
  note("open");
  raise(WebSocket::open, opened.agreed.response);
  if (const auto connecting = std::move(connecting_)) {
    strand_.runtime().guard([&] { connecting->complete(std::move(opened.agreed.response)); });
  }
  if (is_paused()) fresh->pause();
  fresh->start(opened.rest);
}

// --- what the connection tells

void WebSocketImpl::on_message(std::string_view data, bool binary, Clock::time_point received) {
  // Since close() or terminate(), possibly in a listener just now, no message is handed on.
  if (state_.load(std::memory_order_relaxed) != ReadyState::open) return;
  raise_in_batch(WebSocket::message, WebSocket::Message{data, binary, received});
}

void WebSocketImpl::on_batch_end() {
  raise_in_batch(websocket::batch_ended);
  emitter_->release();
}

void WebSocketImpl::on_fragment(const WebSocket::Fragment& fragment) {
  if (state_.load(std::memory_order_relaxed) == ReadyState::open) raise(WebSocket::fragment, fragment);
}

void WebSocketImpl::on_ping(std::string_view payload) { raise(WebSocket::ping_received, payload); }

void WebSocketImpl::on_pong(std::chrono::nanoseconds round_trip) {
  {
    std::lock_guard lock(mutex_);
    latency_.add(round_trip);
  }
  raise(WebSocket::pong, round_trip);
}

void WebSocketImpl::on_closing() {
  std::lock_guard lock(mutex_);
  enter(ReadyState::closing);
}

void WebSocketImpl::on_ended(const std::optional<Error>& error, const WebSocket::Close& close) {
  std::shared_ptr<Connection> gone;
  {
    std::lock_guard lock(mutex_);
    gone = std::move(connection_);
  }
  over_here(error, close);
}

/// The end of an attempt or of a connection. Once `closed` is told, connect() may be called again, in its listeners
/// too.
void WebSocketImpl::over_here(const std::optional<Error>& error, WebSocket::Close close) {
  const auto self = shared_from_this();
  {
    std::lock_guard lock(mutex_);
    enter(ReadyState::closing);
  }
  auto next = next_attempt(error, close);
  const auto connecting = next ? nullptr : std::move(connecting_);
  const auto closing = std::move(closing_);
  closing_.clear();
  last_close_ = close;
  if (error) {
    note("failed: " + error->what());
    raise(WebSocket::error, *error);
  }
  note("closed with code " + std::to_string(close.code));
  std::vector<SendQueue::Unsent> unsent;
  {
    std::lock_guard lock(mutex_);
    reconnecting_ = next.has_value();
    enter(next ? ReadyState::connecting : ReadyState::closed);
    if (!next) {
      unsent.swap(kept_);
      kept_bytes_ = 0;
    }
  }
  for (auto& message : unsent) {
    if (message.sent) strand_.runtime().guard([&] { message.sent(error ? *error : by_peer(close)); });
  }
  if (next) reconnect_later(*next);
  raise(WebSocket::closed, close);
  if (next) {
    note("trying again in " + std::to_string(next->delay.count()) + " ms");
    raise(WebSocket::reconnecting, *next);
  }
  if (connecting) {
    strand_.runtime().guard([&] { connecting->complete(error ? *error : Error(Errc::closed)); });
  }
  for (const auto& operation : closing) {
    strand_.runtime().guard([&] { operation->complete(close); });
  }
}

// --- reconnecting

/// What comes next after an end: nothing if it was wanted, or trying again is not allowed or cannot help.
std::optional<ReconnectAttempt> WebSocketImpl::next_attempt(const std::optional<Error>& error, const WebSocket::Close& close) {
  if (!options_.reconnect.enabled || end_is_wanted()) return {};
  const auto opened_at = std::exchange(opened_at_, std::nullopt);
  if (opened_at) backoff_->connection_lasted(milliseconds_of(now() - *opened_at));
  ReconnectAttempt next;
  next.reason = error ? *error : by_peer(close);
  if (is_fatal(next.reason)) return {};
  const auto delay = backoff_->next(next.reason.retry_after);
  if (!delay) return {};
  next.delay = *delay;
  next.attempt = backoff_->attempts();
  bool wanted = !options_.reconnect_if;
  if (!wanted) strand_.runtime().guard([&] { wanted = options_.reconnect_if(next); });
  if (!wanted) return {};
  return next;
}

void WebSocketImpl::reconnect_later(ReconnectAttempt next) {
  {
    std::lock_guard lock(mutex_);
    ++reconnects_[static_cast<Errc>(next.reason.code.value())];
  }
  reconnect_timer_.start(next.delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->attempt_here();
  });
}

void WebSocketImpl::on_unsent(std::vector<SendQueue::Unsent> messages, const Error& why) {
  if (options_.keep_queue && options_.reconnect.enabled && !end_is_wanted()) {
    std::lock_guard lock(mutex_);
    // What had begun to go out comes last, and belongs in front.
    for (const auto& message : messages) kept_bytes_ += message.payload.size();
    kept_.insert(kept_.begin(), std::make_move_iterator(messages.begin()), std::make_move_iterator(messages.end()));
    return;
  }
  for (auto& message : messages) {
    if (message.sent) strand_.runtime().guard([&] { message.sent(why); });
  }
}

/// A message for the next connection. `not_open` if none is being tried for.
Result<void> WebSocketImpl::keep(Opcode opcode, std::string_view payload, SendQueue::Sent& sent) {
  std::lock_guard lock(mutex_);
  if (!options_.keep_queue || !reconnecting_ || end_wanted_ == generation_.load()) return Error(Errc::not_open);
  const auto room = options_.max_queue_bytes - std::min(kept_bytes_, options_.max_queue_bytes);
  if (kept_.size() >= options_.max_queue_messages || payload.size() > room) return Error(Errc::queue_full);
  kept_bytes_ += payload.size();
  kept_.push_back({opcode, std::string(payload), std::move(sent)});
  return {};
}

// --- sending

Result<void> WebSocketImpl::push(Opcode opcode, std::string_view payload, SendQueue::Sent sent) {
  if (opcode == Opcode::text && !websocket::valid_utf8(payload)) return Error(Errc::invalid_utf8, "the text to send");
  const auto state = state_.load(std::memory_order_acquire);
  if (state == ReadyState::connecting) return keep(opcode, payload, sent);
  if (state != ReadyState::open) return Error(Errc::not_open);
  const auto present = connection();
  if (!present) return Error(Errc::not_open);
  switch (present->send(opcode, payload, std::move(sent))) {
    case SendQueue::Push::full:
      return Error(Errc::queue_full);
    case SendQueue::Push::closed:
      return Error(Errc::not_open);
    case SendQueue::Push::queued:
      break;
  }
  return {};
}

Result<void> WebSocketImpl::send(Opcode opcode, std::string_view payload) { return push(opcode, payload, {}); }

void WebSocketImpl::send(Opcode opcode, std::string_view payload, CallOptions options, Handler<void> handler) {
  if (auto checked = detail::check_deadline(options); !checked)
    return complete_later<void>(std::move(handler), std::move(checked));
  if (options.cancel.cancelled()) return complete_later<void>(std::move(handler), Error(Errc::cancelled));
  // Queued inside this call, so that messages keep their order whichever way they are sent.
  auto operation = Operation<void>::start(strand_, std::move(handler), std::move(options),
                                          {30s, Errc::write_timeout, "the message is still queued"});
  auto pushed = push(opcode, payload, [operation](Result<void> sent) { operation->complete(std::move(sent)); });
  if (pushed) return;
  strand_.post([operation, pushed = std::move(pushed)]() mutable { operation->complete(std::move(pushed)); });
}

void WebSocketImpl::ping(std::string payload, CallOptions options, Handler<std::chrono::nanoseconds> handler) {
  using Nanoseconds = std::chrono::nanoseconds;
  if (payload.size() > websocket::kMaxControlPayload) {
    return complete_later<Nanoseconds>(std::move(handler),
                                       Error(Errc::invalid_argument, "payload is longer than 125 bytes"));
  }
  if (auto checked = detail::check_deadline(options); !checked) {
    return complete_later<Nanoseconds>(std::move(handler), std::move(checked).error());
  }
  strand_.post([self = shared_from_this(), generation = generation_.load(), payload = std::move(payload),
                options = std::move(options), handler = std::move(handler)]() mutable {
    const auto present = self->connection();
    if (!present || generation != self->generation_.load() || present->closing()) return handler(Error(Errc::not_open));
    const auto id = std::make_shared<std::uint64_t>(0);
    const auto limit = self->options_.pong_timeout.count() > 0 ? self->options_.pong_timeout : 5s;
    auto operation =
        Operation<Nanoseconds>::start(self->strand_, std::move(handler), std::move(options),
                                      {limit, Errc::pong_timeout, "of a ping"}, [weak = std::weak_ptr(present), id](const Error&) {
                                        if (const auto connection = weak.lock()) connection->forget_ping(*id);
                                      });
    *id = present->ping(std::move(payload), [operation](auto result) { operation->complete(std::move(result)); });
    if (*id == 0) operation->complete(Error(Errc::queue_full, "too many pings wait"));
  });
}

// --- closing

Result<void> WebSocketImpl::close(int code, std::string_view reason) {
  if (auto checked = check_close(code, reason); !checked) return checked;
  if (const auto generation = want_end()) close_soon(*generation, code, std::string(reason));
  return {};
}

void WebSocketImpl::close_soon(Generation generation, int code, std::string reason) {
  post_for(generation, [self = shared_from_this(), code, reason = std::move(reason)] {
    if (const auto present = self->connection())
      present->close(code, reason);
    else
      self->cut_here();
  });
}

void WebSocketImpl::close(int code, std::string reason, CallOptions options, Handler<WebSocket::Close> handler) {
  if (auto checked = detail::check_deadline(options); !checked) {
    return complete_later<WebSocket::Close>(std::move(handler), std::move(checked).error());
  }
  if (auto checked = check_close(code, reason); !checked) {
    return complete_later<WebSocket::Close>(std::move(handler), std::move(checked).error());
  }
  const auto generation = want_end();
  if (generation) close_soon(*generation, code, std::move(reason));
  strand_.post([self = shared_from_this(), generation, options = std::move(options),
                handler = std::move(handler)]() mutable {
    const bool over = self->ready_state() == ReadyState::closed || generation != self->generation_.load();
    if (over) return handler(self->last_close_);
    self->closing_.push_back(Operation<WebSocket::Close>::start(
        self->strand_, std::move(handler), std::move(options),
        {milliseconds_of(bounded(self->options_.close_timeout)) + 1s, Errc::close_timeout, "the connection is still closing"}));
  });
}

void WebSocketImpl::terminate() {
  if (const auto generation = want_end()) post_for(*generation, [self = shared_from_this()] { self->cut_here(); });
}

void WebSocketImpl::cut_here() {
  if (opening_)
    attempt_failed_here(Error(Errc::closed, "closed while connecting"));
  else if (const auto present = connection())
    present->terminate();
  else if (reconnect_timer_.waiting()) {
    reconnect_timer_.cancel();
    over_here(Error(Errc::closed, "closed while waiting to connect again"), {});
  }
}

void WebSocketImpl::terminate_and_wait() {
  terminate();
  if (strand_.runtime_runs_in_this_thread()) return;
  std::promise<void> quiet;
  auto done = quiet.get_future();
  strand_.post([&quiet] { quiet.set_value(); });
  done.wait();
}

/// A connection, or an attempt at one, and its owner hold each other until it is cut, on the strand. If the strand's
/// io_context is destroyed first, nobody runs on it any more, and what was posted there is dropped: then this parts them.
class WebSocketImpl::Parting {
 public:
  explicit Parting(std::shared_ptr<WebSocketImpl> socket) : socket_(std::move(socket)) {}
  ~Parting() {
    if (!socket_) return;
    if (const auto opening = std::move(socket_->opening_)) opening->cancel();
    std::shared_ptr<Connection> connection;
    std::lock_guard lock(socket_->mutex_);
    connection.swap(socket_->connection_);
  }
  Parting(const Parting&) = delete;
  Parting& operator=(const Parting&) = delete;
  void done() { socket_.reset(); }

 private:
  std::shared_ptr<WebSocketImpl> socket_;
};

void WebSocketImpl::abandon() {
  {
    std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  emitter_->close();
  terminate();
  strand_.post([parting = std::make_unique<Parting>(shared_from_this())] { parting->done(); });
}

}  // namespace lavapp::detail
