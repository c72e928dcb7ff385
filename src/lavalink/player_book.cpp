#include "lavalink/player_book.hpp"

#include <algorithm>

namespace lavapp::lavalink {
namespace {

/// An answer that is on its way while so many other players are destroyed is not to be expected.
constexpr std::size_t kMostGone = 1'000;

}  // namespace

/// Under the lock: the player's record, a new one if there is none.
PlayerRecord& PlayerBook::record(Snowflake guild_id) {
  gone_.erase(guild_id);
  return records_[guild_id];
}

void PlayerBook::forget_oldest_gone() {
  gone_.erase(std::min_element(gone_.begin(), gone_.end(), [](const auto& a, const auto& b) {
    return a.second.answered < b.second.answered;
  }));
}

PlayerBook::Mark PlayerBook::mark() {
  std::lock_guard lock(mutex_);
  return {session_, ++tick_};
}

void PlayerBook::on(const PlayerUpdate& update, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (gone_.count(update.guild_id) == 0) records_[update.guild_id].on(update, ++tick_, now);
}

void PlayerBook::on(const TrackStart& event, TimePoint now) {
  std::lock_guard lock(mutex_);
  record(event.guild_id).on(event, ++tick_, now);
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

void PlayerBook::asked_to_play(const Mark& mark, Snowflake guild_id, const Asked& asked) {
  std::lock_guard lock(mutex_);
  const auto found = records_.find(guild_id);
  if (found != records_.end()) found->second.asked_to_play(asked, mark.tick);
}

void PlayerBook::answered(const Mark& mark, const PlayerSnapshot& player, const Asked& asked, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (mark.session != session_) return;
  const auto gone = gone_.find(player.guild_id);
  if (gone != gone_.end() && mark.tick < gone->second.asked) return;
  if (record(player.guild_id).answered(player, asked, mark.tick, ++tick_, now)) settle_filters(mark, player.guild_id);
}

void PlayerBook::told(const Mark& mark, const PlayerSnapshot& player, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (mark.session != session_) return;
  const auto gone = gone_.find(player.guild_id);
  if (gone != gone_.end() && mark.tick < gone->second.answered) return;
  record(player.guild_id).answered(player, {}, mark.tick, ++tick_, now);
}

void PlayerBook::filters_asked(const Mark& mark, Snowflake guild_id) {
  std::lock_guard lock(mutex_);
  if (mark.session == session_) filters_asked_[guild_id] = mark.tick;
}

void PlayerBook::all_filters_asked(const Mark& mark) {
  std::lock_guard lock(mutex_);
  if (mark.session != session_) return;
  for (const auto& [guild_id, record] : records_) filters_asked_[guild_id] = mark.tick;
}

/// Under the lock: the request so marked is answered.
void PlayerBook::settle_filters(const Mark& mark, Snowflake guild_id) {
  const auto asked = filters_asked_.find(guild_id);
  if (asked != filters_asked_.end() && asked->second == mark.tick) filters_asked_.erase(asked);
}

std::optional<PlayerSnapshot> PlayerBook::if_filters_are(const Filters& filters, Snowflake guild_id) const {
  std::lock_guard lock(mutex_);
  const auto found = records_.find(guild_id);
  if (found == records_.end() || !found->second.answered() || filters_asked_.count(guild_id) != 0) return {};
  const auto& record = found->second;
  if (record.filters() != filters) return {};
  PlayerSnapshot result;
  result.guild_id = guild_id;
  result.track = record.track();
  result.volume = record.volume();
  result.paused = record.paused();
  result.state = record.state();
  result.filters = record.filters();
  return result;
}

void PlayerBook::add(Snowflake guild_id) {
  std::lock_guard lock(mutex_);
  records_.try_emplace(guild_id);
}

void PlayerBook::remove(const Mark& mark, Snowflake guild_id) {
  std::lock_guard lock(mutex_);
  if (mark.session != session_) return;
  records_.erase(guild_id);
  filters_asked_.erase(guild_id);
  gone_[guild_id] = {mark.tick, ++tick_};
  if (gone_.size() > kMostGone) forget_oldest_gone();
}

void PlayerBook::clear() {
  std::lock_guard lock(mutex_);
  records_.clear();
  gone_.clear();
  filters_asked_.clear();
  ++session_;
}

std::vector<Snowflake> PlayerBook::guilds() const {
  std::lock_guard lock(mutex_);
  std::vector<Snowflake> result;
  result.reserve(records_.size());
  for (const auto& [guild_id, record] : records_) result.push_back(guild_id);
  std::sort(result.begin(), result.end());
  return result;
}

std::size_t PlayerBook::destroyed_remembered() const {
  std::lock_guard lock(mutex_);
  return gone_.size();
}

}  // namespace lavapp::lavalink
