#include "lavapp/lavalink/load_result.hpp"

#include <stdexcept>

#include "lavalink/spelling.hpp"

namespace lavapp::lavalink {

const Track& TrackSpan::at(std::size_t index) const {
  if (index >= size_) {
    throw std::out_of_range("lavapp: there is no track " + std::to_string(index) + " among " + std::to_string(size_));
  }
  return first_[index];
}

TrackSpan LoadResult::tracks() const& noexcept {
  if (const auto* loaded = std::get_if<TrackLoaded>(&value)) return {&loaded->track, 1};
  if (const auto* list = std::get_if<PlaylistLoaded>(&value)) return {list->tracks.data(), list->tracks.size()};
  if (const auto* found = std::get_if<SearchResult>(&value)) return {found->tracks.data(), found->tracks.size()};
  return {};
}

const PlaylistLoaded* LoadResult::playlist() const noexcept { return std::get_if<PlaylistLoaded>(&value); }

const TrackException* LoadResult::exception() const noexcept {
  const auto* failed = std::get_if<LoadFailed>(&value);
  return failed ? &failed->exception : nullptr;
}

std::string_view to_string(Severity severity) noexcept { return json::spelling_of(severity); }
std::string_view to_string(TrackEndReason reason) noexcept { return json::spelling_of(reason); }
std::string_view to_string(RouteplannerClass kind) noexcept { return json::spelling_of(kind); }

}  // namespace lavapp::lavalink
