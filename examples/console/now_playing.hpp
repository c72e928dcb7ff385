// NowPlaying: what plays, as lines of text: two lines that are redrawn on a terminal, or one plain line.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"

namespace console {

enum class PlayStatus { nothing, playing, paused, stuck, reconnecting };
std::string_view to_string(PlayStatus status);

struct NowPlaying {
  PlayStatus status = PlayStatus::nothing;
  std::string title = {};
  std::string author = {};
  std::chrono::milliseconds position{0};
  std::chrono::milliseconds length{0};
  /// No position, no length.
  bool is_stream = false;
  int volume = 100;
  /// Name of the filter; empty: none.
  std::string filter = {};
  /// The heartbeat's last round trip; 0: none yet.
  std::chrono::nanoseconds latency{0};
};

/// A bar of `width` columns, filled up to `fraction` (0 to 1).
std::string bar(double fraction, std::size_t width, const Look& look);

/// Title and state, then position, bar and length; neither is wider than `columns` - 1, so that no terminal wraps it.
/// What does not fit is left out, the least important first. Nothing if nothing plays.
std::vector<std::string> render(const NowPlaying& now, std::size_t columns, const Look& look);

/// All of it in one line, as wide as it needs to be.
std::string plain_line(const NowPlaying& now, const Look& look);

}  // namespace console
