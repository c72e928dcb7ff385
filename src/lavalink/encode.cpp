#include "lavalink/encode.hpp"

#include <nlohmann/json.hpp>

namespace lavapp::lavalink {
namespace {

using nlohmann::json;

/// What was wrong with a value of the caller's, thrown to the outermost function of this file, which makes it a value.
[[noreturn]] void refuse(const std::string& field, const std::string& what) {
  throw Exception(Error(Errc::invalid_argument, field + " " + what));
}

/// A JSON string.
std::string quoted(const std::string& field, const std::string& text) {
  try {
    return json(text).dump();
  } catch (const json::type_error&) {
    refuse(field, "is not valid UTF-8");
  }
}

/// The caller's own JSON, as it is.
const std::string& embedded(std::string_view field, const JsonText& value) {
  if (!json::accept(value.text)) refuse(std::string(field), "is no JSON");
  return value.text;
}

/// Writes an object, member by member. Text and not a tree, so that JsonText stays as the caller wrote it.
class Object {
 public:
  Object& member(const std::string& name, const std::string& text) {
    text_ += (text_.size() == 1 ? "" : ",") + json(name).dump() + ":" + text;
    return *this;
  }
  Object& member(const std::string& name, const char* text) { return member(name, std::string(text)); }
  template <class T>
  Object& value(const std::string& name, T scalar) {
    return member(name, json(scalar).dump());
  }
  /// Nothing if there is no value.
  template <class T>
  Object& value(const std::string& name, const Optional<T>& scalar) {
    return scalar.has_value() ? value(name, *scalar) : *this;
  }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

std::string array(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const auto& element : elements) out += (out.size() == 1 ? "" : ",") + element;
  return out + "]";
}

std::string encode(const std::vector<EqualizerBand>& bands) {
  std::vector<std::string> out;
  for (const auto& band : bands) out.push_back(Object().value("band", band.band).value("gain", band.gain).text());
  return array(out);
}
std::string encode(const Karaoke& f) {
  return Object()
      .value("level", f.level)
      .value("monoLevel", f.mono_level)
      .value("filterBand", f.filter_band)
      .value("filterWidth", f.filter_width)
      .text();
}
std::string encode(const Timescale& f) {
  return Object().value("speed", f.speed).value("pitch", f.pitch).value("rate", f.rate).text();
}
std::string encode(const Tremolo& f) { return Object().value("frequency", f.frequency).value("depth", f.depth).text(); }
std::string encode(const Vibrato& f) { return Object().value("frequency", f.frequency).value("depth", f.depth).text(); }
std::string encode(const Rotation& f) { return Object().value("rotationHz", f.rotation_hz).text(); }
std::string encode(const Distortion& f) {
  return Object()
      .value("sinOffset", f.sin_offset)
      .value("sinScale", f.sin_scale)
      .value("cosOffset", f.cos_offset)
      .value("cosScale", f.cos_scale)
      .value("tanOffset", f.tan_offset)
      .value("tanScale", f.tan_scale)
      .value("offset", f.offset)
      .value("scale", f.scale)
      .text();
}
std::string encode(const ChannelMix& f) {
  return Object()
      .value("leftToLeft", f.left_to_left)
      .value("leftToRight", f.left_to_right)
      .value("rightToLeft", f.right_to_left)
      .value("rightToRight", f.right_to_right)
      .text();
}
std::string encode(const LowPass& f) { return Object().value("smoothing", f.smoothing).text(); }

std::string encode_plugin_filters(const JsonFields& filters) {
  Object out;
  for (const auto& [name, value] : filters) {
    (void)quoted("a name in filters.pluginFilters", name);
    out.member(name, embedded("filters.pluginFilters." + name, value));
  }
  return out.text();
}

std::string encode(const Filters& f) {
  Object out;
  const auto each = [&](const char* name, const auto& filter) {
    if (filter) out.member(name, encode(*filter));
  };
  out.value("volume", f.volume);
  each("equalizer", f.equalizer);
  each("karaoke", f.karaoke);
  each("timescale", f.timescale);
  each("tremolo", f.tremolo);
  each("vibrato", f.vibrato);
  each("rotation", f.rotation);
  each("distortion", f.distortion);
  each("channelMix", f.channel_mix);
  each("lowPass", f.low_pass);
  if (!f.plugin_filters.empty()) out.member("pluginFilters", encode_plugin_filters(f.plugin_filters));
  return out.text();
}

std::string encode(const TrackUpdate& track) {
  Object out;
  if (track.encoded.is_null())
    out.member("encoded", "null");
  else if (track.encoded.present())
    out.member("encoded", quoted("track.encoded", track.encoded.value()));
  if (track.identifier) out.member("identifier", quoted("track.identifier", *track.identifier));
  if (track.user_data) {
    const auto& text = embedded("track.userData", *track.user_data);
    if (text[text.find_first_not_of(" \t\r\n")] != '{') refuse("track.userData", "must be a JSON object");
    out.member("userData", text);
  }
  return out.text();
}

std::string encode(const VoiceState& voice) {
  return Object()
      .member("token", quoted("voice.token", voice.token))
      .member("endpoint", quoted("voice.endpoint", voice.endpoint))
      .member("sessionId", quoted("voice.sessionId", voice.session_id))
      .member("channelId", quoted("voice.channelId", voice.channel_id.value().to_string()))
      .text();
}

std::string encode(const PlayerUpdateRequest& update) {
  Object out;
  if (update.track) out.member("track", encode(*update.track));
  if (update.position) out.value("position", update.position->count());
  if (update.end_time.is_null())
    out.member("endTime", "null");
  else if (update.end_time.present())
    out.value("endTime", update.end_time.value().count());
  out.value("volume", update.volume).value("paused", update.paused);
  if (update.filters) out.member("filters", encode(*update.filters));
  if (update.voice) out.member("voice", encode(*update.voice));
  return out.text();
}

/// Turns what `make` throws into a value.
template <class Make>
Result<std::string> encoded(Make make) {
  try {
    return make();
  } catch (const Exception& e) {
    return e.error();
  }
}

}  // namespace

Result<std::string> encode_player_update(const PlayerUpdateRequest& update) {
  if (auto valid = update.validate(); !valid) return std::move(valid).error();
  return encoded([&] { return encode(update); });
}

Result<std::string> encode_session_update(const SessionUpdate& update) {
  if (update.timeout && update.timeout->count() < 0) {
    return Error(Errc::invalid_argument, "timeout must be 0 or more, is " + std::to_string(update.timeout->count()));
  }
  Object out;
  out.value("resuming", update.resuming);
  if (update.timeout) out.value("timeout", update.timeout->count());
  return out.text();
}

Result<std::string> encode_decode_tracks(const std::vector<std::string>& tracks) {
  return encoded([&] {
    std::vector<std::string> out;
    for (const auto& track : tracks) out.push_back(quoted("[" + std::to_string(out.size()) + "]", track));
    return array(out);
  });
}

Result<std::string> encode_free_address(std::string_view address) {
  return encoded([&] { return Object().member("address", quoted("address", std::string(address))).text(); });
}

}  // namespace lavapp::lavalink
