#include "lavalink/compare.hpp"

#include <gtest/gtest.h>

#include <set>

namespace lavapp::test {
namespace {

using namespace lavalink;

/// An object's fields, ticked off one by one.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) { EXPECT_TRUE(json.is_object()) << json; }
  ~Fields() {
    for (const auto& [name, value] : json_.items()) EXPECT_TRUE(taken_.count(name) != 0) << "lost: " << name;
  }

  /// Absent and null are one to what is optional here.
  const Json* find(const char* name) {
    taken_.insert(name);
    const auto it = json_.find(name);
    return it == json_.end() || it->is_null() ? nullptr : &*it;
  }
  const Json& at(const char* name) {
    taken_.insert(name);
    return json_.at(name);
  }
  bool has(const char* name) const { return json_.contains(name); }

  void same(const char* name, const std::string& value) { EXPECT_EQ(at(name).get<std::string>(), value) << name; }
  void same(const char* name, bool value) { EXPECT_EQ(at(name).get<bool>(), value) << name; }
  void same(const char* name, double value) { EXPECT_EQ(at(name).get<double>(), value) << name; }
  void same(const char* name, std::int64_t value) { EXPECT_EQ(at(name).get<std::int64_t>(), value) << name; }
  void same(const char* name, int value) { same(name, std::int64_t{value}); }
  void same(const char* name, std::chrono::milliseconds value) { same(name, std::int64_t{value.count()}); }
  void same(const char* name, std::chrono::seconds value) { same(name, std::int64_t{value.count()}); }
  void same(const char* name, Snowflake value) {
    const auto text = at(name).get<std::string>();
    EXPECT_EQ(text, text[0] == '-' ? std::to_string(static_cast<std::int64_t>(value.value())) : value.to_string());
  }
  void same(const char* name, const JsonText& value) {
    if (!has(name))
      EXPECT_TRUE(value.empty()) << name;
    else
      EXPECT_EQ(at(name), Json::parse(value.text)) << name;
    taken_.insert(name);
  }
  void same(const char* name, const std::vector<std::string>& value) {
    EXPECT_EQ(at(name).get<std::vector<std::string>>(), value) << name;
  }
  template <class T>
  void same(const char* name, const Optional<T>& value) {
    ASSERT_EQ(find(name) != nullptr, value.has_value()) << name;
    if (value.has_value()) same(name, *value);
  }
  template <class E>
  void same(const char* name, const Named<E>& value) {
    same(name, value.text);
    EXPECT_EQ(to_string(value.value), value.text) << name;  // all the recorded spellings are known ones
  }
  template <class T>
  void same_object(const char* name, const T& value) {
    SCOPED_TRACE(name);
    compare(value, at(name));
  }
  template <class T>
  void same_object(const char* name, const Optional<T>& value) {
    ASSERT_EQ(find(name) != nullptr, value.has_value()) << name;
    if (value.has_value()) same_object(name, *value);
  }

 private:
  const Json& json_;
  std::set<std::string> taken_;
};

template <class T>
void compare_list(const std::vector<T>& value, const Json& json) {
  ASSERT_EQ(value.size(), json.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    SCOPED_TRACE(i);
    compare(value[i], json[i]);
  }
}

}  // namespace

void compare(const TrackInfo& value, const Json& json) {
  Fields f(json);
  f.same("identifier", value.identifier);
  f.same("isSeekable", value.is_seekable);
  f.same("author", value.author);
  f.same("length", value.length);
  f.same("isStream", value.is_stream);
  f.same("position", value.position);
  f.same("title", value.title);
  f.same("uri", value.uri);
  f.same("artworkUrl", value.artwork_url);
  f.same("isrc", value.isrc);
  f.same("sourceName", value.source_name);
}

void compare(const VoiceState& value, const Json& json) {
  Fields f(json);
  f.same("token", value.token);
  f.same("endpoint", value.endpoint);
  f.same("sessionId", value.session_id);
  f.same("channelId", value.channel_id);
}

void compare(const EqualizerBand& value, const Json& json) {
  Fields f(json);
  f.same("band", value.band);
  f.same("gain", value.gain);
}
void compare(const std::vector<EqualizerBand>& value, const Json& json) { compare_list(value, json); }
void compare(const Karaoke& value, const Json& json) {
  Fields f(json);
  f.same("level", value.level);
  f.same("monoLevel", value.mono_level);
  f.same("filterBand", value.filter_band);
  f.same("filterWidth", value.filter_width);
}
void compare(const Timescale& value, const Json& json) {
  Fields f(json);
  f.same("speed", value.speed);
  f.same("pitch", value.pitch);
  f.same("rate", value.rate);
}
void compare(const Tremolo& value, const Json& json) {
  Fields f(json);
  f.same("frequency", value.frequency);
  f.same("depth", value.depth);
}
void compare(const Vibrato& value, const Json& json) {
  Fields f(json);
  f.same("frequency", value.frequency);
  f.same("depth", value.depth);
}
void compare(const Rotation& value, const Json& json) { Fields(json).same("rotationHz", value.rotation_hz); }
void compare(const Distortion& value, const Json& json) {
  Fields f(json);
  f.same("sinOffset", value.sin_offset);
  f.same("sinScale", value.sin_scale);
  f.same("cosOffset", value.cos_offset);
  f.same("cosScale", value.cos_scale);
  f.same("tanOffset", value.tan_offset);
  f.same("tanScale", value.tan_scale);
  f.same("offset", value.offset);
  f.same("scale", value.scale);
}
void compare(const ChannelMix& value, const Json& json) {
  Fields f(json);
  f.same("leftToLeft", value.left_to_left);
  f.same("leftToRight", value.left_to_right);
  f.same("rightToLeft", value.right_to_left);
  f.same("rightToRight", value.right_to_right);
}
void compare(const LowPass& value, const Json& json) { Fields(json).same("smoothing", value.smoothing); }

