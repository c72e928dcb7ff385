// Decoding of REST answers: a body in, the docs' object out. https://lavalink.dev/api/rest
//
// Errors: `bad_response`, whose message names the field ("volume must be an integer, is a string"). Unknown fields are
// passed over; the value's raw member, where it has one, keeps them.
#pragma once

#include <string>
#include <vector>

#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/routeplanner.hpp"
#include "lavapp/lavalink/stats.hpp"

namespace lavapp::lavalink {

Result<Info> decode_info(std::string body);
Result<Stats> decode_stats(std::string body);
Result<LoadResult> decode_load_result(std::string body);
Result<Track> decode_track(std::string body);
Result<std::vector<Track>> decode_tracks(std::string body);
Result<SessionState> decode_session(std::string body);
Result<PlayerSnapshot> decode_player(std::string body);
Result<std::vector<PlayerSnapshot>> decode_players(std::string body);
/// An empty body (status 204) is a node without a routeplanner.
Result<RouteplannerStatus> decode_routeplanner_status(std::string body);

/// The Error of an answer outside 2xx: `http_status` with the node's own message, and its trace if it sent one. A body
/// that is no JSON, or none at all, is fine. The caller adds route and retry_after.
Error decode_error(int status, std::string body);

}  // namespace lavapp::lavalink
