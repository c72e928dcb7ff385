// What a node's messages do: first to what is known here, then to whoever listens.
#include "lavalink/node_impl.hpp"

namespace lavapp::lavalink {

/// Nobody's message is not read: those below change nothing here.
bool NodeImpl::wants(MessageKind kind) const noexcept {
  metrics_.event(kind);  // asked once for each message
  switch (kind) {
    case MessageKind::track_exception:
      return listened(Node::track_exception);
    case MessageKind::voice_closed:
      return listened(Node::voice_closed);
    case MessageKind::unknown:
      return listened(Node::unknown);
    default:
      return true;
  }
}

void NodeImpl::on(const Ready& message) { apply(session_->ready(session_->connection(), message, now())); }

void NodeImpl::on(const StatsUpdate& message) {
  {
    std::lock_guard lock(mutex_);
    stats_ = message.stats;
  }
  emit(Node::stats_update, message);
}

void NodeImpl::on(const PlayerUpdate& message) {
  players_.on(message, now());
  emit(Node::player_update, message);
}

void NodeImpl::on(const TrackStart& message) {
  players_.on(message, now());
  emit(Node::track_start, message);
}

void NodeImpl::on(const TrackEnd& message) {
  players_.on(message, now());
  emit(Node::track_end, message);
}

void NodeImpl::on(const TrackFailed& message) { emit(Node::track_exception, message); }

void NodeImpl::on(const TrackStuck& message) {
  players_.on(message, now());
  emit(Node::track_stuck, message);
}

void NodeImpl::on(const VoiceClosed& message) { emit(Node::voice_closed, message); }
void NodeImpl::on(const UnknownMessage& message) { emit(Node::unknown, message); }

void NodeImpl::on(const Warning& warning) {
  metrics_.unreadable();
  if (strand_.runtime().logs()) strand_.runtime().log(LogLevel::warning, warning.error.what());
  emit(Node::warning, warning);
}

}  // namespace lavapp::lavalink
