// The text by which Lavalink nodes know a track: base64 of a Java DataOutput message, as Lavaplayer writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lavapp::sandbox {

/// What stands in an encoded track. Strings are UTF-8, but a lone surrogate of Java's stays as its three bytes, so that
/// encoding gives back what was decoded; `printable()` makes proper UTF-8 of them.
struct EncodedTrack {
  int version = 3;
  std::string title = {};
  std::string author = {};
  std::int64_t length = 0;  ///< milliseconds; the largest number for a stream
  std::string identifier = {};
  bool is_stream = false;
  std::optional<std::string> uri = {};          // from version 2
  std::optional<std::string> artwork_url = {};  // from version 3
  std::optional<std::string> isrc = {};         // from version 3
  std::string source_name = {};
  /// What the source itself added, as bytes: sources know how many there are.
  std::string source_fields = {};
  std::int64_t position = 0;
};

struct TrackCodecError {
  /// As Java's exception has it; empty if that has no message (the end of the data came too early).
  std::string message = {};
  std::string java_class = {};
};

std::string encode_track(const EncodedTrack& track);
/// \param sources  the source managers that the node has; a track of another is an error
std::variant<EncodedTrack, TrackCodecError> decode_track(std::string_view base64, const std::vector<std::string>& sources);

/// One string of Java's DataOutput: length in two bytes, modified UTF-8. Sources write their own fields so.
std::string java_string(std::string_view utf8);
/// The whole of `bytes` as one such string, if it is one.
std::optional<std::string> only_java_string(std::string_view bytes);

/// UTF-8 as Java prints it: a lone surrogate becomes a question mark.
std::string printable(std::string_view utf8);

}  // namespace lavapp::sandbox
