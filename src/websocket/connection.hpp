// Connection: one open WebSocket of a client over one ByteStream, from the handshake's end to its own.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "core/timer.hpp"
#include "lavapp/websocket.hpp"
#include "net/byte_stream.hpp"
#include "websocket/close_handshake.hpp"
#include "websocket/frame_reader.hpp"
#include "websocket/heartbeat.hpp"
#include "websocket/pending_pings.hpp"
#include "websocket/permessage_deflate.hpp"
#include "websocket/send_queue.hpp"
#include "websocket/traffic.hpp"

namespace lavapp::websocket {

/// Hears of a Connection, on its strand. Views are valid during the call.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  /// \param received  when the read that brought its end had done so
  virtual void on_message(std::string_view data, bool binary, Clock::time_point received) = 0;
  virtual void on_fragment(const WebSocket::Fragment& fragment) = 0;
  /// What came in one read is handed on between these.
  virtual void on_batch_begin() = 0;
  virtual void on_batch_end() = 0;
  virtual void on_ping(std::string_view payload) = 0;
  /// All messages that were queued have been written.
  virtual void on_drain() = 0;
  virtual Traffic& traffic() = 0;
  virtual void on_pong(std::chrono::nanoseconds round_trip) = 0;
  /// A Close frame has come or is about to go: nothing more can be sent, no message follows.
  virtual void on_closing() = 0;
  /// Messages that will not be written. It completes them with `why`, or has them sent by the next connection.
  virtual void on_unsent(std::vector<SendQueue::Unsent> messages, const Error& why) = 0;
  /// The last word. An error if something went wrong.
  virtual void on_ended(const std::optional<Error>& error, const WebSocket::Close& close) = 0;
};

struct ConnectionOptions {
  std::optional<PermessageDeflate> deflate = {};  ///< As agreed upon in the handshake.
  CompressionOptions compression = {};
  FrameReader::Limits reading = {};
  SendQueue::Limits sending = {};
  std::chrono::milliseconds heartbeat_interval{0};
  std::chrono::milliseconds pong_timeout{0};
  std::chrono::milliseconds write_timeout{0};
  std::chrono::milliseconds close_timeout{5'000};
  std::chrono::milliseconds idle_timeout{0};
};

/// Everything but send() and buffered() is called on the strand. The owner is let go with on_ended(); what was pending
/// has been completed by then. A Connection ends once and is not used again: it is its own generation.
class Connection final : public net::ByteStreamHandler,
                         private FrameSink,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(const detail::Strand& strand, std::shared_ptr<net::ByteStream> stream, ConnectionOptions options,
             std::shared_ptr<ConnectionOwner> owner);

  /// Begins to read. \param rest  bytes that came with the handshake
  void start(std::string_view rest);

  /// Any thread. Queues a message; on the strand it is written at once, or with others at the end of a batch of
  /// reading.
  SendQueue::Push send(Opcode opcode, std::string_view payload, SendQueue::Sent sent = {});
  std::size_t buffered() const noexcept { return buffered_.load(std::memory_order_relaxed); }

  /// \param payload  empty: one of our own. Returns an id for forget_ping(), or 0 if it cannot be sent now.
  std::uint64_t ping(std::string payload, PendingPings::Done done);
  void forget_ping(std::uint64_t id) { pings_.remove(id); }
  /// The closing handshake, with its time limit. Twice is once.
  void close(int code, std::string_view reason);
  /// Cuts the connection: 1006, and `error` if that is why.
  void terminate(std::optional<Error> error = {});
  /// Reads nothing more, hands on nothing more, until resume() or the end.
  void pause();
  void resume();
  bool closing() const noexcept { return ended_ || close_.has_started(); }

 private:
  using time_point = Clock::time_point;

  void on_read(const std::error_code& error, std::size_t size) override;
  void on_written(const std::error_code& error) override;
  bool on_message(std::string_view data, bool binary) override;
  bool on_piece(const WebSocket::Fragment& piece) override;
  bool on_ping(std::string_view payload) override;
  bool on_pong(std::string_view payload) override;
  bool on_close(const ClosePayload& close) override;

  class Batch;
  void parse();
  void read();
  void go_on();
  void reading_failed(const std::error_code& error);
  void watch_idleness();
  void check_idleness();
  void flush();
  void update_buffered() noexcept { buffered_.store(queue_.buffered(), std::memory_order_relaxed); }
  void complete(std::vector<SendQueue::Sent>& sent, const Result<void>& result);

  void beat();
  void arm_heartbeat();
  void watch_write();
  void check_write();
  void violated(const Violation& violation);
  void begin_closing(int code, std::string_view reason, bool drop_waiting);
  void all_said();
  void watch_close(std::chrono::milliseconds limit);
  void end(std::optional<Error> error, bool reset);
  Error why_pending_failed(const std::optional<Error>& error) const;
  time_point now() const;

  detail::Strand strand_;
  std::shared_ptr<net::ByteStream> stream_;
  ConnectionOptions options_;
  std::shared_ptr<ConnectionOwner> owner_;

  FrameReader reader_;
  PendingPings pings_;
  Heartbeat heartbeat_;
  CloseHandshake close_;
  std::optional<Error> failure_;  ///< What went wrong, while the closing handshake is still tried.
  bool in_batch_ = false;         ///< Frames of one read are being handled: what they send goes out together.
  bool paused_ = false;
  bool reading_ = false;                         ///< A read is under way.
  std::optional<std::error_code> held_failure_;  ///< Reading failed while paused: told when what came before has been.
  bool ended_ = false;
  bool write_failed_ = false;
  time_point write_began_{};
  time_point received_{};  // when what is being parsed was read
  time_point last_heard_{};
  detail::Timer heartbeat_timer_, write_timer_, close_timer_, idle_timer_;

  std::mutex mutex_;  // guards what follows: send() comes from any thread
  SendQueue queue_;
  bool writing_ = false;
  bool flush_posted_ = false;
  std::atomic<std::size_t> buffered_{0};  // written under the mutex, read without
};

}  // namespace lavapp::websocket
