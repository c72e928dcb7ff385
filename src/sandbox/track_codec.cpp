#include "sandbox/track_codec.hpp"

#include <algorithm>

#include "sandbox/base64.hpp"
#include "sandbox/modified_utf8.hpp"

namespace lavapp::sandbox {
namespace {

// Lavaplayer's MessageOutput: size in the lower 30 bits of the first word, flags in the upper two; flag 1 says that a
// version byte follows.
constexpr std::uint32_t size_mask = 0x3FFFFFFF;
constexpr std::uint32_t versioned = 1U << 30;

const TrackCodecError end_of_data{"", "java.io.EOFException"};
const TrackCodecError mismatch{"Failed to decode track due to a mismatching version or missing source manager",
                               "java.lang.IllegalStateException"};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

void put_nullable(std::string& out, const std::optional<std::string>& text) {
  put(out, text ? 1 : 0, 1);
  if (text) out += java_string(*text);
}

/// Java's DataInput. Throws what was wrong: the callers of one decode() are all in this file.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number(int size) {
    std::uint64_t value = 0;
    for (const auto c : take(static_cast<std::size_t>(size))) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string text() {
    const auto bytes = take(number(2));
    auto text = from_modified_utf8(bytes);
    if (!text) throw TrackCodecError{"malformed input around byte 0", "java.io.UTFDataFormatException"};
    return *std::move(text);
  }
  std::optional<std::string> nullable() { return number(1) ? std::optional(text()) : std::nullopt; }
  std::string_view take(std::size_t size) {
    if (bytes_.size() < size) throw end_of_data;
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

EncodedTrack decode(std::string_view bytes, const std::vector<std::string>& sources) {
  Reader head(bytes);
  const auto word = static_cast<std::uint32_t>(head.number(4));
  const auto size = word & size_mask;
  if (size == 0) throw mismatch;
  Reader in(head.take(std::min<std::size_t>(size, head.left())));
  EncodedTrack track;
  track.version = word & versioned ? static_cast<int>(in.number(1)) : 1;
  track.title = in.text();
  track.author = in.text();
  track.length = static_cast<std::int64_t>(in.number(8));
  track.identifier = in.text();
  track.is_stream = in.number(1) != 0;
  if (track.version >= 2) track.uri = in.nullable();
  if (track.version >= 3) {
    track.artwork_url = in.nullable();
    track.isrc = in.nullable();
  }
  track.source_name = in.text();
  if (track.version < 1 || track.version > 3) throw mismatch;
  if (std::find(sources.begin(), sources.end(), track.source_name) == sources.end()) throw mismatch;
  // The position is last; what lies before it is the source's own.
  if (in.left() < 8) throw end_of_data;
  track.source_fields = in.take(in.left() - 8);
  track.position = static_cast<std::int64_t>(in.number(8));
  return track;
}

}  // namespace

std::string java_string(std::string_view utf8) {
  auto bytes = to_modified_utf8(utf8);
  if (bytes.size() > 0xFFFF) {
    // writeUTF cannot; cut before the last character that fits.
    std::size_t end = 0xFFFF;
    while (end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0) == 0x80) --end;
    bytes.resize(end);
  }
  std::string out;
  put(out, bytes.size(), 2);
  return out + bytes;
}

std::optional<std::string> only_java_string(std::string_view bytes) {
  try {
    Reader in(bytes);
    auto text = in.text();
    return in.left() == 0 ? std::optional(std::move(text)) : std::nullopt;
  } catch (const TrackCodecError&) {
    return std::nullopt;
  }
}

std::string encode_track(const EncodedTrack& track) {
  std::string body;
  if (track.version > 1) put(body, static_cast<std::uint64_t>(track.version), 1);
  body += java_string(track.title) + java_string(track.author);
  put(body, static_cast<std::uint64_t>(track.length), 8);
  body += java_string(track.identifier);
  put(body, track.is_stream ? 1 : 0, 1);
  if (track.version >= 2) put_nullable(body, track.uri);
  if (track.version >= 3) {
    put_nullable(body, track.artwork_url);
    put_nullable(body, track.isrc);
  }
  body += java_string(track.source_name) + track.source_fields;
  put(body, static_cast<std::uint64_t>(track.position), 8);
  std::string message;
  put(message, body.size() | (track.version > 1 ? versioned : 0), 4);
  return base64_encode(message + body);
}

std::variant<EncodedTrack, TrackCodecError> decode_track(std::string_view base64, const std::vector<std::string>& sources) {
  const auto decoded = base64_decode(base64);
  if (!decoded.error.empty()) return TrackCodecError{decoded.error, "java.lang.IllegalArgumentException"};
  try {
    return decode(decoded.bytes, sources);
  } catch (const TrackCodecError& error) {
    return error;
  }
}

std::string printable(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    // U+D800 to U+DFFF, in three bytes: 0xED, then 0xA0 or more.
    if (static_cast<unsigned char>(utf8[i]) == 0xED && i + 2 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) >= 0xA0) {
      out += '?';
      i += 2;
    } else {
      out += utf8[i];
    }
  }
  return out;
}

}  // namespace lavapp::sandbox
