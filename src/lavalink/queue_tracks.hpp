// QueueTracks: the tracks of a queue: the current one, those to come, and those that were. It knows of no node.
//
// Pure: no clock, no thread. A track is in one place of the first two at most; all of them may be in the history too.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "lavapp/core/move_function.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::lavalink {

/// One place in a queue. The same track queued twice has two.
using QueueEntry = std::shared_ptr<const QueuedTrack>;

/// What a step has done to those to come, in this order.
struct QueueStep {
  TracksRemoved removed = {};
  TracksAdded added = {};
  std::size_t taken = 0;  // from the front; the last of them is current
};

class QueueTracks {
 public:
  /// \param seed  of shuffle()
  QueueTracks(std::size_t max_size, std::size_t max_history, std::uint64_t seed)
      : max_size_(max_size), max_history_(max_history), random_(seed) {}

  // --- Edits of what is to come. Errors: `invalid_argument` naming it, and nothing is changed. ---

  /// \param index  up to the size. Errors besides: `queue_full`.
  Result<TracksAdded> insert(std::size_t index, std::vector<QueuedTrack> tracks);
  Result<TracksAdded> add(std::vector<QueuedTrack> tracks) { return insert(upcoming_.size(), std::move(tracks)); }
  Result<TrackMoved> move(std::size_t from, std::size_t to);
  /// As two moves, one after the other; none if both are the same.
  Result<std::vector<TrackMoved>> swap(std::size_t a, std::size_t b);
  Result<TracksRemoved> remove(std::size_t first, std::size_t count);
  TracksRemoved remove_if(MoveFunction<bool(const QueueEntry&)> gone);
  /// Of tracks that are the same, the current one or else the first stays.
  TracksRemoved dedupe(SameBy same);
  /// Every order is as likely as any other.
  QueueShuffled shuffle();
  QueueCleared clear();

  // --- Steps ---

  /// So many times: the current track is left, and the first to come, if any, becomes current.
  /// \param again  each one that is left goes to the end of those to come
  QueueStep next(std::size_t count, bool again);
  /// The last track of the history, which must not be empty, becomes current; the one before it is the next to come.
  QueueStep previous();
  /// There must be no current track.
  void adopt(QueuedTrack track);

  const QueueEntry& current() const noexcept { return current_; }
  const std::deque<QueueEntry>& upcoming() const noexcept { return upcoming_; }
  /// The latest is at the end.
  const std::deque<QueueEntry>& history() const noexcept { return history_; }
  std::size_t room() const noexcept { return upcoming_.size() < max_size_ ? max_size_ - upcoming_.size() : 0; }

 private:
  std::optional<Error> bad_index(const char* name, std::size_t index) const;
  std::size_t draw_below(std::size_t bound);

  std::size_t max_size_;
  std::size_t max_history_;
  std::mt19937_64 random_;
  QueueEntry current_;
  std::deque<QueueEntry> upcoming_;
  std::deque<QueueEntry> history_;
};

}  // namespace lavapp::lavalink
