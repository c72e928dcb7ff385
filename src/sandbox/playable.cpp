#include "sandbox/playable.hpp"

#include "lavalink/track_codec.hpp"

namespace lavapp::sandbox {
namespace {

EncodedTrack at(const PlayableTrack& track, std::chrono::milliseconds position) {
  auto encoded = track.encoded;
  encoded.info.position = position;
  return encoded;
}

Json nullable(const Optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

}  // namespace

lavalink::Track client_track(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data) {
  auto encoded = at(track, position);
  lavalink::Track result;
  result.encoded = lavalink::track_codec::encode(encoded).value();
  result.info = lavalink::track_codec::printable(std::move(encoded.info));
  result.plugin_info = JsonText(dump(track.plugin_info));
  result.user_data = JsonText(dump(user_data));
  return result;
}

Json track_json(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data) {
  const auto encoded = at(track, position);
  const auto info = lavalink::track_codec::printable(encoded.info);
  return Json{{"encoded", lavalink::track_codec::encode(encoded).value()},
              {"info", Json{{"identifier", info.identifier},
                            {"isSeekable", info.is_seekable},
                            {"author", info.author},
                            {"length", info.length.count()},
                            {"isStream", info.is_stream},
                            {"position", info.position.count()},
                            {"title", info.title},
                            {"uri", nullable(info.uri)},
                            {"sourceName", info.source_name},
                            {"artworkUrl", nullable(info.artwork_url)},
                            {"isrc", nullable(info.isrc)}}},
              {"pluginInfo", track.plugin_info},
              {"userData", user_data}};
}

}  // namespace lavapp::sandbox
