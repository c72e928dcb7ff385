// PlayableTrack: a track with all that the node knows about it.
#pragma once

#include <chrono>

#include "lavapp/lavalink/track.hpp"
#include "lavapp/sandbox/catalogue.hpp"
#include "sandbox/json.hpp"
#include "sandbox/track_codec.hpp"

namespace lavapp::sandbox {

struct PlayableTrack {
  EncodedTrack encoded = {};
  Json plugin_info = Json::object();
  Playback playback = Playback::plays;
  std::chrono::milliseconds trouble_after{0};
  std::string exception_message = {};
  std::string severity = "fault";

  std::chrono::milliseconds length() const { return encoded.info.length; }
};

/// The Track object of the docs. `encoded` carries the position too, as Lavaplayer's does.
Json track_json(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data);
/// The same as the client library's type.
lavalink::Track client_track(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data);

}  // namespace lavapp::sandbox
