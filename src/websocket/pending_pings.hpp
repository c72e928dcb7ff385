// PendingPings: Pings on their way, matched to their Pongs by payload. Pure: the time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/result.hpp"

namespace lavapp::websocket {

class PendingPings {
 public:
  using time_point = Clock::time_point;
  using Done = MoveFunction<void(Result<std::chrono::nanoseconds>)>;
  struct Ping {
    std::uint64_t id;
    std::string payload;
    time_point sent;
    Done done;
  };

  /// A payload that no other Ping of ours has.
  std::string own_payload() { return "lavapp " + std::to_string(++last_payload_); }

  std::uint64_t add(std::string payload, time_point now, Done done = {}) {
    if (pings_.size() >= kMost && !pings_.front().done) pings_.pop_front();  // heartbeats that nobody waits for
    pings_.push_back({++last_id_, std::move(payload), now, std::move(done)});
    return last_id_;
  }

  /// The oldest Ping with this payload; nothing for an unsolicited Pong (RFC 6455 5.5.3). Others stay: a Pong answers
  /// its own Ping only.
  std::optional<Ping> match(std::string_view payload) {
    for (auto it = pings_.begin(); it != pings_.end(); ++it) {
      if (it->payload != payload) continue;
      std::optional<Ping> found(std::move(*it));
      pings_.erase(it);
      return found;
    }
    return {};
  }

  void remove(std::uint64_t id) {
    for (auto it = pings_.begin(); it != pings_.end(); ++it) {
      if (it->id == id) return static_cast<void>(pings_.erase(it));
    }
  }

  /// Forgets all; returns who waits.
  std::vector<Done> drain() {
    std::vector<Done> waiting;
    for (auto& ping : pings_) {
      if (ping.done) waiting.push_back(std::move(ping.done));
    }
    pings_.clear();
    return waiting;
  }

 private:
  static constexpr std::size_t kMost = 64;
  std::list<Ping> pings_;  ///< None at most times: an empty deque would hold half a KiB.
  std::uint64_t last_id_ = 0;
  std::uint64_t last_payload_ = 0;
};

}  // namespace lavapp::websocket
