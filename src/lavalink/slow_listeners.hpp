// SlowListeners: whether a listener that has blocked for too long is to be named now.
//
// Pure: no clock and no thread.
#pragma once

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

class SlowListeners {
 public:
  using TimePoint = Clock::time_point;
  /// An event of a guild is not named twice within this time.
  static constexpr std::chrono::minutes kPause{1};
  /// So many are remembered; when there are more, nothing else is named until the oldest of them are a minute old.
  static constexpr std::size_t kMost = 1'000;

  /// \param event  "Node::track_end"; it lasts for ever
  bool name_now(std::string_view event, Snowflake guild_id, TimePoint now) {
    const auto found = named_.find({guild_id, event});
    if (found != named_.end() && now < found->second + kPause) return false;
    if (found == named_.end() && named_.size() >= kMost) {
      for (auto it = named_.begin(); it != named_.end();) it = now < it->second + kPause ? std::next(it) : named_.erase(it);
      if (named_.size() >= kMost) return false;
    }
    named_[{guild_id, event}] = now;
    return true;
  }

 private:
  std::map<std::pair<Snowflake, std::string_view>, TimePoint> named_;
};

}  // namespace lavapp::lavalink
