// Encoded tracks: those that a real Lavalink wrote, each version by hand, each fault by name, and random ones.
#include "lavapp/lavalink/track_codec.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "lavalink/compare.hpp"
#include "lavalink/java_data.hpp"
#include "core/unicode.hpp"
#include "net/base64.hpp"
#include "support/recordings.hpp"

namespace lavapp::lavalink::track_codec {
namespace {

using namespace std::chrono_literals;
using test::Json;

// --- What a real Lavalink wrote

/// Every Track object in a tree.
void collect(const Json& json, std::vector<Json>& tracks) {
  if (json.is_object() && json.contains("encoded") && json.contains("info")) tracks.push_back(json);
  if (json.is_structured()) {
    for (const auto& part : json) collect(part, tracks);
  }
}

std::vector<Json> recorded_tracks() {
  std::vector<Json> tracks;
  for (const auto& recording : test::recordings()) collect(recording.entries, tracks);
  EXPECT_EQ(tracks.size(), 298U);
  return tracks;
}

TEST(TrackCodec, EveryRecordedTrackIsWhatTheNodeSaid) {
  for (const auto& track : recorded_tracks()) {
    const auto text = track["encoded"].get<std::string>();
    SCOPED_TRACE(text);
    const auto decoded = decode(text);
    ASSERT_TRUE(decoded) << decoded.error().what();
    EXPECT_EQ(decoded->encoded, text);
    test::compare(decoded->info, track["info"]);
    EXPECT_TRUE(decoded->plugin_info.empty());
    EXPECT_TRUE(decoded->user_data.empty());
  }
}

TEST(TrackCodec, EveryRecordedTrackComesBackByteForByte) {
  for (const auto& track : recorded_tracks()) {
    auto text = track["encoded"].get<std::string>();
    const auto decoded = decode_exact(text);
    ASSERT_TRUE(decoded) << decoded.error().what();
    while (text.size() % 4 != 0) text += '=';  // one was recorded without
    EXPECT_EQ(encode(*decoded).value(), text);
  }
}

TEST(TrackCodec, KeepsWhatTheSourceAdded) {
  int of_a_plugin = 0;
  for (const auto& track : recorded_tracks()) {
    const auto decoded = decode_exact(track["encoded"].get<std::string>()).value();
    if (decoded.info.source_name == "test") {
      ++of_a_plugin;
      continue;
    }
    DataInput in(decoded.source_fields);
    EXPECT_EQ(in.text("probeInfo"), track["pluginInfo"]["probeInfo"].get<std::string>());
    EXPECT_EQ(in.left(), 0U);
  }
  EXPECT_EQ(of_a_plugin, 27);
}

// --- By hand

using Bytes = std::string;

Bytes big_endian(std::uint64_t value, int size) {
  Bytes bytes;
  for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}
Bytes string(const Bytes& text) { return big_endian(text.size(), 2) + text; }
Bytes given(const Bytes& text) { return '\1' + string(text); }
const Bytes null(1, '\0');
const Bytes no(1, '\0'), yes(1, '\1');

Bytes message(std::uint64_t flags, const Bytes& body) { return big_endian(flags << 30 | body.size(), 4) + body; }
std::string written(std::uint64_t flags, const Bytes& body) { return net::base64(message(flags, body)); }

Bytes up_to_is_stream() {
  return string("A title") + string("An author") + big_endian(61'500, 8) + string("an-identifier") + no;
}

void expect_the_common_fields(const EncodedTrack& track) {
  EXPECT_EQ(track.info.title, "A title");
  EXPECT_EQ(track.info.author, "An author");
  EXPECT_EQ(track.info.length, 61'500ms);
  EXPECT_EQ(track.info.identifier, "an-identifier");
  EXPECT_FALSE(track.info.is_stream);
  EXPECT_TRUE(track.info.is_seekable);
  EXPECT_EQ(track.info.source_name, "http");
  EXPECT_EQ(track.source_fields, Bytes("\0\3mp3", 5));
  EXPECT_EQ(track.info.position, 4'711ms);
}

Bytes from_source_name_on() { return string("http") + string("mp3") + big_endian(4'711, 8); }

TEST(TrackCodec, Version1HasNeitherUriNorArtworkNorIsrc) {
  const auto text = written(0, up_to_is_stream() + from_source_name_on());
  const auto track = decode_exact(text).value();
  EXPECT_EQ(track.version, 1);
  expect_the_common_fields(track);
  EXPECT_FALSE(track.info.uri || track.info.artwork_url || track.info.isrc);
  EXPECT_EQ(encode(track).value(), text);
}

TEST(TrackCodec, Version2HasAUri) {
  const auto text = written(1, '\2' + up_to_is_stream() + given("https://x.example/a") + from_source_name_on());
  const auto track = decode_exact(text).value();
  EXPECT_EQ(track.version, 2);
  expect_the_common_fields(track);
  EXPECT_EQ(track.info.uri, "https://x.example/a");
  EXPECT_FALSE(track.info.artwork_url || track.info.isrc);
  EXPECT_EQ(encode(track).value(), text);
}

TEST(TrackCodec, Version3HasArtworkAndIsrcToo) {
  const auto text =
      written(1, '\3' + up_to_is_stream() + null + given("a.png") + given("XX-1") + from_source_name_on());
  const auto track = decode_exact(text).value();
  EXPECT_EQ(track.version, 3);
  expect_the_common_fields(track);
  EXPECT_FALSE(track.info.uri);
  EXPECT_EQ(track.info.artwork_url, "a.png");
  EXPECT_EQ(track.info.isrc, "XX-1");
  EXPECT_EQ(encode(track).value(), text);
}

TEST(TrackCodec, ReadsWhatAnOlderLavalinkWroteOfYouTube) {
  const std::string text =
      "QAAAjQIAJVJpY2sgQXN0bGV5IC0gTmV2ZXIgR29ubmEgR2l2ZSBZb3UgVXAADlJpY2tBc3RsZXlWRVZPAAAAAAADPCAAC2RRdzR3OVdnWGNRAAEA"
      "K2h0dHBzOi8vd3d3LnlvdXR1YmUuY29tL3dhdGNoP3Y9ZFF3NHc5V2dYY1EAB3lvdXR1YmUAAAAAAAAAAA==";
  const auto track = decode_exact(text).value();
  EXPECT_EQ(track.version, 2);
  EXPECT_EQ(track.info.title, "Rick Astley - Never Gonna Give You Up");
  EXPECT_EQ(track.info.author, "RickAstleyVEVO");
  EXPECT_EQ(track.info.length, 212s);
  EXPECT_EQ(track.info.identifier, "dQw4w9WgXcQ");
  EXPECT_EQ(track.info.uri, "https://www.youtube.com/watch?v=dQw4w9WgXcQ");
  EXPECT_EQ(track.info.source_name, "youtube");
  EXPECT_EQ(track.source_fields, "");
  EXPECT_EQ(encode(track).value(), text);
}

TEST(TrackCodec, AStreamCannotBeSought) {
  EncodedTrack radio;
  radio.info.is_stream = true;
  radio.info.length = std::chrono::milliseconds::max();
  const auto track = decode(encode(radio).value()).value();
  EXPECT_TRUE(track.info.is_stream);
  EXPECT_FALSE(track.info.is_seekable);
  EXPECT_EQ(track.info.length.count(), std::numeric_limits<std::int64_t>::max());
}

TEST(TrackCodec, HalfASurrogatePairIsKeptExactlyOrPrinted) {
  EncodedTrack track;
  track.info.title = "\xED\xA0\xBC alone";
  track.info.uri = "\xED\xBE\xB5";
  const auto text = encode(track).value();
  EXPECT_EQ(decode_exact(text)->info.title, track.info.title);
  EXPECT_EQ(decode_exact(text)->info.uri, track.info.uri);
  EXPECT_EQ(decode(text)->info.title, "? alone");
  EXPECT_EQ(decode(text)->info.uri, "?");
}

// --- Faults of the text

/// Message behind "encoded track: ", of the error of both ways to decode.
std::string fault_of(const std::string& text) {
  const auto exact = decode_exact(text);
  const auto plain = decode(text);
  if (exact || plain) return "none";
  EXPECT_EQ(exact.error(), Errc::invalid_argument);
  EXPECT_EQ(plain.error().message, exact.error().message);
  const std::string prefix = "encoded track: ";
  EXPECT_EQ(exact.error().message.substr(0, prefix.size()), prefix);
  return exact.error().message.substr(prefix.size());
}

TEST(TrackCodecFaults, OfTheTextAsAWhole) {
  EXPECT_EQ(fault_of("!!!"), "the text is not base64");
  EXPECT_EQ(fault_of("QAAAAQM"), "title is cut off");
  EXPECT_EQ(fault_of("QAAAAQM\n"), "the text is not base64");
  EXPECT_EQ(fault_of(""), "size is cut off");
  EXPECT_EQ(fault_of("AAAA"), "size is cut off");
}

TEST(TrackCodecFaults, OfTheSize) {
  const auto body = '\3' + up_to_is_stream() + null + null + null + from_source_name_on();
  const auto good = message(1, body);
  ASSERT_EQ(fault_of(net::base64(good)), "none");
  const auto size = std::to_string(body.size());
  EXPECT_EQ(fault_of(net::base64(good + '\0')),
            "size is " + size + ", but " + std::to_string(body.size() + 1) + " bytes follow");
  EXPECT_EQ(fault_of(net::base64(good.substr(0, good.size() - 1))),
            "size is " + size + ", but " + std::to_string(body.size() - 1) + " bytes follow");
  EXPECT_EQ(fault_of(net::base64(big_endian(0x7FFFFFFF, 4) + body)),
            "size is 1073741823, but " + size + " bytes follow");
  EXPECT_EQ(fault_of(written(0, "")), "size must be more than 0");
}

TEST(TrackCodecFaults, OfFlagsAndVersion) {
  const auto body = up_to_is_stream() + null + null + null + from_source_name_on();
  EXPECT_EQ(fault_of(written(2, body)), "flags must be 0 or 1, is 2");
  EXPECT_EQ(fault_of(written(3, '\3' + body)), "flags must be 0 or 1, is 3");
  EXPECT_EQ(fault_of(written(1, '\0' + body)), "version must be 2 or 3 where it is written, is 0");
  EXPECT_EQ(fault_of(written(1, '\1' + body)), "version must be 2 or 3 where it is written, is 1");
  EXPECT_EQ(fault_of(written(1, '\4' + body)), "version must be 2 or 3 where it is written, is 4");
  EXPECT_EQ(fault_of(written(1, '\xFF' + body)), "version must be 2 or 3 where it is written, is 255");
}

/// The fields of version 3, each by the name that an error gives it.
std::vector<std::pair<std::string, Bytes>> fields() {
  return {{"title", string("A title")},
          {"author", string("An author")},
          {"length", big_endian(61'500, 8)},
          {"identifier", string("id")},
          {"isStream", no},
          {"uri", given("https://x.example")},
          {"artworkUrl", given("a.png")},
          {"isrc", given("XX-1")},
          {"sourceName", string("http")},
          {"position", big_endian(1, 8)}};
}

/// A message with a size that is right, in which `replace` stands for the field; cut behind it if `cut`.
std::string with(const std::string& field, const Bytes& replacement, bool cut) {
  Bytes body = "\3";
  for (const auto& [name, bytes] : fields()) {
    body += name == field ? replacement : bytes;
    if (cut && name == field) break;
  }
  return written(1, body);
}

TEST(TrackCodecFaults, EachFieldThatIsCutOffIsNamed) {
  for (const auto& [name, bytes] : fields()) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(fault_of(with(name, bytes.substr(0, size), true)), name + " is cut off") << size;
    }
  }
}

TEST(TrackCodecFaults, EachTextThatIsNotModifiedUtf8IsNamed) {
  for (const auto& name : {"title", "author", "identifier", "sourceName"}) {
    for (const auto& bad : {Bytes("\xC3"), Bytes("\xF0\x9F\x8E\xB5"), Bytes("\xC1\xBF"), Bytes(1, '\0')}) {
      EXPECT_EQ(fault_of(with(name, string(bad), false)), std::string(name) + " is not modified UTF-8");
    }
  }
  for (const auto& name : {"uri", "artworkUrl", "isrc"}) {
    EXPECT_EQ(fault_of(with(name, given("\xE0\x80\x80"), false)), std::string(name) + " is not modified UTF-8");
  }
}

TEST(TrackCodecFaults, EachByteThatIsNoBooleanIsNamed) {
  for (const auto& name : {"isStream", "uri", "artworkUrl", "isrc"}) {
    EXPECT_EQ(fault_of(with(name, "\2", false)), std::string(name) + " has the byte 2 where 0 or 1 must be");
  }
}

TEST(TrackCodecFaults, NoCutOfTheTextIsATrack) {
  const auto text = with("", "", false);
  ASSERT_EQ(fault_of(text), "none");
  ASSERT_NE(text.back(), '=') << "padding may be left out";
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_NE(fault_of(text.substr(0, size)), "none") << size;
}

// --- Faults of what is to be encoded

std::string encode_fault_of(const EncodedTrack& track) {
  const auto text = encode(track);
  if (text) return "none";
  EXPECT_EQ(text.error(), Errc::invalid_argument);
  return text.error().message;
}

TEST(TrackCodecFaults, EachFieldThatCannotBeEncodedIsNamed) {
  const auto fault = [](auto set) {
    EncodedTrack track;
    set(track.info);
    return encode_fault_of(track);
  };
  const std::string bad = "\xC3", rest = " is not UTF-8", prefix = "encoded track: ";
  EXPECT_EQ(fault([&](TrackInfo& info) { info.title = bad; }), prefix + "title" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.author = bad; }), prefix + "author" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.identifier = bad; }), prefix + "identifier" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.uri = bad; }), prefix + "uri" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.artwork_url = bad; }), prefix + "artworkUrl" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.isrc = bad; }), prefix + "isrc" + rest);
  EXPECT_EQ(fault([&](TrackInfo& info) { info.source_name = bad; }), prefix + "sourceName" + rest);
}

