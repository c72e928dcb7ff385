#include "lavalink/track_codec.hpp"

#include "lavalink/modified_utf8.hpp"
#include "net/base64.hpp"

namespace lavapp::lavalink::track_codec {
namespace {

using Kind = DataFault::Kind;
using std::chrono::milliseconds;

// Lavaplayer's MessageOutput: the size in the lower 30 bits of the first word, flags in the upper two; flag 1 says that
// a version follows, which is 1 otherwise.
constexpr std::uint32_t max_size = 0x3FFFFFFF;
constexpr int flags_shift = 30;
constexpr std::uint32_t versioned = 1;

constexpr int newest_version = 3;
// The first versions with these fields.
constexpr int uri_since = 2, artwork_url_since = 3, isrc_since = 3;

Error invalid(const std::string& what) { return Error(Errc::invalid_argument, "encoded track: " + what); }

std::string out_of_range(const char* field, const char* range, std::uint64_t value) {
  return std::string(field) + " must be " + range + ", is " + std::to_string(value);
}

void check_size(DataInput& in, std::uint32_t size) {
  if (size == 0) return in.fail(Kind::bad_value, "size must be more than 0");
  if (size == in.left()) return;
  in.fail(size > in.left() ? Kind::cut_off : Kind::bad_value,
          "size is " + std::to_string(size) + ", but " + std::to_string(in.left()) + " bytes follow");
}

int read_version(DataInput& in, std::uint32_t flags) {
  if (flags > versioned) in.fail(Kind::bad_value, out_of_range("flags", "0 or 1", flags));
  if (flags != versioned) return 1;
  const int version = in.number<std::uint8_t>("version");
  if (version < 2 || version > newest_version) {
    in.fail(Kind::bad_value,
            out_of_range("version", "2 or 3 where it is written", static_cast<std::uint64_t>(version)));
  }
  return version;
}

/// A field that may be null, if this version has it.
Optional<std::string> read_since(int first, int version, DataInput& in, const char* field) {
  if (version < first) return {};
  return in.nullable_text(field);
}
void write_since(int first, int version, DataOutput& out, const char* field, const Optional<std::string>& text) {
  if (version >= first) return out.nullable_text(field, text);
  if (text) out.fail(Kind::bad_value, std::string(field) + " needs version " + std::to_string(first));
}

}  // namespace

std::variant<EncodedTrack, DataFault> decode_message(std::string_view message) {
  DataInput in(message);
  const auto word = in.number<std::uint32_t>("size");
  if (!in.fault()) check_size(in, word & max_size);
  EncodedTrack track;
  const int version = track.version = read_version(in, word >> flags_shift);
  auto& info = track.info;
  info.title = in.text("title");
  info.author = in.text("author");
  info.length = milliseconds(in.number<std::int64_t>("length"));
  info.identifier = in.text("identifier");
  info.is_stream = in.boolean("isStream");
  info.is_seekable = !info.is_stream;
  info.uri = read_since(uri_since, version, in, "uri");
  info.artwork_url = read_since(artwork_url_since, version, in, "artworkUrl");
  info.isrc = read_since(isrc_since, version, in, "isrc");
  info.source_name = in.text("sourceName");
  // The position is last; how long the source's fields before it are, nothing says.
  track.source_fields = in.all_before(sizeof(std::int64_t));
  info.position = milliseconds(in.number<std::int64_t>("position"));
  if (in.fault()) return *in.fault();
  return track;
}

TrackInfo printable(TrackInfo info) {
  for (auto* text : {&info.identifier, &info.author, &info.title, &info.source_name}) {
    *text = lavalink::printable(*text);
  }
  for (auto* text : {&info.uri, &info.artwork_url, &info.isrc}) {
    if (*text) **text = lavalink::printable(**text);
  }
  return info;
}

Result<EncodedTrack> decode_exact(std::string_view encoded) {
  const auto message = net::from_base64(encoded);
  if (!message) return invalid("the text is not base64");
  auto decoded = decode_message(*message);
  if (const auto* fault = std::get_if<DataFault>(&decoded)) return invalid(fault->message);
  return std::get<EncodedTrack>(std::move(decoded));
}

Result<Track> decode(std::string_view encoded) {
  auto exact = decode_exact(encoded);
  if (!exact) return std::move(exact).error();
  Track track;
  track.encoded = encoded;
  track.info = printable(std::move(exact->info));
  return track;
}

Result<std::string> encode(const EncodedTrack& track) {
  const int version = track.version;
  if (version < 1 || version > newest_version) return invalid("version must be 1 to 3, is " + std::to_string(version));
  const auto& info = track.info;
  DataOutput body;
  if (version > 1) body.number(static_cast<std::uint8_t>(version));
  body.text("title", info.title);
  body.text("author", info.author);
  body.number(std::int64_t{info.length.count()});
  body.text("identifier", info.identifier);
  body.boolean(info.is_stream);
  write_since(uri_since, version, body, "uri", info.uri);
  write_since(artwork_url_since, version, body, "artworkUrl", info.artwork_url);
  write_since(isrc_since, version, body, "isrc", info.isrc);
  body.text("sourceName", info.source_name);
  body.raw(track.source_fields);
  body.number(std::int64_t{info.position.count()});
  if (body.fault()) return invalid(body.fault()->message);
  const auto size = body.bytes().size();
  if (size > max_size) return invalid(out_of_range("size", "1073741823 bytes at most", size));

  DataOutput message;
  message.number(static_cast<std::uint32_t>(size) | (version > 1 ? versioned << flags_shift : 0));
  message.raw(body.bytes());
  return net::base64(message.bytes());
}

}  // namespace lavapp::lavalink::track_codec
