// Screen: where everything is shown: lines that stay, and below them, on a terminal, lines that are redrawn in place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"

namespace console {

class Screen {
 public:
  /// Looks at standard output, at TERM, NO_COLOR and the locale. \param plain  as if it were a pipe
  explicit Screen(bool plain);
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  /// Leaves the terminal as it was: the live lines gone, the cursor visible.
  ~Screen() { clear_live(); }

  const Look& look() const { return look_; }
  /// Standard output is a terminal that can redraw lines.
  bool redraws() const { return redraws_; }
  /// Its width; 0 if it is none, and lines may be as long as they like.
  std::size_t columns() const;

  /// A line that stays.
  void line(std::string_view text = {});
  /// "error: ..." on standard error.
  void error(std::string_view text);

  /// What stands below everything else from now on. Only on a terminal; none of them may be wider than it.
  /// \param cursor  column of the cursor in the last line; unset: no cursor
  void live(std::vector<std::string> lines, std::optional<std::size_t> cursor = {});
  void clear_live() { live({}); }
  /// After something else has written to the terminal, or its size has changed.
  void redraw();

 private:
  std::string erasing() const;
  std::string drawing() const;

  Look look_;
  bool redraws_ = false;
  std::vector<std::string> live_;
  std::optional<std::size_t> cursor_;
};

}  // namespace console
