// KeyMode: while it lives, the terminal hands over every key at once and shows none itself. Ctrl-C stays a signal.
#pragma once

#include <termios.h>

#include <optional>

namespace console {

class KeyMode {
 public:
  /// Does nothing if standard input is no terminal.
  KeyMode() { enter(); }
  KeyMode(const KeyMode&) = delete;
  KeyMode& operator=(const KeyMode&) = delete;
  ~KeyMode() { leave(); }
  void enter();
  void leave();

 private:
  std::optional<termios> before_;
};

}  // namespace console
