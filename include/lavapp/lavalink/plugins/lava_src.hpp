// LavaSrc: what its sources (Spotify, Apple Music, Deezer and others) add to tracks and playlists.
// https://github.com/topi314/LavaSrc
#pragma once

#include <string>
#include <string_view>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink::plugins {

/// A track's `pluginInfo`: LavaSrc's ExtendedTrackInfo. What a source does not know is absent.
struct ExtendedTrackInfo {
  Optional<std::string> album_name = {}, album_url = {};
  Optional<std::string> artist_url = {}, artist_artwork_url = {};
  Optional<std::string> preview_url = {};
  /// Only a part of the track is played.
  bool is_preview = false;
  /// A file of a Spotify user's own, which no link leads to.
  bool is_local = false;
};

enum class ExtendedPlaylistType { playlist, album, artist, recommendations, unknown };
/// As the plugin spells it; "unknown" where it does not.
std::string_view to_string(ExtendedPlaylistType type) noexcept;

/// A playlist's `pluginInfo`: LavaSrc's ExtendedPlaylistInfo. Lists of LavaSearch have it too.
struct ExtendedPlaylistInfo {
  Named<ExtendedPlaylistType> type = {};
  Optional<std::string> url = {}, artwork_url = {}, author = {};
  /// Of the whole list; a node may have loaded fewer.
  Optional<int> total_tracks = {};
};

/// Reads what LavaSrc added; everything is absent where it added nothing: another source's track, a node without it.
/// Errors: `bad_response`, naming the field, if it is no JSON object or a field has another type.
Result<ExtendedTrackInfo> read_extended_info(const Track& track);
Result<ExtendedPlaylistInfo> read_extended_info(const PlaylistLoaded& playlist);

/// What `GET /v4/info` calls the plugin.
inline constexpr std::string_view lava_src = "lavasrc-plugin";

}  // namespace lavapp::lavalink::plugins
