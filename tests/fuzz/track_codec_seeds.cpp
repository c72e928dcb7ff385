#include <chrono>

#include "lavapp/lavalink/track_codec.hpp"
#include "net/base64.hpp"
#include "track_codec_fuzz.hpp"

namespace lavapp::test {
namespace {

using lavalink::track_codec::EncodedTrack;

EncodedTrack with_version(int version) {
  EncodedTrack track;
  track.version = version;
  track.info.title = "Grüße";
  track.info.author = "An author";
  track.info.length = std::chrono::milliseconds(1);
  track.info.identifier = "id";
  if (version >= 2) track.info.uri = "u";
  if (version >= 3) track.info.isrc = "XX";
  track.info.source_name = "http";
  track.source_fields = std::string("\0\3mp3", 5);
  return track;
}

}  // namespace

std::vector<std::string> track_codec_seeds() {
  auto odd = with_version(3);
  odd.info.title = std::string("nul \0, pair \xF0\x9F\x8E\xB5, halves \xED\xBE\xB5\xED\xA0\xBC", 31);
  odd.info.is_stream = true;
  odd.info.length = std::chrono::milliseconds::max();
  std::vector<std::string> seeds;
  for (const auto& track : {with_version(1), with_version(2), with_version(3), odd, EncodedTrack()}) {
    const auto text = lavalink::track_codec::encode(track).value();
    seeds.push_back(text);
    seeds.push_back(net::from_base64(text).value());
    seeds.push_back(text.substr(0, text.size() / 2));
  }
  seeds.insert(seeds.end(), {"", "====", "QAAAAQQ=", "AAAAAA==", "\xC0\x80\xED\xA0\xBC\xED\xBE\xB5", "\xE0\x80\x80"});
  return seeds;
}

}  // namespace lavapp::test
