#include "sandbox/catalogue.hpp"

#include <algorithm>

#include "lavalink/java_data.hpp"
#include "lavalink/modified_utf8.hpp"
#include "lavapp/core/error.hpp"

namespace lavapp::sandbox {
namespace {

Json object_of(const JsonText& text, std::string_view field) {
  if (text.empty()) return Json::object();
  auto json = Json::parse(text.text, nullptr, false);
  if (!json.is_object()) throw Exception(Error(Errc::invalid_argument, std::string(field) + " must be a JSON object"));
  return json;
}

/// Lavaplayer's local and http sources add how they probed the file.
std::string source_fields_of(const Json& plugin_info) {
  const auto probe = plugin_info.find("probeInfo");
  if (probe == plugin_info.end() || !probe->is_string()) return {};
  lavalink::DataOutput out;
  out.text("CatalogueTrack::plugin_info.probeInfo", probe->get<std::string>());
  if (out.fault()) throw Exception(Error(Errc::invalid_argument, out.fault()->message));
  return out.bytes();
}

std::optional<std::string> probe_info_of(std::string_view source_fields) {
  lavalink::DataInput in(source_fields);
  auto text = in.text("probeInfo");
  if (in.fault() || in.left() > 0) return std::nullopt;
  return text;
}

PlayableTrack playable(CatalogueTrack track) {
  if (!track.is_stream && track.length.count() <= 0) {
    throw Exception(Error(Errc::invalid_argument, "CatalogueTrack::length must be more than 0"));
  }
  PlayableTrack result;
  result.plugin_info = object_of(track.plugin_info, "CatalogueTrack::plugin_info");
  result.playback = track.playback;
  result.trouble_after = track.trouble_after;
  result.exception_message = std::move(track.exception_message);
  result.severity = std::move(track.severity);
  result.encoded.source_fields = source_fields_of(result.plugin_info);
  auto& info = result.encoded.info;
  info.title = std::move(track.title);
  info.author = std::move(track.author);
  info.length = track.is_stream ? std::chrono::milliseconds::max() : track.length;
  info.identifier = std::move(track.identifier);
  info.is_stream = track.is_stream;
  info.is_seekable = !track.is_stream;
  info.uri = std::move(track.uri);
  info.artwork_url = std::move(track.artwork_url);
  info.isrc = std::move(track.isrc);
  info.source_name = std::move(track.source_name);
  lavalink::track_codec::encode(result.encoded).value();  // throws, and names what cannot be encoded
  return result;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '-' || c == ',') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += lower(c);
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace

const PlayableTrack& Catalogue::add(CatalogueTrack track) {
  if (track.identifier.empty()) track.identifier = "sandbox:" + std::to_string(++last_number_);
  for (auto& alias : track.aliases) aliases_.insert_or_assign(std::move(alias), track.identifier);
  auto added = playable(std::move(track));
  const auto& source = added.encoded.info.source_name;
  if (std::find(sources_.begin(), sources_.end(), source) == sources_.end()) sources_.push_back(source);
  for (auto& known : tracks_) {
    if (known.encoded.info.identifier == added.encoded.info.identifier) return known = std::move(added);
  }
  return tracks_.emplace_back(std::move(added));
}

void Catalogue::add(CataloguePlaylist playlist) {
  PlaylistFound found{std::move(playlist.name), playlist.selected_track,
                      object_of(playlist.plugin_info, "CataloguePlaylist::plugin_info"), {}};
  if (found.selected_track < -1 || found.selected_track >= static_cast<int>(playlist.tracks.size())) {
    throw Exception(Error(Errc::invalid_argument, "CataloguePlaylist::selected_track is no index of its tracks"));
  }
  for (auto& track : playlist.tracks) {
    // What is known already stays as it is.
    const bool known = !track.identifier.empty() && this->track(track.identifier);
    found.tracks.push_back(known ? playable(std::move(track)) : add(std::move(track)));
  }
  for (auto& [identifier, list] : playlists_) {
    if (identifier == playlist.identifier) return void(list = std::move(found));
  }
  playlists_.emplace_back(std::move(playlist.identifier), std::move(found));
}

const PlayableTrack* Catalogue::track(std::string_view identifier) const {
  for (const auto& track : tracks_) {
    if (track.encoded.info.identifier == identifier) return &track;
  }
  return nullptr;
}

SearchFound Catalogue::search(std::string_view words) const {
  const auto wanted = words_of(words);
  std::vector<std::pair<std::size_t, const PlayableTrack*>> hits;
  for (const auto& track : tracks_) {
    const auto text = lower(track.encoded.info.title + ' ' + track.encoded.info.author);
    const auto count = static_cast<std::size_t>(std::count_if(
        wanted.begin(), wanted.end(), [&](const std::string& word) { return text.find(word) != std::string::npos; }));
    if (count > 0) hits.emplace_back(count, &track);
  }
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  SearchFound found;
  for (const auto& [count, track] : hits) found.tracks.push_back(*track);
  return found;
}

Found Catalogue::find(std::string_view identifier) const {
  for (const auto& [name, playlist] : playlists_) {
    if (name == identifier) return playlist;
  }
  const auto alias = aliases_.find(identifier);
  if (const auto* known = track(alias == aliases_.end() ? identifier : std::string_view(alias->second))) {
    if (known->playback == Playback::unloadable) return Unloadable{};
    return *known;
  }
  for (const std::string_view prefix : search_prefixes_) {
    if (identifier.substr(0, prefix.size()) == prefix) return search(identifier.substr(prefix.size()));
  }
  return std::monostate{};
}

std::variant<PlayableTrack, TrackCodecError> Catalogue::decode(std::string_view encoded) const {
  auto decoded = decode_track(encoded, sources_);
  if (auto* error = std::get_if<TrackCodecError>(&decoded)) return std::move(*error);
  PlayableTrack result;
  result.encoded = std::move(std::get<EncodedTrack>(decoded));
  const auto* known = track(result.encoded.info.identifier);
  if (known && known->encoded.info.source_name == result.encoded.info.source_name) {
    result.plugin_info = known->plugin_info;
    result.playback = known->playback;
    result.trouble_after = known->trouble_after;
    result.exception_message = known->exception_message;
    result.severity = known->severity;
  } else if (const auto probe = probe_info_of(result.encoded.source_fields)) {
    result.plugin_info["probeInfo"] = lavalink::printable(*probe);
  }
  return result;
}

}  // namespace lavapp::sandbox
