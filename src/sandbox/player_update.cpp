#include "sandbox/player_update.hpp"

#include "sandbox/coerce.hpp"
#include "sandbox/rest_error.hpp"

namespace lavapp::sandbox {
namespace {

/// The field, absent or of its type; anything else is undecodable. Null is a value of the nullable ones alone.
template <class T>
void read(const Json& object, const char* name, std::optional<T> (*convert)(const Json&), std::optional<T>& into) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  into = convert(*found);
  if (!into) throw RestError::undecodable();
}

template <class T>
void read(const Json& object, const char* name, std::optional<T> (*convert)(const Json&), Nullable<T>& into) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  if (found->is_null()) {
    into.emplace();
    return;
  }
  std::optional<T> value = convert(*found);
  if (!value) throw RestError::undecodable();
  into.emplace(std::move(value));
}

std::optional<Json> to_object(const Json& json) { return json.is_object() ? std::optional(json) : std::nullopt; }

std::string required_text(const Json& object, const char* name) {
  std::optional<std::string> value;
  read(object, name, to_text, value);
  if (!value) throw RestError::undecodable();
  return *value;
}

Voice decode_voice(const Json& json) {
  Voice voice;
  voice.token = required_text(json, "token");
  voice.endpoint = required_text(json, "endpoint");
  voice.session_id = required_text(json, "sessionId");
  Nullable<std::string> channel;
  read(json, "channelId", to_text, channel);
  if (!channel) throw RestError::undecodable();
  voice.channel_id = *channel;
  return voice;
}

}  // namespace

Json parse_body(const std::string& body) {
  // The tree's parser would pass over a byte order mark; Lavalink's does not.
  if (body.compare(0, 3, "\xEF\xBB\xBF") == 0) throw RestError::undecodable();
  // Copying and writing a tree goes as deep as the tree: what is deeper than any request is refused while parsing.
  constexpr int kDeepest = 500;
  const auto not_too_deep = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) throw RestError::undecodable();
    return true;
  };
  auto json = Json::parse(body, not_too_deep, false);
  if (json.is_discarded()) throw RestError::undecodable();
  return json;
}

PlayerUpdate PlayerUpdate::decode(const Json& body) {
  if (!body.is_object()) throw RestError::undecodable();
  PlayerUpdate update, track;
  // The names of Lavalink 3 and early 4, at the top level, are still understood.
  read(body, "encodedTrack", to_text, update.encoded);
  read(body, "identifier", to_text, update.identifier);
  std::optional<Json> track_json, voice;
  read(body, "track", to_object, track_json);
  if (track_json) {
    read(*track_json, "encoded", to_text, track.encoded);
    read(*track_json, "identifier", to_text, track.identifier);
    read(*track_json, "userData", to_object, track.user_data);
  }
  read(body, "position", to_int64, update.position);
  read(body, "endTime", to_int64, update.end_time);
  read(body, "volume", to_int32, update.volume);
  read(body, "paused", to_bool, update.paused);
  read(body, "filters", to_object, update.filters);
  read(body, "voice", to_object, voice);
  if (voice) update.voice = decode_voice(*voice);

  if (track_json) {
    if (update.starts_or_stops()) throw RestError::bad_request("Cannot specify both track and encodedTrack/identifier");
    update.encoded = track.encoded;
    update.identifier = track.identifier;
    update.user_data = track.user_data;
  }
  if (update.encoded && update.identifier) throw RestError::bad_request("Cannot specify both encodedTrack and identifier");
  return update;
}

}  // namespace lavapp::sandbox
