#include "lavalink/event_lanes.hpp"

#include <utility>

#include "core/current_lane.hpp"
#include "core/runtime_impl.hpp"

namespace lavapp::lavalink {

struct EventLanes::Lane {
  Lane(const std::shared_ptr<detail::RuntimeImpl>& runtime, Snowflake id, std::size_t limit)
      : guild_id(id), strand(runtime), queue(limit) {}
  const Snowflake guild_id;
  const detail::Strand strand;
  LaneQueue queue;  // guarded by EventLanes::mutex_
};

/// Held by an event's listeners, and by the lane while it calls them: the last one lets the lane go on.
class EventLanes::Hold final : public detail::LaneHold {
 public:
  Hold(std::shared_ptr<EventLanes> lanes, std::shared_ptr<Lane> lane) : lanes_(std::move(lanes)), lane_(std::move(lane)) {}
  ~Hold() override {
    const auto& strand = lane_->strand;
    strand.post([lanes = std::move(lanes_), lane = lane_] { lanes->run_next(lane); });
  }
  void report(std::exception_ptr exception) noexcept override { lanes_->runtime_->report(std::move(exception)); }

 private:
  std::shared_ptr<EventLanes> lanes_;
  const std::shared_ptr<Lane> lane_;
};

namespace {

/// The hold of the event whose listeners are being called.
class Holder final : public detail::LaneHolder {
 public:
  explicit Holder(std::shared_ptr<detail::LaneHold> hold) : hold_(std::move(hold)) {}
  std::shared_ptr<detail::LaneHold> hold() override { return hold_; }
  void leave_out(Clock::duration took) noexcept override { left_out_ += took; }
  Clock::duration left_out() const noexcept { return left_out_; }

 private:
  const std::shared_ptr<detail::LaneHold> hold_;
  Clock::duration left_out_{0};
};

}  // namespace

EventLanes::EventLanes(std::shared_ptr<detail::RuntimeImpl> runtime, std::size_t limit,
                       std::shared_ptr<DroppedCounts> counts, Took took)
    : runtime_(std::move(runtime)), limit_(limit), counts_(std::move(counts)), took_(std::move(took)) {}

std::string_view EventLanes::push(Snowflake guild_id, LaneEvent event) {
  std::unique_lock lock(mutex_);
  auto& place = lanes_[guild_id.value()];
  const bool idle = place == nullptr;
  if (idle) place = std::make_shared<Lane>(runtime_, guild_id, limit_);
  const auto lane = place;
  const auto gave_way = lane->queue.push(std::move(event));  // destroyed without the lock
  lock.unlock();
  if (idle) lane->strand.post([self = shared_from_this(), lane] { self->run_next(lane); });
  counts_->add(counts_->coalesced, gave_way.coalesced.size());
  if (!gave_way.dropped) return {};
  counts_->add(counts_->overflow);
  return gave_way.first ? gave_way.dropped->name : std::string_view();
}

std::size_t EventLanes::lanes() const {
  std::lock_guard lock(mutex_);
  return lanes_.size();
}

/// One event a task: lanes take turns on the threads that there are.
void EventLanes::run_next(const std::shared_ptr<Lane>& lane) {
  for (;;) {
    std::unique_lock lock(mutex_);
    auto next = lane->queue.pop();
    if (!next) {
      lanes_.erase(lane->guild_id.value());
      return;
    }
    lock.unlock();
    if (!too_late(*next)) return run(*next, lane);
    counts_->add(counts_->old_session);
  }
}

void EventLanes::run(LaneEvent& event, const std::shared_ptr<Lane>& lane) {
  Holder holder(std::make_shared<Hold>(shared_from_this(), lane));
  const auto began = runtime_->clock().now();
  {
    const detail::CurrentLane here(holder);
    runtime_->guard([&] { event.tell(); });
  }
  took_(event.name, lane->guild_id, runtime_->clock().now() - began - holder.left_out());
}

}  // namespace lavapp::lavalink
