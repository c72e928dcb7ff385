// is_held_up: whether a request was kept back because of others, and may go out the next time.
#pragma once

#include "lavapp/core/error.hpp"

namespace lavapp::lavalink {

/// It says nothing of what it was for: a track, a voice connection. `retry_after` tells when the next one may go, if known.
inline bool is_held_up(const Error& error) {
  return error == Errc::circuit_open || error == Errc::queue_full || error.http_status == 429;
}

}  // namespace lavapp::lavalink
