#include "sandbox/playable.hpp"

namespace lavapp::sandbox {
namespace {

std::string encoded_at(const PlayableTrack& track, std::chrono::milliseconds position) {
  auto encoded = track.encoded;
  encoded.position = position.count();
  return encode_track(encoded);
}

Json nullable(const std::optional<std::string>& text) { return text ? Json(printable(*text)) : Json(nullptr); }

std::optional<std::string> printable(const std::optional<std::string>& text) {
  return text ? std::optional(sandbox::printable(*text)) : std::nullopt;
}

}  // namespace

Json track_json(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data) {
  const auto& info = track.encoded;
  return Json{{"encoded", encoded_at(track, position)},
              {"info", Json{{"identifier", sandbox::printable(info.identifier)},
                            {"isSeekable", !info.is_stream},
                            {"author", sandbox::printable(info.author)},
                            {"length", info.length},
                            {"isStream", info.is_stream},
                            {"position", position.count()},
                            {"title", sandbox::printable(info.title)},
                            {"uri", nullable(info.uri)},
                            {"sourceName", info.source_name},
                            {"artworkUrl", nullable(info.artwork_url)},
                            {"isrc", nullable(info.isrc)}}},
              {"pluginInfo", track.plugin_info},
              {"userData", user_data}};
}

lavalink::Track client_track(const PlayableTrack& track, std::chrono::milliseconds position, const Json& user_data) {
  const auto& info = track.encoded;
  lavalink::Track result;
  result.encoded = encoded_at(track, position);
  result.info.identifier = sandbox::printable(info.identifier);
  result.info.is_seekable = !info.is_stream;
  result.info.author = sandbox::printable(info.author);
  result.info.length = track.length();
  result.info.is_stream = info.is_stream;
  result.info.position = position;
  result.info.title = sandbox::printable(info.title);
  result.info.uri = printable(info.uri);
  result.info.artwork_url = printable(info.artwork_url);
  result.info.isrc = printable(info.isrc);
  result.info.source_name = info.source_name;
  result.plugin_info = JsonText(dump(track.plugin_info));
  result.user_data = JsonText(dump(user_data));
  return result;
}

}  // namespace lavapp::sandbox
