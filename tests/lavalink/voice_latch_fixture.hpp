// VoiceLatchTest: a latch, and short ways to tell it what Discord and the node say.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lavalink/voice_latch.hpp"

namespace lavapp::lavalink {

using namespace std::chrono_literals;

inline constexpr Snowflake kA = 1, kB = 2;

template <class A>
const A* find(const VoiceActions& actions) {
  for (const auto& each : actions) {
    if (const auto* found = std::get_if<A>(&each)) return found;
  }
  return nullptr;
}

template <class A>
std::ptrdiff_t count(const VoiceActions& actions) {
  return std::count_if(actions.begin(), actions.end(),
                       [](const auto& each) { return std::holds_alternative<A>(each); });
}

inline PlayerState player(bool connected) {
  PlayerState state;
  state.connected = connected;
  return state;
}

class VoiceLatchTest : public testing::Test {
 protected:
  void make(VoiceOptions options = {}) { latch.emplace(options, true); }
  VoiceActions join(Snowflake channel) { return latch->join(++joins, {channel, false, true}); }
  VoiceActions state(Snowflake channel, std::string session = "s1") {
    return latch->voice_state({channel, std::move(session), false, true}, now);
  }
  VoiceActions state_gone() { return latch->voice_state({{}, "s1", false, true}, now); }
  VoiceActions server(std::string token = "t1", Optional<std::string> endpoint = std::string("e1")) {
    return latch->voice_server(std::move(token), std::move(endpoint), now);
  }
  VoiceActions told(bool connected) { return latch->player_update(player(connected), now); }
  VoiceActions closed(int code, bool by_remote = true) { return latch->voice_closed(code, "why", by_remote, now); }
  /// Moves the time to the next thing that is due, and does it.
  VoiceActions wait(Clock::duration by) {
    now += by;
    return latch->timer(now);
  }
  /// In channel A, connected.
  void connected(VoiceOptions options = {}) {
    make(options);
    join(kA);
    state(kA);
    answer(server());
    const auto out = told(true);
    ASSERT_TRUE(find<voice_action::CompleteJoin>(out));
    ASSERT_TRUE(latch->connected());
  }
  /// The node answers the update that is in `actions`.
  VoiceActions answer(const VoiceActions& actions, Result<PlayerState> result = player(true)) {
    const auto* update = find<voice_action::UpdateNode>(actions);
    EXPECT_TRUE(update != nullptr);
    return update ? latch->update_answered(update->update, std::move(result), now) : VoiceActions();
  }
  /// The number of the question that `actions` put to the node.
  static std::uint64_t question(const VoiceActions& actions) {
    const auto* fetch = find<voice_action::FetchPlayer>(actions);
    EXPECT_TRUE(fetch != nullptr);
    return fetch ? fetch->update : 0;
  }
  /// Whether `actions` ask for a new voice session, by op 4 alone or by leaving first.
  static bool renews(const VoiceActions& actions, bool leaving_first) {
    std::vector<Optional<Snowflake>> asked;
    for (const auto& each : actions) {
      if (const auto* op4 = std::get_if<voice_action::AskDiscord>(&each)) asked.push_back(op4->channel_id);
    }
    if (!leaving_first) return asked == std::vector<Optional<Snowflake>>{kA};
    return asked == std::vector<Optional<Snowflake>>{{}, kA};
  }

  std::optional<VoiceLatch> latch;
  std::uint64_t joins = 0;
  Clock::time_point now{1h};
};

}  // namespace lavapp::lavalink
