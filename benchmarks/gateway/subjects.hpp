// The clients of a gateway that are measured.
#pragma once

#include <cstdint>

#include "../load.hpp"

namespace bench {

inline constexpr int kShardSeconds = 1;  ///< So long shards are at rest; their CPU time is not looked at.

/// The least that a client does by itself: Boost.Beast, zlib or zstd, simdjson for `op`, `s` and `t`, and for where `d` ends
/// with gateway_data. No heartbeats, no resuming, no time limits.
int run_gateway_beast(const Load& load, std::uint16_t port);

/// lavapp::discord::Gateway with a listener for every event, which asks for data() with gateway_data,
/// and for each typed event with gateway_typed.
int run_gateway_lavapp(const Load& load, std::uint16_t port);

}  // namespace bench
