#include "lavalink/rest_routes.hpp"

#include <algorithm>
#include <cctype>

#include "lavalink/decode.hpp"
#include "lavalink/encode.hpp"
#include "lavalink/node_address.hpp"
#include "lavalink/raw_request.hpp"
#include "net/retry_after.hpp"

namespace lavapp::lavalink {
namespace {

// A node (Undertow, as Lavalink sets it up) answers a longer head with 400 and no body.
constexpr std::size_t kLongestHead = 8'192;
// For what the HTTP client adds: field names, Connection, blank line.
constexpr std::size_t kHeadReserve = 128;

bool contains_without_case(std::string_view text, std::string_view part) noexcept {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; }) != text.end();
}

Error too_long(const std::string& field) {
  return Error(Errc::invalid_argument, field + " is too long: a node takes at most " + std::to_string(kLongestHead) +
                                           " bytes of a request's head, where it stands percent-encoded");
}

Error at(const RestRequest& request, Error error) {
  error.route = request.route;
  return error;
}

}  // namespace

RestRoutes::RestRoutes(const NodeOptions& options)
    : headers_(rest_headers(options)),
      prefix_(path_prefix(options)),
      host_size_(authority(options).size()),
      trace_(options.trace) {}

RestRequest RestRoutes::make(std::string_view method, std::string path, std::string query) const {
  RestRequest request;
  request.http.method = method;
  request.http.target = prefix_ + path;
  request.route = request.http.method + " " + request.http.target;
  request.pattern = request.http.method + " " + path;
  request.repeat = method == "GET" || method == "DELETE" ? Repeat::harmless : Repeat::never;
  if (trace_) query += query.empty() ? "trace=true" : "&trace=true";
  if (!query.empty()) request.http.target += "?" + query;
  request.http.headers = headers_;
  return request;
}

RestRequest RestRoutes::with_query(std::string_view pattern, std::string query) const {
  const auto space = pattern.find(' ');
  return make(pattern.substr(0, space), std::string(pattern.substr(space + 1)), std::move(query));
}

RestRequest RestRoutes::make(std::string_view pattern) const { return with_query(pattern, {}); }

RestRequest RestRoutes::of_session(std::string_view pattern, std::string_view session_id, Snowflake guild_id,
                                   std::string query) const {
  std::string filled(pattern);
  const auto fill = [&filled](std::string_view placeholder, const std::string& with) {
    if (const auto at = filled.find(placeholder); at != filled.npos) filled.replace(at, placeholder.size(), with);
  };
  fill("{guildId}", guild_id.to_string());
  fill("{sessionId}", percent_encode(session_id));
  auto request = with_query(filled, std::move(query));
  request.pattern = pattern;
  request.session_id = session_id;
  return request;
}

std::string RestRoutes::name_of(std::string_view pattern) const {
  const auto path = pattern.find(' ') + 1;
  return std::string(pattern.substr(0, path)) + prefix_ + std::string(pattern.substr(path));
}

Result<RestRequest> RestRoutes::with_body(RestRequest request, Result<std::string> body) const {
  if (!body) return at(request, std::move(body.error()));
  request.http.headers.emplace_back("Content-Type", "application/json");  // anything else is answered with 415
  request.http.body = std::move(*body);
  return request;
}

bool RestRoutes::head_fits(const RestRequest& request) const {
  auto size = request.http.method.size() + request.http.target.size() + host_size_ + kHeadReserve;
  for (const auto& [name, value] : request.http.headers) size += name.size() + value.size() + 4;
  return size <= kLongestHead;
}

RestRequest RestRoutes::version() const { return make(route::version); }
RestRequest RestRoutes::info() const { return make(route::info); }
RestRequest RestRoutes::stats() const { return make(route::stats); }

Result<RestRequest> RestRoutes::load_tracks(std::string_view identifier) const {
  auto request = with_query(route::load_tracks, "identifier=" + percent_encode(identifier));
  if (!head_fits(request)) return at(request, too_long("identifier"));
  request.purpose = RestPurpose::loading;
  return request;
}

RestRequest RestRoutes::decode_track(std::string_view encoded) const {
  return with_query(route::decode_track, "encodedTrack=" + percent_encode(encoded));
}

bool RestRoutes::fits_a_head(std::string_view encoded) const { return head_fits(decode_track(encoded)); }

