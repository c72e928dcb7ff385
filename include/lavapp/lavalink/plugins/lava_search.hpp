// LavaSearch: searches that find albums, artists, playlists and texts besides tracks.
// https://github.com/topi314/LavaSearch
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/json_text.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/node.hpp"

namespace lavapp::lavalink::plugins {

enum class SearchType { track, album, artist, playlist, text, unknown };
/// As the plugin spells it; "unknown" for that.
std::string_view to_string(SearchType type) noexcept;

/// https://github.com/topi314/LavaSearch#text-object : a completion of what was typed, as most sources use it.
struct SearchText {
  std::string text = {};
  JsonText plugin = {};  ///< what other plugins add
};

/// https://github.com/topi314/LavaSearch#search-result-object . Everything is empty if nothing was found.
struct SearchResults {
  std::vector<Track> tracks = {};
  /// These three have no tracks: load what `plugin_info` links to (LavaSrc: ExtendedPlaylistInfo::url).
  std::vector<PlaylistLoaded> albums = {}, artists = {}, playlists = {};
  std::vector<SearchText> texts = {};
  JsonText plugin = {};  ///< what other plugins add
  /// The answer's body as it came.
  std::string raw = {};

  bool empty() const noexcept {
    return tracks.empty() && albums.empty() && artists.empty() && playlists.empty() && texts.empty();
  }
};

/// The plugin on one node; a light handle, copies are the same. It needs a source that takes part, such as LavaSrc.
/// Operations: as Node's, with their errors, and `unsupported` before anything is sent if the node does not have the
/// plugin. It may outlive its node: then they complete with `closed`.
class LavaSearch {
 public:
  /// What `GET /v4/info` calls it.
  static constexpr std::string_view plugin = "lavasearch-plugin";

  explicit LavaSearch(Node& node);

  /// `GET /v4/loadsearch`. \param query  with the prefix of its source: "spsearch:architects animals"
  /// \param types  what to search for; empty: all that the source can. Not `unknown` (`invalid_argument`).
  /// Deadline `load_timeout`.
  template <class Token>
  auto load_search(std::string query, std::vector<SearchType> types, Token&& token, CallOptions options = {}) {
    return initiate_with<SearchResults>(std::forward<Token>(token), &LavaSearch::start_load_search, node_,
                                        std::move(query), std::move(types), std::move(options));
  }

 private:
  using ImplPtr = std::shared_ptr<NodeImpl>;
  static void start_load_search(const ImplPtr&, std::string, std::vector<SearchType>, CallOptions,
                                Handler<SearchResults>);
  ImplPtr node_;
};

}  // namespace lavapp::lavalink::plugins
