#include "sandbox/routes.hpp"

#include <algorithm>

#include "sandbox/coerce.hpp"
#include "sandbox/player_update.hpp"
#include "sandbox/rest_error.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {

const std::vector<Route>& routes() {
  static const std::vector<Route> all = {
      {"/", {{"GET", get_nothing}}},
      {"/v3/websocket", {{"GET", get_nothing}}},
      {"/error", {{"GET", get_error}}},
      {"/version", {{"GET", get_version}}},
      {"/v4/info", {{"GET", get_info}}},
      {"/v4/stats", {{"GET", get_stats}}},
      {"/v4/loadtracks", {{"GET", load_tracks}}},
      {"/v4/decodetrack", {{"GET", decode_track}}},
      {"/v4/decodetracks", {{"POST", decode_tracks}}},
      {"/v4/sessions/{session}", {{"PATCH", patch_session}}},
      {"/v4/sessions/{session}/players", {{"GET", get_players}}},
      {"/v4/sessions/{session}/players/{guild}",
       {{"PATCH", patch_player}, {"DELETE", delete_player}, {"GET", get_player}}},
      {"/v4/routeplanner/status", {{"GET", routeplanner_status}}},
      {"/v4/routeplanner/free/address", {{"POST", routeplanner_free}}},
      {"/v4/routeplanner/free/all", {{"POST", routeplanner_free_all}}},
  };
  return all;
}

namespace {

bool matches(std::string_view pattern, RouteCall& call) {
  const auto wanted = Target::parse(pattern)->parts();
  const auto& given = call.target.parts();
  if (wanted.size() != given.size()) return false;
  std::string session, guild;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (given[i].empty() && !wanted[i].empty()) return false;
    if (wanted[i] == "{session}") {
      session = given[i];
    } else if (wanted[i] == "{guild}") {
      guild = given[i];
    } else if (wanted[i] != given[i]) {
      return false;
    }
  }
  call.session_id = std::move(session);
  call.guild = std::move(guild);
  return true;
}

std::string joined(const std::vector<Route::Method>& methods, std::string_view separator) {
  std::string text;
  for (const auto& method : methods) {
    if (!text.empty()) text += separator;
    text += method.name;
  }
  return text;
}

Reply options_reply(const Route& route) {
  auto allowed = joined(route.methods, ",");
  const bool has_get = std::any_of(route.methods.begin(), route.methods.end(), [](const auto& m) { return m.name == "GET"; });
  auto reply = Reply::empty(200);
  reply.headers = {{"Allow", allowed + (has_get ? ",HEAD" : "") + ",OPTIONS"}, {"Accept-Patch", ""}};
  return reply;
}

bool accepts_json(const Headers& headers) {
  const auto* accept = find_header(headers, "Accept");
  if (!accept || accept->empty()) return true;
  return accept->find("application/json") != std::string::npos || accept->find("*/*") != std::string::npos ||
         accept->find("application/*") != std::string::npos;
}

Reply not_acceptable(std::int64_t wall) {
  Reply reply{Reply::Form::text, 406,
              {{"Accept", "application/json, application/*+json"},
               {"Content-Type", "text/html;charset=UTF-8"},
               {"Content-Language", "en-"}},
              {}};
  reply.body =
      "<html><body><h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are "
      "seeing this as a fallback.</p><div id='created'>" +
      java_date(wall) +
      "</div><div>There was an unexpected error (type=Not Acceptable, status=406).</div><div>Acceptable "
      "representations: [application/json, application/*+json].</div></body></html>";
  return reply;
}

Reply dispatch(RouteCall& call) {
  const auto& request = call.request;
  const auto route = std::find_if(routes().begin(), routes().end(), [&](const Route& r) { return matches(r.path, call); });
  if (route == routes().end()) {
    throw RestError{404, "No endpoint " + request.method + ' ' + call.target.path() + '.',
                    "org.springframework.web.servlet.NoHandlerFoundException", {}};
  }
  const auto wanted = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  const auto method = std::find_if(route->methods.begin(), route->methods.end(), [&](const auto& m) { return m.name == wanted; });
  const bool found = method != route->methods.end();
  if (!found && request.method != "OPTIONS") {
    throw RestError{405, "Method '" + request.method + "' is not supported.",
                    "org.springframework.web.HttpRequestMethodNotSupportedException",
                    {{"Allow", joined(route->methods, ", ")}}};
  }
  if (route->path != "/error") {
    const auto* authorization = find_header(request.headers, "Authorization");
    if (!authorization) return Reply::empty(401);
    if (*authorization != call.node.options().password) return Reply::empty(403);
  }
  if (!found) return options_reply(*route);
  auto reply = method->handler(call);
  if (reply.form == Reply::Form::chunked && !accepts_json(request.headers)) return not_acceptable(call.node.wall(call.now));
  return reply;
}

}  // namespace

Json json_body(const RouteCall& call) {
  const auto& request = call.request;
  const auto* type = find_header(request.headers, "Content-Type");
  if (!type && request.body.empty()) throw RestError::undecodable();
  const std::string given = type ? *type : "application/octet-stream";
  const auto media = given.substr(0, given.find(';'));
  const bool json = media == "application/json" || (media.rfind("application/", 0) == 0 && media.size() > 5 &&
                                                     media.compare(media.size() - 5, 5, "+json") == 0);
  if (!json) {
    // Spring prints a text type with the charset that it assumes.
    const bool bare_text = media.rfind("text/", 0) == 0 && given.find("charset") == std::string::npos;
    RestError error{415, "Content-Type '" + given + (bare_text ? ";charset=UTF-8" : "") + "' is not supported.",
                    "org.springframework.web.HttpMediaTypeNotSupportedException",
                    {{"Accept", "application/json, application/*+json"}}};
    if (request.method == "PATCH") error.headers.emplace_back("Accept-Patch", "application/json, application/*+json");
    throw error;
  }
  return parse_body(request.body);
}

Session& session_of(RouteCall& call) {
  auto* session = call.node.connected(call.session_id);
  if (!session) throw RestError::not_found("Session not found");
  return *session;
}

std::int64_t guild_of(const RouteCall& call) {
  const auto guild = to_int64(Json(call.guild));
  if (!guild) throw RestError::undecodable();
  return *guild;
}

Reply handle_request(NodeState& node, const net::HttpRequest& request, Time now) {
  const auto target = Target::parse(request.target);
  if (!target) return Reply::bad_request();
  RouteCall call{node, request, *target, now};
  try {
    return dispatch(call);
  } catch (const RestError& error) {
    const auto trace = target->parameter("trace");
    return error_reply(error, target->path(), trace && *trace != "false", node.wall(now));
  }
}

}  // namespace lavapp::sandbox
