#include "replay/recorded_call.hpp"

#include <map>
#include <optional>
#include <set>

namespace lavapp::test {
namespace {

using Json = nlohmann::json;
using lavalink::Filters;
using lavalink::PlayerUpdateRequest;

int hex(char c) {
  const auto at = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
  return c >= '0' && c <= '9' ? c - '0' : at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Nothing if an escape is broken.
std::optional<std::string> undo_escapes(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return {};
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (c == separator)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

using Query = std::multimap<std::string, std::string>;

Query read_query(const std::string& target) {
  Query out;
  const auto mark = target.find('?');
  if (mark == std::string::npos) return out;
  for (const auto& pair : split(target.substr(mark + 1), '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) throw Unsayable{"a query without a value"};
    const auto value = undo_escapes(pair.substr(equals + 1));
    if (!value) throw Unsayable{"a broken escape in the query"};
    out.emplace(pair.substr(0, equals), *value);
  }
  return out;
}

/// A value of the type that the API has for it.
bool boolean(const Json& json) {
  if (!json.is_boolean()) throw Unsayable{"a value of a type that the field does not have"};
  return json.get<bool>();
}
std::int64_t integer(const Json& json) {
  const bool fits = json.is_number_integer() && !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX);
  if (!fits) throw Unsayable{"a value of a type that the field does not have"};
  return json.get<std::int64_t>();
}
int small_integer(const Json& json) {
  const auto value = integer(json);
  if (value != static_cast<int>(value)) throw Unsayable{"a value of a type that the field does not have"};
  return static_cast<int>(value);
}
double number(const Json& json) {
  if (!json.is_number()) throw Unsayable{"a value of a type that the field does not have"};
  return json.get<double>();
}
std::string text(const Json& json) {
  if (!json.is_string()) throw Unsayable{"a value of a type that the field does not have"};
  return json.get<std::string>();
}

/// An object whose every field must have been asked for.
class Object {
 public:
  explicit Object(const Json& json) : json_(json) {
    if (!json.is_object()) throw Unsayable{"a body or filter that is no object"};
  }
  template <class Read>
  void field(const char* name, Read read) {
    known_.insert(name);
    if (json_.contains(name)) read(json_.at(name));
  }
  void number_field(const char* name, Optional<double>& out) {
    field(name, [&](const Json& value) { out = number(value); });
  }
  void end() const {
    for (const auto& [name, value] : json_.items()) {
      if (known_.count(name) == 0) throw Unsayable{"a field that the docs do not have, or no longer"};
    }
  }

 private:
  const Json& json_;
  std::set<std::string> known_;
};

std::vector<lavalink::EqualizerBand> read_bands(const Json& json) {
  if (!json.is_array()) throw Unsayable{"a value of a type that the field does not have"};
  std::vector<lavalink::EqualizerBand> out;
  for (const auto& each : json) {
    if (!each.contains("band") || !each.contains("gain")) throw Unsayable{"an equalizer band without band or gain"};
    out.push_back({small_integer(each.at("band")), number(each.at("gain"))});
  }
  return out;
}

Filters read_filters(const Json& json) {
  Filters out;
  Object all(json);
  all.number_field("volume", out.volume);
  all.field("equalizer", [&](const Json& value) { out.equalizer = read_bands(value); });
  const auto group = [&](const char* name, auto& filter, auto fields) {
    all.field(name, [&](const Json& value) {
      Object object(value);
      filter.emplace();
      fields(object, *filter);
      object.end();
    });
  };
  group("karaoke", out.karaoke, [](Object& o, lavalink::Karaoke& f) {
    o.number_field("level", f.level);
    o.number_field("monoLevel", f.mono_level);
    o.number_field("filterBand", f.filter_band);
    o.number_field("filterWidth", f.filter_width);
  });
  group("timescale", out.timescale, [](Object& o, lavalink::Timescale& f) {
    o.number_field("speed", f.speed);
    o.number_field("pitch", f.pitch);
    o.number_field("rate", f.rate);
  });
  group("tremolo", out.tremolo, [](Object& o, lavalink::Tremolo& f) {
    o.number_field("frequency", f.frequency);
    o.number_field("depth", f.depth);
  });
  group("vibrato", out.vibrato, [](Object& o, lavalink::Vibrato& f) {
    o.number_field("frequency", f.frequency);
    o.number_field("depth", f.depth);
  });
  group("rotation", out.rotation,
        [](Object& o, lavalink::Rotation& f) { o.number_field("rotationHz", f.rotation_hz); });
  group("distortion", out.distortion, [](Object& o, lavalink::Distortion& f) {
    o.number_field("sinOffset", f.sin_offset);
    o.number_field("sinScale", f.sin_scale);
    o.number_field("cosOffset", f.cos_offset);
    o.number_field("cosScale", f.cos_scale);
    o.number_field("tanOffset", f.tan_offset);
    o.number_field("tanScale", f.tan_scale);
    o.number_field("offset", f.offset);
    o.number_field("scale", f.scale);
  });
  group("channelMix", out.channel_mix, [](Object& o, lavalink::ChannelMix& f) {
    o.number_field("leftToLeft", f.left_to_left);
    o.number_field("leftToRight", f.left_to_right);
    o.number_field("rightToLeft", f.right_to_left);
    o.number_field("rightToRight", f.right_to_right);
  });
  group("lowPass", out.low_pass, [](Object& o, lavalink::LowPass& f) { o.number_field("smoothing", f.smoothing); });
  all.field("pluginFilters", [&](const Json& value) {
    if (!value.is_object()) throw Unsayable{"a value of a type that the field does not have"};
    for (const auto& [name, filter] : value.items()) out.plugin_filters[name] = JsonText(filter.dump());
  });
  all.end();
  return out;
}

lavalink::TrackUpdate read_track(const Json& json) {
  lavalink::TrackUpdate out;
  Object object(json);
  object.field("encoded", [&](const Json& value) {
    if (value.is_null())
      out.encoded = nullptr;
    else
      out.encoded = text(value);
  });
  object.field("identifier", [&](const Json& value) { out.identifier = text(value); });
  object.field("userData", [&](const Json& value) { out.user_data = JsonText(value.dump()); });
  object.end();
  return out;
}

/// What is absent or null is empty here: the API has no other way to leave it out, and refuses it.
lavalink::VoiceState read_voice(const Json& json) {
  lavalink::VoiceState out;
  Object object(json);
  const auto read = [&](const char* name, std::string& member) {
    object.field(name, [&](const Json& value) { member = value.is_null() ? "" : text(value); });
  };
  read("token", out.token);
  read("endpoint", out.endpoint);
  read("sessionId", out.session_id);
  object.field("channelId", [&](const Json& value) {
    if (value.is_null()) return;
    out.channel_id = Snowflake::parse(text(value));
    if (!out.channel_id && !text(value).empty()) throw Unsayable{"an id that is no number"};
  });
  object.end();
  return out;
}

PlayerUpdateRequest read_update(const Json& json) {
  PlayerUpdateRequest out;
  Object object(json);
  object.field("track", [&](const Json& value) { out.track = read_track(value); });
  object.field("position", [&](const Json& value) { out.position = std::chrono::milliseconds(integer(value)); });
  object.field("endTime", [&](const Json& value) {
    if (value.is_null())
      out.end_time = nullptr;
    else
      out.end_time = std::chrono::milliseconds(integer(value));
  });
  object.field("volume", [&](const Json& value) { out.volume = small_integer(value); });
  object.field("paused", [&](const Json& value) { out.paused = boolean(value); });
  object.field("filters", [&](const Json& value) { out.filters = read_filters(value); });
  object.field("voice", [&](const Json& value) { out.voice = read_voice(value); });
  object.end();
  return out;
}

lavalink::SessionUpdate read_session_update(const Json& json) {
  lavalink::SessionUpdate out;
  Object object(json);
  object.field("resuming", [&](const Json& value) { out.resuming = boolean(value); });
  object.field("timeout", [&](const Json& value) { out.timeout = std::chrono::seconds(integer(value)); });
  object.end();
  return out;
}

std::vector<std::string> read_list(const Json& json) {
  if (!json.is_array()) throw Unsayable{"a body or filter that is no object"};
  std::vector<std::string> out;
  for (const auto& each : json) out.push_back(text(each));
  return out;
}

std::string read_address(const Json& json) {
  std::string out;
  Object object(json);
  object.field("address", [&](const Json& value) { out = text(value); });
  object.end();
  if (!json.contains("address")) throw Unsayable{"a body without its only field"};
  return out;
}

Snowflake read_guild(const std::string& segment) {
  const auto id = Snowflake::parse(segment);
  if (!id) throw Unsayable{"an id that is no number"};
  return *id;
}

/// Bodies were recorded as JSON, or as text where that was no JSON, or in an unusual form.
Json read_body(const Json& body) {
  if (body.is_null()) throw Unsayable{"no body"};
  if (!body.is_string()) return body;
  auto parsed = Json::parse(body.get<std::string>(), nullptr, false);
  if (parsed.is_discarded()) throw Unsayable{"a body that is no JSON"};
  return parsed;
}

Call read_session_call(const std::string& method, const std::vector<std::string>& path, const Json& body,
                       Query& query) {
  if (path.size() == 4 && method == "PATCH") return call::UpdateSession{read_session_update(read_body(body))};
  if (path.size() == 5 && path[4] == "players" && method == "GET") return call::Players{};
  if (path.size() == 6 && path[4] == "players") {
    if (method == "GET") return call::GetPlayer{read_guild(path[5])};
    if (method == "DELETE") return call::DestroyPlayer{read_guild(path[5])};
    if (method == "PATCH") {
      call::UpdatePlayer out{read_guild(path[5]), read_update(read_body(body))};
      if (const auto found = query.find("noReplace"); found != query.end()) {
        if (found->second != "true" && found->second != "false") throw Unsayable{"a query that the docs do not have"};
        out.replace = found->second == "true" ? lavalink::Replace::no : lavalink::Replace::yes;
        query.erase(found);
      }
      return out;
    }
  }
  throw Unsayable{"no route of the API"};
}

std::string take(Query& query, const char* name) {
  if (query.count(name) != 1) throw Unsayable{"a query that the docs do not have"};
  auto value = query.find(name)->second;
  query.erase(name);
  return value;
}

Call read_route(const std::string& method, const std::string& path, const Json& body, Query& query) {
  const auto name = method + " " + path;
  if (name == "GET /version") return call::Version{};
  if (name == "GET /v4/info") return call::Info{};
  if (name == "GET /v4/stats") return call::Stats{};
  if (name == "GET /v4/loadtracks") return call::LoadTracks{take(query, "identifier")};
  if (name == "GET /v4/decodetrack") return call::DecodeTrack{take(query, "encodedTrack")};
  if (name == "POST /v4/decodetracks") return call::DecodeTracks{read_list(read_body(body))};
  if (name == "GET /v4/routeplanner/status") return call::RouteplannerStatus{};
  if (name == "POST /v4/routeplanner/free/address") return call::FreeAddress{read_address(read_body(body))};
  if (name == "POST /v4/routeplanner/free/all") return call::FreeAllAddresses{};
  const auto segments = split(path, '/');  // "", "v4", "sessions", id, "players", guild
  if (segments.size() > 3 && segments[1] == "v4" && segments[2] == "sessions") {
    return read_session_call(method, segments, body, query);
  }
  throw Unsayable{"no route of the API"};
}

std::string line_of(const std::string& method, const std::string& target) {
  auto out = method + " " + undo_escapes(target.substr(0, target.find('?'))).value_or("?");
  for (const auto& [name, value] : read_query(target)) {
    if (name != "noReplace" || value != "false") out += " " + name + "=" + value;
  }
  return out;
}

}  // namespace

RecordedCall read_call(const Json& request) {
  const auto method = request.at("method").get<std::string>();
  auto target = request.at("path").get<std::string>();
  if (const auto cut = target.find("...<20026 characters>"); cut != std::string::npos) {
    target.replace(cut, std::string::npos, std::string(20'026 - cut, 'x'));  // shortened in the recording
  }
  const auto path = target.substr(0, target.find('?'));
  const auto& headers = request.at("headers");

  RecordedCall out;
  auto query = read_query(target);
  if (const auto found = query.find("trace"); found != query.end() && found->second == "true") {
    out.trace = true;
    query.erase(found);
  }
  out.call = read_route(method, path, request.at("body"), query);
  if (!query.empty()) throw Unsayable{"a query that the docs do not have"};
  if (!headers.contains("Authorization")) throw Unsayable{"no password"};
  out.password = headers.at("Authorization");
  if (headers.contains("Accept") || headers.contains("Accept-Encoding")) throw Unsayable{"headers of other clients"};
  const auto type = headers.value("Content-Type", "");
  if (!request.at("body").is_null() && type.find("application/json") != 0) throw Unsayable{"another content type"};
  const auto segments = split(path, '/');
  if (segments.size() > 3 && segments[2] == "sessions") out.session_id = segments[3];
  return out;
}

Meaning meaning_of(const Json& recorded) {
  const auto& body = recorded.at("body");
  return {line_of(recorded.at("method").get<std::string>(), recorded.at("path").get<std::string>()),
          body.is_string() ? Json::parse(body.get<std::string>()) : body};
}

Meaning meaning_of(const net::HttpRequest& request) {
  return {line_of(request.method, request.target), request.body.empty() ? Json() : Json::parse(request.body)};
}

}  // namespace lavapp::test
