// Searching: the prefixes by which nodes know where to search, and what a search over several sources comes to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/load_result.hpp"

namespace lavapp::lavalink {

/// Where to search. A node has a source if it, or a plugin, is set up for it (Info::source_managers); Node::search asks
/// it for no other. Prefixes that are not here go through Node::load_tracks: a node answers `empty` to one that it does
/// not know.
enum class SearchSource {
  // Lavalink itself, the YouTube plugin, Lavaplayer. https://lavalink.dev/api/rest#track-loading
  youtube,        ///< "ytsearch:"; words in double quotes may be an ISRC
  youtube_music,  ///< "ytmsearch:"
  soundcloud,     ///< "scsearch:"; "scsearch[20,10]:words" is known, too: 10 behind the first 20
  bandcamp,       ///< "bcsearch:"

  // The plugin LavaSrc. https://github.com/topi314/LavaSrc#supported-urls-and-queries
  spotify,                   ///< "spsearch:"
  spotify_recommendations,   ///< "sprec:"; "seed_tracks=ID,ID&seed_genres=GENRE", or "mix:track:ID"
  apple_music,               ///< "amsearch:"
  deezer,                    ///< "dzsearch:"
  deezer_isrc,               ///< "dzisrc:"
  deezer_recommendations,    ///< "dzrec:"; a track's id, "track=ID" or "artist=ID"
  yandex_music,              ///< "ymsearch:"
  yandex_recommendations,    ///< "ymrec:"; a track's id
  vk_music,                  ///< "vksearch:"
  vk_recommendations,        ///< "vkrec:"; a track's id
  tidal,                     ///< "tdsearch:"
  tidal_recommendations,     ///< "tdrec:"; a track's id
  qobuz,                     ///< "qbsearch:"
  qobuz_isrc,                ///< "qbisrc:"
  qobuz_recommendations,     ///< "qbrec:"; a track's id
  jiosaavn,                  ///< "jssearch:"
  jiosaavn_recommendations,  ///< "jsrec:"; a track's id
  flowery_tts,               ///< "ftts://"; speaks the words
  // The 30 seconds that such a source lets anybody hear. Behind them stands a link, or another of its prefixes and words.
  spotify_preview,      ///< "spprev:"; words alone get "spprev:spsearch:"
  apple_music_preview,  ///< "amprev:"; words alone get "amprev:amsearch:"
  deezer_preview,       ///< "dzprev:"; words alone get "dzprev:dzsearch:"
  jiosaavn_preview,     ///< "jsprev:"; words alone get "jsprev:jssearch:"

  // The plugins of DuncteBot. https://github.com/DuncteBot/skybot-lavalink-plugin
  // https://github.com/DuncteBot/tts-plugin
  speech,            ///< "speak:"; speaks the words
  google_cloud_tts,  ///< "tts://"; speaks the words

  // NodeLink, besides most of the above. https://github.com/PerformanC/NodeLink/tree/main/src/sources
  youtube_recommendations,  ///< "ytrec:"; a video's id
  amazon_music,             ///< "azsearch:"
  anghami,                  ///< "agsearch:"
  audiomack,                ///< "admsearch:"
  audius,                   ///< "ausearch:"
  bilibili,                 ///< "bilisearch:"
  gaana,                    ///< "gnsearch:"
  iheartradio,              ///< "ihsearch:"
  last_fm,                  ///< "lfsearch:"
  mixcloud,                 ///< "mcsearch:"
  netease,                  ///< "ntsearch:"
  niconico,                 ///< "ncsearch:"
  pandora,                  ///< "pdsearch:"
  shazam,                   ///< "shsearch:"
};
/// For people: "YouTube Music".
std::string_view to_string(SearchSource source) noexcept;
/// "ytsearch:"
std::string_view prefix_of(SearchSource source) noexcept;
/// Its name in Info::source_managers: "youtube" for YouTube Music. Empty where nodes have no certain name for it.
std::string_view source_manager_of(SearchSource source) noexcept;
/// The source whose prefix an identifier begins with, spelled exactly so, as nodes want it. Nothing for anything else:
/// "research: a song" has none, nor has a URL with one in it.
Optional<SearchSource> source_of(std::string_view identifier) noexcept;
/// Begins with http://, https:// or icy://.
bool is_url(std::string_view text) noexcept;

/// Whether it takes a source to search for it: it is neither a URL nor begins with a prefix.
bool is_words(std::string_view query) noexcept;

/// What to ask a node for, from what somebody typed. Spaces around it are taken off; words get the prefix, and are
/// percent-encoded behind ftts:// and tts://, which are URLs. Left as it is: what begins with the prefix of any source
/// already, and a URL, without the <> that keep Discord from embedding it. But behind a typed ftts:// or tts:// everything
/// is encoded that is not yet (%XX), save the options at the end ("?voice=..."). Words always get a prefix: nobody reaches
/// a node's files by typing a path. Errors: `invalid_argument` if there are no words.
Result<std::string> identifier_of(SearchSource source, std::string_view query);

/// What a search asked of a node, and its answer.
struct SearchAttempt {
  /// Nothing for a URL.
  Optional<SearchSource> source = {};
  std::string identifier = {};
  Result<LoadResult> answer = Error();
};

/// What Node::search found, and where.
struct SearchAnswer {
  /// The first answer with tracks. If there is none, the last that failed (LoadFailed), or is of a type that this
  /// library does not know; `empty` or an empty search only if every source that the node has said so.
  LoadResult result;
  /// Who gave it; nothing for a URL.
  Optional<SearchSource> source = {};
  std::string identifier = {};
  /// All other answers, in the order in which they were asked for; `unsupported` for a source that the node lacks.
  std::vector<SearchAttempt> others;
};

}  // namespace lavapp::lavalink
