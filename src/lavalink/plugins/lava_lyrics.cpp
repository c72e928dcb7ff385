#include "lavapp/lavalink/plugins/lava_lyrics.hpp"

#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin_events.hpp"

namespace lavapp::json {
namespace {

/// NodeLink has null for lines whose time it does not know.
bool read_timestamp(sj::value& value, std::chrono::milliseconds& out, Fault& fault) {
  bool null = false;
  if (!value.is_null().get(null) && null) return out = std::chrono::milliseconds(-1), true;
  return read(value, out, fault);
}
/// Null where there are none.
bool read_lines(sj::value& value, std::vector<lavalink::plugins::Lyrics::Line>& out, Fault& fault) {
  bool null = false;
  if (!value.is_null().get(null) && null) return out.clear(), true;
  return read(value, out, fault);
}

}  // namespace

template <>
struct Table<lavalink::plugins::Lyrics::Line> {
  using T = lavalink::plugins::Lyrics::Line;
  static constexpr std::tuple fields{required("timestamp", &T::timestamp, read_timestamp),
                                     optional("duration", &T::duration), required("line", &T::line),
                                     optional("plugin", &T::plugin)};
};
template <>
struct Table<lavalink::plugins::Lyrics> {
  using T = lavalink::plugins::Lyrics;
  static constexpr std::tuple fields{required("sourceName", &T::source_name), optional("provider", &T::provider),
                                     optional("text", &T::text), optional("lines", &T::lines, read_lines),
                                     optional("plugin", &T::plugin)};
};

template <>
struct Table<lavalink::plugins::LyricsFound> {
  using T = lavalink::plugins::LyricsFound;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("lyrics", &T::lyrics)};
};
template <>
struct Table<lavalink::plugins::LyricsNotFound> {
  using T = lavalink::plugins::LyricsNotFound;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id)};
};
template <>
struct Table<lavalink::plugins::LyricsLine> {
  using T = lavalink::plugins::LyricsLine;
  static constexpr std::tuple fields{Elsewhere{"op"}, Elsewhere{"type"}, required("guildId", &T::guild_id),
                                     required("lineIndex", &T::line_index), required("line", &T::line),
                                     required("skipped", &T::skipped)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink::plugins {

Result<Optional<Lyrics>> decode_lyrics(std::string body) {
  if (body.empty()) return Optional<Lyrics>{};
  auto lyrics = decode_with_raw<Lyrics>(body);
  if (!lyrics) return std::move(lyrics.error());
  return Optional<Lyrics>(std::move(*lyrics));
}

namespace {

bool tell(const UnknownMessage& message, PluginEvents& events) {
  return events.tell(message, "LyricsLineEvent", LavaLyrics::lyrics_line, "LavaLyrics::lyrics_line") ||
         events.tell(message, "LyricsFoundEvent", LavaLyrics::lyrics_found, "LavaLyrics::lyrics_found") ||
         events.tell(message, "LyricsNotFoundEvent", LavaLyrics::lyrics_not_found, "LavaLyrics::lyrics_not_found");
}

// Always told: whether the plugin may do without depends on its Spring.
std::pair<std::string, std::string> skip_track_source(LyricsFrom from) {
  return {"skipTrackSource", from == LyricsFrom::others ? "true" : "false"};
}

Requirement the_plugin() { return {Requirement::plugin, std::string(LavaLyrics::plugin)}; }
Requirement the_plugin_or_node_link() { return {Requirement::plugin, std::string(LavaLyrics::plugin), kNodeLink}; }

/// Not the player's own: the plugin may load for long, and a pause must not wait for that.
RestLane lane(Snowflake guild_id) { return {"lyrics/" + guild_id.to_string(), false}; }

std::string subscription(Snowflake guild_id) { return player_path(guild_id) + "/lyrics/subscribe"; }

}  // namespace

LavaLyrics::LavaLyrics(Node& node) : LavaLyrics(PluginEvents::listen(node, tell)) {}

LavaLyrics::LavaLyrics(ImplPtr impl) : EventEmitter(impl->emitter()), impl_(std::move(impl)) {}

LavaLyrics& LavaLyrics::operator=(LavaLyrics&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) impl_->destroy();
  EventEmitter::operator=(std::move(other));
  impl_ = std::move(other.impl_);
  return *this;
}

LavaLyrics::~LavaLyrics() {
  if (impl_) impl_->destroy();
}

void LavaLyrics::start_fetch(const ImplPtr& impl, std::string encoded, LyricsFrom from, CallOptions options,
                             Handler<Optional<Lyrics>> handler) {
  RawRequest request{"GET", "/v4/lyrics", {{"track", std::move(encoded)}, skip_track_source(from)}, {}};
  PluginCall<Optional<Lyrics>> call{the_plugin(), std::move(request), decode_lyrics};
  call.deadline = &NodeOptions::load_timeout;
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

void LavaLyrics::start_fetch_current(const ImplPtr& impl, Snowflake guild_id, LyricsFrom from, CallOptions options,
                                     Handler<Optional<Lyrics>> handler) {
  RawRequest request{"GET", player_path(guild_id) + "/track/lyrics", {skip_track_source(from)}, {}};
  PluginCall<Optional<Lyrics>> call{the_plugin(), std::move(request), decode_lyrics};
  call.deadline = &NodeOptions::load_timeout;
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

void LavaLyrics::start_subscribe(const ImplPtr& impl, Snowflake guild_id, LyricsFrom from, CallOptions options,
                                 Handler<void> handler) {
  RawRequest request{"POST", subscription(guild_id), {skip_track_source(from)}, {}};
  PluginCall<void> call{the_plugin_or_node_link(), std::move(request), decode_nothing, RestBody::none};
  call.lane = lane(guild_id);
  call.deadline = &NodeOptions::load_timeout;
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

void LavaLyrics::start_unsubscribe(const ImplPtr& impl, Snowflake guild_id, CallOptions options, Handler<void> handler) {
  RawRequest request{"DELETE", subscription(guild_id), {}, {}};
  PluginCall<void> call{the_plugin_or_node_link(), std::move(request), decode_nothing, RestBody::none};
  call.lane = lane(guild_id);
  start(impl->node(), std::move(call), std::move(options), std::move(handler));
}

}  // namespace lavapp::lavalink::plugins
