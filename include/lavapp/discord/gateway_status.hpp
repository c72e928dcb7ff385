// GatewayStatus: where a shard is, and what it tells when that changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/error.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/snowflake.hpp"

namespace lavapp::discord {

enum class GatewayStatus {
  idle = 0,                ///< connect() has not been called
  ready = 1,               ///< the session works, and the guilds are here, or have been waited for
  connecting = 2,          ///< the first attempt, up to HELLO
  reconnecting = 3,        ///< lost or failed: waiting for the next attempt, or in it, up to HELLO
  disconnected = 4,        ///< closed, or given up for good; connect() begins anew
  waiting_for_guilds = 5,  ///< READY came, and some of the guilds that it names have not
  resuming = 6,            ///< up to RESUMED
  identifying = 7,         ///< up to READY
};
std::string_view to_string(GatewayStatus status) noexcept;

struct GatewayStatusChange {
  GatewayStatus from = GatewayStatus::idle;
  GatewayStatus to = GatewayStatus::idle;
  /// In words, for people.
  std::string reason = {};
  /// What caused it, if something went wrong.
  Optional<Error> error = {};
};

/// Told before each further attempt to connect.
struct GatewayReconnecting {
  std::uint32_t attempt = 1;  ///< since the last connection that was stable
  std::chrono::milliseconds delay{0};
  bool resuming = false;  ///< the session is to be taken up; else there will be a new one
  Error reason = {};
};

/// Every guild that READY named has come, or was waited for long enough.
struct GuildsReady {
  std::vector<Snowflake> missing = {};  ///< those that have not come
};

}  // namespace lavapp::discord
