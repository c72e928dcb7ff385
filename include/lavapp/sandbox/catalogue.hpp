// CatalogueTrack, CataloguePlaylist: what a sandbox node can find and play.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp::sandbox {

/// How a track of the catalogue behaves once it plays.
enum class Playback {
  plays,       ///< from its beginning to its end
  fails,       ///< TrackStart, TrackException, TrackEnd `loadFailed`, at once
  breaks,      ///< TrackException after `trouble_after` of audio, then TrackEnd `finished`
  stuck,       ///< plays up to `trouble_after`, then stands still: TrackStuck after the threshold, and no TrackEnd
  ends_early,  ///< ends `finished` after `trouble_after`, whatever its length: a stream that stops
  unloadable,  ///< cannot even be loaded: loadtracks answers `error`
};

/// A track to put into a sandbox node's catalogue. Nothing of it is fetched or heard.
struct CatalogueTrack {
  /// What loads it, as it stands. Empty: "sandbox:" and a number of its own.
  std::string identifier = {};
  /// What loads it too: links, say.
  std::vector<std::string> aliases = {};
  std::string title = {};
  std::string author = "Unknown artist";
  /// More than 0; of no meaning for a stream.
  std::chrono::milliseconds length{180'000};
  /// It has no end and cannot be sought.
  bool is_stream = false;
  Optional<std::string> uri = {};
  Optional<std::string> artwork_url = {};
  Optional<std::string> isrc = {};
  std::string source_name = "sandbox";
  /// A JSON object. Empty: `{}`.
  JsonText plugin_info = {};
  Playback playback = Playback::plays;
  std::chrono::milliseconds trouble_after{0};
  /// What its TrackException says; an empty message stands for Lavaplayer's general one.
  std::string exception_message = {};
  std::string severity = "fault";  ///< "common", "suspicious" or "fault"
};

struct CataloguePlaylist {
  std::string identifier = {};
  std::string name = {};
  /// Index of the track that the link points at; -1 if none.
  int selected_track = -1;
  std::vector<CatalogueTrack> tracks = {};
  /// A JSON object. Empty: `{}`.
  JsonText plugin_info = {};
};

}  // namespace lavapp::sandbox
