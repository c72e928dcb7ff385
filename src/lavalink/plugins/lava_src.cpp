#include "lavapp/lavalink/plugins/lava_src.hpp"

#include "lavalink/decode_body.hpp"

namespace lavapp::json {

template <>
struct Spelling<lavalink::plugins::ExtendedPlaylistType> {
  using E = lavalink::plugins::ExtendedPlaylistType;
  static constexpr std::pair<std::string_view, E> list[] = {
      {"playlist", E::playlist},
      {"album", E::album},
      {"artist", E::artist},
      {"recommendations", E::recommendations},
  };
};

// LavaSrc: protocol/.../Protocol.kt, where every field has a default, and LavaSrcAudioPluginInfoModifier.java, which sends
// null for what it does not know. Other plugins' fields stand beside them.
template <>
struct Table<lavalink::plugins::ExtendedTrackInfo> {
  using T = lavalink::plugins::ExtendedTrackInfo;
  static constexpr std::tuple fields{optional("albumName", &T::album_name),
                                     optional("albumUrl", &T::album_url),
                                     optional("artistUrl", &T::artist_url),
                                     optional("artistArtworkUrl", &T::artist_artwork_url),
                                     optional("previewUrl", &T::preview_url),
                                     optional("isPreview", &T::is_preview),
                                     optional("isLocal", &T::is_local)};
};
template <>
struct Table<lavalink::plugins::ExtendedPlaylistInfo> {
  using T = lavalink::plugins::ExtendedPlaylistInfo;
  static constexpr std::tuple fields{optional("type", &T::type), optional("url", &T::url),
                                     optional("artworkUrl", &T::artwork_url), optional("author", &T::author),
                                     optional("totalTracks", &T::total_tracks)};
};

}  // namespace lavapp::json

namespace lavapp::lavalink::plugins {
namespace {

template <class T>
Result<T> read(const JsonText& plugin_info) {
  if (plugin_info.empty()) return T{};
  std::string text = plugin_info.text;
  T out;
  json::Fault fault;
  if (!read_root(text, out, fault)) return Error(Errc::bad_response, fault.message("pluginInfo"));
  return out;
}

}  // namespace

std::string_view to_string(ExtendedPlaylistType type) noexcept { return json::spelling_of(type); }

Result<ExtendedTrackInfo> read_extended_info(const Track& track) { return read<ExtendedTrackInfo>(track.plugin_info); }
Result<ExtendedPlaylistInfo> read_extended_info(const PlaylistLoaded& playlist) {
  return read<ExtendedPlaylistInfo>(playlist.plugin_info);
}

}  // namespace lavapp::lavalink::plugins
