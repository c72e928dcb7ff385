// Demo: everything once, on a sandbox node, each step checked by what the node tells and by what it answers.
#pragma once

#include <lavapp/sandbox/node.hpp>

#include "client.hpp"
#include "demo_steps.hpp"
#include "screen.hpp"

namespace console {

/// Runs the demo on a client that is not connected yet, and shows a summary.
/// \param fast  without the pauses for the eye
DemoEnd run_demo(Loop& loop, Screen& screen, EventLog& log, Client& client, lavapp::sandbox::Node& sandbox, bool fast);

}  // namespace console
