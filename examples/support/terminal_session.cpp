#include "terminal_session.hpp"

namespace console {

TerminalSession::TerminalSession(Loop& loop, Screen& screen, std::function<void()> refresh)
    : loop_(loop), screen_(screen) {
  if (screen.redraws()) keys_.emplace();
  loop.on_tick = refresh;
  loop.on_resize = [this, refresh] { screen_.redraw(), refresh(); };
  loop.before_suspend = [this] {
    screen_.clear_live();
    if (keys_) keys_->leave();
  };
  loop.after_suspend = [this, refresh] {
    if (keys_) keys_->enter();
    refresh();
  };
}

void TerminalSession::stop_refreshing() {
  loop_.on_tick = nullptr;
  loop_.on_resize = nullptr;
  loop_.before_suspend = [] {};
  loop_.after_suspend = [] {};
  screen_.clear_live();
}

}  // namespace console
