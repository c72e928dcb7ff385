#include "sandbox/track_codec.hpp"

#include <gtest/gtest.h>

#include "lavapp/core/error.hpp"
#include "net/base64.hpp"
#include "sandbox/catalogue.hpp"

namespace lavapp::sandbox {
namespace {

const std::vector<std::string> sources = {"local", "http", "test", "sandbox"};

std::string error_of(const std::string& text) {
  const auto result = decode_track(text, sources);
  const auto* error = std::get_if<TrackCodecError>(&result);
  return error ? error->java_class + ": " + error->message : "none";
}

TEST(SandboxTrackCodec, EveryTruncationIsAnError) {
  EncodedTrack track;
  track.info.title = "short";
  track.info.source_name = "local";
  const auto bytes = net::from_base64(lavalink::track_codec::encode(track).value()).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(error_of(net::base64(bytes.substr(0, size))), "java.io.EOFException: ") << size;
  }
}

TEST(SandboxTrackCodec, NamesTheSourceThatIsMissing) {
  EncodedTrack track;
  track.info.source_name = "youtube";
  EXPECT_NE(error_of(lavalink::track_codec::encode(track).value()).find("missing source manager"), std::string::npos);
}

TEST(SandboxTrackCodec, TellsOfBadBase64InJavasWords) {
  const std::string java = "java.lang.IllegalArgumentException: ";
  EXPECT_EQ(error_of("!!!"), java + "Illegal base64 character 21");
  EXPECT_EQ(error_of("A"), java + "Input byte[] should at least have 2 bytes for base64 bytes");
  EXPECT_EQ(error_of("AAA=A"), java + "Input byte array has wrong 4-byte ending unit");
  EXPECT_EQ(error_of("AAAAA"), java + "Last unit does not have enough valid bits");
}

TEST(SandboxTrackCodec, TellsOfBadFieldsInJavasWords) {
  const std::string mismatch =
      "java.lang.IllegalStateException: Failed to decode track due to a mismatching version or missing source manager";
  EXPECT_EQ(error_of(net::base64(std::string("\0\0\0\3\0\1\xFF", 7))),
            "java.io.UTFDataFormatException: malformed input around byte 0");
  EXPECT_EQ(error_of(net::base64(std::string("\0\0\0\0", 4))), mismatch);
  EXPECT_EQ(error_of(net::base64(std::string("\x40\0\0\1\4", 5))), mismatch);
}

std::string refusal_of(CatalogueTrack track) {
  try {
    Catalogue({}, {}).add(std::move(track));
  } catch (const Exception& error) {
    EXPECT_EQ(error.error(), Errc::invalid_argument);
    return error.error().message;
  }
  return "none";
}

TEST(SandboxTrackCodec, ATrackThatCannotBeEncodedIsNotAdded) {
  CatalogueTrack track;
  track.title = std::string(65'535, 'x');
  EXPECT_EQ(refusal_of(track), "none");
  track.title += 'x';
  EXPECT_EQ(refusal_of(track), "encoded track: title takes 65536 bytes as modified UTF-8, may take 65535");
  track.title = "\xFF";
  EXPECT_EQ(refusal_of(track), "encoded track: title is not UTF-8");
  track.title = "short";
  track.plugin_info = JsonText(R"({"probeInfo":")" + std::string(65'536, 'x') + R"("})");
  EXPECT_EQ(refusal_of(track),
            "CatalogueTrack::plugin_info.probeInfo takes 65536 bytes as modified UTF-8, may take 65535");
}

TEST(SandboxTrackCodec, ReadsHowAnUnknownTrackWasProbed) {
  EncodedTrack track;
  track.info.source_name = "http";
  track.source_fields = std::string("\0\3mp3", 5);
  const Catalogue catalogue({"http"}, {});
  const auto probed = catalogue.decode(lavalink::track_codec::encode(track).value());
  EXPECT_EQ(std::get<PlayableTrack>(probed).plugin_info, Json({{"probeInfo", "mp3"}}));
  track.source_fields += '?';
  const auto of_its_own = catalogue.decode(lavalink::track_codec::encode(track).value());
  EXPECT_EQ(std::get<PlayableTrack>(of_its_own).plugin_info, Json::object());
}

}  // namespace
}  // namespace lavapp::sandbox
