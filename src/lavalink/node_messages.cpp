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
  tell(Node::stats_update, message, Snowflake());
}

// What is known of the player comes first: listeners ask for it.

void NodeImpl::on(const PlayerUpdate& message) {
  players_.on(message, batch_.received());
  tell(Node::player_update, message, message.guild_id);
}

void NodeImpl::on(const TrackStart& message) {
  players_.on(message, batch_.received());
  tell(Node::track_start, message, message.guild_id);
}

void NodeImpl::on(const TrackEnd& message) {
  players_.on(message, batch_.received());
  tell(Node::track_end, message, message.guild_id);
}

void NodeImpl::on(const TrackFailed& message) { tell(Node::track_exception, message, message.guild_id); }

void NodeImpl::on(const TrackStuck& message) {
  players_.on(message, batch_.received());
  tell(Node::track_stuck, message, message.guild_id);
}

void NodeImpl::on(const VoiceClosed& message) { tell(Node::voice_closed, message, message.guild_id); }

void NodeImpl::on(const UnknownMessage& message) {
  tell(Node::unknown, message, message.guild_id.value_or(Snowflake()));
}

void NodeImpl::on(const Warning& warning) {
  metrics_.unreadable();
  if (strand_.runtime().logs()) strand_.runtime().log(LogLevel::warning, warning.error.what());
  emit(Node::warning, warning);
}

}  // namespace lavapp::lavalink
