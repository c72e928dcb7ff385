// LoadResult: what /v4/loadtracks found. https://lavalink.dev/api/rest#track-loading-result
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lavapp/core/named.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink {

/// What a load came to, as the docs name it. https://lavalink.dev/api/rest#load-result-type
enum class LoadType { track, playlist, search, empty, error, unknown };
std::string_view to_string(LoadType type) noexcept;

/// How bad an exception is. https://lavalink.dev/api/websocket#severity
enum class Severity { common, suspicious, fault, unknown };
/// As the docs spell it; "unknown" where they do not.
std::string_view to_string(Severity severity) noexcept;

/// A failure inside the node, while loading or playing.
struct TrackException {
  /// In general words; may be absent. The reason is often only in `cause` and `cause_stack_trace`: ask true_cause().
  Optional<std::string> message = {};
  Named<Severity> severity = {};
  std::string cause = {};
  /// Lavalink 4.1 and newer.
  Optional<std::string> cause_stack_trace = {};

  /// The reason, for people: the innermost cause that the stack trace tells ("Caused by: ..."), else `cause`, else
  /// `message`. "This video is not available" if Lavaplayer worded it for people (FriendlyException), else with the
  /// name of the exception, without its package: "SocketTimeoutException: Read timed out". One line; empty only if
  /// nothing was told.
  std::string true_cause() const;
};

struct TrackLoaded {
  Track track = {};
};
struct PlaylistLoaded {
  std::string name = {};
  /// Index of the track that the link pointed at; -1 if none.
  int selected_track = -1;
  JsonText plugin_info = {};
  std::vector<Track> tracks = {};

  /// The track that the link pointed at, or nullptr.
  const Track* selected() const& noexcept;
  const Track* selected() && = delete;  // it would outlive its owner
};
struct SearchResult {
  std::vector<Track> tracks = {};
};
/// Nothing was found (a search that finds nothing is a SearchResult without tracks).
struct NothingFound {};
struct LoadFailed {
  TrackException exception = {};
};
/// A loadType that this library does not know; `LoadResult::raw` has it all.
struct UnknownLoad {
  std::string load_type = {};
};

/// Tracks in a row, owned by somebody else.
class TrackSpan {
 public:
  TrackSpan() = default;
  TrackSpan(const Track* first, std::size_t size) : first_(first), size_(size) {}
  const Track* begin() const noexcept { return first_; }
  const Track* end() const noexcept { return first_ + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// \throws std::out_of_range if there is none.
  const Track& front() const { return at(0); }
  const Track& at(std::size_t index) const;
  const Track& operator[](std::size_t index) const noexcept { return first_[index]; }
  /// Of all of them together, streams left out: they have none.
  std::chrono::milliseconds length() const noexcept;

 private:
  const Track* first_ = nullptr;
  std::size_t size_ = 0;
};

struct LoadResult {
  std::variant<NothingFound, TrackLoaded, PlaylistLoaded, SearchResult, LoadFailed, UnknownLoad> value;
  /// The answer's body as it came.
  std::string raw = {};
  /// What Node::load_tracks was asked for, or Node::search asked the node for: "ytsearch:words". Empty in what came otherwise.
  std::string identifier = {};

  LoadType type() const noexcept;
  /// The tracks of a track, a playlist or a search; else none. Valid as long as this object.
  TrackSpan tracks() const& noexcept;
  TrackSpan tracks() && = delete;  // it would outlive its owner
  /// The first of tracks(), or nullptr.
  const Track* first() const& noexcept;
  const Track* first() && = delete;
  /// The playlist, or nullptr.
  const PlaylistLoaded* playlist() const noexcept;
  /// The failure, or nullptr.
  const TrackException* exception() const noexcept;
};

}  // namespace lavapp::lavalink
