// LaneQueue: what waits for the listeners of one guild, and what gives way when too much does.
//
// Pure: no thread and no lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "lavapp/core/move_function.hpp"

namespace lavapp::lavalink {

/// An event with all that its listeners need.
struct LaneEvent {
  std::string_view name;          // "Node::track_end"
  bool is_player_update = false;  // a newer one makes it needless
  std::uint64_t session = 0;      // that it is of; 0: of none, as a Queue's and a Voice's, and never too late
  MoveFunction<void()> tell = {};
};

class LaneQueue {
 public:
  /// \param limit  events that may wait, 1 or more
  explicit LaneQueue(std::size_t limit) : limit_(limit) {}

  struct GaveWay {
    std::vector<LaneEvent> coalesced = {};   // playerUpdates, but for the newest
    std::optional<LaneEvent> dropped = {};   // the oldest event
    bool first = false;                      // `dropped` is the first since the queue was empty
  };
  GaveWay push(LaneEvent event);
  /// The next event; none if nothing waits.
  std::optional<LaneEvent> pop();
  std::size_t size() const noexcept { return events_.size(); }

 private:
  void coalesce(GaveWay& out);

  const std::size_t limit_;
  std::deque<LaneEvent> events_;
  std::size_t player_updates_ = 0;  // of them
  bool overflowing_ = false;
};

}  // namespace lavapp::lavalink
