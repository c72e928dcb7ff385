#include "lavalink/decode.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lavalink/decode_body.hpp"
#include "lavalink/field_tables.hpp"
#include "lavalink/playlist_data.hpp"

namespace lavapp {
namespace lavalink {
namespace {

// https://lavalink.dev/api/rest#error-responses ; all of it may be absent.
struct ErrorBody {
  Optional<std::string> error = {};
  Optional<std::string> message = {};
  Optional<std::string> trace = {};
};

}  // namespace
}  // namespace lavalink

namespace json {

template <>
struct Table<lavalink::ErrorBody> {
  using T = lavalink::ErrorBody;
  static constexpr std::tuple fields{optional("error", &T::error), optional("message", &T::message),
                                     optional("trace", &T::trace)};
};

}  // namespace json

namespace lavalink {
namespace {

using json::Fault;
namespace sj = json::sj;

constexpr std::size_t kept_of_an_error_body = 64 * 1024;

// What NodeLink adds: docs/API.md#loadtracks of its version 2.
bool is_like_a_track(std::string_view type) { return type == "track" || type == "short"; }
bool is_like_a_playlist(std::string_view type) {
  constexpr std::string_view types[] = {"playlist", "album", "artist", "station", "podcast", "show"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

bool read_load_data(std::string_view type, sj::value& data, LoadResult& out, Fault& fault) {
  if (is_like_a_track(type)) return read(data, out.value.emplace<TrackLoaded>().track, fault);
  if (is_like_a_playlist(type)) return read(data, out.value.emplace<PlaylistLoaded>(), fault);
  if (type == "search") return read(data, out.value.emplace<SearchResult>().tracks, fault);
  if (type == "error") return read(data, out.value.emplace<LoadFailed>().exception, fault);
  if (type == "empty")
    out.value = NothingFound{};
  else
    out.value = UnknownLoad{std::string(type)};
  return check(data, fault);
}

/// `loadType` says what `data` is, and may come behind it.
bool read_load_result(sj::object object, LoadResult& out, Fault& fault) {
  Optional<std::string> type;
  if (!json::each_field(object, fault, [&](sj::raw_json_string key, sj::value& value) {
        return !json::is(key, "loadType") || read(value, type, fault) || fault.in("loadType");
      })) {
    return false;
  }
  if (!type) return fault.missing("loadType");
  if (const auto error = object.reset().error()) return fault.broken(error);
  bool has_data = false;
  if (!json::each_field(object, fault, [&](sj::raw_json_string key, sj::value& value) {
        if (!json::is(key, "data"))
          return (json::check_name(key, fault) && check(value, fault)) || fault.in(json::name_of(key));
        has_data = true;
        return read_load_data(*type, value, out, fault) || fault.in("data");
      })) {
    return false;
  }
  const bool needed = is_like_a_track(*type) || is_like_a_playlist(*type) || *type == "search" || *type == "error";
  if (!has_data && needed) return fault.missing("data");
  if (!has_data && *type != "empty") out.value = UnknownLoad{*type};
  return true;
}

}  // namespace

Result<Info> decode_info(std::string body) {
  auto read = decode_object<InfoBody>(body);
  if (!read) return std::move(read.error());
  Info info = std::move(*read);
  info.is_node_link = info.is_node_link || read->is_node_link_2;
  info.raw = std::move(body);
  return info;
}
Result<Stats> decode_stats(std::string body) { return decode_object<Stats>(body); }
Result<Track> decode_track(std::string body) { return decode_object<Track>(body); }
Result<SessionState> decode_session(std::string body) { return decode_object<SessionState>(body); }
Result<PlayerSnapshot> decode_player(std::string body) { return decode_with_raw<PlayerSnapshot>(body); }

Result<RouteplannerStatus> decode_routeplanner_status(std::string body) {
  if (body.empty()) return RouteplannerStatus{};
  return decode_with_raw<RouteplannerStatus>(body);
}

Result<LoadResult> decode_load_result(std::string body) {
  LoadResult out;
  Fault fault;
  if (!read_document(body, fault, [&](sj::document& document) {
        sj::object object;
        return json::root_object(document, object, fault) && read_load_result(object, out, fault);
      })) {
    return bad_response(fault);
  }
  out.raw = std::move(body);
  return out;
}

Result<std::vector<Track>> decode_tracks(std::string body) { return decode_array<Track>(body); }

Result<std::vector<PlayerSnapshot>> decode_players(std::string body) {
  std::vector<PlayerSnapshot> out;
  Fault fault;
  if (!read_root_array(body, fault, [&](sj::value& value) {
        json::TextOf whole(value);
        std::string_view text;
        auto& player = out.emplace_back();
        if (!read(value, player, fault) || !whole.get(text, fault)) return false;
        player.raw = text;
        return true;
      })) {
    return bad_response(fault);
  }
  return out;
}

Error decode_error(int status, std::string body) {
  Error error(Errc::http_status);
  error.http_status = status;
  ErrorBody said;
  Fault fault;
  if (read_root(body, said, fault)) {
    error.message = said.message ? std::move(*said.message) : said.error.value_or("");
    error.trace = std::move(said.trace).value_or("");
  }
  if (body.size() > kept_of_an_error_body) body.resize(kept_of_an_error_body);
  error.body = std::move(body);
  return error;
}

}  // namespace lavalink
}  // namespace lavapp
