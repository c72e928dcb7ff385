#include "lavalink/lane_queue.hpp"

#include <utility>

namespace lavapp::lavalink {

LaneQueue::GaveWay LaneQueue::push(LaneEvent event) {
  GaveWay out;
  if (event.is_player_update) ++player_updates_;
  events_.push_back(std::move(event));
  if (events_.size() <= limit_) return out;
  if (player_updates_ > 1) {
    coalesce(out);
    return out;
  }
  if (events_.front().is_player_update) --player_updates_;
  out.dropped = std::move(events_.front());
  events_.pop_front();
  out.first = !std::exchange(overflowing_, true);
  return out;
}

std::optional<LaneEvent> LaneQueue::pop() {
  if (events_.empty()) return {};
  std::optional<LaneEvent> next = std::move(events_.front());
  events_.pop_front();
  if (next->is_player_update) --player_updates_;
  if (events_.empty()) overflowing_ = false;
  return next;
}

/// Takes out all playerUpdates but the newest; the others keep their order.
void LaneQueue::coalesce(GaveWay& out) {
  std::deque<LaneEvent> kept;
  for (auto& each : events_) {
    if (each.is_player_update && player_updates_ > 1) {
      --player_updates_;
      out.coalesced.push_back(std::move(each));
    } else {
      kept.push_back(std::move(each));
    }
  }
  events_ = std::move(kept);
}

}  // namespace lavapp::lavalink
