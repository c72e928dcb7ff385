// CurrentLane: which lane calls listeners on this thread.
#pragma once

#include <memory>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/event_emitter.hpp"

namespace lavapp::detail {

/// Of the event whose listeners are being called.
class LaneHolder {
 public:
  /// What hold_lane() hands out.
  virtual std::shared_ptr<LaneHold> hold() = 0;
  /// So much of the time that they take is not theirs.
  virtual void leave_out(Clock::duration took) noexcept = 0;

 protected:
  ~LaneHolder() = default;
};

/// Of this thread; nullptr if it is in no lane.
LaneHolder* current_lane() noexcept;

/// While it lives, `holder` is the current one.
class CurrentLane {
 public:
  explicit CurrentLane(LaneHolder& holder) noexcept;
  CurrentLane(const CurrentLane&) = delete;
  CurrentLane& operator=(const CurrentLane&) = delete;
  ~CurrentLane();

 private:
  LaneHolder* const before_;
};

}  // namespace lavapp::detail
