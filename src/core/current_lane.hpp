// CurrentLane: which lane calls listeners on this thread.
#pragma once

#include <memory>

#include "lavapp/core/event_emitter.hpp"

namespace lavapp::detail {

/// Gives the holds that hold_lane() hands out.
class LaneHolder {
 public:
  virtual std::shared_ptr<LaneHold> hold() = 0;

 protected:
  ~LaneHolder() = default;
};

/// While it lives, hold_lane() on this thread asks `holder`.
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
