// Sessions, and players without changing them.
#include "sandbox/coerce.hpp"
#include "sandbox/rest_error.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {

Reply patch_session(RouteCall& call) {
  const auto body = json_body(call);
  if (!body.is_object()) throw RestError::undecodable();
  std::optional<bool> resuming;
  std::optional<std::int64_t> timeout;
  if (const auto given = body.find("resuming"); given != body.end()) {
    if (!(resuming = to_bool(*given))) throw RestError::undecodable();
  }
  if (const auto given = body.find("timeout"); given != body.end()) {
    if (!(timeout = to_int64(*given))) throw RestError::undecodable();
  }
  auto& session = session_of(call);
  session.resuming = resuming.value_or(session.resuming);
  session.timeout = timeout.value_or(session.timeout);
  return Reply::json(Json{{"resuming", session.resuming}, {"timeout", session.timeout}});
}

Reply get_players(RouteCall& call) {
  const auto& session = session_of(call);
  auto players = Json::array();
  for (const auto& [guild, player] : session.players()) {
    players.push_back(player_json(player, call.now, call.node.wall(call.now)));
  }
  return Reply::json(players);
}

Reply get_player(RouteCall& call) {
  const auto guild = guild_of(call);
  const auto* player = session_of(call).find_player(guild);
  if (!player) throw RestError::not_found("Player not found");
  return Reply::json(player_json(*player, call.now, call.node.wall(call.now)));
}

Reply delete_player(RouteCall& call) {
  const auto guild = guild_of(call);
  session_of(call).destroy_player(guild, call.now, call.node.wall());
  return Reply::no_content();
}

}  // namespace lavapp::sandbox
