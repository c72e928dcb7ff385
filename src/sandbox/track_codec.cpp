#include "sandbox/track_codec.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "lavalink/track_codec.hpp"
#include "net/base64.hpp"

namespace lavapp::sandbox {
namespace {

TrackCodecError mismatch() {
  return {"Failed to decode track due to a mismatching version or missing source manager",
          "java.lang.IllegalStateException"};
}

std::string illegal(char c) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "Illegal base64 character %x",
                static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text.data();
}

/// What Java's decoder says to text that is not base64.
std::string base64_error(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() == 1) return "Input byte[] should at least have 2 bytes for base64 bytes";
  const auto symbols = text.substr(0, text.find('='));
  const auto odd = symbols.find_first_not_of(alphabet);
  if (odd != std::string_view::npos) return illegal(symbols[odd]);
  if (symbols.size() % 4 == 1) return "Last unit does not have enough valid bits";
  return "Input byte array has wrong 4-byte ending unit";
}

TrackCodecError java_error(lavalink::DataFault::Kind fault) {
  switch (fault) {
    case lavalink::DataFault::Kind::cut_off:
      return {"", "java.io.EOFException"};
    case lavalink::DataFault::Kind::bad_text:
      return {"malformed input around byte 0", "java.io.UTFDataFormatException"};
    case lavalink::DataFault::Kind::bad_value:
      break;
  }
  return mismatch();
}

}  // namespace

std::variant<EncodedTrack, TrackCodecError> decode_track(std::string_view base64,
                                                         const std::vector<std::string>& sources) {
  const auto message = net::from_base64(base64);
  if (!message) return TrackCodecError{base64_error(base64), "java.lang.IllegalArgumentException"};
  auto decoded = lavalink::track_codec::decode_message(*message);
  if (const auto* fault = std::get_if<lavalink::DataFault>(&decoded)) return java_error(fault->kind);
  auto& track = std::get<EncodedTrack>(decoded);
  if (std::find(sources.begin(), sources.end(), track.info.source_name) == sources.end()) return mismatch();
  return std::move(track);
}

}  // namespace lavapp::sandbox
