// NodeSession: the rules of a node's session: connecting, resuming, trying again, giving up, shutting down.
//
// Pure: no socket, no clock, no thread. Each function takes what has happened, and the time where it matters, and
// returns what to do, in order. https://lavalink.dev/api/websocket
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink {

namespace action {
/// Open connection number `connection`; with a Session-Id header unless `session_id` is empty.
struct Dial {
  std::uint64_t connection;
  std::string session_id;
};
/// Close the open connection with code 1000; lost() follows.
struct Close {};
/// Cut the connection, or end the attempt; nothing follows.
struct Cut {};
/// Call timer_fired() after this time, in place of any earlier wish.
struct StartTimer {
  std::chrono::milliseconds after;
};
struct StopTimer {};
/// PATCH the session, then call resuming_answered() with `connection`.
struct PatchSession {
  std::uint64_t connection;
  std::string session_id;
  bool resuming;
};
/// The players of an earlier session are gone.
struct ForgetPlayers {};
/// Emit `ready`.
struct TellReady {
  Ready ready;
};
/// Emit `state_change`; state() has changed already.
struct TellState {
  StateChange change;
};
/// Emit `reconnecting`.
struct TellReconnecting {
  Reconnecting reconnecting;
};
/// Emit `error`.
struct TellError {
  Error error;
};
/// Emit `warning`.
struct Warn {
  Error error;
};
/// Emit `closed`.
struct TellClosed {
  StateChange change;
};
/// Complete connect(), if it waits still.
struct CompleteConnect {
  Result<Ready> result;
};
/// Complete shutdown(), if it waits still.
struct CompleteShutdown {
  Result<void> result;
};
}  // namespace action

using NodeAction = std::variant<action::Dial, action::Close, action::Cut, action::StartTimer, action::StopTimer,
                                action::PatchSession, action::ForgetPlayers, action::TellReady, action::TellState,
                                action::TellReconnecting, action::TellError, action::Warn, action::TellClosed,
                                action::CompleteConnect, action::CompleteShutdown>;
using NodeActions = std::vector<NodeAction>;

/// What a failed handshake means to a Lavalink client: an answer below 400 that is not 101, or one that is no HTTP at
/// all, is `not_a_lavalink_node`; the rest stays what it is.
Error explain_handshake_failure(Error error);

class NodeSession {
 public:
  using TimePoint = Clock::time_point;

  struct Options {
    ReconnectOptions reconnect = {};
    bool resuming = true;
    std::chrono::milliseconds ready_timeout{10'000};
    /// The session of an earlier process.
    std::string session_id = {};
    std::uint64_t seed = 0;
  };
  /// \throws std::invalid_argument as Backoff does.
  explicit NodeSession(Options options);

  /// connect() was called. Errors, and nothing is to be done: `already_connecting`; `not_open` during shutdown().
  /// While the node tries to reconnect and no connect() waits, this one waits along.
  Result<NodeActions> connect();
  /// The waiting connect() reached its deadline: trying goes on.
  void connect_timed_out() noexcept { connect_waits_ = false; }
  /// The waiting connect() was cancelled: an attempt that was begun for it alone ends.
  NodeActions connect_cancelled();

  /// The WebSocket of `connection` is open.
  /// \param api_version  the header Lavalink-Api-Version; empty if it was not there
  NodeActions opened(std::uint64_t connection, std::string_view api_version);
  /// `ready` came.
  NodeActions ready(std::uint64_t connection, const Ready& ready, TimePoint now);
  /// The connection failed to open, was closed or was lost; nothing of it follows.
  NodeActions lost(std::uint64_t connection, Error error, TimePoint now);
  /// The PATCH of the session was answered, or failed.
  NodeActions resuming_answered(std::uint64_t connection, Result<void> result);
  /// The session was patched at the user's wish.
  void session_patched(std::string_view session_id, bool resuming);
  NodeActions timer_fired();
  /// shutdown() was called. A second one waits along.
  NodeActions shutdown(KeepSession keep);
  /// Ends at once, whatever is under way: shutdown()'s deadline.
  NodeActions cut();

  NodeState state() const noexcept { return state_; }
  /// Of the connection in use: whatever comes with another number is out of date.
  std::uint64_t connection() const noexcept { return connection_; }
  /// Whether the last `ready` took up the session that was before.
  bool resumed() const noexcept { return ready_.resumed; }
  /// The present session, or the one to resume; empty if there is none.
  const std::string& session_id() const noexcept { return session_id_; }

 private:
  void change(NodeActions& out, NodeState to, std::string reason, std::optional<Error> error = {});
  void dial(NodeActions& out);
  void retry(NodeActions& out, Error error);
  void give_up(NodeActions& out, Error error);
  void patch(NodeActions& out, bool resuming);
  void go_on_with_shutdown(NodeActions& out);
  void finish_shutdown(NodeActions& out);
  bool current(std::uint64_t connection) const noexcept { return connected_or_dialling_ && connection == connection_; }

  Options options_;
  Backoff backoff_;
  NodeState state_ = NodeState::idle;
  std::uint64_t connection_ = 0;
  bool connected_or_dialling_ = false;
  bool open_ = false;

  std::string session_id_;
  /// The node keeps the session when its connection is lost: we patched it, or it has been resumed.
  bool kept_by_node_ = false;
  /// Session for which the node has confirmed our own timeout.
  std::string confirmed_;
  bool patching_ = false;

  bool connect_waits_ = false;
  bool ever_ready_ = false;  // since connect() began from idle or closed
  Ready ready_;
  TimePoint ready_at_ = {};

  // Of the shutdown() under way.
  KeepSession keep_ = KeepSession::yes;
  bool had_session_ = false;
  bool keep_tried_ = false;
  Result<void> shutdown_result_ = {};
};

}  // namespace lavapp::lavalink
