#include "key_mode.hpp"

#include <unistd.h>

namespace console {

void KeyMode::enter() {
  termios mode{};
  if (before_ || ::tcgetattr(STDIN_FILENO, &mode) != 0) return;
  before_ = mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  mode.c_iflag &= ~static_cast<tcflag_t>(IXON);
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
}

void KeyMode::leave() {
  if (!before_) return;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);  // what nobody read here is not meant for the shell
  before_.reset();
}

}  // namespace console
