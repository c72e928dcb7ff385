#include "lavapp/lavalink/plugins/java_timed_lyrics.hpp"

#include "lavalink/decode_body.hpp"
#include "lavalink/encode.hpp"
#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin.hpp"

namespace lavapp::json {

template <>
struct Spelling<lavalink::plugins::TimedLyricsType> {
  using E = lavalink::plugins::TimedLyricsType;
  static constexpr std::pair<std::string_view, E> list[] = {{"timed", E::timed}, {"text", E::text}};
};

// https://github.com/DuncteBot/java-timed-lyrics#api-for-clients
namespace {

/// Null for what Genius finds.
bool read_album_art(sj::value& value, std::vector<lavalink::plugins::TimedLyrics::AlbumArt>& out, Fault& fault) {
  bool null = false;
  if (!value.is_null().get(null) && null) return out.clear(), true;
  return read(value, out, fault);
}

}  // namespace

template <>
struct Table<lavalink::plugins::TimedLyrics::AlbumArt> {
  using T = lavalink::plugins::TimedLyrics::AlbumArt;
  static constexpr std::tuple fields{required("url", &T::url), required("height", &T::height),
                                     required("width", &T::width)};
};
template <>
struct Table<lavalink::plugins::TimedLyrics::Track> {
  using T = lavalink::plugins::TimedLyrics::Track;
  static constexpr std::tuple fields{required("title", &T::title), required("author", &T::author),
                                     optional("album", &T::album), optional("albumArt", &T::album_art, read_album_art)};
};
template <>
struct Table<lavalink::plugins::TimedLyrics::Range> {
  using T = lavalink::plugins::TimedLyrics::Range;
  static constexpr std::tuple fields{required("start", &T::start), required("end", &T::end)};
};
template <>
struct Table<lavalink::plugins::TimedLyrics::Line> {
  using T = lavalink::plugins::TimedLyrics::Line;
  static constexpr std::tuple fields{required("line", &T::line), optional("range", &T::range)};
};
template <>
struct Table<lavalink::plugins::TimedLyrics> {
  using T = lavalink::plugins::TimedLyrics;
  static constexpr std::tuple fields{required("type", &T::type), required("track", &T::track),
                                     required("source", &T::source), optional("text", &T::text),
                                     optional("lines", &T::lines)};
};
template <>
struct Table<lavalink::plugins::FoundVideo> {
  using T = lavalink::plugins::FoundVideo;
  static constexpr std::tuple fields{required("videoId", &T::video_id), required("title", &T::title)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink::plugins {

Result<TimedLyrics> decode_timed_lyrics(std::string body) { return decode_with_raw<TimedLyrics>(body); }
Result<std::vector<FoundVideo>> decode_found_videos(std::string body) { return decode_array<FoundVideo>(body); }

namespace {

Requirement the_plugin() { return {Requirement::plugin, std::string(JavaTimedLyrics::plugin)}; }
Requirement either_plugin() { return {Requirement::plugin, std::string(JavaTimedLyrics::plugin), std::string(JavaTimedLyrics::elder)}; }

template <class T>
PluginCall<T> get(Requirement needs, Result<RawRequest> request, Result<T> (*decode)(std::string)) {
  PluginCall<T> call{std::move(needs), std::move(request), decode};
  call.deadline = &NodeOptions::load_timeout;
  return call;
}

/// "search" would be taken for the route of that name, and an empty id for none.
Result<RawRequest> lyrics_of(const std::string& video_id) {
  RawRequest request{"GET", "/v4/lyrics/" + percent_encode(video_id), {}, {}};
  if (video_id.empty() || video_id == "search") return mistake(request, "video_id is no id of a video");
  return request;
}

}  // namespace

std::string_view to_string(TimedLyricsType type) noexcept { return json::spelling_of(type); }

JavaTimedLyrics::JavaTimedLyrics(Node& node) : node_(NodeAccess::of(node)) {}

void JavaTimedLyrics::start_fetch(const ImplPtr& node, std::string video_id, CallOptions options,
                                  Handler<TimedLyrics> handler) {
  start(node, get<TimedLyrics>(either_plugin(), lyrics_of(video_id), decode_timed_lyrics), std::move(options),
        std::move(handler));
}

void JavaTimedLyrics::start_fetch_current(const ImplPtr& node, Snowflake guild_id, CallOptions options,
                                          Handler<TimedLyrics> handler) {
  start(node,
        get<TimedLyrics>(either_plugin(), RawRequest{"GET", player_path(guild_id) + "/lyrics", {}, {}},
                         decode_timed_lyrics),
        std::move(options), std::move(handler));
}

void JavaTimedLyrics::start_search(const ImplPtr& node, std::string query, CallOptions options,
                                   Handler<std::vector<FoundVideo>> handler) {
  RawRequest request{"GET", "/v4/lyrics/search", {{"query", std::move(query)}}, {}};
  start(node, get<std::vector<FoundVideo>>(the_plugin(), std::move(request), decode_found_videos), std::move(options),
        std::move(handler));
}

void JavaTimedLyrics::start_search_genius(const ImplPtr& node, std::string query, CallOptions options,
                                          Handler<TimedLyrics> handler) {
  RawRequest request{"GET", "/v4/lyrics/search", {{"query", std::move(query)}, {"source", "genius"}}, {}};
  start(node, get<TimedLyrics>(the_plugin(), std::move(request), decode_timed_lyrics), std::move(options),
        std::move(handler));
}

}  // namespace lavapp::lavalink::plugins
