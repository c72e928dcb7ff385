// DroppedCounts: how much was dropped, and why. Written and read on any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink {

struct DroppedCounts {
  using Count = std::atomic<std::uint64_t>;
  Count old_session{0}, old_replies{0}, old_voice{0}, coalesced{0}, overflow{0};

  static void add(Count& count, std::uint64_t more = 1) noexcept { count.fetch_add(more, std::memory_order_relaxed); }
  DroppedEvents read() const noexcept {
    const auto get = [](const Count& count) { return count.load(std::memory_order_relaxed); };
    return {get(old_session), get(old_replies), get(old_voice), get(coalesced), get(overflow)};
  }
};

}  // namespace lavapp::lavalink
