// GatewayImpl: what Gateway stands for. Glue: it maps what ShardSession decides onto WebSocket, timers and events, and what
// they tell back onto ShardSession.
//
// Everything lives on one strand, which the WebSocket shares; the members that any thread may read say what guards them.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/operation.hpp"
#include "core/runtime_impl.hpp"
#include "core/strand.hpp"
#include "core/timer.hpp"
#include "discord/decompressor.hpp"
#include "discord/members_book.hpp"
#include "discord/payload.hpp"
#include "discord/send_limit.hpp"
#include "discord/session_keeper.hpp"
#include "discord/shard_session.hpp"
#include "lavapp/discord/gateway.hpp"
#include "lavapp/websocket.hpp"

namespace lavapp::discord {

class GatewayImpl final : public std::enable_shared_from_this<GatewayImpl> {
 public:
  GatewayImpl(std::shared_ptr<detail::RuntimeImpl> runtime, GatewayOptions options);

  // --- From any thread
  void connect(CallOptions options, Handler<void> handler);
  void send(std::string payload, CallOptions options, Handler<void> handler);
  void request_members(MembersRequest request, CallOptions options, Handler<Members> handler);
  Result<void> reconnect();
  void close(int code);
  void close(int code, CallOptions options, Handler<void> handler);
  void terminate();
  void prevent_reconnect(bool prevent);
  void set_session(Optional<GatewaySession> session);
  /// The Gateway is destroyed: everything ends, and nothing is emitted any more.
  void destroy();

  /// What may be asked on any thread, as it was after the last thing that happened.
  struct Snapshot {
    GatewayStatus status = GatewayStatus::idle;
    bool acked = true, has_been_ready = false, do_not_reconnect = false;
    Optional<Clock::time_point> connected_since = {}, last_heartbeat = {}, last_resume = {};
    std::chrono::milliseconds interval{0};
    Optional<GatewaySession> session = {};
    std::vector<Snowflake> expected_guilds = {};
  };
  Snapshot snapshot() const;
  /// One field of it.
  template <class T>
  T told(T Snapshot::*field) const {
    std::lock_guard lock(mutex_);
    return snapshot_.*field;
  }
  std::chrono::nanoseconds ping() const noexcept { return std::chrono::nanoseconds(ping_.load(std::memory_order_relaxed)); }
  const GatewayOptions& options() const noexcept { return options_; }
  const std::shared_ptr<detail::EmitterCore>& emitter() const noexcept { return emitter_; }

 private:
  struct Command {
    std::string bytes;
    Op op;
    std::shared_ptr<detail::Operation<void>> operation;
  };

  Clock::time_point now() const { return strand_.runtime().clock().now(); }
  /// Runs `task` on the strand, if the shard is there still.
  void on_strand(MoveFunction<void(GatewayImpl&)> task);

  void apply(ShardActions actions);
  void perform(action::Dial&);
  void perform(action::Close&);
  void perform(action::Cut&);
  void perform(action::SendHeartbeat&);
  void perform(action::AskForTurn&);
  void perform(action::SendIdentify&);
  void perform(action::SendResume&);
  void perform(action::TellStatus&);
  void perform(action::TellReady&);
  void perform(action::TellSessionLost&);
  void perform(action::TellReconnecting&);
  void perform(action::TellIdentifyLimit&);
  void perform(action::TellError&);
  void perform(action::TellGuilds&);
  void perform(action::TellClosed&);
  void perform(action::OpenCommands&);
  void perform(action::CompleteConnect&);
  void arm();
  void publish();
  void keep_session();
  void save_session();
  void forget_turn();

  void begin_connect(CallOptions options, Handler<void> handler);
  void begin_request_members(const MembersRequest& request, CallOptions options, Handler<Members> handler);
  void members_ended(std::optional<MembersBook::Ended> ended);
  void fail_members(const Error& why);
  void begin_close(int code, CallOptions options, Handler<void> handler);
  void complete_closes();
  void begin_send(std::string payload, CallOptions options, Handler<void> handler);
  void listen(WebSocket& socket, std::uint64_t connection);
  void leave_socket();
  void on_message(const WebSocket::Message& message);
  void on_bytes(std::string_view bytes);
  Dispatch dispatch_of(const Payload& payload) const;
  void on_payload(const Payload& payload);
  void on_dispatch(const Payload& payload);
  /// Emits the typed event of a dispatch that has one, and that somebody listens for.
  void tell_typed(const Payload& payload, const Dispatch& dispatch);
  template <int Index, class Typed>
  void tell(Event<Gateway, Index, Typed> event, const Payload& payload, const Dispatch& dispatch);
  static Error unreadable(const Dispatch& dispatch, const Error& why);
  void on_closed(std::uint64_t connection, const WebSocket::Close& close);

  Result<std::string> encode(std::string_view json) const;
  Result<void> transmit(std::string_view bytes);
  void transmit_now(const std::string& json);
  void pump();
  void drop_commands(const Error& why);
  void warn(Error error);
  void debug(const std::string& text);

  template <int Index, class... Args>
  bool emit(Event<Gateway, Index, Args...>, const std::common_type_t<Args>&... args) {
    std::tuple<const Args&...> arguments(args...);
    return emitter_->emit(Index, &arguments);
  }
  template <int Index, class... Args>
  bool listened(Event<Gateway, Index, Args...>) const {
    return emitter_->heard(Index);
  }

  const GatewayOptions options_;
  std::optional<Error> mistake_;  // of the options; set by the constructor
  const detail::Strand strand_;
  const std::shared_ptr<detail::EmitterCore> emitter_;
  std::atomic<std::int64_t> ping_{0};      // nanoseconds; written on the strand
  std::atomic<bool> destroyed_{false};
  std::atomic<std::uint64_t> sequence_{0};  // of the present session; written on the strand with each event
  mutable std::mutex mutex_;  // guards the snapshot, written on the strand when anything else has changed
  Snapshot snapshot_;

  // What follows is the strand's own.
  std::optional<ShardSession> session_;  // none if the options have a mistake
  std::list<ShardAction> todo_;  // this one and the others are lists: an empty deque holds half a KiB
  bool applying_ = false;
  detail::Timer timer_, send_timer_, save_timer_;
  std::optional<SessionKeeper> keeper_;
  std::optional<CancelSource> turn_;  // while one is waited for
  std::unique_ptr<WebSocket> socket_;
  std::vector<std::unique_ptr<WebSocket>> leaving_;  // they close in order, unheard
  std::uint64_t socket_connection_ = 0;
  std::optional<Error> socket_error_;
  std::unique_ptr<Decompressor> decompressor_;
  PayloadReader reader_;
  const GatewayReady* ready_ = nullptr;  // while it is told
  std::optional<SendLimit> limit_;
  bool commands_open_ = false;
  std::list<Command> commands_;
  MembersBook members_;
  std::map<std::string, std::shared_ptr<detail::Operation<Members>>> member_requests_;  // by nonce
  std::shared_ptr<detail::Operation<void>> connect_;
  std::vector<std::shared_ptr<detail::Operation<void>>> closes_;  // they wait for those that are leaving
};

}  // namespace lavapp::discord
