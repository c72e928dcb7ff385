// Prompt: reads commands from the terminal, or from a pipe, one a line, while everything else goes on.
#pragma once

#include "actions.hpp"
#include "view.hpp"

namespace console {

/// Reads and does commands until `quit`, the end of input, or an interruption.
/// \returns whether every command succeeded; at a terminal that is left to the user, and always true
bool run_prompt(Loop& loop, Screen& screen, View& view, Actions& actions);

}  // namespace console
