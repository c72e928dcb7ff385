// LineEditor: turns key presses into lines, as at any prompt: arrows, Home, End, Backspace, history.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace console {

/// Pure: bytes from a terminal in, lines out; it draws nothing.
class LineEditor {
 public:
  /// Takes what was typed; returns the lines that it completed.
  std::vector<std::string> feed(std::string_view bytes);

  /// The line so far, and the cursor as an offset in bytes.
  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }
  /// Ctrl-D on an empty line.
  bool ended() const { return ended_; }

 private:
  void control(char key);
  void escape(std::string_view sequence);
  void insert(char byte);
  void left();
  void right();
  void erase_back();
  void recall(std::size_t index);

  std::string text_;
  std::size_t cursor_ = 0;
  std::string pending_;  // an escape sequence that is not complete
  std::vector<std::string> history_;
  std::size_t at_ = 0;    // in history_; its size: the new line
  std::string new_line_;  // what was typed before going back in history
  bool ended_ = false;
};

}  // namespace console
