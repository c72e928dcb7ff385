// Catalogue: what can be found, and what an encoded track stands for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lavapp/sandbox/catalogue.hpp"
#include "sandbox/playable.hpp"

namespace lavapp::sandbox {

struct PlaylistFound {
  std::string name = {};
  int selected_track = -1;
  Json plugin_info = Json::object();
  std::vector<PlayableTrack> tracks = {};
};
struct SearchFound {
  std::vector<PlayableTrack> tracks = {};
};
struct Unloadable {};
using Found = std::variant<std::monostate, PlayableTrack, PlaylistFound, SearchFound, Unloadable>;

class Catalogue {
 public:
  /// \param sources  the node's source managers; tracks added later bring their own.
  Catalogue(std::vector<std::string> sources, std::vector<std::string> search_prefixes)
      : sources_(std::move(sources)), search_prefixes_(std::move(search_prefixes)) {}

  /// \throws Exception (`invalid_argument`)
  const PlayableTrack& add(CatalogueTrack track);
  void add(CataloguePlaylist playlist);
  /// The invented tracks that every sandbox node has, unless told otherwise.
  void add_defaults();

  Found find(std::string_view identifier) const;
  std::variant<PlayableTrack, TrackCodecError> decode(std::string_view encoded) const;
  const std::vector<PlayableTrack>& tracks() const { return tracks_; }

 private:
  SearchFound search(std::string_view words) const;
  const PlayableTrack* track(std::string_view identifier) const;

  std::vector<std::string> sources_;
  std::vector<std::string> search_prefixes_;
  std::map<std::string, std::string, std::less<>> aliases_;  // to identifiers
  std::vector<PlayableTrack> tracks_;
  std::vector<std::pair<std::string, PlaylistFound>> playlists_;
  int last_number_ = 100;  // of tracks without an identifier of their own
};

}  // namespace lavapp::sandbox
