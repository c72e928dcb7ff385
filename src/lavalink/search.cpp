#include "lavapp/lavalink/search.hpp"

#include "lavalink/encode.hpp"

namespace lavapp::lavalink {
namespace {

struct Source {
  SearchSource source;
  std::string_view prefix;
  std::string_view name;
  /// What nodes call it; none: it is not certain.
  std::string_view manager = {};
  /// Of a prefix for previews: the prefix that words need behind it.
  std::string_view words_prefix = {};
};

constexpr Source kSources[] = {
    {SearchSource::youtube, "ytsearch:", "YouTube", "youtube"},
    {SearchSource::youtube_music, "ytmsearch:", "YouTube Music", "youtube"},
    {SearchSource::soundcloud, "scsearch:", "SoundCloud", "soundcloud"},
    {SearchSource::bandcamp, "bcsearch:", "Bandcamp", "bandcamp"},
    {SearchSource::spotify, "spsearch:", "Spotify", "spotify"},
    {SearchSource::spotify_recommendations, "sprec:", "Spotify recommendations", "spotify"},
    {SearchSource::apple_music, "amsearch:", "Apple Music", "applemusic"},
    {SearchSource::deezer, "dzsearch:", "Deezer", "deezer"},
    {SearchSource::deezer_isrc, "dzisrc:", "Deezer by ISRC", "deezer"},
    {SearchSource::deezer_recommendations, "dzrec:", "Deezer recommendations", "deezer"},
    {SearchSource::yandex_music, "ymsearch:", "Yandex Music", "yandexmusic"},
    {SearchSource::yandex_recommendations, "ymrec:", "Yandex Music recommendations", "yandexmusic"},
    {SearchSource::vk_music, "vksearch:", "VK Music", "vkmusic"},
    {SearchSource::vk_recommendations, "vkrec:", "VK Music recommendations", "vkmusic"},
    {SearchSource::tidal, "tdsearch:", "Tidal", "tidal"},
    {SearchSource::tidal_recommendations, "tdrec:", "Tidal recommendations", "tidal"},
    {SearchSource::qobuz, "qbsearch:", "Qobuz", "qobuz"},
    {SearchSource::qobuz_isrc, "qbisrc:", "Qobuz by ISRC", "qobuz"},
    {SearchSource::qobuz_recommendations, "qbrec:", "Qobuz recommendations", "qobuz"},
    {SearchSource::jiosaavn, "jssearch:", "JioSaavn", "jiosaavn"},
    {SearchSource::jiosaavn_recommendations, "jsrec:", "JioSaavn recommendations", "jiosaavn"},
    {SearchSource::flowery_tts, "ftts://", "Flowery TTS", "flowery-tts"},
    {SearchSource::spotify_preview, "spprev:", "Spotify previews", "spotify", "spsearch:"},
    {SearchSource::apple_music_preview, "amprev:", "Apple Music previews", "applemusic", "amsearch:"},
    {SearchSource::deezer_preview, "dzprev:", "Deezer previews", "deezer", "dzsearch:"},
    {SearchSource::jiosaavn_preview, "jsprev:", "JioSaavn previews", "jiosaavn", "jssearch:"},
    {SearchSource::speech, "speak:", "text to speech", "speak"},
    {SearchSource::google_cloud_tts, "tts://", "Google Cloud text to speech", "gcloud-tts"},
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

/// Nodes know the scheme in lower case only; telephones like to begin with a capital.
std::string with_lower_scheme(std::string_view text) {
  std::string url(text);
  for (std::size_t i = 0; i < scheme_size(text); ++i) url[i] = lower(url[i]);
  return url;
}

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f'); }

bool is_in_a_name(char c) noexcept { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; }

/// Percent-encodes all but what is encoded already, and these characters.
std::string encode_the_rest(std::string_view text, std::string_view but) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text[i] == '%' && text.size() - i > 2 && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (encoded || but.find(text[i]) != but.npos) {
      out += text[i];
    } else {
      out += percent_encode(text.substr(i, 1));
    }
  }
  return out;
}

/// Where "?voice=..." begins, behind words to be spoken; their end if there is none: a question mark may be one of words.
std::size_t options_begin(std::string_view text) noexcept {
  const auto mark = text.rfind('?');
  if (mark == text.npos) return text.size();
  auto at = mark + 1;
  while (at < text.size() && is_in_a_name(text[at])) ++at;
  return at > mark + 1 && at < text.size() && text[at] == '=' ? mark : text.size();
}

std::string in_a_url(std::string_view words) {
  const auto options = options_begin(words);
  return encode_the_rest(words.substr(0, options), "") + encode_the_rest(words.substr(options), "?=&+,;:@!$'()*/");
}

/// Behind a prefix for previews.
std::string in_a_preview(const Source& source, std::string_view query) {
  const auto text = bare(query);
  if (is_url(text)) return with_lower_scheme(text);
  return std::string(find_prefix(text) ? "" : source.words_prefix) + std::string(text);
}

bool speaks_a_url(SearchSource source) noexcept {
  return source == SearchSource::flowery_tts || source == SearchSource::google_cloud_tts;
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

std::string_view source_manager_of(SearchSource source) noexcept {
  const auto* entry = entry_of(source);
  return entry ? entry->manager : "";
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
  if (is_url(text)) return with_lower_scheme(text);
  const auto typed = find_prefix(text);
  const auto words = typed ? trimmed(text.substr(typed->size)) : text;
  if (words.empty()) return Error(Errc::invalid_argument, "query has no words to search for");
  if (typed) source = typed->source;
  const auto* entry = entry_of(source);
  const std::string prefix(prefix_of(source));
  if (speaks_a_url(source)) return prefix + (typed ? in_a_url(words) : percent_encode(words));
  if (entry && !entry->words_prefix.empty()) return prefix + in_a_preview(*entry, words);
  return typed ? std::string(text) : prefix + std::string(words);
}

}  // namespace lavapp::lavalink
