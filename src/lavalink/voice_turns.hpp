// VoiceTurns: whose voice update is told to the node next. A new session of the node has all guilds told at once, and each
// request that waits for its answer takes a connection of its own. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>

#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

class VoiceTurns {
 public:
  /// So many updates may be without an answer.
  static constexpr std::size_t kAtOnce = 16;

  /// In the order of the calls; one that waits already keeps its place.
  void wait(Snowflake guild_id) {
    if (std::find(waiting_.begin(), waiting_.end(), guild_id) == waiting_.end()) waiting_.push_back(guild_id);
  }
  /// Whose turn it is, if it is anybody's: until end().
  std::optional<Snowflake> next() {
    if (waiting_.empty() || under_way_ == kAtOnce) return {};
    const auto guild_id = waiting_.front();
    waiting_.pop_front();
    ++under_way_;
    return guild_id;
  }
  void end() { --under_way_; }

 private:
  std::deque<Snowflake> waiting_;
  std::size_t under_way_ = 0;
};

}  // namespace lavapp::lavalink
