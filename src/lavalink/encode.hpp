// Encoding of REST requests: the caller's values in, a body out. https://lavalink.dev/api/rest
//
// Errors: `invalid_argument`, whose message names the field: a value out of range, text that is no UTF-8, JsonText that
// is no JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/player_types.hpp"

namespace lavapp::lavalink {

/// Validates, then encodes: what is absent stays away, null is null.
Result<std::string> encode_player_update(const PlayerUpdateRequest& update);
Result<std::string> encode_session_update(const SessionUpdate& update);
/// The body of `POST /v4/decodetracks`.
Result<std::string> encode_decode_tracks(const std::vector<std::string>& encoded);
/// The body of `POST /v4/routeplanner/free/address`.
Result<std::string> encode_free_address(std::string_view address);

/// For one value in a query or one segment of a path: all but the unreserved characters of RFC 3986 2.3 as %XX.
std::string percent_encode(std::string_view text);

}  // namespace lavapp::lavalink