void compare(const Version& value, const Json& json) {
  Fields f(json);
  f.same("semver", value.semver);
  f.same("major", value.major);
  f.same("minor", value.minor);
  f.same("patch", value.patch);
  f.same("preRelease", value.pre_release);
  f.same("build", value.build);
}
void compare(const Git& value, const Json& json) {
  Fields f(json);
  f.same("branch", value.branch);
  f.same("commit", value.commit);
  f.same("commitTime", value.commit_time);
}
void compare(const Plugin& value, const Json& json) {
  Fields f(json);
  f.same("name", value.name);
  f.same("version", value.version);
}

void compare(const MemoryStats& value, const Json& json) {
  Fields f(json);
  f.same("free", value.free);
  f.same("used", value.used);
  f.same("allocated", value.allocated);
  f.same("reservable", value.reservable);
}
void compare(const CpuStats& value, const Json& json) {
  Fields f(json);
  f.same("cores", value.cores);
  f.same("systemLoad", value.system_load);
  f.same("lavalinkLoad", value.lavalink_load);
}
void compare(const FrameStats& value, const Json& json) {
  Fields f(json);
  f.same("sent", value.sent);
  f.same("nulled", value.nulled);
  f.same("deficit", value.deficit);
}
static void compare_stats(const Stats& value, Fields& f) {
  f.same_object("frameStats", value.frame_stats);
  f.same("players", value.players);
  f.same("playingPlayers", value.playing_players);
  f.same("uptime", value.uptime);
  f.same_object("memory", value.memory);
  f.same_object("cpu", value.cpu);
}

void compare(const IpBlock& value, const Json& json) {
  Fields f(json);
  f.same("type", value.type);
  f.same("size", value.size);
}
void compare(const FailingAddress& value, const Json& json) {
  Fields f(json);
  f.same("failingAddress", value.address);
  f.same("failingTimestamp", value.failing_timestamp);
  f.same("failingTime", value.failing_time);
}
void compare(const RouteplannerDetails& value, const Json& json) {
  Fields f(json);
  f.same_object("ipBlock", value.ip_block);
  compare_list(value.failing_addresses, f.at("failingAddresses"));
  f.same("rotateIndex", value.rotate_index);
  f.same("ipIndex", value.ip_index);
  f.same("currentAddress", value.current_address);
  f.same("currentAddressIndex", value.current_address_index);
  f.same("blockIndex", value.block_index);
}

static void compare_playlist(const PlaylistLoaded& value, const Json& json) {
  Fields f(json);
  Fields info(f.at("info"));
  info.same("name", value.name);
  info.same("selectedTrack", value.selected_track);
  f.same("pluginInfo", value.plugin_info);
  compare_list(value.tracks, f.at("tracks"));
}

namespace {

/// What every event has.
Fields event_fields(const Json& json, const char* type, Snowflake guild_id) {
  Fields f(json);
  f.same("op", std::string("event"));
  f.same("type", std::string(type));
  f.same("guildId", guild_id);
  return f;
}

}  // namespace

void compare(const Track& value, const Json& json) {
  Fields f(json);
  f.same("encoded", value.encoded);
  f.same_object("info", value.info);
  f.same("pluginInfo", value.plugin_info);
  f.same("userData", value.user_data);
}

void compare(const TrackException& value, const Json& json) {
  Fields f(json);
  f.same("message", value.message);
  f.same("severity", value.severity);
  f.same("cause", value.cause);
  f.same("causeStackTrace", value.cause_stack_trace);
}

void compare(const Stats& value, const Json& json) {
  Fields f(json);
  compare_stats(value, f);
}

void compare(const PlayerState& value, const Json& json) {
  Fields f(json);
  f.same("time", value.time);
  f.same("position", value.position);
  f.same("connected", value.connected);
  f.same("ping", value.ping);
}

