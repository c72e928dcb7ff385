// The load server: one WebSocket connection on 127.0.0.1, one load, then it ends.
#pragma once

#include "load.hpp"

namespace bench {

/// Prints its port on standard output, serves one connection, returns the exit status. It runs in a process of its own,
/// so that its CPU time counts for nobody.
int serve(const Load& load);

}  // namespace bench
