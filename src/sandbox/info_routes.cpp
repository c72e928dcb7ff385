// What the node tells of itself.
#include "sandbox/messages.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {

Reply get_version(RouteCall&) { return Reply::text("4.2.2"); }

Reply get_info(RouteCall& call) {
  const auto& options = call.node.options();
  auto plugins = Json::array();
  for (const auto& plugin : options.plugins) plugins.push_back(Json{{"name", plugin.name}, {"version", plugin.version}});
  return Reply::json(Json{
      {"version", Json{{"semver", "4.2.2"}, {"major", 4}, {"minor", 2}, {"patch", 2}, {"preRelease", ""}}},
      {"buildTime", 1'795'415'158'000},
      {"git", Json{{"branch", "master"}, {"commit", "d7d5a54"}, {"commitTime", 1'775'927'134'000}}},
      {"jvm", "lavapp sandbox"},
      {"lavaplayer", "2.2.6"},
      {"sourceManagers", options.source_managers},
      {"filters", options.filters},
      {"plugins", std::move(plugins)}});
}

Reply get_stats(RouteCall& call) {
  // frameStats is null here, whatever plays: only the WebSocket tells.
  return Reply::json(stats_json(call.node.stats(call.now, false)));
}

Reply get_nothing(RouteCall&) { return Reply::empty(200); }

Reply get_error(RouteCall& call) {
  return Reply::json(Json{{"timestamp", call.node.wall(call.now)}, {"status", 999}, {"error", "None"}, {"message", "No message available"}},
                     500);
}

}  // namespace lavapp::sandbox
