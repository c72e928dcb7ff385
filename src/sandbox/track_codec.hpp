// Encoded tracks as a node reads them: only those whose source it has, and in Java's words what is wrong with others.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lavapp/lavalink/track_codec.hpp"

namespace lavapp::sandbox {

using lavalink::track_codec::EncodedTrack;

struct TrackCodecError {
  /// As Java's exception has it; empty if that has no message (the end of the data came too early).
  std::string message = {};
  std::string java_class = {};
};

/// \param sources  the source managers that the node has; a track of another is an error
std::variant<EncodedTrack, TrackCodecError> decode_track(std::string_view base64,
                                                         const std::vector<std::string>& sources);

}  // namespace lavapp::sandbox
