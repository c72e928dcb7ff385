#include "lavapp/lavalink/search.hpp"

#include "lavalink/encode.hpp"

namespace lavapp::lavalink {
namespace {

struct Source {
  SearchSource source;
  std::string_view prefix;
  std::string_view name;
};

constexpr Source kSources[] = {
    {SearchSource::youtube, "ytsearch:", "YouTube"},
    {SearchSource::youtube_music, "ytmsearch:", "YouTube Music"},
    {SearchSource::soundcloud, "scsearch:", "SoundCloud"},
    {SearchSource::bandcamp, "bcsearch:", "Bandcamp"},
    {SearchSource::spotify, "spsearch:", "Spotify"},
    {SearchSource::spotify_recommendations, "sprec:", "Spotify recommendations"},
    {SearchSource::apple_music, "amsearch:", "Apple Music"},
    {SearchSource::deezer, "dzsearch:", "Deezer"},
    {SearchSource::deezer_isrc, "dzisrc:", "Deezer by ISRC"},
    {SearchSource::deezer_recommendations, "dzrec:", "Deezer recommendations"},
    {SearchSource::yandex_music, "ymsearch:", "Yandex Music"},
    {SearchSource::yandex_recommendations, "ymrec:", "Yandex Music recommendations"},
    {SearchSource::vk_music, "vksearch:", "VK Music"},
    {SearchSource::vk_recommendations, "vkrec:", "VK Music recommendations"},
    {SearchSource::tidal, "tdsearch:", "Tidal"},
    {SearchSource::tidal_recommendations, "tdrec:", "Tidal recommendations"},
    {SearchSource::qobuz, "qbsearch:", "Qobuz"},
    {SearchSource::qobuz_isrc, "qbisrc:", "Qobuz by ISRC"},
    {SearchSource::qobuz_recommendations, "qbrec:", "Qobuz recommendations"},
    {SearchSource::jiosaavn, "jssearch:", "JioSaavn"},
    {SearchSource::jiosaavn_recommendations, "jsrec:", "JioSaavn recommendations"},
    {SearchSource::flowery_tts, "ftts://", "Flowery TTS"},
    {SearchSource::speech, "speak:", "text to speech"},
    {SearchSource::google_cloud_tts, "tts://", "Google Cloud text to speech"},
    {SearchSource::youtube_recommendations, "ytrec:", "YouTube recommendations"},
    {SearchSource::amazon_music, "azsearch:", "Amazon Music"},
    {SearchSource::anghami, "agsearch:", "Anghami"},
    {SearchSource::audiomack, "admsearch:", "Audiomack"},
    {SearchSource::audius, "ausearch:", "Audius"},
    {SearchSource::bilibili, "bilisearch:", "Bilibili"},
    {SearchSource::gaana, "gnsearch:", "Gaana"},
    {SearchSource::iheartradio, "ihsearch:", "iHeartRadio"},
    {SearchSource::last_fm, "lfsearch:", "Last.fm"},
    {SearchSource::mixcloud, "mcsearch:", "Mixcloud"},
    {SearchSource::netease, "ntsearch:", "NetEase"},
    {SearchSource::niconico, "ncsearch:", "Niconico"},
    {SearchSource::pandora, "pdsearch:", "Pandora"},
    {SearchSource::shazam, "shsearch:", "Shazam"},
};

const Source* entry_of(SearchSource source) noexcept {
  for (const auto& each : kSources) {
    if (each.source == source) return &each;
  }
  return nullptr;
}

bool starts_with(std::string_view text, std::string_view with) noexcept { return text.substr(0, with.size()) == with; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The size of "https://" and its like at the beginning, in whatever case (RFC 3986 3.1); 0 if there is none.
std::size_t scheme_size(std::string_view text) noexcept {
  for (const std::string_view scheme : {"http://", "https://", "icy://"}) {
    std::size_t same = 0;
    while (same < scheme.size() && same < text.size() && lower(text[same]) == scheme[same]) ++same;
    if (same == scheme.size()) return same;
  }
  return 0;
}

/// The size of "scsearch[20,10]:", Lavaplayer's way to ask for a page of SoundCloud's answers; 0 if it is not that.
std::size_t soundcloud_page_size(std::string_view text) noexcept {
  constexpr std::string_view begin = "scsearch[";
  if (!starts_with(text, begin)) return 0;
  auto at = begin.size();
  for (const char behind : {',', ']'}) {
    const auto first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == first || at == text.size() || text[at++] != behind) return 0;
  }
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

struct Prefix {
  SearchSource source;
  std::size_t size;
};

Optional<Prefix> find_prefix(std::string_view identifier) noexcept {
  for (const auto& each : kSources) {
    if (starts_with(identifier, each.prefix)) return Prefix{each.source, each.prefix.size()};
  }
  if (const auto size = soundcloud_page_size(identifier)) return Prefix{SearchSource::soundcloud, size};
  return {};
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr auto spaces = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// Without spaces around it, and without the <> around a URL.
std::string_view bare(std::string_view query) noexcept {
  const auto text = trimmed(query);
  if (text.size() < 2 || text.front() != '<' || text.back() != '>') return text;
  const auto inside = trimmed(text.substr(1, text.size() - 2));
  return is_url(inside) ? inside : text;
}

}  // namespace

std::string_view to_string(SearchSource source) noexcept {
  const auto* entry = entry_of(source);
  return entry ? entry->name : "unknown";
}

std::string_view prefix_of(SearchSource source) noexcept {
  const auto* entry = entry_of(source);
  return entry ? entry->prefix : "";
}

Optional<SearchSource> source_of(std::string_view identifier) noexcept {
  if (const auto prefix = find_prefix(identifier)) return prefix->source;
  return {};
}

bool is_url(std::string_view text) noexcept { return scheme_size(text) != 0; }

bool is_words(std::string_view query) noexcept {
  const auto text = bare(query);
  return !is_url(text) && !find_prefix(text);
}

Result<std::string> identifier_of(SearchSource source, std::string_view query) {
  const auto text = bare(query);
  if (const auto scheme = scheme_size(text)) {
    // Nodes know the scheme in lower case only; telephones like to begin with a capital.
    std::string url(text);
    for (std::size_t i = 0; i < scheme; ++i) url[i] = lower(url[i]);
    return url;
  }
  const auto prefix = find_prefix(text);
  const auto words = prefix ? trimmed(text.substr(prefix->size)) : text;
  if (words.empty()) return Error(Errc::invalid_argument, "query has no words to search for");
  if (prefix) return std::string(text);
  const bool in_a_url = source == SearchSource::flowery_tts || source == SearchSource::google_cloud_tts;
  return std::string(prefix_of(source)) + (in_a_url ? percent_encode(words) : std::string(words));
}

}  // namespace lavapp::lavalink
