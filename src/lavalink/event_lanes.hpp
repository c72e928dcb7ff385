// EventLanes: one lane for each guild whose events, the node's and those of its Queues and Voices, wait for their
// listeners. Those of one lane run one after the other, on whatever threads the runtime has; lanes do not wait for each
// other.
//
// A lane is there while something waits or runs in it. It outlives the node while a listener runs.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "core/strand.hpp"
#include "lavalink/dropped_counts.hpp"
#include "lavalink/lane_queue.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

class EventLanes : public std::enable_shared_from_this<EventLanes> {
 public:
  /// Called in a lane, after a listener has returned: how long it took.
  using Took = MoveFunction<void(std::string_view event, Snowflake guild_id, Clock::duration took)>;

  /// \param limit  events that may wait in each lane
  EventLanes(std::shared_ptr<detail::RuntimeImpl> runtime, std::size_t limit, std::shared_ptr<DroppedCounts> counts,
             Took took);

  /// Any thread. `event` runs later, never inside this call. What it drove out has been counted.
  /// \return the name of an event that was dropped, if it is time to warn of that; else empty
  std::string_view push(Snowflake guild_id, LaneEvent event);
  /// Of events that are put in from now on.
  std::uint64_t session() const noexcept { return session_.load(std::memory_order_acquire); }
  /// What waits of the session is too late from now on: it is dropped when its turn comes.
  void session_over() noexcept { session_.fetch_add(1, std::memory_order_acq_rel); }
  std::size_t lanes() const;

 private:
  struct Lane;
  class Hold;

  void run_next(const std::shared_ptr<Lane>& lane);
  void run(LaneEvent& event, const std::shared_ptr<Lane>& lane);
  bool too_late(const LaneEvent& event) const noexcept { return event.session != 0 && event.session != session(); }

  const std::shared_ptr<detail::RuntimeImpl> runtime_;
  const std::size_t limit_;
  const std::shared_ptr<DroppedCounts> counts_;
  Took took_;  // safe on several threads at a time
  std::atomic<std::uint64_t> session_{1};

  mutable std::mutex mutex_;  // guards what follows, and the queues of the lanes
  std::unordered_map<std::uint64_t, std::shared_ptr<Lane>> lanes_;  // by guild
};

}  // namespace lavapp::lavalink
