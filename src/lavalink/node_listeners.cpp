// How a node calls listeners: in lanes or at once, a read's messages together, and which of them took too long.
#include <string>
#include <utility>

#include "core/current_lane.hpp"
#include "lavalink/node_impl.hpp"

namespace lavapp::lavalink {

EventLanes& NodeImpl::lanes() {
  if (!lanes_) {
    auto took = [weak = weak_from_this()](std::string_view event, Snowflake guild_id, Clock::duration time) {
      if (auto self = weak.lock()) self->check_elsewhere(event, guild_id, time);
    };
    lanes_ = std::make_shared<EventLanes>(strand_.shared_runtime(), options_.max_waiting_events, dropped_, std::move(took));
  }
  return *lanes_;
}

void NodeImpl::lane_is_full(Snowflake guild_id, std::string_view dropped) {
  warn(Error(Errc::queue_full, "the listeners of guild " + guild_id.to_string() + " are too slow: " +
                                   std::to_string(options_.max_waiting_events) + " events wait for them, and the oldest (" +
                                   std::string(dropped) + ") was dropped"));
}

void NodeImpl::check_batch() {
  if (const auto slow = batch_.check(now(), options_.slow_listener)) was_slow(*slow);
}

void NodeImpl::batch_ended() {
  if (batch_.has_told()) check_batch();
  end_batch();
}

void NodeImpl::end_batch() {
  if (!batch_.open()) return;
  batch_.end();
  emitter_->release();
}

void NodeImpl::tell_raw(std::string_view text) {
  if (batch_.has_told()) check_batch();
  const auto began = now();
  if (emit(Node::raw, text)) check_time(kNodeEventNames[9], {}, began);
  check_batch();  // from here on
}

/// Its socket goes, and does not tell any more that it has ended. This may be one of its messages being handled.
void NodeImpl::end_batch_soon() {
  if (!batch_.open()) return;
  strand_.post([weak = weak_from_this()] {
    if (auto self = weak.lock()) self->end_batch();
  });
}

void NodeImpl::check_time(std::string_view event, Snowflake guild_id, Clock::time_point began) {
  if (options_.slow_listener.count() == 0) return;
  const auto took = now() - began;
  if (took > options_.slow_listener) was_slow({event, guild_id, 1, took});
}

/// On any thread.
void NodeImpl::check_elsewhere(std::string_view event, Snowflake guild_id, Clock::duration took) {
  if (options_.slow_listener.count() == 0 || took <= options_.slow_listener) return;
  strand_.post([weak = weak_from_this(), event, guild_id, took] {
    if (auto self = weak.lock()) self->was_slow({event, guild_id, 1, took});
  });
}

void NodeImpl::check_call(std::string_view name, Snowflake guild_id, Clock::time_point began) {
  const auto took = now() - began;
  if (auto* lane = detail::current_lane()) {
    lane->leave_out(took);
  } else if (strand_.running_in_this_thread()) {
    batch_.leave_out(took);
  }
  check_elsewhere(name, guild_id, took);
}

void NodeImpl::was_slow(const MessageBatch::Slow& slow) {
  if (!slow_.name_now(slow.event, slow.guild_id, now())) return;
  const auto last = std::string(slow.event) + (slow.guild_id == Snowflake() ? "" : " of guild " + slow.guild_id.to_string());
  const auto whose = slow.events == 1 ? last : std::to_string(slow.events) + " events, the last of them " + last + ",";
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(slow.took).count();
  warn(Error(Errc::slow_listener, "the listeners of " + whose + " blocked for " + std::to_string(ms) + " ms"));
}

}  // namespace lavapp::lavalink