TEST(TrackCodecFaults, AStringTakes65535BytesAtMost) {
  EncodedTrack track;
  track.info.title = std::string(65'535, 'x');
  EXPECT_EQ(decode(encode(track).value())->info.title, track.info.title);
  track.info.title += 'x';
  EXPECT_EQ(encode_fault_of(track), "encoded track: title takes 65536 bytes as modified UTF-8, may take 65535");
  track.info.title = "";
  track.info.isrc = std::string(32'768, '\0');  // two bytes each
  EXPECT_EQ(encode_fault_of(track), "encoded track: isrc takes 65536 bytes as modified UTF-8, may take 65535");
}

TEST(TrackCodecFaults, AVersionHasItsFieldsAndNoOthers) {
  EncodedTrack track;
  track.version = 0;
  EXPECT_EQ(encode_fault_of(track), "encoded track: version must be 1 to 3, is 0");
  track.version = 4;
  EXPECT_EQ(encode_fault_of(track), "encoded track: version must be 1 to 3, is 4");
  track.info.uri = "x";
  track.version = 1;
  EXPECT_EQ(encode_fault_of(track), "encoded track: uri needs version 2");
  track.version = 2;
  EXPECT_EQ(encode_fault_of(track), "none");
  track.info.isrc = "x";
  EXPECT_EQ(encode_fault_of(track), "encoded track: isrc needs version 3");
  track.info.artwork_url = "x";
  EXPECT_EQ(encode_fault_of(track), "encoded track: artworkUrl needs version 3");
}

// --- Random ones

class RandomTracks {
 public:
  EncodedTrack next() {
    EncodedTrack track;
    track.version = static_cast<int>(1 + random_() % 3);
    auto& info = track.info;
    info.title = text();
    info.author = text();
    info.length = milliseconds();
    info.identifier = text();
    info.is_stream = random_() % 2 == 0;
    info.is_seekable = !info.is_stream;
    if (track.version >= 2) info.uri = nullable();
    if (track.version >= 3) info.artwork_url = nullable(), info.isrc = nullable();
    info.source_name = text();
    for (auto size = random_() % 20; size > 0; --size) track.source_fields += static_cast<char>(random_());
    info.position = milliseconds();
    return track;
  }

 private:
  std::string text() {
    std::string text;
    bool behind_high = false;
    for (auto size = random_() % 30; size > 0; --size) {
      auto point = point_below(limits_[random_() % std::size(limits_)]);
      if (behind_high && is_low_surrogate(point)) point = '.';  // a pair has four bytes
      behind_high = is_high_surrogate(point);
      append_utf8(point, text);
    }
    return text;
  }
  std::uint32_t point_below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }
  Optional<std::string> nullable() { return random_() % 3 == 0 ? Optional<std::string>() : text(); }
  std::chrono::milliseconds milliseconds() {
    return std::chrono::milliseconds(static_cast<std::int64_t>(random_() >> random_() % 64));
  }

  static constexpr std::uint32_t limits_[] = {0x80, 0x800, 0x10000, 0x110000};
  std::mt19937_64 random_{20261128};
};

TEST(TrackCodec, RandomTracksComeBack) {
  RandomTracks tracks;
  for (int i = 0; i < 5'000; ++i) {
    const auto track = tracks.next();
    const auto text = encode(track);
    ASSERT_TRUE(text) << text.error().what();
    const auto back = decode_exact(*text);
    ASSERT_TRUE(back) << back.error().what();
    const auto &a = track.info, &b = back->info;
    ASSERT_EQ(back->version, track.version);
    ASSERT_EQ(b.title, a.title);
    ASSERT_EQ(b.author, a.author);
    ASSERT_EQ(b.length, a.length);
    ASSERT_EQ(b.identifier, a.identifier);
    ASSERT_EQ(b.is_stream, a.is_stream);
    ASSERT_EQ(b.is_seekable, a.is_seekable);
    ASSERT_EQ(b.uri, a.uri);
    ASSERT_EQ(b.artwork_url, a.artwork_url);
    ASSERT_EQ(b.isrc, a.isrc);
    ASSERT_EQ(b.source_name, a.source_name);
    ASSERT_EQ(back->source_fields, track.source_fields);
    ASSERT_EQ(b.position, a.position);
  }
}

}  // namespace
}  // namespace lavapp::lavalink::track_codec
