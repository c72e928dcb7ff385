// Loading and decoding tracks.
#include "sandbox/catalogue.hpp"
#include "sandbox/messages.hpp"
#include "sandbox/rest_error.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {
namespace {

Json plain(const PlayableTrack& track) { return track_json(track, track.encoded.info.position, Json::object()); }

Json plain(const std::vector<PlayableTrack>& tracks) {
  auto list = Json::array();
  for (const auto& track : tracks) list.push_back(plain(track));
  return list;
}

struct LoadJson {
  Json operator()(std::monostate) const { return of("empty", nullptr); }
  Json operator()(const PlayableTrack& track) const { return of("track", plain(track)); }
  Json operator()(const SearchFound& search) const { return of("search", plain(search.tracks)); }
  Json operator()(const PlaylistFound& list) const {
    return of("playlist", Json{{"info", Json{{"name", list.name}, {"selectedTrack", list.selected_track}}},
                               {"pluginInfo", list.plugin_info},
                               {"tracks", plain(list.tracks)}});
  }
  Json operator()(Unloadable) const {
    const std::string general = "Something went wrong while looking up the track.";
    return of("error", exception_json(general, "fault", "com.sedmelluq.discord.lavaplayer.tools.FriendlyException: " + general));
  }
  static Json of(const char* type, Json data) { return Json{{"loadType", type}, {"data", std::move(data)}}; }
};

Json decoded(const RouteCall& call, const std::string& encoded) {
  const auto track = call.node.catalogue.decode(encoded);
  if (const auto* error = std::get_if<TrackCodecError>(&track)) throw RestError::internal(error->java_class, error->message);
  auto json = plain(std::get<PlayableTrack>(track));
  json["encoded"] = encoded;  // as it was given, with or without padding
  return json;
}

}  // namespace

Reply load_tracks(RouteCall& call) {
  const auto identifier = call.target.parameter("identifier");
  if (!identifier) throw RestError::bad_request("Required parameter 'identifier' is not present.");
  call.node.has_loaded = true;
  return Reply::json(std::visit(LoadJson(), call.node.catalogue.find(*identifier)));
}

Reply decode_track(RouteCall& call) {
  // A plus sign is part of base64, but a space in a query; Lavalink puts it right.
  auto encoded = call.target.parameter("encodedTrack");
  if (!encoded) encoded = call.target.parameter("track");  // the old name
  if (!encoded) throw RestError::bad_request("No track to decode provided");
  for (auto& c : *encoded) {
    if (c == ' ') c = '+';
  }
  return Reply::json(decoded(call, *encoded));
}

Reply decode_tracks(RouteCall& call) {
  const auto body = json_body(call);
  if (!body.is_array()) throw RestError::undecodable();
  for (const auto& entry : body) {
    if (!entry.is_string()) throw RestError::undecodable();
  }
  if (body.empty()) throw RestError::bad_request("No tracks to decode provided");
  auto tracks = Json::array();
  for (const auto& entry : body) tracks.push_back(decoded(call, entry.get<std::string>()));
  return Reply::json(tracks);
}

}  // namespace lavapp::sandbox
