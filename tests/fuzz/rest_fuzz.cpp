#include "rest_fuzz.hpp"

#include <utility>  // before Asio: Boost 1.74 needs std::exchange in C++20

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <tuple>

#include "lavalink/decode.hpp"
#include "lavalink/message_decoder.hpp"
#include "lavalink/plugins/decode.hpp"
#include "lavalink/plugins/plugin.hpp"
#include "lavalink/rest_policy.hpp"
#include "lavapp/lavalink/plugins/lava_src.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

void require(bool good) {
  if (!good) std::abort();
}

/// nlohmann refuses half a surrogate pair, which RFC 8259 leaves open.
bool judged_alike(std::string_view text) { return text.find("\\u") == text.npos; }
void require_json(std::string_view text) { require(text.empty() || !judged_alike(text) || nlohmann::json::accept(text)); }

void require_named(const Error& error) { require(error == Errc::bad_response && !error.message.empty()); }

// What is kept as text is JSON, and what is computed from a body can be.
void look(const Track& track) {
  require_json(track.plugin_info.text);
  require_json(track.user_data.text);
}
void look(const LoadResult& result) {
  std::chrono::milliseconds sum = result.tracks().length();
  require(sum.count() >= 0 && result.tracks().empty() == (result.first() == nullptr));
  for (const auto& track : result.tracks()) look(track);
  if (const auto* list = result.playlist()) {
    require_json(list->plugin_info.text);
    if (const auto* selected = list->selected()) require(selected >= list->tracks.data());
  }
  if (result.type() == LoadType::error) require(result.exception() != nullptr);
}
void look(const PlayerSnapshot& player) {
  require_json(player.raw);
  if (player.track) look(*player.track);
}
void look(const plugins::SearchResults& found) {
  for (const auto& track : found.tracks) look(track);
  for (const auto& text : found.texts) require_json(text.plugin.text);
  require_json(found.plugin.text);
}
void look(const plugins::Lyrics& lyrics) {
  for (const auto& line : lyrics.lines) require_json(line.plugin.text);
  require_json(lyrics.plugin.text);
}
void look(const plugins::NodeLinkLyrics& lyrics) {
  require(lyrics.exception.has_value() == (lyrics.load_type == plugins::NodeLinkLyricsType::error));
}
template <class T>
void look(const T&) {}
template <class T>
void look(const Optional<T>& value) {
  if (value) look(*value);
}
template <class T>
void look(const std::vector<T>& values) {
  for (const auto& value : values) look(value);
}

/// Whether the body was read.
using ReadBody = bool (*)(std::string body);

template <class T, Result<T> (*Decode)(std::string)>
bool read_with(std::string body) {
  const auto result = Decode(std::move(body));
  if (!result) return require_named(result.error()), false;
  look(*result);
  return true;
}
/// What LavaSrc adds to a track or a playlist.
template <class T>
bool read_added(std::string text) {
  T owner;
  owner.plugin_info = JsonText(std::move(text));
  const auto result = plugins::read_extended_info(owner);
  if (!result) require_named(result.error());
  return result.has_value();
}

constexpr ReadBody readers[] = {
    read_with<LoadResult, decode_load_result>,
    read_with<Track, decode_track>,
    read_with<std::vector<Track>, decode_tracks>,
    read_with<PlayerSnapshot, decode_player>,
    read_with<std::vector<PlayerSnapshot>, decode_players>,
    read_with<Info, decode_info>,
    read_with<Stats, decode_stats>,
    read_with<SessionState, decode_session>,
    read_with<RouteplannerStatus, decode_routeplanner_status>,
    read_with<plugins::SearchResults, plugins::decode_search_results>,
    read_with<Optional<plugins::Lyrics>, plugins::decode_lyrics>,
    read_with<plugins::TimedLyrics, plugins::decode_timed_lyrics>,
    read_with<std::vector<plugins::FoundVideo>, plugins::decode_found_videos>,
    read_with<std::vector<Named<plugins::SegmentCategory>>, plugins::decode_segment_categories>,
    read_with<plugins::NodeLinkLyrics, plugins::decode_node_link_lyrics>,
    read_with<std::vector<plugins::NodeLinkChapter>, plugins::decode_node_link_chapters>,
    read_added<Track>,
    read_added<PlaylistLoaded>,
};

