#include "lavalink/node_session.hpp"

#include <utility>

namespace lavapp::lavalink {

std::string_view to_string(NodeState state) noexcept {
  switch (state) {
    case NodeState::idle:
      return "idle";
    case NodeState::connecting:
      return "connecting";
    case NodeState::awaiting_ready:
      return "awaiting_ready";
    case NodeState::ready:
      return "ready";
    case NodeState::reconnecting:
      return "reconnecting";
    case NodeState::closing:
      return "closing";
    case NodeState::closed:
      return "closed";
  }
  return "unknown";
}

Error explain_handshake_failure(Error error) {
  if (error == Errc::handshake_refused && error.http_status > 0 && error.http_status < 400) {
    error.code = Errc::not_a_lavalink_node;
    error.message = "the handshake was answered with status " + std::to_string(error.http_status) +
                    " instead of 101; check host, port and path_prefix";
  } else if (error == Errc::handshake_refused && error.http_status == 401) {
    error.message += (error.message.empty() ? "" : "; ") + std::string("check the password");
  } else if (error == Errc::bad_handshake) {
    error.code = Errc::not_a_lavalink_node;
    error.message = "the answer is no WebSocket handshake" + (error.message.empty() ? "" : ": " + error.message);
  }
  return error;
}

NodeSession::NodeSession(Options options)
    : options_(std::move(options)), backoff_(options_.reconnect, options_.seed), session_id_(options_.session_id) {}

Result<NodeActions> NodeSession::connect() {
  NodeActions out;
  switch (state_) {
    case NodeState::closing:
      return Error(Errc::not_open, "shutdown() is under way");
    case NodeState::ready:
      // Ready, but connect() may wait still for the answer to the PATCH.
      return Error(Errc::already_connecting);
    case NodeState::connecting:
    case NodeState::awaiting_ready:
    case NodeState::reconnecting:
      if (connect_waits_) return Error(Errc::already_connecting);
      connect_waits_ = true;
      return out;
    case NodeState::idle:
    case NodeState::closed:
      break;
  }
  connect_waits_ = true;
  ever_ready_ = false;
  backoff_.reset();
  change(out, NodeState::connecting, "connect() was called");
  dial(out);
  return out;
}

NodeActions NodeSession::connect_cancelled() {
  if (!std::exchange(connect_waits_, false) || ever_ready_) return {};
  return cut();
}

NodeActions NodeSession::opened(std::uint64_t connection, std::string_view api_version) {
  NodeActions out;
  if (!current(connection) || open_) return out;
  open_ = true;
  out.push_back(action::StartTimer{options_.ready_timeout});
  change(out, NodeState::awaiting_ready, "the WebSocket is open");
  // Only a warning: what stands behind the v4 path has shaken hands, and whether it is a node `ready` will show.
  if (!api_version.empty() && api_version != "4") {
    out.push_back(action::Warn{
        Error(Errc::not_a_lavalink_node,
              "the server speaks version " + std::string(api_version.substr(0, 16)) + " of Lavalink's API, not 4")});
  }
  return out;
}

NodeActions NodeSession::ready(std::uint64_t connection, const Ready& ready, TimePoint now) {
  NodeActions out;
  if (!current(connection)) return out;
  if (state_ != NodeState::awaiting_ready) {
    // One connection has one session; shutdown() needs none any more.
    if (state_ == NodeState::ready) out.push_back(action::Warn{Error(Errc::bad_response, "a second `ready` came")});
    return out;
  }
  if (ready.session_id.empty()) {
    out.push_back(action::Warn{Error(Errc::bad_response, "`ready` came without a session id")});
    return out;
  }
  out.push_back(action::StopTimer{});
  const auto earlier = std::exchange(session_id_, ready.session_id);
  ready_ = ready;
  ready_.set_raw({});
  ready_at_ = now;
  ever_ready_ = true;
  // Only a session with resuming on can be resumed, and the flag survives.
  kept_by_node_ = ready.resumed;
  if (ready.resumed) {
    change(out, NodeState::ready, "the session was resumed");
  } else {
    out.push_back(action::ForgetPlayers{});
    change(out, NodeState::ready,
           earlier.empty() ? "a new session began" : "a new session began: the old one was not resumed");
    if (!earlier.empty()) {
      out.push_back(action::Warn{
          Error(Errc::no_session, "session " + earlier + " was not resumed: its players are gone from this node")});
    }
  }
  out.push_back(action::TellReady{ready});
  if (options_.resuming && !(ready.resumed && confirmed_ == session_id_)) {
    patch(out, true);
  } else if (std::exchange(connect_waits_, false)) {
    out.push_back(action::CompleteConnect{ready_});
  }
  return out;
}

NodeActions NodeSession::resuming_answered(std::uint64_t connection, Result<void> result) {
  NodeActions out;
  if (!current(connection) || !std::exchange(patching_, false)) return out;
  if (state_ == NodeState::closing) {
    if (keep_tried_) {
      if (result) {
        kept_by_node_ = keep_ == KeepSession::yes;
      } else {
        shutdown_result_ = std::move(result);
      }
    } else if (result) {
      kept_by_node_ = true;
    }
    go_on_with_shutdown(out);
    return out;
  }
  if (result) {
    kept_by_node_ = true;
    confirmed_ = session_id_;
  } else {
    out.push_back(action::Warn{std::move(result.error())});
  }
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{ready_});
  return out;
}

void NodeSession::session_patched(std::string_view session_id, bool resuming) {
  if (session_id != session_id_) return;
  kept_by_node_ = resuming;
  if (!resuming) confirmed_.clear();
}

