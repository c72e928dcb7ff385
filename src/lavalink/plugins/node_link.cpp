#include "lavapp/lavalink/plugins/node_link.hpp"

#include "lavalink/decode_body.hpp"
#include "lavalink/field_tables.hpp"
#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin.hpp"

namespace lavapp {
namespace lavalink::plugins {
namespace {

// What `data` is, `loadType` tells: these fields are of either.
struct LyricsData {
  bool synced = false;
  Optional<std::string> language = {}, source = {}, provider = {};
  std::vector<NodeLinkLyrics::Line> lines = {};
  Optional<std::string> message = {}, cause = {};
  Optional<Named<Severity>> severity = {};
};
struct LyricsBody {
  Named<NodeLinkLyricsType> load_type = {};
  LyricsData data = {};
};

}  // namespace
}  // namespace lavalink::plugins

namespace json {

template <>
struct Spelling<lavalink::plugins::NodeLinkLyricsType> {
  using E = lavalink::plugins::NodeLinkLyricsType;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"lyrics", E::lyrics}, {"empty", E::empty}, {"error", E::error}};
};

// https://nodelink.js.org/docs/api/rest , LoadLyrics and LoadChapters
template <>
struct Table<lavalink::plugins::NodeLinkLyrics::Line> {
  using T = lavalink::plugins::NodeLinkLyrics::Line;
  static constexpr std::tuple fields{required("text", &T::text), optional("time", &T::time),
                                     optional("duration", &T::duration)};
};
template <>
struct Table<lavalink::plugins::LyricsData> {
  using T = lavalink::plugins::LyricsData;
  static constexpr std::tuple fields{optional("synced", &T::synced),     optional("lang", &T::language),
                                     optional("source", &T::source),     optional("provider", &T::provider),
                                     optional("lines", &T::lines),       optional("message", &T::message),
                                     optional("severity", &T::severity), optional("cause", &T::cause)};
};
template <>
struct Table<lavalink::plugins::LyricsBody> {
  using T = lavalink::plugins::LyricsBody;
  static constexpr std::tuple fields{required("loadType", &T::load_type), required("data", &T::data)};
};
template <>
struct Table<lavalink::plugins::NodeLinkChapter> {
  using T = lavalink::plugins::NodeLinkChapter;
  static constexpr std::tuple fields{required("title", &T::title), required("startTime", &T::start_time),
                                     required("endTime", &T::end_time), required("duration", &T::duration)};
};

}  // namespace json

namespace lavalink::plugins {

Result<NodeLinkLyrics> decode_node_link_lyrics(std::string body) {
  auto read = decode_object<LyricsBody>(body);
  if (!read) return std::move(read.error());
  auto& data = read->data;
  NodeLinkLyrics lyrics{std::move(read->load_type), data.synced,          std::move(data.language), std::move(data.source),
                        std::move(data.provider),   std::move(data.lines), {},                      std::move(body)};
  if (lyrics.load_type == NodeLinkLyricsType::error) {
    lyrics.exception = TrackException{std::move(data.message), data.severity.value_or(Named<Severity>()),
                                      data.cause.value_or(""), {}};
  }
  return lyrics;
}

Result<std::vector<NodeLinkChapter>> decode_node_link_chapters(std::string body) {
  return decode_array<NodeLinkChapter>(body);
}

namespace {

template <class T>
PluginCall<T> get(RawRequest request, Result<T> (*decode)(std::string)) {
  PluginCall<T> call{{Requirement::server, kNodeLink}, std::move(request), decode};
  call.deadline = &NodeOptions::load_timeout;
  return call;
}

}  // namespace

std::string_view to_string(NodeLinkLyricsType type) noexcept { return json::spelling_of(type); }

NodeLink::NodeLink(Node& node) : node_(NodeAccess::of(node)) {}

void NodeLink::start_load_lyrics(const ImplPtr& node, std::string encoded, std::string language, CallOptions options,
                                 Handler<NodeLinkLyrics> handler) {
  RawRequest request{"GET", "/v4/loadlyrics", {{"encodedTrack", std::move(encoded)}}, {}};
  if (!language.empty()) request.query.emplace_back("lang", std::move(language));
  start(node, get<NodeLinkLyrics>(std::move(request), decode_node_link_lyrics), std::move(options), std::move(handler));
}

void NodeLink::start_load_chapters(const ImplPtr& node, std::string encoded, CallOptions options,
                                   Handler<std::vector<NodeLinkChapter>> handler) {
  RawRequest request{"GET", "/v4/loadchapters", {{"encodedTrack", std::move(encoded)}}, {}};
  start(node, get<std::vector<NodeLinkChapter>>(std::move(request), decode_node_link_chapters), std::move(options),
        std::move(handler));
}

}  // namespace lavalink::plugins
}  // namespace lavapp
