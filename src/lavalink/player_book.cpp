#include "lavalink/player_book.hpp"

namespace lavapp::lavalink {

PlayerBook::Mark PlayerBook::mark() {
  std::lock_guard lock(mutex_);
  return {session_, ++tick_};
}

void PlayerBook::on(const PlayerUpdate& update, TimePoint now) {
  std::lock_guard lock(mutex_);
  records_[update.guild_id].on(update, ++tick_, now);
}

void PlayerBook::on(const TrackStart& event, TimePoint now) {
  std::lock_guard lock(mutex_);
  records_[event.guild_id].on(event, ++tick_, now);
}

void PlayerBook::on(const TrackEnd& event, TimePoint now) {
  std::lock_guard lock(mutex_);
  const auto found = records_.find(event.guild_id);
  if (found != records_.end()) found->second.on(event, ++tick_, now);
}

void PlayerBook::on(const TrackStuck& event, TimePoint now) {
  std::lock_guard lock(mutex_);
  const auto found = records_.find(event.guild_id);
  if (found != records_.end()) found->second.on(event, now);
}

void PlayerBook::answered(const Mark& mark, const PlayerSnapshot& player,
                          std::optional<std::chrono::milliseconds> sought, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (mark.session == session_) records_[player.guild_id].answered(player, sought, mark.tick, now);
}

void PlayerBook::add(Snowflake guild_id) {
  std::lock_guard lock(mutex_);
  records_.try_emplace(guild_id);
}

void PlayerBook::remove(const Mark& mark, Snowflake guild_id) {
  std::lock_guard lock(mutex_);
  if (mark.session == session_) records_.erase(guild_id);
}

void PlayerBook::clear() {
  std::lock_guard lock(mutex_);
  records_.clear();
  ++session_;
}

std::vector<Snowflake> PlayerBook::guilds() const {
  std::lock_guard lock(mutex_);
  std::vector<Snowflake> result;
  result.reserve(records_.size());
  for (const auto& [guild_id, record] : records_) result.push_back(guild_id);
  return result;
}

}  // namespace lavapp::lavalink
