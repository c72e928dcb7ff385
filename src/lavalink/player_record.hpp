// PlayerRecord: what is known of one player, from the node's answers and events. Pure: the time is an argument.
//
// Answers and events travel on different connections and overtake one another: an event often comes before the answer
// to the request that caused it, and sometimes long after. So each request is marked when it goes out, and an answer does
// not undo what came after the mark; nor does the late TrackStart of an earlier track undo an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lavalink/player_clock.hpp"
#include "lavapp/core/clock.hpp"
#include "lavapp/lavalink/event.hpp"
#include "lavapp/lavalink/player_types.hpp"

namespace lavapp::lavalink {

/// The same piece of music, wherever its position: `encoded` holds the position and so differs between two tellings.
bool same_track(const Track& a, const Track& b) noexcept;

/// What a request asks for that the node's answer does not tell, or not yet.
struct Asked {
  enum class Play { no, if_idle, at_once };
  Play play = Play::no;
  bool paused = false;  ///< of a request to play
  std::optional<std::chrono::milliseconds> position = {};
  Update<std::chrono::milliseconds> end_time = {};  ///< of a request to play null, if it has none
};

class PlayerRecord {
 public:
  using TimePoint = Clock::time_point;
  /// Counts what happens in a session, over all players and requests.
  using Tick = std::uint64_t;

  /// A request to play at once goes out, marked `sent`. If its answer is lost or late, TrackStart alone tells of it.
  void asked_to_play(const Asked& asked, Tick sent) { asked_to_play_ = {asked, sent}; }
  void on(const TrackStart& event, Tick tick, TimePoint now);
  void on(const TrackEnd& event, Tick tick, TimePoint now);
  void on(const TrackStuck& event, TimePoint now);
  void on(const PlayerUpdate& update, Tick tick, TimePoint now);
  /// The node answered with `player` to a request that was marked `sent`.
  /// \param tick  of the answer's coming
  /// \return false, and nothing is taken from it, if a later answer has been taken already
  bool answered(const PlayerSnapshot& player, const Asked& asked, Tick sent, Tick tick, TimePoint now);

  /// Whether the node has answered yet: before that, volume, pause and filters are only what a new player has.
  bool answered() const noexcept { return last_taken_ != 0; }
  const std::optional<Track>& track() const noexcept { return track_; }
  bool paused() const noexcept { return paused_; }
  int volume() const noexcept { return volume_; }
  const Filters& filters() const noexcept { return filters_; }
  const PlayerState& state() const noexcept { return state_; }
  std::optional<std::chrono::milliseconds> position(TimePoint now) const { return clock_.position(now); }

 private:
  struct Begun {
    Track track;
    Tick sent;
  };
  std::vector<Begun>::iterator begun_by_answer(const Track& track);
  bool answer_begins(const Track& track, const Asked& asked, Tick sent) const noexcept;
  bool plays(const Track& track) const noexcept;
  void set_end(const Asked& asked, TimePoint now);
  void set_track(const Track& track, std::chrono::milliseconds position, TimePoint now);
  void set_state(const PlayerState& state, TimePoint now);

  std::optional<Track> track_;
  int volume_ = 100;
  bool paused_ = false;
  struct AskedToPlay {
    Asked asked;
    Tick sent;
  };
  std::optional<AskedToPlay> asked_to_play_;  // until it is answered
  std::vector<Begun> begun_;  // by the answers to requests to play, in their order: their TrackStarts are still on their way
  bool told_ = false;         // the node has told a position of this track
  bool standing_ = false;     // not paused, but the node's own position does not move, or TrackStuck came
  Filters filters_;
  PlayerState state_;
  PlayerClock clock_;

  Tick track_event_ = 0;                      // of the last TrackStart, or TrackEnd without another track in its place
  Tick last_update_ = 0;                      // of the last playerUpdate
  Tick last_answered_ = 0;                    // mark of the request whose answer was taken last
  Tick last_taken_ = 0;                       // when that answer came
  std::chrono::milliseconds last_answer_{0};  // its time, by the node's clock
  std::optional<Track> ended_;                // by the last TrackEnd, unless it was replaced
};

}  // namespace lavapp::lavalink
