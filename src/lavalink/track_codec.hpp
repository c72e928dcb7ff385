// What is behind the base64 of an encoded track.
#pragma once

#include <string_view>
#include <variant>

#include "lavalink/java_data.hpp"
#include "lavapp/lavalink/track_codec.hpp"

namespace lavapp::lavalink::track_codec {

std::variant<EncodedTrack, DataFault> decode_message(std::string_view message);

/// All of its strings as Java prints them.
TrackInfo printable(TrackInfo info);

}  // namespace lavapp::lavalink::track_codec