void compare(const Filters& value, const Json& json) {
  Fields f(json);
  f.same("volume", value.volume);
  f.same_object("equalizer", value.equalizer);
  f.same_object("karaoke", value.karaoke);
  f.same_object("timescale", value.timescale);
  f.same_object("tremolo", value.tremolo);
  f.same_object("vibrato", value.vibrato);
  f.same_object("rotation", value.rotation);
  f.same_object("distortion", value.distortion);
  f.same_object("channelMix", value.channel_mix);
  f.same_object("lowPass", value.low_pass);
  const Json* plugins = f.find("pluginFilters");
  EXPECT_EQ(value.plugin_filters.size(), plugins ? plugins->size() : 0);
  for (const auto& [name, text] : value.plugin_filters) EXPECT_EQ(plugins->at(name), Json::parse(text.text)) << name;
  for (const auto& [name, text] : value.unknown) EXPECT_EQ(f.at(name.c_str()), Json::parse(text.text)) << name;
}

void compare(const PlayerSnapshot& value, const Json& json) {
  Fields f(json);
  f.same("guildId", value.guild_id);
  f.same_object("track", value.track);
  f.same("volume", value.volume);
  f.same("paused", value.paused);
  f.same_object("state", value.state);
  f.same_object("voice", value.voice);
  f.same_object("filters", value.filters);
  EXPECT_EQ(Json::parse(value.raw), json);
}

void compare(const SessionState& value, const Json& json) {
  Fields f(json);
  f.same("resuming", value.resuming);
  f.same("timeout", value.timeout);
}

void compare(const Info& value, const Json& json) {
  Fields f(json);
  f.same_object("version", value.version);
  f.same("buildTime", value.build_time);
  f.same_object("git", value.git);
  f.same("jvm", value.jvm);
  f.same("lavaplayer", value.lavaplayer);
  f.same("sourceManagers", value.source_managers);
  f.same("filters", value.filters);
  compare_list(value.plugins, f.at("plugins"));
  EXPECT_EQ(Json::parse(value.raw), json);
}

void compare(const RouteplannerStatus& value, const Json& json) {
  Fields f(json);
  f.same("class", value.kind);
  f.same_object("details", value.details);
  EXPECT_EQ(Json::parse(value.raw), json);
}

void compare(const LoadResult& value, const Json& json) {
  Fields f(json);
  const auto type = f.at("loadType").get<std::string>();
  const Json* data = f.find("data");
  EXPECT_EQ(Json::parse(value.raw), json);
  if (const auto* track = std::get_if<TrackLoaded>(&value.value)) {
    EXPECT_EQ(type, "track");
    compare(track->track, *data);
  } else if (const auto* list = std::get_if<PlaylistLoaded>(&value.value)) {
    EXPECT_EQ(type, "playlist");
    compare_playlist(*list, *data);
  } else if (const auto* found = std::get_if<SearchResult>(&value.value)) {
    EXPECT_EQ(type, "search");
    compare_list(found->tracks, *data);
  } else if (const auto* failed = std::get_if<LoadFailed>(&value.value)) {
    EXPECT_EQ(type, "error");
    compare(failed->exception, *data);
  } else if (std::get_if<NothingFound>(&value.value)) {
    EXPECT_EQ(type, "empty");
    EXPECT_EQ(data, nullptr);
  } else {
    ADD_FAILURE() << "unknown loadType " << type;
  }
}

void compare(const std::vector<Track>& value, const Json& json) { compare_list(value, json); }
void compare(const std::vector<PlayerSnapshot>& value, const Json& json) { compare_list(value, json); }

void compare(const Ready& value, const Json& json) {
  Fields f(json);
  f.same("op", std::string("ready"));
  f.same("resumed", value.resumed);
  f.same("sessionId", value.session_id);
}
void compare(const StatsUpdate& value, const Json& json) {
  Fields f(json);
  f.same("op", std::string("stats"));
  compare_stats(value.stats, f);
}
void compare(const PlayerUpdate& value, const Json& json) {
  Fields f(json);
  f.same("op", std::string("playerUpdate"));
  f.same("guildId", value.guild_id);
  f.same_object("state", value.state);
}
void compare(const TrackStart& value, const Json& json) {
  auto f = event_fields(json, "TrackStartEvent", value.guild_id);
  f.same_object("track", value.track);
}
void compare(const TrackEnd& value, const Json& json) {
  auto f = event_fields(json, "TrackEndEvent", value.guild_id);
  f.same_object("track", value.track);
  f.same("reason", value.reason);
}
void compare(const TrackFailed& value, const Json& json) {
  auto f = event_fields(json, "TrackExceptionEvent", value.guild_id);
  f.same_object("track", value.track);
  f.same_object("exception", value.exception);
}
void compare(const TrackStuck& value, const Json& json) {
  auto f = event_fields(json, "TrackStuckEvent", value.guild_id);
  f.same_object("track", value.track);
  f.same("thresholdMs", value.threshold);
}
void compare(const VoiceClosed& value, const Json& json) {
  auto f = event_fields(json, "WebSocketClosedEvent", value.guild_id);
  f.same("code", value.code);
  f.same("reason", value.reason);
  f.same("byRemote", value.by_remote);
}
void compare(const UnknownMessage& value, const Json& json) { ADD_FAILURE() << "unknown " << value.op << ": " << json; }
void compare(const Warning& value, const Json& json) { ADD_FAILURE() << value.error.what() << ": " << json; }

}  // namespace lavapp::test
