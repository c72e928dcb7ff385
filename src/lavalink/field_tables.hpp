// The docs' objects, field by field: the one place that knows what the wire calls what.
//
// A field is required where the docs say so; those that came with a later 4.x, and those that may be null, are not.
#pragma once

#include "lavalink/json_reader.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/info.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/player_types.hpp"
#include "lavapp/lavalink/routeplanner.hpp"
#include "lavapp/lavalink/stats.hpp"

namespace lavapp::lavalink::json {

// https://lavalink.dev/api/rest#track
template <>
struct Table<TrackInfo> {
  static constexpr std::tuple fields{required("identifier", &TrackInfo::identifier),
                                     required("isSeekable", &TrackInfo::is_seekable),
                                     required("author", &TrackInfo::author),
                                     required("length", &TrackInfo::length),
                                     required("isStream", &TrackInfo::is_stream),
                                     required("position", &TrackInfo::position),
                                     required("title", &TrackInfo::title),
                                     optional("uri", &TrackInfo::uri),
                                     required("sourceName", &TrackInfo::source_name),
                                     optional("artworkUrl", &TrackInfo::artwork_url),
                                     optional("isrc", &TrackInfo::isrc)};
};
template <>
struct Table<Track> {
  static constexpr std::tuple fields{required("encoded", &Track::encoded), required("info", &Track::info),
                                     optional("pluginInfo", &Track::plugin_info),
                                     optional("userData", &Track::user_data)};
};

// https://lavalink.dev/api/websocket#exception-object
template <>
struct Table<TrackException> {
  static constexpr std::tuple fields{
      optional("message", &TrackException::message), required("severity", &TrackException::severity),
      required("cause", &TrackException::cause), optional("causeStackTrace", &TrackException::cause_stack_trace)};
};

// https://lavalink.dev/api/websocket#stats-op
template <>
struct Table<FrameStats> {
  static constexpr std::tuple fields{required("sent", &FrameStats::sent), required("nulled", &FrameStats::nulled),
                                     required("deficit", &FrameStats::deficit)};
};
template <>
struct Table<MemoryStats> {
  static constexpr std::tuple fields{required("free", &MemoryStats::free), required("used", &MemoryStats::used),
                                     required("allocated", &MemoryStats::allocated),
                                     required("reservable", &MemoryStats::reservable)};
};
template <>
struct Table<CpuStats> {
  static constexpr std::tuple fields{required("cores", &CpuStats::cores),
                                     required("systemLoad", &CpuStats::system_load),
                                     required("lavalinkLoad", &CpuStats::lavalink_load)};
};
template <>
struct Table<Stats> {
  static constexpr std::tuple fields{Elsewhere{"op"},
                                     optional("frameStats", &Stats::frame_stats),
                                     required("players", &Stats::players),
                                     required("playingPlayers", &Stats::playing_players),
                                     required("uptime", &Stats::uptime),
                                     required("memory", &Stats::memory),
                                     required("cpu", &Stats::cpu)};
};

// https://lavalink.dev/api/websocket#player-state
template <>
struct Table<PlayerState> {
  static constexpr std::tuple fields{required("time", &PlayerState::time), required("position", &PlayerState::position),
                                     required("connected", &PlayerState::connected),
                                     required("ping", &PlayerState::ping)};
};

// https://lavalink.dev/api/rest#filters
template <>
struct Table<EqualizerBand> {
  static constexpr std::tuple fields{required("band", &EqualizerBand::band), required("gain", &EqualizerBand::gain)};
};
template <>
struct Table<Karaoke> {
  static constexpr std::tuple fields{optional("level", &Karaoke::level), optional("monoLevel", &Karaoke::mono_level),
                                     optional("filterBand", &Karaoke::filter_band),
                                     optional("filterWidth", &Karaoke::filter_width)};
};
template <>
struct Table<Timescale> {
  static constexpr std::tuple fields{optional("speed", &Timescale::speed), optional("pitch", &Timescale::pitch),
                                     optional("rate", &Timescale::rate)};
};
template <>
struct Table<Tremolo> {
  static constexpr std::tuple fields{optional("frequency", &Tremolo::frequency), optional("depth", &Tremolo::depth)};
};
template <>
struct Table<Vibrato> {
  static constexpr std::tuple fields{optional("frequency", &Vibrato::frequency), optional("depth", &Vibrato::depth)};
};
template <>
struct Table<Rotation> {
  static constexpr std::tuple fields{optional("rotationHz", &Rotation::rotation_hz)};
};
template <>
struct Table<Distortion> {
  static constexpr std::tuple fields{
      optional("sinOffset", &Distortion::sin_offset), optional("sinScale", &Distortion::sin_scale),
      optional("cosOffset", &Distortion::cos_offset), optional("cosScale", &Distortion::cos_scale),
      optional("tanOffset", &Distortion::tan_offset), optional("tanScale", &Distortion::tan_scale),
      optional("offset", &Distortion::offset),        optional("scale", &Distortion::scale)};
};
template <>
struct Table<ChannelMix> {
  static constexpr std::tuple fields{
      optional("leftToLeft", &ChannelMix::left_to_left), optional("leftToRight", &ChannelMix::left_to_right),
      optional("rightToLeft", &ChannelMix::right_to_left), optional("rightToRight", &ChannelMix::right_to_right)};
};
template <>
struct Table<LowPass> {
  static constexpr std::tuple fields{optional("smoothing", &LowPass::smoothing)};
};
template <>
struct Table<Filters> {
  static constexpr std::tuple fields{optional("volume", &Filters::volume),
                                     optional("equalizer", &Filters::equalizer),
                                     optional("karaoke", &Filters::karaoke),
                                     optional("timescale", &Filters::timescale),
                                     optional("tremolo", &Filters::tremolo),
                                     optional("vibrato", &Filters::vibrato),
                                     optional("rotation", &Filters::rotation),
                                     optional("distortion", &Filters::distortion),
                                     optional("channelMix", &Filters::channel_mix),
                                     optional("lowPass", &Filters::low_pass),
                                     optional("pluginFilters", &Filters::plugin_filters)};
  static constexpr auto unknown = &Filters::unknown;
};

// https://lavalink.dev/api/rest#player
template <>
struct Table<VoiceState> {
  static constexpr std::tuple fields{required("token", &VoiceState::token), required("endpoint", &VoiceState::endpoint),
                                     required("sessionId", &VoiceState::session_id),
                                     optional("channelId", &VoiceState::channel_id)};
};
template <>
struct Table<PlayerSnapshot> {
  static constexpr std::tuple fields{
      required("guildId", &PlayerSnapshot::guild_id), optional("track", &PlayerSnapshot::track),
      required("volume", &PlayerSnapshot::volume),    required("paused", &PlayerSnapshot::paused),
      required("state", &PlayerSnapshot::state),      required("voice", &PlayerSnapshot::voice),
      required("filters", &PlayerSnapshot::filters)};
};
template <>
struct Table<SessionState> {
  static constexpr std::tuple fields{required("resuming", &SessionState::resuming),
                                     required("timeout", &SessionState::timeout)};
};

// https://lavalink.dev/api/rest#get-lavalink-info
template <>
struct Table<Version> {
  static constexpr std::tuple fields{required("semver", &Version::semver),
                                     required("major", &Version::major),
                                     required("minor", &Version::minor),
                                     required("patch", &Version::patch),
                                     optional("preRelease", &Version::pre_release),
                                     optional("build", &Version::build)};
};
template <>
struct Table<Git> {
  static constexpr std::tuple fields{required("branch", &Git::branch), required("commit", &Git::commit),
                                     required("commitTime", &Git::commit_time)};
};
template <>
struct Table<Plugin> {
  static constexpr std::tuple fields{required("name", &Plugin::name), required("version", &Plugin::version)};
};
template <>
struct Table<Info> {
  static constexpr std::tuple fields{required("version", &Info::version),
                                     required("buildTime", &Info::build_time),
                                     required("git", &Info::git),
                                     required("jvm", &Info::jvm),
                                     required("lavaplayer", &Info::lavaplayer),
                                     required("sourceManagers", &Info::source_managers),
                                     required("filters", &Info::filters),
                                     required("plugins", &Info::plugins)};
};

// https://lavalink.dev/api/rest#get-routeplanner-status
template <>
struct Table<FailingAddress> {
  static constexpr std::tuple fields{required("failingAddress", &FailingAddress::address),
                                     required("failingTimestamp", &FailingAddress::failing_timestamp),
                                     required("failingTime", &FailingAddress::failing_time)};
};
template <>
struct Table<IpBlock> {
  static constexpr std::tuple fields{required("type", &IpBlock::type), required("size", &IpBlock::size)};
};
template <>
struct Table<RouteplannerDetails> {
  static constexpr std::tuple fields{required("ipBlock", &RouteplannerDetails::ip_block),
                                     required("failingAddresses", &RouteplannerDetails::failing_addresses),
                                     optional("rotateIndex", &RouteplannerDetails::rotate_index),
                                     optional("ipIndex", &RouteplannerDetails::ip_index),
                                     optional("currentAddress", &RouteplannerDetails::current_address),
                                     optional("currentAddressIndex", &RouteplannerDetails::current_address_index),
                                     optional("blockIndex", &RouteplannerDetails::block_index)};
};
template <>
struct Table<RouteplannerStatus> {
  static constexpr std::tuple fields{optional("class", &RouteplannerStatus::kind),
                                     optional("details", &RouteplannerStatus::details)};
};

// https://lavalink.dev/api/websocket ; the decoder has read op and type before it knows which of these it is.
template <>
struct Table<Ready> {
  static constexpr std::tuple fields{Elsewhere{"op"}, required("resumed", &Ready::resumed),
                                     required("sessionId", &Ready::session_id)};
};
template <>
struct Table<PlayerUpdate> {
  static constexpr std::tuple fields{Elsewhere{"op"}, required("state", &PlayerUpdate::state),
                                     required("guildId", &PlayerUpdate::guild_id)};
};
template <>
struct Table<TrackStart> {
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &TrackStart::guild_id),
                                     required("track", &TrackStart::track)};
};
template <>
struct Table<TrackEnd> {
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &TrackEnd::guild_id),
                                     required("track", &TrackEnd::track), required("reason", &TrackEnd::reason)};
};
template <>
struct Table<TrackFailed> {
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &TrackFailed::guild_id),
                                     required("track", &TrackFailed::track),
                                     required("exception", &TrackFailed::exception)};
};
template <>
struct Table<TrackStuck> {
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &TrackStuck::guild_id),
                                     required("track", &TrackStuck::track),
                                     required("thresholdMs", &TrackStuck::threshold)};
};
template <>
struct Table<VoiceClosed> {
  static constexpr std::tuple fields{Elsewhere{"op"},
                                     Elsewhere{"type"},
                                     required("guildId", &VoiceClosed::guild_id),
                                     required("code", &VoiceClosed::code),
                                     required("reason", &VoiceClosed::reason),
                                     required("byRemote", &VoiceClosed::by_remote)};
};

}  // namespace lavapp::lavalink::json
