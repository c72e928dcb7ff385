// MessageBatch: the messages that came with one read, and how long their listeners took. Pure: the time is an argument.
//
// A clock may cost as much as a message. So it is asked between the first messages of a read, and then at every eighth.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::lavalink {

class MessageBatch {
 public:
  using TimePoint = Clock::time_point;
  static constexpr std::size_t kEach = 8;

  /// Listeners that blocked for too long: those of one event, or of several up to this one.
  struct Slow {
    std::string_view event = {};
    Snowflake guild_id = {};
    std::size_t events = 1;
    Clock::duration took = {};
  };

  bool open() const noexcept { return open_; }
  void begin(TimePoint received) noexcept {
    open_ = true;
    received_ = checked_ = received;
    messages_ = told_ = 0;
  }
  void end() noexcept { open_ = false; }
  TimePoint received() const noexcept { return received_; }

  /// A message is about to be told. \return whether to ask the clock, and then check()
  bool next() noexcept {
    ++messages_;
    return told_ > 0 && (messages_ <= kEach || messages_ % kEach == 0);
  }
  /// The listeners of an event have been called. \param event  it lasts for ever
  void told(std::string_view event, Snowflake guild_id) noexcept {
    last_ = event;
    guild_id_ = guild_id;
    ++told_;
  }
  bool has_told() const noexcept { return told_ > 0; }
  /// So much of the time since the last look is not theirs.
  void leave_out(Clock::duration took) noexcept { checked_ += took; }
  /// \param limit  0: nothing is too slow
  std::optional<Slow> check(TimePoint now, Clock::duration limit) noexcept {
    const auto took = now - std::exchange(checked_, now);
    const auto events = std::exchange(told_, 0);
    if (events == 0 || limit.count() == 0 || took <= limit) return {};
    return Slow{last_, guild_id_, events, took};
  }

 private:
  bool open_ = false;
  TimePoint received_ = {};
  TimePoint checked_ = {};  // up to here it has been looked at
  std::size_t messages_ = 0;
  std::size_t told_ = 0;  // since then
  std::string_view last_ = {};
  Snowflake guild_id_ = {};
};

}  // namespace lavapp::lavalink
