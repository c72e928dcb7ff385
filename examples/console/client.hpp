// Client: the node and its player, and what this program does when they tell something.
//
// Everything here is called on the main thread, inside Loop; the listeners only post there.
#pragma once

#include <lavapp/lavapp.hpp>

#include <optional>
#include <string>
#include <utility>

#include "deck.hpp"
#include "event_log.hpp"
#include "loop.hpp"
#include "now_playing.hpp"

namespace console {

/// What has happened so far.
struct Tally {
  int new_sessions = 0, resumed_sessions = 0, lost_connections = 0, attempts = 0;
  int track_starts = 0, track_ends = 0, track_failures = 0;
  int player_updates = 0, stats = 0;
  /// Players set up again on a node that had forgotten them.
  int rebuilt = 0;
};

class Client {
 public:
  Client(Loop& loop, EventLog& log, lavapp::Runtime& runtime, lavapp::NodeOptions options, lavapp::Snowflake guild_id,
         std::optional<lavapp::VoiceState> voice);

  /// Opens the session; the first failure is final here. A session taken up again brings its player along.
  lavapp::Result<void> connect();
  lavapp::Result<void> leave(lavapp::KeepSession keep);

  lavapp::Result<lavapp::LoadResult> load(const std::string& identifier);
  /// Loads, and plays what was found: its first track, or a playlist from the selected one on.
  lavapp::Result<void> play(const std::string& identifier);
  lavapp::Result<void> play(lavapp::Track track);
  /// Plays `track` when the present one has ended.
  void play_next(lavapp::Track track) { deck_.up_next.push_front(std::move(track)); }
  lavapp::Result<void> next();
  lavapp::Result<void> pause(bool paused);
  lavapp::Result<void> seek(std::chrono::milliseconds position);
  lavapp::Result<void> set_volume(int percent);
  lavapp::Result<void> set_filters(lavapp::Filters filters, std::string name);
  lavapp::Result<void> stop();
  /// The player as the node has it.
  lavapp::Result<lavapp::PlayerSnapshot> fetch_player();

  lavapp::Node& node() { return node_; }
  const Deck& deck() const { return deck_; }
  const Tally& tally() const { return tally_; }
  /// The session works, as far as was told.
  bool online() const { return online_; }
  /// Where the track is, or was when the connection was lost; 0 for a stream.
  std::chrono::milliseconds position();
  /// The heartbeat's last round trip, a lost connection's too; 0 before the first.
  std::chrono::nanoseconds latency();
  NowPlaying now_playing();
  /// Nothing plays, and nothing waits to be played.
  bool idle() const { return !deck_.track && deck_.up_next.empty(); }
  /// Why the last track did not play to its end; empty if it did.
  const std::string& failure() const { return failure_; }

 private:
  template <class Tag, class Heard>
  void hear(Tag tag, Heard heard);
  void listen();
  void on_ready(const lavapp::Ready& event);
  void on_end(const lavapp::TrackEnd& event);
  void rebuild();
  lavapp::Result<void> need_track() const;
  /// Starts an operation of the player and waits for it.
  template <class Start>
  lavapp::Result<void> ask_player(Start start);

  Loop& loop_;
  EventLog& log_;
  lavapp::Node node_;
  lavapp::Player player_;
  std::optional<lavapp::VoiceState> voice_;
  Deck deck_;
  Tally tally_;
  std::optional<lavapp::Error> refused_;
  std::string failure_;
  std::chrono::nanoseconds latency_{0};
  bool online_ = false;
};

}  // namespace console
