// The clients that are measured. Each connects to the load server, takes the whole load and reports.
#pragma once

#include <cstdint>

#include "load.hpp"

namespace bench {

/// Idle: so many connections are open before memory is looked at, and so long is waited.
inline constexpr std::uint64_t kIdleWarmUp = 10;
inline constexpr int kIdleSeconds = 3;

/// Boost.Beast as in its own asynchronous client example: the baseline of every ratio. On the lavalink and players loads it
/// decodes nothing.
int run_beast(const Load& load, std::uint16_t port);

/// lavapp::WebSocket; on the lavalink and players loads, lavapp::Node with a listener for each kind of message.
int run_lavapp(const Load& load, std::uint16_t port);

}  // namespace bench
