// Traffic: what went over a WebSocket's connections, counted on its strand and read from any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace lavapp::websocket {

/// A count with one writer: adding is a plain addition, no locked instruction.
class Count {
 public:
  void add(std::uint64_t more) noexcept { value_.store(value() + more, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// The fields of Counters that a connection adds to.
struct Traffic {
  Count messages_sent, messages_received;
  Count bytes_sent, bytes_received;
  Count pings_sent, pings_received, pongs_received;
};

}  // namespace lavapp::websocket
