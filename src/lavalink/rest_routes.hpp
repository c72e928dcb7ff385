// RestRoutes: Lavalink's REST routes as HTTP requests, and what their answers mean. Pure: no socket.
// https://lavalink.dev/api/rest
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lavalink/rest_policy.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/node.hpp"
#include "net/http_message.hpp"

namespace lavapp::lavalink {

/// A request, and what is known of its route.
struct RestRequest {
  net::HttpRequest http = {};
  /// Its name in errors: method and path, without the query.
  std::string route = {};
  /// Its name in Lavalink's docs, with "{sessionId}" for ids.
  std::string pattern = {};
  Repeat repeat = Repeat::never;
  RestPurpose purpose = RestPurpose::ordinary;
  /// The session that it belongs to, as the node gave it; empty: none.
  std::string session_id = {};
};

/// The routes as Lavalink's docs write them. Metrics are kept by these names.
namespace route {
inline constexpr std::string_view version = "GET /version";
inline constexpr std::string_view info = "GET /v4/info";
inline constexpr std::string_view stats = "GET /v4/stats";
inline constexpr std::string_view load_tracks = "GET /v4/loadtracks";
inline constexpr std::string_view decode_track = "GET /v4/decodetrack";
inline constexpr std::string_view decode_tracks = "POST /v4/decodetracks";
inline constexpr std::string_view update_session = "PATCH /v4/sessions/{sessionId}";
inline constexpr std::string_view players = "GET /v4/sessions/{sessionId}/players";
inline constexpr std::string_view player = "GET /v4/sessions/{sessionId}/players/{guildId}";
inline constexpr std::string_view update_player = "PATCH /v4/sessions/{sessionId}/players/{guildId}";
inline constexpr std::string_view destroy_player = "DELETE /v4/sessions/{sessionId}/players/{guildId}";
inline constexpr std::string_view routeplanner_status = "GET /v4/routeplanner/status";
inline constexpr std::string_view free_address = "POST /v4/routeplanner/free/address";
inline constexpr std::string_view free_all_addresses = "POST /v4/routeplanner/free/all";
}  // namespace route

/// Whatever fails here tells its route.
class RestRoutes {
 public:
  explicit RestRoutes(const NodeOptions& options);

  /// What an error tells of a request that was never made: the route's name, with the node's path prefix.
  std::string name_of(std::string_view pattern) const;

  RestRequest version() const;
  RestRequest info() const;
  RestRequest stats() const;
  /// Errors: `invalid_argument` if the identifier makes the head longer than a node takes.
  Result<RestRequest> load_tracks(std::string_view identifier) const;
  /// Whether `GET /v4/decodetrack` can carry this track.
  bool fits_a_head(std::string_view encoded) const;
  RestRequest decode_track(std::string_view encoded) const;
  Result<RestRequest> decode_tracks(const std::vector<std::string>& encoded) const;
  Result<RestRequest> update_session(std::string_view session_id, const SessionUpdate& update) const;
  RestRequest players(std::string_view session_id) const;
  RestRequest player(std::string_view session_id, Snowflake guild_id) const;
  Result<RestRequest> update_player(std::string_view session_id, Snowflake guild_id, const PlayerUpdateRequest& update,
                                    Replace replace) const;
  RestRequest destroy_player(std::string_view session_id, Snowflake guild_id) const;
  RestRequest routeplanner_status() const;
  Result<RestRequest> free_routeplanner_address(std::string_view address) const;
  RestRequest free_all_routeplanner_addresses() const;
  /// Any route. Errors: `invalid_argument`, naming the field; also if the head is longer than a node takes.
  Result<RestRequest> raw(const RawRequest& request, std::string_view session_id) const;

 private:
  RestRequest make(std::string_view method, std::string path, std::string query = {}) const;
  RestRequest make(std::string_view pattern) const;
  RestRequest with_query(std::string_view pattern, std::string query) const;
  RestRequest of_session(std::string_view pattern, std::string_view session_id, Snowflake guild_id = {},
                         std::string query = {}) const;
  Result<RestRequest> with_body(RestRequest request, Result<std::string> body) const;
  bool head_fits(const RestRequest& request) const;

  Headers headers_;
  std::string prefix_;
  std::size_t host_size_;
  bool trace_;
};

/// The same request to its session under another id.
RestRequest to_session(RestRequest request, std::string_view session_id);

/// What kind of body a route promises.
enum class RestBody { json, text, none };

/// The body of an answer if it is of the promised kind. Errors: `http_status` with what the node said;
/// `not_a_lavalink_node` if the body is of another kind. The route is in both.
Result<std::string> read_answer(const RestRequest& request, net::HttpResponse answer, RestBody expected);

}  // namespace lavapp::lavalink
