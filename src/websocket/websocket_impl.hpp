// WebSocketImpl: what a WebSocket object stands for. It outlives that object while something is pending.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/operation.hpp"
#include "lavapp/websocket.hpp"
#include "websocket/batch_ended.hpp"
#include "websocket/connection.hpp"
#include "websocket/latency.hpp"
#include "websocket/opening.hpp"
#include "websocket/state_times.hpp"
#include "websocket/traffic.hpp"

namespace lavapp::detail {

/// At most one attempt or connection at a time. Each connect(), with all the attempts and connections that it leads to, has a
/// number, the generation: whatever was meant for an earlier one is dropped. Public calls come from any thread; what ends with _here runs on the strand.
class WebSocketImpl final : public websocket::ConnectionOwner, public std::enable_shared_from_this<WebSocketImpl> {
 public:
  WebSocketImpl(Strand strand, std::string url, WebSocketOptions options);

  const std::shared_ptr<EmitterCore>& emitter() const noexcept { return emitter_; }
  const std::string& url() const noexcept { return url_; }
  ReadyState ready_state() const noexcept { return state_.load(std::memory_order_acquire); }
  Latency latency() const;
  Counters counters() const;
  void pause();
  void resume();
  bool is_paused() const noexcept { return paused_.load(std::memory_order_acquire); }
  std::size_t buffered_amount() const;

  void connect(CallOptions options, Handler<HandshakeResponse> handler);
  Result<void> send(websocket::Opcode opcode, std::string_view payload);
  void send(websocket::Opcode opcode, std::string_view payload, CallOptions options, Handler<void> handler);
  void ping(std::string payload, CallOptions options, Handler<std::chrono::nanoseconds> handler);
  Result<void> close(int code, std::string_view reason);
  void close(int code, std::string reason, CallOptions options, Handler<WebSocket::Close> handler);
  void terminate();
  void terminate_and_wait();
  /// The WebSocket object is gone: silence, and an end to everything.
  void abandon();

 private:
  using Generation = std::uint64_t;
  class Parting;

  void on_message(std::string_view data, bool binary, Clock::time_point received) override;
  void on_fragment(const WebSocket::Fragment& fragment) override;
  void on_batch_begin() override { emitter_->hold(); }
  void on_batch_end() override;
  void on_drain() override { raise(WebSocket::drain); }
  websocket::Traffic& traffic() override { return traffic_; }
  void on_ping(std::string_view payload) override;
  void on_pong(std::chrono::nanoseconds round_trip) override;
  void on_closing() override;
  void on_unsent(std::vector<websocket::SendQueue::Unsent> messages, const Error& why) override;
  void on_ended(const std::optional<Error>& error, const WebSocket::Close& close) override;

  void connect_here(websocket::Url url, CallOptions options, Handler<HandshakeResponse> handler);
  void attempt_here();
  std::optional<ReconnectAttempt> next_attempt(const std::optional<Error>& error, const WebSocket::Close& close);
  void reconnect_later(ReconnectAttempt next);
  bool end_is_wanted() const;
  void opened_here(websocket::Opening::Opened opened);
  void connect_aborted_here(Generation generation, const Error& why);
  void attempt_failed_here(Error error);
  void cut_here();
  void close_soon(Generation generation, int code, std::string reason);
  void over_here(const std::optional<Error>& error, WebSocket::Close close);

  std::shared_ptr<websocket::Connection> connection() const;
  Result<void> keep(websocket::Opcode opcode, std::string_view payload, websocket::SendQueue::Sent& sent);
  Result<void> push(websocket::Opcode opcode, std::string_view payload, websocket::SendQueue::Sent sent);
  Clock::time_point now() const;
  /// Under the mutex.
  void enter(ReadyState state);
  /// From any thread: the present attempt or connection is to end, and tells no message any more. Returns which one; nothing
  /// if there is none.
  std::optional<Generation> want_end();
  /// Runs `task` on the strand if `generation` is still the present one by then.
  void post_for(Generation generation, MoveFunction<void()> task);
  template <class T>
  void complete_later(Handler<T> handler, Result<T> result);
  void note(std::string_view line);
  template <int Index, class... Args>
  bool anyone_hears(Event<WebSocket, Index, Args...>) const {
    return emitter_->heard(Index);
  }
  template <int Index, class... Args>
  void raise(Event<WebSocket, Index, Args...>, const std::common_type_t<Args>&... args) {
    const std::tuple<const Args&...> arguments(args...);
    emitter_->emit(Index, &arguments);
  }
  template <int Index, class... Args>
  void raise_in_batch(Event<WebSocket, Index, Args...>, const std::common_type_t<Args>&... args) {
    const std::tuple<const Args&...> arguments(args...);
    emitter_->emit_held(Index, &arguments);
  }

  const Strand strand_;
  const std::string url_;
  const WebSocketOptions options_;
  const std::shared_ptr<EmitterCore> emitter_;

  // Read anywhere. What any thread may change, and what depends on it, changes under the mutex.
  std::atomic<ReadyState> state_{ReadyState::closed};
  std::atomic<Generation> generation_{0};
  std::atomic<bool> paused_{false};
  websocket::Traffic traffic_;

  // On the strand only.
  websocket::Url target_;  ///< Of the present connect().
  std::shared_ptr<websocket::Opening> opening_;
  std::optional<Backoff> backoff_;
  std::optional<Clock::time_point> opened_at_;  ///< When the present connection did.
  Timer reconnect_timer_;
  std::shared_ptr<Operation<HandshakeResponse>> connecting_;
  std::vector<std::shared_ptr<Operation<WebSocket::Close>>> closing_;
  WebSocket::Close last_close_;

  mutable std::mutex mutex_;  // guards what follows, which several threads use
  bool abandoned_ = false;
  Generation end_wanted_ = 0;  ///< The attempt that somebody wants ended, whether it has got under way by then or not.
  std::shared_ptr<websocket::Connection> connection_;
  bool reconnecting_ = false;  ///< Between two connections, while trying.
  std::vector<websocket::SendQueue::Unsent> kept_;  ///< For the next connection, in their order.
  std::size_t kept_bytes_ = 0;
  std::map<Errc, std::uint64_t> reconnects_;
  websocket::LatencyMeter latency_;
  websocket::StateTimes times_;
  std::uint64_t attempts_ = 0;
  std::uint64_t connections_ = 0;
};

}  // namespace lavapp::detail
