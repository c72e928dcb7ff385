// SendLimit: 120 sends in any 60 seconds, some of them kept for heartbeats; of presences 5 in 20 seconds. Pure.
// https://discord.com/developers/docs/topics/gateway#rate-limiting
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "lavapp/core/clock.hpp"

namespace lavapp::discord {

/// Of one connection: a new one begins anew.
class SendLimit {
 public:
  using TimePoint = Clock::time_point;
  static constexpr std::size_t kSends = 120;
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr std::size_t kPresences = 5;
  static constexpr std::chrono::seconds kPresenceWindow{20};

  /// \param heartbeat_interval  as HELLO told; so many are kept free as may fall into a window, and two for op 1
  explicit SendLimit(std::chrono::milliseconds heartbeat_interval) {
    const auto beats = heartbeat_interval.count() > 0 ? std::chrono::milliseconds(kWindow) / heartbeat_interval + 1 : 1;
    reserved_ = static_cast<std::size_t>(beats) + 2;
    if (reserved_ > kSends / 2) reserved_ = kSends / 2;
  }

  /// How long a command must wait; 0: it may go now.
  Clock::duration wait(TimePoint now) {
    forget(now);
    const auto allowed = kSends - reserved_;
    if (sent_.size() < allowed) return Clock::duration::zero();
    return sent_[sent_.size() - allowed] + kWindow - now;
  }
  /// The same for a heartbeat, which may use all.
  Clock::duration wait_for_heartbeat(TimePoint now) {
    forget(now);
    return sent_.size() < kSends ? Clock::duration::zero() : sent_.front() + kWindow - now;
  }
  /// The same for a presence (op 3), which has a limit of its own besides.
  Clock::duration wait_for_presence(TimePoint now) {
    const auto command = wait(now);
    if (presences_.size() < kPresences) return command;
    return std::max(command, presences_.front() + kPresenceWindow - now);
  }
  void sent(TimePoint now) { sent_.push_back(now); }
  void presence_sent(TimePoint now) { presences_.push_back(now); }

 private:
  void forget(TimePoint now) {
    forget(sent_, now - kWindow);
    forget(presences_, now - kPresenceWindow);
  }
  static void forget(std::vector<TimePoint>& all, TimePoint until) {
    all.erase(all.begin(), std::find_if(all.begin(), all.end(), [&](TimePoint each) { return each > until; }));
  }

  std::size_t reserved_ = 3;
  std::vector<TimePoint> sent_;       ///< Of the last 60 seconds, oldest first.
  std::vector<TimePoint> presences_;  ///< Of the last 20 seconds.
};

}  // namespace lavapp::discord
