// The docs' objects, field by field: the one place that knows what the wire calls what.
//
// A field is required where the docs say so; those that came with a later 4.x, those that may be null, and those that
// NodeLink, which speaks the same protocol, does without, are not.
#pragma once

#include "json/reader.hpp"
#include "lavalink/spelling.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/routeplanner.hpp"
#include "lavapp/lavalink/stats.hpp"

namespace lavapp::lavalink {

// Where NodeLink has a name of its own. https://nodelink.js.org/docs/api/rest
struct CpuBody : CpuStats {
  Optional<double> own_load = {}, node_link_load = {}, process_load = {};
};
struct InfoBody : Info {
  bool is_node_link_2 = false;  // as version 2 of it spells that
};

}  // namespace lavapp::lavalink

namespace lavapp::json {

/// Milliseconds, of which NodeLink tells fractions when a timescale is set.
inline bool read_whole(sj::value& value, std::chrono::milliseconds& out, Fault& fault) {
  std::int64_t whole = 0;
  if (!value.get_int64().get(whole)) return out = std::chrono::milliseconds(whole), true;
  double number = 0;
  if (value.get_double().get(number)) return fault.wrong(value, "an integer");
  constexpr double limit = 9223372036854775808.0;  // 2^63
  if (!(number > -limit && number < limit)) return fault.what = "is too large for 64 bits", false;
  out = std::chrono::milliseconds(static_cast<std::int64_t>(number));
  return true;
}

/// NodeLink's null for what is not known yet, where Lavalink has an empty text.
inline bool read_or_null(sj::value& value, std::string& out, Fault& fault) {
  bool null = false;
  if (!value.is_null().get(null) && null) return out.clear(), true;
  return read(value, out, fault);
}

/// NodeLink's version has lists where Lavalink's has texts.
inline bool read_if_text(sj::value& value, Optional<std::string>& out, Fault& fault) {
  sj::json_type type;
  if (const auto error = value.type().get(type)) return fault.broken(error);
  if (type != sj::json_type::array) return read(value, out, fault);
  out.reset();
  return check(value, fault);
}

// https://lavalink.dev/api/rest#track
template <>
struct Table<lavalink::TrackInfo> {
  using T = lavalink::TrackInfo;
  static constexpr std::tuple fields{required("identifier", &T::identifier), required("isSeekable", &T::is_seekable),
                                     required("author", &T::author), required("length", &T::length),
                                     required("isStream", &T::is_stream), required("position", &T::position),
                                     required("title", &T::title), optional("uri", &T::uri),
                                     required("sourceName", &T::source_name), optional("artworkUrl", &T::artwork_url),
                                     optional("isrc", &T::isrc)};
};
template <>
struct Table<lavalink::Track> {
  using T = lavalink::Track;
  static constexpr std::tuple fields{required("encoded", &T::encoded), required("info", &T::info),
                                     optional("pluginInfo", &T::plugin_info), optional("userData", &T::user_data)};
};

// https://lavalink.dev/api/websocket#exception-object
template <>
struct Table<lavalink::TrackException> {
  using T = lavalink::TrackException;
  static constexpr std::tuple fields{optional("message", &T::message), required("severity", &T::severity),
                                     optional("cause", &T::cause, read_or_null),
                                     optional("causeStackTrace", &T::cause_stack_trace)};
};

// https://lavalink.dev/api/websocket#stats-op
template <>
struct Table<lavalink::FrameStats> {
  using T = lavalink::FrameStats;
  static constexpr std::tuple fields{required("sent", &T::sent), required("nulled", &T::nulled),
                                     required("deficit", &T::deficit)};
};
template <>
struct Table<lavalink::MemoryStats> {
  using T = lavalink::MemoryStats;
  static constexpr std::tuple fields{required("free", &T::free), required("used", &T::used),
                                     required("allocated", &T::allocated), required("reservable", &T::reservable)};
};
template <>
struct Table<lavalink::CpuBody> {
  using T = lavalink::CpuBody;
  static constexpr std::tuple fields{required("cores", &T::cores), required("systemLoad", &T::system_load),
                                     optional("lavalinkLoad", &T::own_load), optional("nodelinkLoad", &T::node_link_load),
                                     optional("processLoad", &T::process_load)};
};
inline bool read(sj::value& value, lavalink::CpuStats& out, Fault& fault) {
  lavalink::CpuBody body;
  if (!read(value, body, fault)) return false;
  const auto& load = body.own_load.has_value()         ? body.own_load
                     : body.node_link_load.has_value() ? body.node_link_load
                                                       : body.process_load;
  if (!load.has_value()) return fault.missing("lavalinkLoad");
  body.lavalink_load = *load;
  out = body;
  return true;
}
template <>
struct Table<lavalink::Stats> {
  using T = lavalink::Stats;
  static constexpr std::tuple fields{Elsewhere{"op"}, optional("frameStats", &T::frame_stats),
                                     required("players", &T::players), required("playingPlayers", &T::playing_players),
                                     required("uptime", &T::uptime), required("memory", &T::memory),
                                     required("cpu", &T::cpu)};
};

// https://lavalink.dev/api/websocket#player-state
template <>
struct Table<lavalink::PlayerState> {
  using T = lavalink::PlayerState;
  static constexpr std::tuple fields{required("time", &T::time), required("position", &T::position, read_whole),
                                     required("connected", &T::connected), required("ping", &T::ping, read_whole)};
};

// https://lavalink.dev/api/rest#filters
template <>
struct Table<lavalink::EqualizerBand> {
  using T = lavalink::EqualizerBand;
  static constexpr std::tuple fields{required("band", &T::band), required("gain", &T::gain)};
};
template <>
struct Table<lavalink::Karaoke> {
  using T = lavalink::Karaoke;
  static constexpr std::tuple fields{optional("level", &T::level), optional("monoLevel", &T::mono_level),
                                     optional("filterBand", &T::filter_band),
                                     optional("filterWidth", &T::filter_width)};
};
template <>
struct Table<lavalink::Timescale> {
  using T = lavalink::Timescale;
  static constexpr std::tuple fields{optional("speed", &T::speed), optional("pitch", &T::pitch),
                                     optional("rate", &T::rate)};
};
template <>
struct Table<lavalink::Tremolo> {
  using T = lavalink::Tremolo;
  static constexpr std::tuple fields{optional("frequency", &T::frequency), optional("depth", &T::depth)};
};
template <>
struct Table<lavalink::Vibrato> {
  using T = lavalink::Vibrato;
  static constexpr std::tuple fields{optional("frequency", &T::frequency), optional("depth", &T::depth)};
};
template <>
struct Table<lavalink::Rotation> {
  using T = lavalink::Rotation;
  static constexpr std::tuple fields{optional("rotationHz", &T::rotation_hz)};
};
template <>
struct Table<lavalink::Distortion> {
  using T = lavalink::Distortion;
  static constexpr std::tuple fields{optional("sinOffset", &T::sin_offset), optional("sinScale", &T::sin_scale),
                                     optional("cosOffset", &T::cos_offset), optional("cosScale", &T::cos_scale),
                                     optional("tanOffset", &T::tan_offset), optional("tanScale", &T::tan_scale),
                                     optional("offset", &T::offset), optional("scale", &T::scale)};
};
template <>
struct Table<lavalink::ChannelMix> {
  using T = lavalink::ChannelMix;
  static constexpr std::tuple fields{optional("leftToLeft", &T::left_to_left),
                                     optional("leftToRight", &T::left_to_right),
                                     optional("rightToLeft", &T::right_to_left),
                                     optional("rightToRight", &T::right_to_right)};
};
template <>
struct Table<lavalink::LowPass> {
  using T = lavalink::LowPass;
  static constexpr std::tuple fields{optional("smoothing", &T::smoothing)};
};
template <>
struct Table<lavalink::Filters> {
  using T = lavalink::Filters;
  static constexpr std::tuple fields{optional("volume", &T::volume), optional("equalizer", &T::equalizer),
                                     optional("karaoke", &T::karaoke), optional("timescale", &T::timescale),
                                     optional("tremolo", &T::tremolo), optional("vibrato", &T::vibrato),
                                     optional("rotation", &T::rotation), optional("distortion", &T::distortion),
                                     optional("channelMix", &T::channel_mix), optional("lowPass", &T::low_pass),
                                     optional("pluginFilters", &T::plugin_filters)};
  static constexpr auto unknown = &T::unknown;
};

// https://lavalink.dev/api/rest#player
template <>
struct Table<lavalink::VoiceState> {
  using T = lavalink::VoiceState;
  static constexpr std::tuple fields{required("token", &T::token, read_or_null),
                                     required("endpoint", &T::endpoint, read_or_null),
                                     required("sessionId", &T::session_id, read_or_null),
                                     optional("channelId", &T::channel_id)};
};
template <>
struct Table<lavalink::PlayerSnapshot> {
  using T = lavalink::PlayerSnapshot;
  static constexpr std::tuple fields{required("guildId", &T::guild_id), optional("track", &T::track),
                                     required("volume", &T::volume), required("paused", &T::paused),
                                     required("state", &T::state), required("voice", &T::voice),
                                     required("filters", &T::filters)};
};
template <>
struct Table<lavalink::SessionState> {
  using T = lavalink::SessionState;
  static constexpr std::tuple fields{required("resuming", &T::resuming), required("timeout", &T::timeout)};
};

// https://lavalink.dev/api/rest#get-lavalink-info
template <>
struct Table<lavalink::Version> {
  using T = lavalink::Version;
  static constexpr std::tuple fields{required("semver", &T::semver), required("major", &T::major),
                                     required("minor", &T::minor), required("patch", &T::patch),
                                     optional("preRelease", &T::pre_release),
                                     optional("build", &T::build, read_if_text)};
};
template <>
struct Table<lavalink::Git> {
  using T = lavalink::Git;
  static constexpr std::tuple fields{required("branch", &T::branch), required("commit", &T::commit),
                                     required("commitTime", &T::commit_time)};
};
template <>
struct Table<lavalink::Plugin> {
  using T = lavalink::Plugin;
  static constexpr std::tuple fields{required("name", &T::name), required("version", &T::version)};
};
template <>
struct Table<lavalink::InfoBody> {
  using T = lavalink::InfoBody;
  static constexpr std::tuple fields{required("version", &T::version), required("buildTime", &T::build_time),
                                     required("git", &T::git), optional("jvm", &T::jvm),
                                     optional("lavaplayer", &T::lavaplayer),
                                     required("sourceManagers", &T::source_managers), required("filters", &T::filters),
                                     required("plugins", &T::plugins), optional("isNodelink", &T::is_node_link),
                                     optional("isNodeLink", &T::is_node_link_2)};
};

// https://lavalink.dev/api/rest#get-routeplanner-status
template <>
struct Table<lavalink::FailingAddress> {
  using T = lavalink::FailingAddress;
  static constexpr std::tuple fields{required("failingAddress", &T::address),
                                     required("failingTimestamp", &T::failing_timestamp),
                                     required("failingTime", &T::failing_time)};
};
template <>
struct Table<lavalink::IpBlock> {
  using T = lavalink::IpBlock;
  static constexpr std::tuple fields{required("type", &T::type), required("size", &T::size)};
};
template <>
struct Table<lavalink::RouteplannerDetails> {
  using T = lavalink::RouteplannerDetails;
  static constexpr std::tuple fields{required("ipBlock", &T::ip_block),
                                     required("failingAddresses", &T::failing_addresses),
                                     optional("rotateIndex", &T::rotate_index), optional("ipIndex", &T::ip_index),
                                     optional("currentAddress", &T::current_address),
                                     optional("currentAddressIndex", &T::current_address_index),
                                     optional("blockIndex", &T::block_index)};
};
template <>
struct Table<lavalink::RouteplannerStatus> {
  using T = lavalink::RouteplannerStatus;
  static constexpr std::tuple fields{optional("class", &T::kind), optional("details", &T::details)};
};

// https://lavalink.dev/api/websocket ; the decoder has read op and type before it knows which of these it is.
template <>
struct Table<lavalink::Ready> {
  using T = lavalink::Ready;
  static constexpr std::tuple fields{Elsewhere{"op"}, required("resumed", &T::resumed),
                                     required("sessionId", &T::session_id)};
};
template <>
struct Table<lavalink::PlayerUpdate> {
  using T = lavalink::PlayerUpdate;
  static constexpr std::tuple fields{Elsewhere{"op"}, required("state", &T::state), required("guildId", &T::guild_id)};
};
template <>
struct Table<lavalink::TrackStart> {
  using T = lavalink::TrackStart;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("track", &T::track)};
};
template <>
struct Table<lavalink::TrackEnd> {
  using T = lavalink::TrackEnd;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("track", &T::track), required("reason", &T::reason)};
};
template <>
struct Table<lavalink::TrackFailed> {
  using T = lavalink::TrackFailed;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("track", &T::track), required("exception", &T::exception)};
};
template <>
struct Table<lavalink::TrackStuck> {
  using T = lavalink::TrackStuck;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("track", &T::track), required("thresholdMs", &T::threshold)};
};
template <>
struct Table<lavalink::VoiceClosed> {
  using T = lavalink::VoiceClosed;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     optional("code", &T::code), optional("reason", &T::reason, read_or_null),
                                     required("byRemote", &T::by_remote)};
};

}  // namespace lavapp::json
