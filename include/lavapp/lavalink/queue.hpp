// Queue: what one player plays, track after track.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "lavapp/core/completion.hpp"
#include "lavapp/core/event_emitter.hpp"
#include "lavapp/core/move_function.hpp"
#include "lavapp/core/optional.hpp"
#include "lavapp/lavalink/node.hpp"
#include "lavapp/lavalink/player.hpp"
#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::lavalink {

class QueueImpl;  // src/lavalink/queue_impl.hpp

/// The queue of one guild's player. It listens to the node, and begins the next track when one has finished or failed.
///
/// A failure, told by whatever events, is one failure; after `max_failures` in a row it stops. It goes on by itself
/// only where Lavalink says so (may_start_next), and after a stuck track; never because something else stopped or
/// replaced what it plays. Let nothing else play on the same player.
/// Edits take effect at once, and are told as events soon after. They do not touch what plays.
/// Events: listeners run where the node's listeners of this guild do, in one order with them and never at the same time
/// (NodeOptions::guild_lanes). Getters may be ahead of them.
/// Operations: as Node's: each completes exactly once, on the runtime or on the token's executor, never inside the
/// call. They complete once the node has answered what they asked of it; if that is nothing, at once. The events of what
/// they did have been told before; with lanes they may still wait for their listeners. Errors: those of Player::play and
/// Player::stop, and `invalid_argument`.
/// Threading: every member may be called from any thread, inside listeners too.
/// Lifetime: the destructor leaves the player as it is. A queue may outlive its node: operations complete with
/// `Errc::closed` then, edits are told as before. No listener starts after the destructor has returned; one that runs on
/// another thread may still finish.
class Queue : public EventEmitter<Queue> {
 public:
  static constexpr Event<Queue, 0, TracksAdded> added{};
  static constexpr Event<Queue, 1, TracksRemoved> removed{};
  static constexpr Event<Queue, 2, TrackMoved> moved{};
  static constexpr Event<Queue, 3, QueueShuffled> shuffled{};
  static constexpr Event<Queue, 4, QueueCleared> cleared{};
  /// Another track is current; or the same one again, as the only one of a queue that loops.
  static constexpr Event<Queue, 5, CurrentChanged> current_changed{};
  static constexpr Event<Queue, 6, TrackFailure> track_failed{};
  /// It does not go on by itself any more, though there is a current track.
  static constexpr Event<Queue, 7, QueueStopped> stopped{};
  static constexpr Event<Queue, 8, QueueEnded> ended{};
  /// A stopped queue plays again without a play(), if the node had been asked, and only its answer was lost.
  static constexpr Event<Queue, 9, QueueStateChanged> state_changed{};
  /// By set_loop(), if it was another before.
  static constexpr Event<Queue, 10, LoopChanged> loop_changed{};

  /// Nothing is sent yet. \throws std::invalid_argument if `guild_id` is 0, or naming the option that is out of range.
  Queue(Node& node, Snowflake guild_id, QueueOptions options = {});
  Queue(Queue&&) noexcept = default;
  Queue& operator=(Queue&&) noexcept;
  ~Queue();

  // --- What is to come. Errors: `invalid_argument` naming what was wrong, and nothing is changed. ---

  /// Adds at the end; it does not begin to play. Errors besides: `queue_full`.
  Result<TracksAdded> add(QueuedTrack track);
  Result<TracksAdded> add(Track track, Snowflake requester);
  Result<TracksAdded> add(std::vector<QueuedTrack> tracks);
  /// All of them: a playlist's, say (LoadResult::tracks).
  Result<TracksAdded> add(TrackSpan tracks, Snowflake requester = {});
  /// What whoever asked for it wants to hear: a playlist's tracks, all of them, or the first that a search found. Errors
  /// if there is no track: `nothing_found`; `load_failed`, with TrackException::true_cause(); `bad_response` for a loadType
  /// that this library does not know. Each names what was asked for (LoadResult::identifier).
  Result<TracksAdded> add(const LoadResult& found, Snowflake requester = {});
  /// \param index  up to the size
  Result<TracksAdded> insert(std::size_t index, std::vector<QueuedTrack> tracks);
  /// Takes out the track at `from`, and puts it in at `to`.
  Result<TrackMoved> move(std::size_t from, std::size_t to);
  /// Told as the moves that make it.
  Result<std::vector<TrackMoved>> swap(std::size_t a, std::size_t b);
  Result<TracksRemoved> remove(std::size_t index);
  Result<TracksRemoved> remove(std::size_t first, std::size_t count);
  TracksRemoved remove_if(MoveFunction<bool(const QueuedTrack&)> gone);
  /// Of tracks that are the same, the current one or else the first stays.
  TracksRemoved dedupe(SameBy same = SameBy::identifier);
  /// Every order is as likely as any other.
  void shuffle();
  QueueCleared clear();

  // --- What plays ---

  /// Begins with the first track, or with the current one once more after a stop. Nothing happens while one plays or is
  /// about to.
  template <class Token>
  auto play(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_play, std::move(options));
  }
  /// Leaves the current track, one that loops too.
  template <class Token>
  auto skip(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_skip, std::move(options));
  }
  /// Leaves the current track, and those before `index`.
  template <class Token>
  auto skip_to(std::size_t index, Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_skip_to, std::move(options), index);
  }
  /// Goes back to the last track of the history; the current one is the next to come, even if there are
  /// QueueOptions::max_size already. Error: `invalid_argument` if there is none.
  template <class Token>
  auto previous(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_previous, std::move(options));
  }
  /// The current track stays, and play() begins it once more.
  template <class Token>
  auto stop(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_stop, std::move(options));
  }
  /// After a restart of the bot, with a session that is resumed: what the player plays becomes current, with the
  /// requester and the user data that it was queued with. Nothing changes if it plays nothing. Errors besides: those of
  /// Node::fetch_player, status 404 if there is no player; `invalid_argument` if there is a current track.
  template <class Token>
  auto restore(Token&& token, CallOptions options = {}) {
    return run(std::forward<Token>(token), &Queue::start_restore, std::move(options));
  }

  Loop loop() const;
  void set_loop(Loop loop);
  QueueState state() const;
  Optional<QueuedTrack> current() const;
  std::vector<QueuedTrack> upcoming() const;
  /// The latest is at the end.
  std::vector<QueuedTrack> history() const;
  /// For what the queue does not do: pause, seek, volume, filters.
  Player player() const;

 private:
  using ImplPtr = std::shared_ptr<QueueImpl>;
  explicit Queue(ImplPtr impl);

  template <class Token, class Start, class... Args>
  auto run(Token&& token, Start start, CallOptions options, Args... args) {
    return initiate_with<void>(std::forward<Token>(token), start, impl_, args..., std::move(options));
  }

  static void start_play(const ImplPtr&, CallOptions, Handler<void>);
  static void start_skip(const ImplPtr&, CallOptions, Handler<void>);
  static void start_skip_to(const ImplPtr&, std::size_t, CallOptions, Handler<void>);
  static void start_previous(const ImplPtr&, CallOptions, Handler<void>);
  static void start_stop(const ImplPtr&, CallOptions, Handler<void>);
  static void start_restore(const ImplPtr&, CallOptions, Handler<void>);

  ImplPtr impl_;
};

}  // namespace lavapp::lavalink

template <>
struct lavapp::detail::HasLanes<lavapp::lavalink::Queue> : std::true_type {};
