#include "lavalink/queue_tracks.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "lavalink/queue_mark.hpp"

namespace lavapp::lavalink {
namespace {

/// As the caller may have it from a node: with the mark of an earlier play.
Result<QueueEntry> entry_of(QueuedTrack queued) {
  if (queued.track.encoded.empty()) return Error(Errc::invalid_argument, "track.encoded must not be empty");
  auto checked = check_user_data(queued.track.user_data);
  if (!checked) return std::move(checked.error());
  auto clean = read_back(std::move(queued.track));
  if (queued.requester != 0) clean.requester = queued.requester;
  return std::make_shared<const QueuedTrack>(std::move(clean));
}

std::pair<std::string, std::string> identity(const Track& track, SameBy same) {
  if (same == SameBy::encoded) return {track.encoded, {}};
  return {track.info.source_name, track.info.identifier};
}

}  // namespace

std::optional<Error> QueueTracks::bad_index(const char* name, std::size_t index) const {
  if (index < upcoming_.size()) return {};
  return Error(Errc::invalid_argument, std::string(name) + " must be less than " + std::to_string(upcoming_.size()) +
                                           ", is " + std::to_string(index));
}

Result<TracksAdded> QueueTracks::insert(std::size_t index, std::vector<QueuedTrack> tracks) {
  if (index > upcoming_.size()) {
    return Error(Errc::invalid_argument,
                 "index must be at most " + std::to_string(upcoming_.size()) + ", is " + std::to_string(index));
  }
  if (tracks.size() > room()) {
    return Error(Errc::queue_full, "there is room for " + std::to_string(room()) + " tracks, not for " +
                                       std::to_string(tracks.size()));
  }
  std::vector<QueueEntry> entries;
  entries.reserve(tracks.size());
  for (auto& track : tracks) {
    auto entry = entry_of(std::move(track));
    if (!entry) return std::move(entry.error());
    entries.push_back(std::move(*entry));
  }
  upcoming_.insert(upcoming_.begin() + static_cast<std::ptrdiff_t>(index), entries.begin(), entries.end());
  TracksAdded added{index};
  added.tracks.reserve(entries.size());
  for (const auto& entry : entries) added.tracks.push_back(*entry);
  return added;
}

Result<TrackMoved> QueueTracks::move(std::size_t from, std::size_t to) {
  if (auto error = bad_index("from", from)) return std::move(*error);
  if (auto error = bad_index("to", to)) return std::move(*error);
  auto entry = std::move(upcoming_[from]);
  upcoming_.erase(upcoming_.begin() + static_cast<std::ptrdiff_t>(from));
  upcoming_.insert(upcoming_.begin() + static_cast<std::ptrdiff_t>(to), std::move(entry));
  return TrackMoved{from, to};
}

Result<std::vector<TrackMoved>> QueueTracks::swap(std::size_t a, std::size_t b) {
  if (auto error = bad_index("a", a)) return std::move(*error);
  if (auto error = bad_index("b", b)) return std::move(*error);
  if (a == b) return std::vector<TrackMoved>();
  std::swap(upcoming_[a], upcoming_[b]);
  const auto [first, second] = std::minmax(a, b);
  std::vector<TrackMoved> moves = {TrackMoved{first, second}};
  if (second - first > 1) moves.push_back(TrackMoved{second - 1, first});
  return moves;
}

Result<TracksRemoved> QueueTracks::remove(std::size_t first, std::size_t count) {
  if (auto error = bad_index("index", first)) return std::move(*error);
  if (count > upcoming_.size() - first) {
    return Error(Errc::invalid_argument, "count must be at most " + std::to_string(upcoming_.size() - first) +
                                             ", is " + std::to_string(count));
  }
  TracksRemoved removed;
  const auto begin = upcoming_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  for (auto it = begin; it != end; ++it) {
    removed.tracks.push_back(**it);
    removed.indexes.push_back(first + removed.indexes.size());
  }
  upcoming_.erase(begin, end);
  return removed;
}

TracksRemoved QueueTracks::remove_if(MoveFunction<bool(const QueueEntry&)> gone) {
  TracksRemoved removed;
  std::deque<QueueEntry> kept;
  for (std::size_t index = 0; index < upcoming_.size(); ++index) {
    const auto& entry = upcoming_[index];
    if (gone(entry)) {
      removed.tracks.push_back(*entry);
      removed.indexes.push_back(index);
    } else {
      kept.push_back(entry);
    }
  }
  upcoming_ = std::move(kept);
  return removed;
}

TracksRemoved QueueTracks::dedupe(SameBy same) {
  std::set<std::pair<std::string, std::string>> seen;
  if (current_) seen.insert(identity(current_->track, same));
  return remove_if([&](const QueueEntry& entry) { return !seen.insert(identity(entry->track, same)).second; });
}

/// Evenly, and the same everywhere: std::uniform_int_distribution differs between standard libraries.
std::size_t QueueTracks::draw_below(std::size_t bound) {
  const auto range = static_cast<std::uint64_t>(bound);
  const auto uneven = std::mt19937_64::max() - std::mt19937_64::max() % range;
  auto drawn = random_();
  while (drawn >= uneven) drawn = random_();
  return static_cast<std::size_t>(drawn % range);
}

/// Fisher and Yates.
QueueShuffled QueueTracks::shuffle() {
  QueueShuffled shuffled;
  shuffled.order.resize(upcoming_.size());
  std::iota(shuffled.order.begin(), shuffled.order.end(), std::size_t{0});
  for (auto left = upcoming_.size(); left > 1; --left) {
    const auto drawn = draw_below(left);
    std::swap(upcoming_[left - 1], upcoming_[drawn]);
    std::swap(shuffled.order[left - 1], shuffled.order[drawn]);
  }
  return shuffled;
}

QueueCleared QueueTracks::clear() {
  const QueueCleared cleared{upcoming_.size()};
  upcoming_.clear();
  return cleared;
}

QueueStep QueueTracks::next(std::size_t count, bool again) {
  QueueStep step;
  step.added.index = upcoming_.size();
  for (; count > 0; --count) {
    if (current_) {
      history_.push_back(current_);
      if (history_.size() > max_history_) history_.pop_front();
      if (again) {
        step.added.tracks.push_back(*current_);
        upcoming_.push_back(current_);
      }
    }
    current_.reset();
    if (upcoming_.empty()) break;
    current_ = std::move(upcoming_.front());
    upcoming_.pop_front();
    ++step.taken;
  }
  return step;
}

QueueStep QueueTracks::previous() {
  QueueStep step;
  auto entry = std::move(history_.back());
  history_.pop_back();
  // One that is to come again, in a loop, is moved and not doubled.
  const auto again = std::find(upcoming_.rbegin(), upcoming_.rend(), entry);
  if (again != upcoming_.rend()) {
    const auto at = std::next(again).base();
    step.removed.tracks.push_back(*entry);
    step.removed.indexes.push_back(static_cast<std::size_t>(at - upcoming_.begin()));
    upcoming_.erase(at);
  }
  if (current_ && current_ != entry) {
    step.added.tracks.push_back(*current_);
    upcoming_.push_front(std::move(current_));
  }
  current_ = std::move(entry);
  return step;
}

void QueueTracks::adopt(QueuedTrack track) { current_ = std::make_shared<const QueuedTrack>(std::move(track)); }

}  // namespace lavapp::lavalink
