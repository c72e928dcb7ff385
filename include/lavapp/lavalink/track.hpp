// Track: what Lavalink loads and plays. https://lavalink.dev/api/rest#track
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "lavapp/core/json_text.hpp"
#include "lavapp/core/optional.hpp"

namespace lavapp::lavalink {

struct TrackInfo {
  std::string identifier = {};
  bool is_seekable = false;
  std::string author = {};
  /// A stream's is 9223372036854775807 ms; ask `is_stream`.
  std::chrono::milliseconds length{0};
  bool is_stream = false;
  std::chrono::milliseconds position{0};
  std::string title = {};
  Optional<std::string> uri = {};
  Optional<std::string> artwork_url = {};
  Optional<std::string> isrc = {};
  std::string source_name = {};
};

struct Track {
  /// The base64 text by which nodes know the track.
  std::string encoded = {};
  TrackInfo info = {};
  JsonText plugin_info = {};
  /// What the player was given with the track, handed back with its events; a JSON object.
  JsonText user_data = {};
};

}  // namespace lavapp::lavalink
