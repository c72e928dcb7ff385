// What the error of a failed request says of the next try.
#pragma once

#include <algorithm>

#include "lavapp/core/error.hpp"

namespace lavapp::lavalink {

/// It was kept back because of others, and says nothing of what it was for: a track, a voice connection. `retry_after` tells
/// when the next one may go, if known.
inline bool is_held_up(const Error& error) {
  return error == Errc::circuit_open || error == Errc::queue_full || error.http_status == 429;
}

/// Nothing was sent: no connection could be made.
inline bool is_unreached(const Error& error) {
  constexpr Errc all[] = {Errc::resolve_failed, Errc::resolve_timeout, Errc::connect_failed, Errc::connect_timeout,
                          Errc::proxy_timeout, Errc::tls_failed, Errc::tls_timeout};
  if (error == Errc::proxy_refused) return !is_fatal(error);
  return std::any_of(std::begin(all), std::end(all), [&](Errc each) { return error == each; });
}

/// The same may work another time, and it is not known to have worked. A node whose session is away is told when it is back.
inline bool may_be_told_again(const Error& error) {
  const auto status = error.http_status;
  return is_held_up(error) || is_unreached(error) || error == Errc::request_timeout || error == Errc::connection_lost ||
         status == 502 || status == 503 || status == 504;
}

}  // namespace lavapp::lavalink
