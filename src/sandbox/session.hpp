// Session: what a node keeps for a client, and what becomes of it while the client is away. Pure.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sandbox/messages.hpp"
#include "sandbox/player.hpp"

namespace lavapp::sandbox {

struct SessionOwner {
  std::string user_id = {};
  std::string client_name = {};
};

class Session {
 public:
  Session(std::string id, SessionOwner owner, const PlayerRules& rules) : id_(std::move(id)), owner_(std::move(owner)), rules_(&rules) {}

  enum class Presence {
    connected,
    away,  ///< its WebSocket is gone, its players play on, what it would be told is queued
    over,  ///< not to be resumed any more
  };
  Presence presence() const { return presence_; }

  /// The WebSocket opened: `ready` is sent, then what was queued, then one playerUpdate per player.
  void connect(bool resumed, Time now, const WallTime& wall);
  /// The WebSocket is gone.
  void disconnect(Time now);
  /// A handshake names this session. True if the time in which it may resume was running; it stops, for good, even if
  /// that handshake is then refused, as in Lavalink.
  bool stop_timeout();

  /// Sends, or queues while away. Of what is queued, the last 10,000 are kept.
  void send(std::string message);
  /// Sends what players said; playerUpdates are not queued.
  void send(std::int64_t guild_id, const PlayerEvents& events, const WallTime& wall);
  /// What is to go out on the WebSocket; taken.
  std::vector<std::string> take_outbox() { return std::exchange(outbox_, {}); }

  // Whoever asks for a player, and may change it, makes next_due() look anew.
  Player& player(std::int64_t guild_id);  ///< made if it is not there
  Player* find_player(std::int64_t guild_id);
  void destroy_player(std::int64_t guild_id, Time now, const WallTime& wall);
  const std::map<std::int64_t, Player>& players() const { return players_; }
  std::map<std::int64_t, Player>& players() {
    players_due_.reset();
    return players_;
  }

  /// Lets time pass for the players and for the time to resume.
  void advance(Time now, const WallTime& wall);
  std::optional<Time> next_due() const;

  const std::string& id() const { return id_; }
  const SessionOwner& owner() const { return owner_; }
  bool resuming = false;
  std::int64_t timeout = 60;  ///< seconds
  Time next_stats{};
  /// Guilds whose voice update hangs: so do those that follow, until the player is deleted.
  std::set<std::int64_t> hanging_voice = {};

 private:
  std::string id_;
  SessionOwner owner_;
  const PlayerRules* rules_;
  Presence presence_ = Presence::away;
  std::optional<Time> resume_until_ = {};
  std::deque<std::string> queue_ = {};
  std::vector<std::string> outbox_ = {};
  std::map<std::int64_t, Player> players_ = {};
  /// The earliest of the players; not set: to be looked up. With many players that takes time.
  mutable std::optional<std::optional<Time>> players_due_ = {};
};

}  // namespace lavapp::sandbox
