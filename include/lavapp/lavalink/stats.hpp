// Stats: how a node is doing. https://lavalink.dev/api/websocket#stats-op
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "lavapp/core/optional.hpp"

namespace lavapp::lavalink {

struct MemoryStats {
  std::int64_t free = 0, used = 0, allocated = 0, reservable = 0;  ///< bytes
};
struct CpuStats {
  int cores = 0;
  double system_load = 0.0;    ///< 0 to 1; NodeLink's is the number of tasks that run or wait, so 0 to many
  double lavalink_load = 0.0;  ///< 0 to 1
};
/// Audio frames of the last minute, averaged over the players.
struct FrameStats {
  std::int64_t sent = 0, nulled = 0;
  std::int64_t deficit = 0;  ///< expected (3,000 a minute) less sent; negative: too many
};
struct Stats {
  std::int64_t players = 0;
  std::int64_t playing_players = 0;
  std::chrono::milliseconds uptime{0};
  MemoryStats memory = {};
  CpuStats cpu = {};
  /// Absent until about two minutes of playing, and always in the answer of `GET /v4/stats`.
  Optional<FrameStats> frame_stats = {};
};

}  // namespace lavapp::lavalink
