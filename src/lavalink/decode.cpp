#include "lavalink/decode.hpp"

#include <utility>

#include "lavalink/field_tables.hpp"

namespace lavapp {
namespace lavalink {
namespace {

// A playlist's name stands in an object of its own.
struct PlaylistInfo {
  std::string name = {};
  int selected_track = -1;
};
struct PlaylistData {
  PlaylistInfo info = {};
  JsonText plugin_info = {};
  std::vector<Track> tracks = {};
};

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
struct Table<lavalink::PlaylistInfo> {
  using T = lavalink::PlaylistInfo;
  static constexpr std::tuple fields{required("name", &T::name), required("selectedTrack", &T::selected_track)};
};
template <>
struct Table<lavalink::PlaylistData> {
  using T = lavalink::PlaylistData;
  static constexpr std::tuple fields{required("info", &T::info), optional("pluginInfo", &T::plugin_info),
                                     required("tracks", &T::tracks)};
};
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

Error bad_response(const Fault& fault) { return Error(Errc::bad_response, fault.message("the body")); }

/// Parses `body` and hands its document to `read`.
template <class Read>
bool read_document(std::string& body, Fault& fault, Read&& read) {
  json::pad(body);
  sj::parser parser;
  sj::document document;
  if (const auto error = parser.iterate(body).get(document)) return fault.broken(error);
  return read(document) && json::read_end(document, fault);
}

template <class T>
bool read_root(std::string& body, T& out, Fault& fault) {
  return read_document(body, fault, [&](sj::document& document) {
    sj::object object;
    return json::root_object(document, object, fault) && json::read_object(object, out, fault);
  });
}

/// Calls `each` with every element of the body's array.
template <class Each>
bool read_root_array(std::string& body, Fault& fault, Each&& each) {
  return read_document(body, fault, [&](sj::document& document) {
    sj::array array;
    if (document.get_array().get(array)) return fault.what = "must be an array", false;
    std::size_t index = 0;
    for (auto result : array) {
      sj::value element;
      if (const auto error = std::move(result).get(element)) return fault.broken(error);
      if (!each(element)) return fault.in(index);
      ++index;
    }
    return true;
  });
}

template <class T>
Result<T> decode_object(std::string& body) {
  T out;
  Fault fault;
  if (!read_root(body, out, fault)) return bad_response(fault);
  return out;
}

/// The same, for what keeps its text.
template <class T>
Result<T> decode_with_raw(std::string& body) {
  auto out = decode_object<T>(body);
  if (out) out->raw = std::move(body);
  return out;
}

bool read_load_data(std::string_view type, sj::value& data, LoadResult& out, Fault& fault) {
  if (type == "track") return read(data, out.value.emplace<TrackLoaded>().track, fault);
  if (type == "search") return read(data, out.value.emplace<SearchResult>().tracks, fault);
  if (type == "error") return read(data, out.value.emplace<LoadFailed>().exception, fault);
  if (type == "playlist") {
    PlaylistData list;
    if (!read(data, list, fault)) return false;
    out.value = PlaylistLoaded{std::move(list.info.name), list.info.selected_track, std::move(list.plugin_info),
                               std::move(list.tracks)};
    return true;
  }
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
  const bool needed = *type == "track" || *type == "playlist" || *type == "search" || *type == "error";
  if (!has_data && needed) return fault.missing("data");
  if (!has_data && *type != "empty") out.value = UnknownLoad{*type};
  return true;
}

}  // namespace

Result<Info> decode_info(std::string body) { return decode_with_raw<Info>(body); }
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

Result<std::vector<Track>> decode_tracks(std::string body) {
  std::vector<Track> out;
  Fault fault;
  if (!read_root_array(body, fault, [&](sj::value& value) { return read(value, out.emplace_back(), fault); })) {
    return bad_response(fault);
  }
  return out;
}

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
