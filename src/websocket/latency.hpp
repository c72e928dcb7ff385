// LatencyMeter: round trips, as they are told to the user.
#pragma once

#include "lavapp/websocket.hpp"

namespace lavapp::websocket {

class LatencyMeter {
 public:
  static constexpr std::size_t kRecent = 128;

  void add(std::chrono::nanoseconds round_trip) {
    auto& all = latency_;
    const bool first = all.recent.empty();
    all.last = round_trip;
    // RFC 6298 2.2 and 2.3: the first one stands for itself, each further one counts an eighth.
    all.smoothed = first ? round_trip : all.smoothed + (round_trip - all.smoothed) / 8;
    all.minimum = first || round_trip < all.minimum ? round_trip : all.minimum;
    if (all.recent.size() == kRecent) all.recent.erase(all.recent.begin());
    all.recent.push_back(round_trip);
  }

  const Latency& value() const noexcept { return latency_; }

 private:
  Latency latency_;
};

}  // namespace lavapp::websocket
