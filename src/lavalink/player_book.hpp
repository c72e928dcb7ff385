// PlayerBook: the records of a node's players, readable from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "lavalink/player_record.hpp"

namespace lavapp::lavalink {

class PlayerBook {
 public:
  using TimePoint = Clock::time_point;

  /// Put on a request when it goes out: what is newer than it, and of which session it is.
  struct Mark {
    std::uint64_t session = 0;
    PlayerRecord::Tick tick = 0;
  };
  Mark mark();

  /// An event of a player. TrackEnd and TrackStuck of a player that is not known make none: it may be destroyed
  /// already. A PlayerUpdate makes none that was destroyed: it was on its way.
  void on(const PlayerUpdate& update, TimePoint now);
  void on(const TrackStart& event, TimePoint now);
  void on(const TrackEnd& event, TimePoint now);
  void on(const TrackStuck& event, TimePoint now);
  /// A request to play at once goes out.
  void asked_to_play(const Mark& mark, Snowflake guild_id, const Asked& asked);
  /// The node answered so to a request that changed the player. An answer to one that was made before the player was
  /// destroyed does not bring it back.
  void answered(const Mark& mark, const PlayerSnapshot& player, const Asked& asked, TimePoint now);
  /// The node told so of the player, asked for no change. It may have looked before a DELETE that has been answered since.
  void told(const Mark& mark, const PlayerSnapshot& player, TimePoint now);

  /// A request that changes the filters goes out: they are in doubt until it is answered. If it never is, the node may have
  /// done what it asked for, or may do it still.
  void filters_asked(const Mark& mark, Snowflake guild_id);
  /// The same of every player that is known.
  void all_filters_asked(const Mark& mark);
  /// What is known of the player, without its voice, if the node is known to have these filters for it.
  std::optional<PlayerSnapshot> if_filters_are(const Filters& filters, Snowflake guild_id) const;

  void add(Snowflake guild_id);
  /// \param mark  of the DELETE that has been answered
  void remove(const Mark& mark, Snowflake guild_id);
  /// The session is gone, and with it all players; answers to older marks are ignored from now on.
  void clear();

  std::vector<Snowflake> guilds() const;
  std::size_t destroyed_remembered() const;
  /// Calls `look`, under the lock, with what is known of a player; of one that is not known, what a new one has.
  template <class F>
  auto look(Snowflake guild_id, F&& look) const {
    std::lock_guard lock(mutex_);
    const auto found = records_.find(guild_id);
    static const PlayerRecord none;
    return look(found == records_.end() ? none : found->second);
  }

 private:
  struct Gone {
    PlayerRecord::Tick asked = 0, answered = 0;
  };
  PlayerRecord& record(Snowflake guild_id);
  void settle_filters(const Mark& mark, Snowflake guild_id);
  void forget_oldest_gone();

  mutable std::mutex mutex_;  // guards what follows: the node's strand writes, any thread reads
  std::unordered_map<Snowflake, PlayerRecord> records_;
  std::map<Snowflake, Gone> gone_;  // destroyed, and not made anew; so many at most as matter
  std::map<Snowflake, PlayerRecord::Tick> filters_asked_;  // players whose filters are in doubt, since the request so marked
  std::uint64_t session_ = 0;
  PlayerRecord::Tick tick_ = 0;
};

}  // namespace lavapp::lavalink