Result<RestRequest> RestRoutes::decode_tracks(const std::vector<std::string>& encoded) const {
  auto request = with_body(make(route::decode_tracks), encode_decode_tracks(encoded));
  if (request) request->repeat = Repeat::harmless;  // it only reads
  return request;
}

Result<RestRequest> RestRoutes::update_session(std::string_view session_id, const SessionUpdate& update) const {
  auto request = with_body(of_session(route::update_session, session_id), encode_session_update(update));
  if (request) request->repeat = Repeat::harmless;  // the same values again
  return request;
}

RestRequest RestRoutes::players(std::string_view session_id) const { return of_session(route::players, session_id); }

RestRequest RestRoutes::player(std::string_view session_id, Snowflake guild_id) const {
  return of_session(route::player, session_id, guild_id);
}

Result<RestRequest> RestRoutes::update_player(std::string_view session_id, Snowflake guild_id,
                                              const PlayerUpdateRequest& update, Replace replace) const {
  auto request = with_body(
      of_session(route::update_player, session_id, guild_id, replace == Replace::no ? "noReplace=true" : ""),
      encode_player_update(update));
  if (!request) return request;
  request->repeat = repeat_of(update);
  if (update.track && update.track->identifier) request->purpose = RestPurpose::loading;
  if (update.voice) request->purpose = RestPurpose::voice;
  return request;
}

RestRequest RestRoutes::destroy_player(std::string_view session_id, Snowflake guild_id) const {
  return of_session(route::destroy_player, session_id, guild_id);
}

RestRequest RestRoutes::routeplanner_status() const { return make(route::routeplanner_status); }

Result<RestRequest> RestRoutes::free_routeplanner_address(std::string_view address) const {
  return with_body(make(route::free_address), encode_free_address(address));
}

RestRequest RestRoutes::free_all_routeplanner_addresses() const { return make(route::free_all_addresses); }

Result<RestRequest> RestRoutes::raw(const RawRequest& raw, std::string_view session_id) const {
  if (auto valid = validate(raw); !valid) {
    valid.error().route = name_of(pattern_of(raw));
    return std::move(valid).error();
  }
  const auto path = path_of(raw, session_id);
  if (const auto bare = make(raw.method, path); !head_fits(bare)) return at(bare, too_long("path"));
  auto request = make(raw.method, path, query_of(raw));
  request.pattern = raw.method + " (other)";  // a path may have ids in it, and metrics must not grow with them
  if (raw.method != "GET") request.repeat = Repeat::never;
  if (needs_session(raw)) request.session_id = session_id;
  if (!raw.body.empty()) request = with_body(std::move(request), raw.body.text).value();
  if (!head_fits(request)) return at(request, too_long("query"));
  return request;
}

RestRequest to_session(RestRequest request, std::string_view session_id) {
  const auto from = "/v4/sessions/" + percent_encode(request.session_id);
  const auto to = "/v4/sessions/" + percent_encode(session_id);
  for (auto* text : {&request.http.target, &request.route}) {
    const auto at = text->find(from);
    if (at != text->npos) text->replace(at, from.size(), to);
  }
  request.session_id = session_id;
  return request;
}

Result<std::string> read_answer(const RestRequest& request, net::HttpResponse answer, RestBody expected) {
  if (answer.status < 200 || answer.status > 299) {
    auto error = decode_error(answer.status, std::move(answer.body));
    error.route = request.route;
    error.retry_after = net::retry_after(answer.headers, std::chrono::system_clock::now());
    if (error.retry_after) {
      error.message += (error.message.empty() ? "" : "; ") + std::string("the node asks to wait ") + in_words(*error.retry_after);
    }
    return error;
  }
  const auto* type = find_header(answer.headers, "Content-Type");
  const bool wrong_type = type && ((expected == RestBody::json && !contains_without_case(*type, "json")) ||
                                   (expected == RestBody::text && contains_without_case(*type, "html")));
  if (wrong_type && !answer.body.empty()) {
    Error error(Errc::not_a_lavalink_node, "the answer's content type is " + type->substr(0, 64));
    error.http_status = answer.status;
    error.route = request.route;
    return error;
  }
  return std::move(answer.body);
}

}  // namespace lavapp::lavalink
