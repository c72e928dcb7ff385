#include "websocket/connection.hpp"

#include <algorithm>
#include <new>

#include "core/bounded.hpp"
#include "core/runtime_impl.hpp"

namespace lavapp::websocket {
namespace {

using std::chrono::milliseconds;

/// How long the other side has, once all is said, to end TCP (RFC 6455 7.1.1: the server does it first). A server that
/// never does must not keep us.
constexpr milliseconds kTcpGrace{1'000};

}  // namespace

Connection::Connection(const detail::Strand& strand, std::shared_ptr<net::ByteStream> stream, ConnectionOptions options,
                       std::shared_ptr<ConnectionOwner> owner)
    : strand_(strand),
      stream_(std::move(stream)),
      options_(options),
      owner_(std::move(owner)),
      reader_(Role::client, options.reading),
      heartbeat_(options.heartbeat_interval, options.pong_timeout),
      heartbeat_timer_(strand),
      write_timer_(strand),
      close_timer_(strand),
      idle_timer_(strand),
      queue_(Role::client, options.sending) {
  if (!options_.deflate) return;
  reader_.decompress(options_.deflate->receiving);
  const auto& sending = options_.deflate->sending;
  if (!Deflater::supports(sending.window_bits)) return;  // the server may still compress
  const auto& compression = options_.compression;
  queue_.compress(std::make_unique<Deflater>(sending, compression.level, compression.memory_level),
                  compression.threshold);
}

Clock::time_point Connection::now() const { return strand_.runtime().clock().now(); }

void Connection::start(std::string_view rest) {
  if (ended_) return;
  heartbeat_.start(now());
  arm_heartbeat();
  watch_idleness();
  reader_.append(rest);
  received_ = now();
  go_on();
}

// --- reading

void Connection::read() {
  const auto room = reader_.prepare();
  reading_ = true;
  stream_->read_some(shared_from_this(), room.data, room.size);
}

/// What came with one read is being handed on.
class Connection::Batch {
 public:
  explicit Batch(Connection& connection) : connection_(connection), owner_(connection.owner_) {
    connection_.in_batch_ = true;
    owner_->on_batch_begin();
  }
  ~Batch() {
    owner_->on_batch_end();
    connection_.in_batch_ = false;
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

 private:
  Connection& connection_;
  const std::shared_ptr<ConnectionOwner> owner_;  // end() lets it go
};

void Connection::parse() {
  std::optional<Violation> violation;
  {
    const Batch batch(*this);
    violation = reader_.parse(*this);
  }
  if (ended_) return;
  if (violation) violated(*violation);
  if (options_.idle_timeout.count() > 0 && reader_.took_data()) last_heard_ = received_;
  flush();
}

void Connection::pause() {
  if (closing()) return;
  paused_ = true;
  reader_.pause();
}

void Connection::resume() {
  if (!std::exchange(paused_, false) || ended_) return;
  reader_.resume();
  heartbeat_.start(now());  // nothing could be heard of the peer meanwhile
  arm_heartbeat();
  watch_idleness();
  if (!in_batch_) go_on();  // else parse() does by itself
}

/// One timer for many messages, as with writing.
void Connection::watch_idleness() {
  if (options_.idle_timeout.count() == 0) return;
  last_heard_ = now();
  idle_timer_.start(options_.idle_timeout, [this] { check_idleness(); });
}

void Connection::check_idleness() {
  if (paused_ || close_.has_started()) return;
  const auto left = last_heard_ + detail::bounded(options_.idle_timeout) - now();
  if (left.count() > 0) return idle_timer_.start(left, [this] { check_idleness(); });
  terminate(Error(Errc::idle_timeout, "no message for " + std::to_string(options_.idle_timeout.count()) + " ms"));
}

void Connection::on_read(const std::error_code& error, std::size_t size) {
  reading_ = false;
  if (ended_) return;
  received_ = now();
  if (!error) reader_.commit(size);
  if (error && !paused_) return reading_failed(error);
  if (error) held_failure_ = error;
  if (!paused_) go_on();
}

/// Hands on what is there, then reads more: after a Close too, whose sender ends TCP; unread bytes would make it a reset.
void Connection::go_on() {
  try {
    parse();
    if (ended_ || paused_ || reading_) return;
    if (held_failure_) return reading_failed(*held_failure_);
    read();
  } catch (const std::bad_alloc&) {
    terminate(Error(Errc::connection_lost, "no memory for what was received"));
  }
}

void Connection::reading_failed(const std::error_code& error) {
  if (close_.has_received()) return end({}, false);
  if (failure_) return end(std::exchange(failure_, {}), false);
  // RFC 6455 7.1.5: the end of TCP without a Close frame is 1006.
  const bool orderly = error == make_error_code(Errc::connection_lost);
  end(Error(Errc::connection_lost, orderly ? "the peer ended it without a closing handshake" : "",
            orderly ? std::error_code() : error),
      false);
}

bool Connection::on_message(std::string_view data, bool binary) {
  auto& traffic = owner_->traffic();
  traffic.messages_received.add(1);
  traffic.bytes_received.add(data.size());
  if (!close_.has_started()) owner_->on_message(data, binary, received_);
  return !ended_;
}

bool Connection::on_piece(const WebSocket::Fragment& piece) {
  auto& traffic = owner_->traffic();
  if (piece.last) traffic.messages_received.add(1);
  traffic.bytes_received.add(piece.data.size());
  if (!close_.has_started()) owner_->on_fragment(piece);
  return !ended_;
}

bool Connection::on_ping(std::string_view payload) {
  {
    std::lock_guard lock(mutex_);
    queue_.pong(payload);
  }
  owner_->traffic().pings_received.add(1);
  owner_->on_ping(payload);
  return !ended_;
}

bool Connection::on_pong(std::string_view payload) {
  auto ping = pings_.match(payload);
  if (!ping) return true;
  const auto round_trip = now() - ping->sent;
  heartbeat_.answered(ping->sent);
  arm_heartbeat();
  owner_->traffic().pongs_received.add(1);
  owner_->on_pong(round_trip);
  if (ping->done) strand_.runtime().guard([&] { ping->done(std::chrono::nanoseconds(round_trip)); });
  return !ended_;
}

bool Connection::on_close(const ClosePayload& close) {
  close_.received(close);
  if (close_.has_started()) {
    if (close_.complete()) all_said();
  } else {
    begin_closing(close_.answer(), {}, true);
    watch_close(options_.close_timeout);
  }
  return false;
}

// --- writing

SendQueue::Push Connection::send(Opcode opcode, std::string_view payload, SendQueue::Sent sent) {
  const bool here = strand_.running_in_this_thread();
  bool flush_now = false;
  bool post = false;
  {
    std::lock_guard lock(mutex_);
    const auto pushed = queue_.message(opcode, payload, std::move(sent));
    if (pushed != SendQueue::Push::queued) return pushed;
    update_buffered();
    if (here)
      flush_now = !in_batch_;
    else if (!writing_ && !flush_posted_)
      post = flush_posted_ = true;
  }
  if (flush_now) flush();
  if (post) strand_.post([self = shared_from_this()] { self->flush(); });
  return SendQueue::Push::queued;
}

void Connection::flush() {
  if (ended_ || write_failed_) return;
  std::string_view piece;
  {
    std::lock_guard lock(mutex_);
    flush_posted_ = false;
    if (writing_) return;
    piece = queue_.next();
    if (piece.empty()) return;
    writing_ = true;
  }
  watch_write();
  stream_->write(shared_from_this(), piece);
}

void Connection::on_written(const std::error_code& error) {
  if (ended_) return;
  std::vector<SendQueue::Sent> sent;
  SendQueue::Landed landed;
  bool close_written = false;
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (!error) {
      landed = queue_.written(sent);
      update_buffered();
      close_written = queue_.close_written();
    }
  }
  if (error) {
    // What the peer said before it went may still wait to be read, a Close frame perhaps: reading has the last word.
    write_failed_ = true;
    if (!failure_) failure_ = Error(Errc::connection_lost, "while writing", error);
    return watch_close(std::min(options_.close_timeout, kTcpGrace));
  }
  owner_->traffic().messages_sent.add(landed.messages);
  owner_->traffic().bytes_sent.add(landed.bytes);
  complete(sent, {});
  if (ended_) return;
  if (landed.messages > 0 && buffered() == 0) owner_->on_drain();
  if (ended_) return;
  if (close_written) {
    close_.sent();
    if (close_.complete() || failure_) all_said();
    return;
  }
  flush();
}

void Connection::complete(std::vector<SendQueue::Sent>& sent, const Result<void>& result) {
  for (auto& one : sent) {
    strand_.runtime().guard([&] { one(result); });
  }
}

/// One timer for many writes: it looks when the write that is under way began, or last got on, and waits for the rest of
/// its time.
void Connection::watch_write() {
  if (options_.write_timeout.count() == 0) return;
  write_began_ = now();
  if (!write_timer_.waiting()) write_timer_.start(options_.write_timeout, [this] { check_write(); });
}

void Connection::check_write() {
  {
    std::lock_guard lock(mutex_);
    if (!writing_) return;
  }
  const auto left = std::max(write_began_, stream_->last_progress()) + detail::bounded(options_.write_timeout) - now();
  if (left.count() > 0) return write_timer_.start(left, [this] { check_write(); });
  terminate(Error(Errc::write_timeout, "the peer does not read"));
}

// --- heartbeat

std::uint64_t Connection::ping(std::string payload, PendingPings::Done done) {
  if (closing()) return 0;
  if (payload.empty()) payload = pings_.own_payload();
  {
    std::lock_guard lock(mutex_);
    if (queue_.ping(payload) != SendQueue::Push::queued) return 0;
  }
  owner_->traffic().pings_sent.add(1);
  const auto id = pings_.add(std::move(payload), now(), std::move(done));
  if (!in_batch_) flush();
  return id;
}

void Connection::arm_heartbeat() {
  const auto next = heartbeat_.next();
  if (next == time_point::max()) return;
  heartbeat_timer_.start(next - now(), [this] { beat(); });
}

void Connection::beat() {
  if (close_.has_started() || paused_) return;  // the closing handshake has a limit of its own; resume() starts anew
  switch (heartbeat_.due(now())) {
    case Heartbeat::Action::give_up:
      return terminate(Error(Errc::pong_timeout, "the heartbeat was not answered"));
    case Heartbeat::Action::ping:
      ping({}, {});
      break;
    case Heartbeat::Action::wait:
      break;
  }
  arm_heartbeat();
}

// --- closing

void Connection::close(int code, std::string_view reason) {
  if (closing()) return;
  begin_closing(code, reason, false);
  watch_close(options_.close_timeout);
  if (!in_batch_) flush();
  resume();  // or the peer's Close frame would not be read
}

/// RFC 6455 7.1.7: say why, then end; what the peer still sends is not looked at. What was sent before goes out before.
void Connection::violated(const Violation& violation) {
  if (!failure_) failure_ = Error(violation.errc, violation.what);
  failure_->close_code = violation.close_code;
  begin_closing(violation.close_code, violation.what, false);
  watch_close(std::min(options_.close_timeout, kTcpGrace));
}

void Connection::begin_closing(int code, std::string_view reason, bool drop_waiting) {
  if (!close_.start()) return;
  std::vector<SendQueue::Unsent> dropped;
  {
    std::lock_guard lock(mutex_);
    if (drop_waiting) dropped = queue_.drop_waiting();
    queue_.close(code, reason);
    update_buffered();
  }
  owner_->on_closing();
  owner_->on_unsent(std::move(dropped), why_pending_failed(failure_));
}

/// Nothing is left to say: the server ends TCP now, or its time does.
void Connection::all_said() { watch_close(std::min(options_.close_timeout, kTcpGrace)); }

void Connection::watch_close(milliseconds limit) {
  close_timer_.start(limit, [this] {
    if (close_.has_received()) return end({}, false);
    if (failure_) return end(std::exchange(failure_, {}), true);
    end(Error(Errc::close_timeout, "the peer did not answer the Close frame"), true);
  });
}

void Connection::terminate(std::optional<Error> error) { end(std::move(error), true); }

Error Connection::why_pending_failed(const std::optional<Error>& error) const {
  if (error) return *error;
  if (!close_.has_received()) return Error(Errc::closed);
  const auto close = close_.outcome();
  Error by_peer(Errc::closed_by_peer, close.reason);
  by_peer.close_code = close.code;
  return by_peer;
}

void Connection::end(std::optional<Error> error, bool reset) {
  if (std::exchange(ended_, true)) return;
  const auto self = shared_from_this();
  heartbeat_timer_.cancel();
  write_timer_.cancel();
  close_timer_.cancel();
  idle_timer_.cancel();
  stream_->close(reset);
  std::vector<SendQueue::Unsent> unsent;
  {
    std::lock_guard lock(mutex_);
    unsent = queue_.drop_all();
    update_buffered();
  }
  const auto why = why_pending_failed(error);
  const auto owner = std::move(owner_);
  owner->on_closing();
  owner->on_unsent(std::move(unsent), why);
  for (auto& ping : pings_.drain()) {
    strand_.runtime().guard([&] { ping(why); });
  }
  owner->on_ended(error, close_.outcome());
}

}  // namespace lavapp::websocket