NodeActions NodeSession::lost(std::uint64_t connection, Error error, TimePoint now) {
  NodeActions out;
  if (!current(connection)) return out;
  connected_or_dialling_ = false;
  patching_ = false;
  out.push_back(action::StopTimer{});
  const bool was_open = std::exchange(open_, false);
  switch (state_) {
    case NodeState::closing:
      if (had_session_ && shutdown_result_ && kept_by_node_ != (keep_ == KeepSession::yes)) {
        shutdown_result_ = std::move(error);
      }
      finish_shutdown(out);
      return out;
    case NodeState::ready:
      backoff_.connection_lasted(std::chrono::duration_cast<std::chrono::milliseconds>(now - ready_at_));
      break;
    case NodeState::awaiting_ready:
      if (error.close_code == 1011) {
        error.code = Errc::session_refused;
        error.message = "the node closed before `ready`" + (error.message.empty() ? "" : ": " + error.message) +
                        "; is user_id a number that Discord gives?";
      }
      break;
    default:
      if (!was_open) error = explain_handshake_failure(std::move(error));
      break;
  }
  if (is_fatal(error)) {
    give_up(out, std::move(error));
  } else {
    retry(out, std::move(error));
  }
  return out;
}

NodeActions NodeSession::timer_fired() {
  NodeActions out;
  if (state_ == NodeState::awaiting_ready) {
    connected_or_dialling_ = open_ = false;
    out.push_back(action::Cut{});
    retry(out, Error(Errc::ready_timeout));
  } else if (state_ == NodeState::reconnecting && !connected_or_dialling_) {
    dial(out);
  }
  return out;
}

NodeActions NodeSession::shutdown(KeepSession keep) {
  NodeActions out;
  switch (state_) {
    case NodeState::idle:
    case NodeState::closed:
      if (keep == KeepSession::no) {
        session_id_.clear();
        out.push_back(action::ForgetPlayers{});
      }
      out.push_back(action::CompleteShutdown{{}});
      return out;
    case NodeState::closing:
      return out;
    default:
      break;
  }
  had_session_ = state_ == NodeState::ready;
  keep_ = keep;
  keep_tried_ = false;
  shutdown_result_ = {};
  out.push_back(action::StopTimer{});
  change(out, NodeState::closing, "shutdown() was called");
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{Error(Errc::closed)});
  if (!had_session_) {
    if (keep == KeepSession::no && kept_by_node_ && !session_id_.empty()) {
      // While its WebSocket is away, a session answers every request with 404.
      out.push_back(action::Warn{Error(Errc::no_session, "session " + session_id_ +
                                                             " cannot be ended while its connection is away: it ends "
                                                             "with its resume timeout")});
    }
    if (open_) {
      out.push_back(action::Close{});
    } else {
      if (std::exchange(connected_or_dialling_, false)) out.push_back(action::Cut{});
      finish_shutdown(out);
    }
    return out;
  }
  if (!patching_) go_on_with_shutdown(out);
  return out;
}

void NodeSession::go_on_with_shutdown(NodeActions& out) {
  if (!std::exchange(keep_tried_, true) && kept_by_node_ != (keep_ == KeepSession::yes)) {
    patch(out, keep_ == KeepSession::yes);
    return;
  }
  out.push_back(action::Close{});
}

void NodeSession::finish_shutdown(NodeActions& out) {
  if (keep_ == KeepSession::no) {
    session_id_.clear();
    confirmed_.clear();
    out.push_back(action::ForgetPlayers{});
  }
  kept_by_node_ = false;
  change(out, NodeState::closed, "shut down");
  out.push_back(action::TellClosed{std::get<action::TellState>(out.back()).change});
  out.push_back(action::CompleteShutdown{std::exchange(shutdown_result_, {})});
}

NodeActions NodeSession::cut() {
  NodeActions out;
  if (state_ == NodeState::idle || state_ == NodeState::closed) return out;
  out.push_back(action::StopTimer{});
  if (std::exchange(connected_or_dialling_, false)) out.push_back(action::Cut{});
  open_ = patching_ = false;
  if (state_ == NodeState::closing) {
    finish_shutdown(out);
    return out;
  }
  change(out, NodeState::closed, "connect() was cancelled");
  out.push_back(action::TellClosed{std::get<action::TellState>(out.back()).change});
  return out;
}

void NodeSession::change(NodeActions& out, NodeState to, std::string reason, std::optional<Error> error) {
  const auto from = std::exchange(state_, to);
  out.push_back(action::TellState{{from, to, std::move(reason), std::move(error)}});
}

void NodeSession::dial(NodeActions& out) {
  ++connection_;
  connected_or_dialling_ = true;
  open_ = false;
  out.push_back(action::Dial{connection_, session_id_});
}

void NodeSession::retry(NodeActions& out, Error error) {
  const auto delay = backoff_.next(error.retry_after);
  if (!delay) return give_up(out, std::move(error));
  out.push_back(action::TellError{error});
  const bool lost = state_ == NodeState::ready;
  change(out, NodeState::reconnecting, lost ? "the connection was lost" : "the attempt to connect failed", error);
  out.push_back(action::TellReconnecting{{backoff_.attempts(), *delay, std::move(error)}});
  out.push_back(action::StartTimer{*delay});
}

void NodeSession::give_up(NodeActions& out, Error error) {
  out.push_back(action::TellError{error});
  change(out, NodeState::closed,
         is_fatal(error)              ? "given up: trying again cannot help until the options change"
         : options_.reconnect.enabled ? "given up: the attempts are used up"
                                      : "given up: reconnection is off",
         error);
  out.push_back(action::TellClosed{std::get<action::TellState>(out.back()).change});
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{std::move(error)});
}

void NodeSession::patch(NodeActions& out, bool resuming) {
  patching_ = true;
  out.push_back(action::PatchSession{connection_, session_id_, resuming});
}

}  // namespace lavapp::lavalink
