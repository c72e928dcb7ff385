#include "track_codec_fuzz.hpp"

#include <cstdlib>

#include "lavalink/modified_utf8.hpp"
#include "lavapp/lavalink/track_codec.hpp"
#include "net/base64.hpp"
#include "websocket/utf8.hpp"

namespace lavapp::test {
namespace {

using namespace lavalink;

void require(bool good) {
  if (!good) std::abort();
}

void check_strings(const TrackInfo& info) {
  for (const auto* text : {&info.title, &info.author, &info.identifier, &info.source_name}) {
    require(websocket::valid_utf8(*text));
  }
  for (const auto* text : {&info.uri, &info.artwork_url, &info.isrc})
    require(websocket::valid_utf8(text->value_or("")));
}

bool fuzz_text(const std::string& text) {
  const auto exact = track_codec::decode_exact(text);
  const auto track = track_codec::decode(text);
  require(exact.has_value() == track.has_value());
  if (!exact) {
    for (const auto* error : {&exact.error(), &track.error()}) {
      require(*error == Errc::invalid_argument && error->message.size() > std::string_view("encoded track: ").size());
    }
    return false;
  }
  require(track->encoded == text);
  require(track->info.length == exact->info.length && track->info.position == exact->info.position);
  check_strings(track->info);
  auto padded = text;
  while (padded.size() % 4 != 0) padded += '=';
  const auto again = track_codec::encode(*exact);
  require(again && *again == padded);
  return true;
}

void fuzz_string(std::string_view input) {
  if (const auto text = from_modified_utf8(input)) {
    require(to_modified_utf8(*text) == input);
    require(websocket::valid_utf8(printable(*text)));
  }
  const auto bytes = to_modified_utf8(input);
  if (bytes) require(from_modified_utf8(*bytes) == input);
  require(bytes || !websocket::valid_utf8(input));
}

}  // namespace

bool fuzz_track_codec(std::string_view input) {
  fuzz_string(input);
  const auto text = net::base64(input);
  require(net::from_base64(text) == input);
  const bool message = fuzz_text(text);
  return fuzz_text(std::string(input)) || message;
}

}  // namespace lavapp::test
