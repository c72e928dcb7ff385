// View: keeps what plays in sight: redrawn below everything else on a terminal, in lines now and then in a pipe.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "line_editor.hpp"
#include "now_playing.hpp"
#include "screen.hpp"

namespace console {

class View {
 public:
  View(Screen& screen, std::function<NowPlaying()> now) : screen_(screen), now_(std::move(now)) {}

  /// In a pipe: how long a track plays before the next line tells so, and what such a line begins with.
  void in_pipe(std::chrono::milliseconds every, std::string indent) {
    every_ = every;
    indent_ = std::move(indent);
  }
  /// The line that is being typed, to show with a prompt; nullptr: none.
  void edit(const LineEditor* editor) { editor_ = editor; }
  void refresh();

 private:
  void refresh_plain(const NowPlaying& now);

  Screen& screen_;
  std::function<NowPlaying()> now_;
  const LineEditor* editor_ = nullptr;
  std::chrono::milliseconds every_{5'000};
  std::string indent_;
  std::optional<NowPlaying> told_;
  std::chrono::steady_clock::time_point told_at_;
};

}  // namespace console
