// TerminalSession: while it lives, the loop keeps the screen up to date, and the terminal shows no keys: what it shows
// of them, "^C" even, would break the lines that are redrawn.
#pragma once

#include <functional>
#include <optional>

#include "key_mode.hpp"
#include "loop.hpp"
#include "screen.hpp"

namespace console {

class TerminalSession {
 public:
  /// \param refresh  shows what is to be seen now; called ten times a second, and when the terminal has changed
  TerminalSession(Loop& loop, Screen& screen, std::function<void()> refresh);
  TerminalSession(const TerminalSession&) = delete;
  TerminalSession& operator=(const TerminalSession&) = delete;
  ~TerminalSession() { stop_refreshing(); }

  /// What is redrawn goes away, and nothing takes its place.
  void stop_refreshing();

 private:
  Loop& loop_;
  Screen& screen_;
  std::optional<KeyMode> keys_;
};

}  // namespace console
