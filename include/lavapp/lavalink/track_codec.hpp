// The encoded track: the base64 text by which nodes know a track, read and written without a node.
// https://lavalink.dev/api/rest#track; the format is Lavaplayer's, as its DefaultAudioPlayerManager has it.
#pragma once

#include <string>
#include <string_view>

#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink::track_codec {

/// All that stands in an encoded track.
struct EncodedTrack {
  /// Of the format: 1 to 3. Version 1 has no `uri`; `artwork_url` and `isrc` came with version 3.
  int version = 3;
  /// `is_seekable` is not in the text. Decoded, it is true unless the track is a stream, which is what Lavalink
  /// answers; encoding passes over it.
  TrackInfo info = {};
  /// What the source added of its own, as bytes; only the source knows what they mean.
  std::string source_fields = {};
};

/// What Node::decode_track would answer, without asking a node: whether one has the track's source, only a node knows.
/// `plugin_info` and `user_data` are not in the text and stay empty. Padding may be left out.
///
/// *Threading*: safe. *Errors*: `Errc::invalid_argument`; `Error::message` names the field that is cut off or
/// malformed. Text that Lavaplayer would not have written is refused: versions beyond 3, a size that is not that of the
/// text, modified UTF-8 in another form than Java's.
Result<Track> decode(std::string_view encoded);

/// As decode(), but so that encode() gives back the same text (with its padding): half a surrogate pair, which a Java
/// string may hold, keeps its three bytes, where decode() and Lavalink have a question mark. Such a string is not
/// UTF-8.
Result<EncodedTrack> decode_exact(std::string_view encoded);

/// The text for `track`.
///
/// *Threading*: safe. *Errors*: `Errc::invalid_argument`; `Error::message` names the field: a string that is not UTF-8
/// or takes more than 65,535 bytes as modified UTF-8, a version outside of 1 to 3, a field that this version does not
/// have.
Result<std::string> encode(const EncodedTrack& track);

}  // namespace lavapp::lavalink::track_codec
