// Player: one guild's player as a simulation: commands and the time go in, events come out. No clock, no socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "sandbox/filters.hpp"
#include "sandbox/playable.hpp"

namespace lavapp::sandbox {

using Time = Clock::time_point;
using std::chrono::milliseconds;

/// What holds for all players of a node.
struct PlayerRules {
  double speed = 1.0;
  bool play_without_voice = true;
  milliseconds cleanup_threshold{60'000};
  milliseconds stuck_threshold{10'000};
  milliseconds update_interval{5'000};
};

struct Voice {
  std::string token = {}, endpoint = {}, session_id = {};
  std::optional<std::string> channel_id = {};
  friend bool operator==(const Voice&, const Voice&) = default;
};

/// What a player tells of itself at a moment.
struct PlayerMoment {
  milliseconds position{0};
  bool connected = false;
  milliseconds ping{-1};
};

struct PlayerEvent {
  enum class Kind { update, start, end, exception, stuck, voice_closed };
  Kind kind;
  Time at;
  PlayerMoment moment = {};              // update
  std::optional<PlayableTrack> track = {};  // start, end, exception, stuck
  Json user_data = {};
  milliseconds position{0};  // of that track
  std::string reason = {};   // end, voice_closed
  struct {
    std::string message = {}, severity = {}, cause = {};
  } exception = {};
  milliseconds threshold{0};  // stuck
  int code = 0;               // voice_closed
  bool by_remote = false;
};
using PlayerEvents = std::vector<PlayerEvent>;

class Player {
 public:
  Player(std::int64_t guild_id, const PlayerRules& rules) : guild_id_(guild_id), rules_(&rules) {}

  struct Start {
    milliseconds position{0};
    std::optional<milliseconds> end_time = {};
    Json user_data = Json::object();
  };
  /// Each command happens at `now`, up to which advance() has been called; what follows from it is added to `out`.
  void play(PlayableTrack track, Start start, Time now, PlayerEvents& out);
  void stop(Time now, PlayerEvents& out);
  void seek(milliseconds position, Time now, PlayerEvents& out);
  void set_end_time(std::optional<milliseconds> end_time, Time now);
  void set_paused(bool paused, Time now);
  void set_volume(int volume);
  void set_filters(Filters filters, Time now, PlayerEvents& out);
  void set_user_data(Json user_data) { user_data_ = std::move(user_data); }
  void connect_voice(Voice voice, Time now, PlayerEvents& out);
  /// Nothing happens without a connection.
  void close_voice(int code, std::string reason, bool by_remote, Time now, PlayerEvents& out);
  /// The player is taken away.
  void destroy(Time now, PlayerEvents& out);

  /// When something happens next if nobody commands anything.
  std::optional<Time> next_due() const;
  /// Lets happen what is due until `now`, in order.
  void advance(Time now, PlayerEvents& out);

  std::int64_t guild_id() const { return guild_id_; }
  const std::optional<PlayableTrack>& track() const { return track_; }
  const Json& user_data() const { return user_data_; }
  milliseconds position(Time now) const;
  PlayerMoment moment(Time now) const { return {position(now), connected_, ping_}; }
  int volume() const { return volume_; }
  bool paused() const { return paused_; }
  bool connected() const { return connected_; }
  const Json& filters() const { return filters_.json; }
  const Voice& voice() const { return voice_; }
  /// Counted by `stats` as playing: it has a track and is not paused.
  bool playing() const { return track_ && !paused_; }
  /// Since when audio has been flowing without a break.
  std::optional<Time> playing_since() const { return moving() ? playing_since_ : std::nullopt; }

 private:
  bool may_play() const { return rules_->play_without_voice || had_voice_; }
  bool moving() const;
  double rate() const;
  /// Playing is impossible: told as soon as time passes, behind the answer to the command.
  bool fails_now() const;
  void fail_now(Time now, PlayerEvents& out);
  /// Where the present stretch of playing ends, and why.
  enum class Ending { none, finished, breaks, stuck };
  std::pair<milliseconds, Ending> ending() const;
  Time reached_at(milliseconds position) const;
  void settle(Time now);
  void update(Time now, PlayerEvents& out) const;
  void tell(PlayerEvent::Kind kind, Time now, PlayerEvents& out, std::string reason = {}) const;
  void fail(std::string message, std::string cause, Time now, PlayerEvents& out) const;
  void end(std::string reason, Time now, PlayerEvents& out);

  std::int64_t guild_id_;
  const PlayerRules* rules_;
  std::optional<PlayableTrack> track_ = {};
  Json user_data_ = Json::object();
  milliseconds started_at_{0};  // the position with which the track began
  milliseconds anchor_{0};  // the position at anchor_time_
  Time anchor_time_{};
  std::optional<milliseconds> end_time_ = {};
  /// After an exception in mid-track, the audio that is buffered still plays, up to here.
  std::optional<milliseconds> doomed_at_ = {};
  bool broken_ = false;  // the exception of a `breaks` track has been told
  bool stuck_told_ = false;
  Time next_update_{};
  Time idle_since_{};  // for the cleanup of a track without voice
  std::optional<Time> playing_since_ = {};
  int volume_ = 100;
  bool paused_ = false;
  Filters filters_ = {};
  Voice voice_ = {};
  bool connected_ = false;
  bool had_voice_ = false;
  milliseconds ping_{-1};
};

}  // namespace lavapp::sandbox
