// QueueRules: what a queue plays next: when tracks end, fail and get stuck, and when the user skips and stops.
//
// Pure: no node, no clock, no thread. Each function takes what has happened, and the time, and returns what to do, in
// order. https://lavalink.dev/api/websocket#track-end-reason
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "lavalink/queue_tracks.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/queue_types.hpp"

namespace lavapp::lavalink {

/// Of each time that a track is played.
using PlayNumber = std::uint64_t;

namespace queue_action {
/// Play this, in place of what plays, with `play` in its mark; call play_refused() if the node does not.
struct Play {
  PlayNumber play;
  QueuedTrack track;
};
/// Stop what plays.
struct Stop {};
/// Call timer_fired() with `timer` after this time, in place of any earlier wish.
struct StartTimer {
  std::uint64_t timer;
  std::chrono::milliseconds after;
};
struct StopTimer {};
/// Ask the user for more tracks, and call autoplay_answered() or autoplay_dropped() with `ask`.
struct AskAutoplay {
  std::uint64_t ask;
  Optional<QueuedTrack> last;
};
}  // namespace queue_action

/// What to do; those that are events of the queue: to emit them.
using QueueAction =
    std::variant<queue_action::Play, queue_action::Stop, queue_action::StartTimer, queue_action::StopTimer,
                 queue_action::AskAutoplay, TracksAdded, TracksRemoved, TrackMoved, QueueShuffled, QueueCleared,
                 CurrentChanged, TrackFailure, QueueStopped, QueueEnded, QueueStateChanged, LoopChanged>;
using QueueActions = std::vector<QueueAction>;

class QueueRules {
 public:
  using TimePoint = Clock::time_point;

  /// \param seed  of the play numbers, so that those of an earlier process are not taken for this one's; of shuffle()
  ///              too, if the options have none
  /// \throws std::invalid_argument naming the option that is out of range.
  QueueRules(QueueOptions options, std::uint64_t seed);

  /// Edits of what is to come change nothing of what plays.
  QueueTracks& tracks() noexcept { return tracks_; }
  const QueueTracks& tracks() const noexcept { return tracks_; }
  QueueState state() const noexcept { return state_; }
  Optional<QueuedTrack> current() const;
  Loop loop() const noexcept { return options_.loop; }
  QueueActions set_loop(Loop loop);

  // --- What the user wants ---

  /// Begins, or goes on after a stop; the count of failures begins anew. Nothing happens while something plays or is
  /// about to.
  QueueActions play();
  /// Leaves the current track, one that loops too.
  QueueActions skip(TimePoint now);
  /// Leaves the current track and those before `index`: they go where skipped ones go. Error: `invalid_argument`.
  Result<QueueActions> skip_to(std::size_t index, TimePoint now);
  /// Goes back one track; the current one is the next to come. Error: `invalid_argument` if there is none before.
  Result<QueueActions> previous(TimePoint now);
  /// The current track stays, and play() begins it once more.
  QueueActions stop(TimePoint now);
  /// The node plays this already, by an earlier process's wish. Error: `invalid_argument` if something is current.
  Result<QueueActions> adopt(const Track& told, TimePoint now);

  // --- What the node tells. What is not about the current play is ignored. ---

  QueueActions on(const TrackStart& event, TimePoint now);
  QueueActions on(const TrackFailed& event, TimePoint now);
  QueueActions on(const TrackEnd& event, TimePoint now);
  QueueActions on(const TrackStuck& event, TimePoint now);
  /// The node did not take the track, or could not be told, or the user cancelled it.
  QueueActions play_refused(PlayNumber play, const Error& error, TimePoint now);
  void play_taken(PlayNumber play) noexcept { taken_ |= play == play_; }
  /// The node could not be told to stop.
  QueueActions stop_refused(const Error& error);
  void stopped() noexcept {
    owes_stop_ = false;
    stops_refused_ = 0;
  }
  /// The node is back.
  /// \param plays  something played on meanwhile
  QueueActions session_resumed(bool plays);
  /// What the node told into a connection that had died unnoticed is lost, and it is to be asked what plays.
  bool is_unsure() const noexcept { return unsure_ == play_; }
  /// \param told  what the player plays, as asked after session_resumed(); nullptr: nothing
  QueueActions told_what_plays(const Track* told, TimePoint now);
  /// The node has a new session, without the players of the old one.
  QueueActions session_lost(TimePoint now);

  /// One that was stopped may fire all the same, before it has heard of it.
  QueueActions timer_fired(std::uint64_t timer);
  QueueActions autoplay_answered(std::uint64_t ask, std::vector<QueuedTrack> tracks);
  /// No answer will come.
  QueueActions autoplay_dropped(std::uint64_t ask);

 private:
  struct Failure {
    FailureCause cause;
    std::string message;
    Optional<TrackException> exception = {};
    bool on_node = false;  // something still plays: this, or what was to be replaced
  };
  bool concerns_current(const Track& told) const;
  Failure exception() const;
  bool over_at_once(const Track& told, TimePoint now) const;
  void fail(QueueActions& out, Failure failure, TimePoint now);
  void go_on(QueueActions& out);
  void halt(QueueActions& out, StopReason reason, Optional<Error> error = {});
  void step(QueueActions& out, std::size_t tracks);
  void tell(QueueActions& out, Optional<QueuedTrack> before, QueueStep step) const;
  void stop_later(QueueActions& out, const Error& error);
  void leave(QueueActions& out, TimePoint now);
  void begin(QueueActions& out);
  void send(QueueActions& out);
  void run_dry(QueueActions& out);
  void become(QueueActions& out, QueueState state);
  void start_timer(QueueActions& out, std::chrono::milliseconds after);
  bool awaits(std::uint64_t ask) const noexcept { return state_ == QueueState::loading && ask == ask_; }
  void loaded(QueueActions& out, Optional<Error> error);
  Clock::duration played(TimePoint now) const;
  bool about_to_play() const noexcept { return state_ == QueueState::waiting || state_ == QueueState::loading; }

  QueueOptions options_;
  QueueTracks tracks_;
  QueueState state_ = QueueState::idle;
  PlayNumber play_;          // the last one; events of another are out of date
  std::uint64_t ask_ = 0;    // of autoplay, likewise
  std::uint64_t timer_ = 0;  // likewise
  Backoff failures_;         // counts those in a row, and says how long to pause
  std::chrono::milliseconds pause_{0};  // before the next track is tried
  std::uint32_t held_up_ = 0;           // plays in a row that were not sent because of others
  bool owes_stop_ = false;              // what the node plays still was to stop, or to be replaced
  std::uint32_t stops_refused_ = 0;     // in a row
  std::uint64_t stop_timer_ = 0;        // after which it is told again
  std::optional<PlayNumber> unsure_;    // it may have ended without our hearing it

  // Of the current play.
  bool taken_ = false;  // the node has answered
  std::optional<TimePoint> started_;
  std::optional<TrackException> exception_;  // its end follows, and the two are one failure
};

}  // namespace lavapp::lavalink
