// Watch: a shard on Discord, shown until the user ends it.
#pragma once

#include "client.hpp"
#include "options.hpp"
#include "screen.hpp"
#include "terminal_session.hpp"

namespace console::gateway {

/// How it ended.
enum class Watched {
  to_the_end,   ///< as long as was wanted, in a session
  failed,       ///< told on standard error
  interrupted,  ///< before there was a session
};

/// Connects, shows what comes, leaves, and shows a summary.
Watched watch(Loop& loop, Screen& screen, TerminalSession& terminal, EventLog& log, Client& client,
              const Options& options);

}  // namespace console::gateway