/// SponsorBlock and LavaLyrics at a node that never connects: what it would hand on to them is handed on here.
class PluginsHear final : public MessageSink {
 public:
  PluginsHear() {
    listen(sponsorblock_, plugins::SponsorBlock::segments_loaded);
    listen(sponsorblock_, plugins::SponsorBlock::segment_skipped);
    listen(sponsorblock_, plugins::SponsorBlock::chapters_loaded);
    listen(sponsorblock_, plugins::SponsorBlock::chapter_started);
    listen(lyrics_, plugins::LavaLyrics::lyrics_found);
    listen(lyrics_, plugins::LavaLyrics::lyrics_not_found);
    listen(lyrics_, plugins::LavaLyrics::lyrics_line);
    node_.on(Node::warning, [this](const Warning& warning) {
      require_named(warning.error);
      require(warning.raw() == text_);
      ++warned_;
    });
  }

  bool hear(std::string_view text) {
    text_ = text;
    typed_ = warned_ = 0;
    theirs_ = false;
    decoder_.decode(text, *this);
    context_.restart();
    context_.poll();
    require(typed_ + warned_ == (theirs_ ? 1 : 0));
    return typed_ == 1;
  }

  void on(const UnknownMessage& message) override {
    constexpr std::string_view types[] = {"SegmentsLoaded",   "SegmentSkipped",      "ChaptersLoaded", "ChapterStarted",
                                          "LyricsFoundEvent", "LyricsNotFoundEvent", "LyricsLineEvent"};
    for (const auto type : types) theirs_ |= message.op == "event" && message.type == type;
    tell(Node::unknown, message);
  }
  void on(const Ready&) override {}
  void on(const StatsUpdate&) override {}
  void on(const PlayerUpdate&) override {}
  void on(const TrackStart&) override {}
  void on(const TrackEnd&) override {}
  void on(const TrackFailed&) override {}
  void on(const TrackStuck&) override {}
  void on(const VoiceClosed&) override {}
  void on(const Warning&) override {}

 private:
  template <int Index, class T>
  void tell(Event<Node, Index, T>, const T& message) {
    std::tuple<const T&> arguments(message);
    plugins::NodeAccess::of(node_)->emitter()->emit_apart(Index, &arguments);
  }
  template <class Plugin, int Index, class T>
  void listen(Plugin& plugin, Event<Plugin, Index, T> event) {
    plugin.on(event, [this](const T& told) {
      require(told.raw() == text_);
      require_json(told.raw());
      if constexpr (std::is_same_v<T, plugins::LyricsFound>) look(told.lyrics);
      ++typed_;
    });
  }

  boost::asio::io_context context_;
  Runtime runtime_{context_};
  Node node_{runtime_, NodeOptions{}};
  plugins::SponsorBlock sponsorblock_{node_};
  plugins::LavaLyrics lyrics_{node_};
  MessageDecoder decoder_;
  std::string_view text_;
  int typed_ = 0, warned_ = 0;
  bool theirs_ = false;
};

}  // namespace

bool fuzz_rest_body(std::string_view input) {
  if (input.empty()) return false;
  const auto read = readers[static_cast<unsigned char>(input[0]) % std::size(readers)];
  const std::string body(input.substr(1));
  if (!read(body)) return false;
  if (body.empty() || !judged_alike(body)) return true;
  const auto json = nlohmann::json::parse(body, nullptr, false);
  require(!json.is_discarded() && read(json.dump()));
  return true;
}

bool fuzz_rest_error(std::string_view input) {
  if (input.size() < 2) return false;
  const int status = 300 + (static_cast<unsigned char>(input[0]) * 256 + static_cast<unsigned char>(input[1])) % 300;
  const std::string body(input.substr(2));
  const auto error = decode_error(status, body);
  require(error == Errc::http_status && error.http_status == status);
  require(error.body == std::string_view(body).substr(0, 64 * 1024));
  net::HttpResponse answer;
  answer.status = status;
  answer.body = body;
  const auto verdict = judge(answer);
  require(verdict != RestVerdict::unreached && verdict != RestVerdict::lost && verdict != RestVerdict::refused);
  require((verdict == RestVerdict::busy) == (status == 429));
  require(verdict != RestVerdict::session_away || status == 404);
  return !error.message.empty();
}

bool fuzz_plugin_event(std::string_view text) {
  static PluginsHear plugins;
  return plugins.hear(text);
}

}  // namespace lavapp::test
