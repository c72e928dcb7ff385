// A playlist as the wire has it, where its name stands in an object of its own.
// https://lavalink.dev/api/rest#playlist-result-data
#pragma once

#include <string>
#include <vector>

#include "lavalink/field_tables.hpp"

namespace lavapp::lavalink {

struct PlaylistInfo {
  std::string name = {};
  int selected_track = -1;
};
struct PlaylistData {
  PlaylistInfo info = {};
  JsonText plugin_info = {};
  std::vector<Track> tracks = {};
};

}  // namespace lavapp::lavalink

namespace lavapp::json {

template <>
struct Table<lavalink::PlaylistInfo> {
  using T = lavalink::PlaylistInfo;
  static constexpr std::tuple fields{required("name", &T::name), required("selectedTrack", &T::selected_track)};
};
template <>
struct Table<lavalink::PlaylistData> {
  using T = lavalink::PlaylistData;
  static constexpr std::tuple fields{required("info", &T::info), optional("pluginInfo", &T::plugin_info),
                                     required("tracks", &T::tracks)};
};

inline bool read(sj::value& value, lavalink::PlaylistLoaded& out, Fault& fault) {
  lavalink::PlaylistData list;
  if (!read(value, list, fault)) return false;
  out = {std::move(list.info.name), list.info.selected_track, std::move(list.plugin_info), std::move(list.tracks)};
  return true;
}

}  // namespace lavapp::json
