#include "lavapp/lavalink/load_result.hpp"

#include <iterator>
#include <stdexcept>

#include "lavalink/spelling.hpp"

namespace lavapp::lavalink {

const Track& TrackSpan::at(std::size_t index) const {
  if (index >= size_) {
    throw std::out_of_range("lavapp: there is no track " + std::to_string(index) + " among " + std::to_string(size_));
  }
  return first_[index];
}

std::chrono::milliseconds TrackSpan::length() const noexcept {
  using std::chrono::milliseconds;
  milliseconds sum{0};
  for (const auto& track : *this) {
    if (track.info.is_stream || track.info.length.count() <= 0) continue;
    if (track.info.length > milliseconds::max() - sum) return milliseconds::max();
    sum += track.info.length;
  }
  return sum;
}

const Track* PlaylistLoaded::selected() const& noexcept {
  const auto index = static_cast<std::size_t>(selected_track);
  return selected_track >= 0 && index < tracks.size() ? &tracks[index] : nullptr;
}

LoadType LoadResult::type() const noexcept {
  // In the order of the variant.
  constexpr LoadType types[] = {LoadType::empty,  LoadType::track, LoadType::playlist,
                                LoadType::search, LoadType::error, LoadType::unknown};
  static_assert(std::size(types) == std::variant_size_v<decltype(value)>);
  return value.valueless_by_exception() ? LoadType::unknown : types[value.index()];
}

TrackSpan LoadResult::tracks() const& noexcept {
  if (const auto* loaded = std::get_if<TrackLoaded>(&value)) return {&loaded->track, 1};
  if (const auto* list = std::get_if<PlaylistLoaded>(&value)) return {list->tracks.data(), list->tracks.size()};
  if (const auto* found = std::get_if<SearchResult>(&value)) return {found->tracks.data(), found->tracks.size()};
  return {};
}

const Track* LoadResult::first() const& noexcept {
  const auto all = tracks();
  return all.empty() ? nullptr : all.begin();
}

const PlaylistLoaded* LoadResult::playlist() const noexcept { return std::get_if<PlaylistLoaded>(&value); }

const TrackException* LoadResult::exception() const noexcept {
  const auto* failed = std::get_if<LoadFailed>(&value);
  return failed ? &failed->exception : nullptr;
}

std::string_view to_string(LoadType type) noexcept {
  switch (type) {
    case LoadType::track:
      return "track";
    case LoadType::playlist:
      return "playlist";
    case LoadType::search:
      return "search";
    case LoadType::empty:
      return "empty";
    case LoadType::error:
      return "error";
    case LoadType::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(Severity severity) noexcept { return json::spelling_of(severity); }
std::string_view to_string(TrackEndReason reason) noexcept { return json::spelling_of(reason); }
std::string_view to_string(RouteplannerClass kind) noexcept { return json::spelling_of(kind); }

}  // namespace lavapp::lavalink
