// The routes by name: which path and method reach which handler.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"
#include "sandbox/node_state.hpp"
#include "sandbox/reply.hpp"
#include "sandbox/target.hpp"

namespace lavapp::sandbox {

/// What a handler has to work with.
struct RouteCall {
  NodeState& node;
  const net::HttpRequest& request;
  const Target& target;
  Time now;
  /// Guild and session of the path, where it has them.
  std::string session_id = {};
  std::string guild = {};
};
/// \throws RestError
using Handler = Reply (*)(RouteCall&);

struct Route {
  std::string_view path;  ///< "{session}" and "{guild}" stand for any part
  struct Method {
    std::string_view name;
    Handler handler;
  };
  std::vector<Method> methods;
};
const std::vector<Route>& routes();

// Handlers, by file.
Reply get_version(RouteCall&);  // info_routes.cpp
Reply get_info(RouteCall&);
Reply get_stats(RouteCall&);
Reply get_nothing(RouteCall&);
Reply get_error(RouteCall&);
Reply load_tracks(RouteCall&);  // track_routes.cpp
Reply decode_track(RouteCall&);
Reply decode_tracks(RouteCall&);
Reply patch_session(RouteCall&);  // session_routes.cpp
Reply get_players(RouteCall&);
Reply get_player(RouteCall&);
Reply delete_player(RouteCall&);
Reply patch_player(RouteCall&);          // player_route.cpp
Reply routeplanner_status(RouteCall&);  // routeplanner_routes.cpp
Reply routeplanner_free(RouteCall&);
Reply routeplanner_free_all(RouteCall&);

/// The body, if its type is JSON. \throws RestError (415, 400)
Json json_body(const RouteCall& call);
/// The session of the path, if its WebSocket is open. \throws RestError (404)
Session& session_of(RouteCall& call);
/// The guild of the path. \throws RestError (400)
std::int64_t guild_of(const RouteCall& call);

}  // namespace lavapp::sandbox
