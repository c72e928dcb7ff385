// What a Queue holds, is told and tells.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lavapp/core/error.hpp"
#include "lavapp/core/function.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/core/snowflake.hpp"
#include "lavapp/lavalink/load_result.hpp"
#include "lavapp/lavalink/track.hpp"

namespace lavapp::lavalink {

/// A track, and who asked for it.
struct QueuedTrack {
  QueuedTrack() = default;
  QueuedTrack(Track what, Snowflake by = {}) : track(std::move(what)), requester(by) {}

  /// Its `user_data` is the caller's own: a JSON object, or empty.
  Track track = {};
  Snowflake requester = {};  ///< 0: nobody in particular
};

/// A track that a queue gave to a node, as a node tells it: with the `user_data` and the requester that it was queued
/// with. The queue's own note among its user data, the member "lavapp", is taken out.
QueuedTrack read_back(Track told);

/// What is played once more.
enum class Loop {
  none,
  track,  ///< the current track, whenever it has finished; skipping leaves it
  queue,  ///< each track goes to the end of the queue when it is left
};
std::string_view to_string(Loop value) noexcept;

/// Which tracks are the same.
enum class SameBy { identifier, encoded };  ///< identifier: and of the same source

enum class WhenStuck {
  skip,  ///< goes on as after a failure
  wait,  ///< leaves it to the node, which says nothing further of a stuck track
};

enum class QueueState {
  idle,     ///< no track is current: nothing has been played yet, or all has
  playing,  ///< the node has been asked to play the current track
  waiting,  ///< a pause after a failure, before the current track is tried
  loading,  ///< nothing is left, and autoplay has been asked for more
  stopped,  ///< play() begins the current track once more, skip() goes on behind it
};
std::string_view to_string(QueueState value) noexcept;

// --- What has changed. Indexes are those of upcoming(): whoever does these in their order, and takes from the front what
// becomes current, has the same list. ---

/// By whoever edits the queue, and by autoplay; with Loop::queue, what goes to its end; by previous(), what is next now.
struct TracksAdded {
  std::size_t index = 0;  ///< of the first one
  std::vector<QueuedTrack> tracks = {};
};
/// By whoever edits the queue; by previous(), what is current now and was to come again.
struct TracksRemoved {
  std::vector<QueuedTrack> tracks = {};
  /// Where each of them was before any was taken out; rising.
  std::vector<std::size_t> indexes = {};
};
/// The track at `from` was taken out, and put in at `to`.
struct TrackMoved {
  std::size_t from = 0, to = 0;
};
struct QueueShuffled {
  /// `order[i]` is where the track that is at `i` now was before.
  std::vector<std::size_t> order = {};
};
struct QueueCleared {
  std::size_t count = 0;
};
struct CurrentChanged {
  Optional<QueuedTrack> before = {};
  Optional<QueuedTrack> now = {};
  /// So many were taken from the front: `now` is the last of them, those before it are left out. 0: it was not to come.
  std::size_t taken = 0;
};
struct LoopChanged {
  Loop before = Loop::none;
  Loop now = Loop::none;
};
struct QueueStateChanged {
  QueueState before = QueueState::idle;
  QueueState now = QueueState::idle;
};

enum class FailureCause {
  exception,    ///< TrackException, or an end with `loadFailed`
  stuck,        ///< TrackStuck
  refused,      ///< the node did not take the track
  no_audio,     ///< it was over as soon as it had begun
};
std::string_view to_string(FailureCause value) noexcept;

/// A track could not be played, or not to its end. Told once for each try.
struct TrackFailure {
  QueuedTrack track = {};
  FailureCause cause = FailureCause::exception;
  std::string message = {};
  Optional<TrackException> exception = {};  ///< what the node said, if it did
  std::uint32_t in_a_row = 1;               ///< this failure and those before it
};

/// Why a queue stopped although there is a track to play.
enum class StopReason {
  requested,          ///< stop()
  by_others,          ///< the player was told to stop, or to play something else, not by this queue
  cleanup,            ///< the node gave the player up: it had no voice connection for too long
  session_lost,       ///< the node has a new session, and the player is gone with the old one
  cancelled,          ///< the call that was to begin a track was cancelled
  node_failed,        ///< the node could not be told to play, for a reason that is not the track's
  too_many_failures,  ///< `max_failures` in a row
};
std::string_view to_string(StopReason value) noexcept;

struct QueueStopped {
  StopReason reason = StopReason::requested;
  Optional<Error> error = {};
};

/// Nothing is left to play.
struct QueueEnded {
  /// What was wrong with autoplay's answer, or that none came: `request_timeout`, or `cancelled` if it was destroyed
  /// uncalled.
  Optional<Error> error = {};
};

/// Takes the tracks to go on with, or none to end; from any thread, at once or later. What comes too late is ignored.
/// Once it is destroyed uncalled, no answer is waited for any more.
using AutoplayAnswer = MoveFunction<void(std::vector<QueuedTrack>)>;

struct QueueOptions {
  Loop loop = Loop::none;
  /// Upcoming tracks, 1 or more; more are refused with `queue_full`. Only previous() works beyond it: what it puts back
  /// came from the history, so there are never more than `max_size` + `max_history`.
  std::size_t max_size = 10'000;
  /// Tracks that previous() can go back to; 0: none.
  std::size_t max_history = 100;
  WhenStuck when_stuck = WhenStuck::skip;

  /// Failures in a row that stop the queue, 1 or more.
  std::uint32_t max_failures = 3;
  /// The pause after a failure, more than 0. It doubles with each further one in a row, up to `longest_pause`.
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30'000};  ///< at least `first_pause`, at most a day
  /// A track that played so long before it failed has worked: the count begins anew. More than 0.
  std::chrono::milliseconds stable_after{10'000};

  /// Asked for more when nothing is left, with the track that was played last. It runs on the node's strand, in no guild's
  /// lane: one that blocks holds up the node.
  Function<void(const Optional<QueuedTrack>& last, AutoplayAnswer answer)> autoplay = {};
  /// How long an answer is waited for, more than 0.
  std::chrono::milliseconds autoplay_timeout{30'000};

  /// Of shuffle(), for repeatable tests. Default: another each time.
  Optional<std::uint64_t> seed = {};

  /// Errors: `invalid_argument`, naming the option.
  Result<void> validate() const;
};

}  // namespace lavapp::lavalink
