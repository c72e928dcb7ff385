#include "sandbox/session.hpp"

#include <algorithm>

namespace lavapp::sandbox {
namespace {

constexpr std::size_t max_queue = 10'000;
constexpr std::int64_t longest_timeout = 100'000'000;  // seconds, three years: more overflows the clock

void earliest(std::optional<Time>& due, std::optional<Time> candidate) {
  if (candidate && (!due || *candidate < *due)) due = candidate;
}

}  // namespace

void Session::connect(bool resumed, Time now, const WallTime& wall) {
  presence_ = Presence::connected;
  resume_until_.reset();
  send(ready_message(resumed, id_));
  for (auto& message : queue_) outbox_.push_back(std::move(message));
  queue_.clear();
  if (!resumed) return;
  for (const auto& [guild_id, player] : players_) {
    send(player_update_message(guild_id, player.moment(now), wall(now)));
  }
}

void Session::disconnect(Time now) {
  outbox_.clear();
  if (!resuming || timeout <= 0) {
    presence_ = Presence::over;
    return;
  }
  presence_ = Presence::away;
  resume_until_ = now + std::chrono::seconds(std::min(timeout, longest_timeout));
}

bool Session::stop_timeout() {
  if (presence_ != Presence::away) return false;
  const bool running = resume_until_.has_value();
  resume_until_.reset();
  return running;
}

void Session::send(std::string message) {
  if (presence_ == Presence::connected) return outbox_.push_back(std::move(message));
  if (presence_ == Presence::over) return;
  if (queue_.size() == max_queue) queue_.pop_front();
  queue_.push_back(std::move(message));
}

void Session::send(std::int64_t guild_id, const PlayerEvents& events, const WallTime& wall) {
  for (const auto& event : events) {
    if (event.kind == PlayerEvent::Kind::update && presence_ != Presence::connected) continue;
    send(player_message(guild_id, event, wall));
  }
}

Player& Session::player(std::int64_t guild_id) {
  players_due_.reset();
  return players_.try_emplace(guild_id, guild_id, *rules_).first->second;
}

Player* Session::find_player(std::int64_t guild_id) {
  players_due_.reset();
  const auto found = players_.find(guild_id);
  return found == players_.end() ? nullptr : &found->second;
}

void Session::destroy_player(std::int64_t guild_id, Time now, const WallTime& wall) {
  hanging_voice.erase(guild_id);
  auto* player = find_player(guild_id);
  if (!player) return;
  PlayerEvents events;
  player->destroy(now, events);
  players_.erase(guild_id);
  send(guild_id, events, wall);
}

std::optional<Time> Session::next_due() const {
  if (!players_due_) {
    auto& due = players_due_.emplace();
    for (const auto& [guild_id, player] : players_) earliest(due, player.next_due());
  }
  auto due = resume_until_;
  earliest(due, *players_due_);
  return due;
}

void Session::advance(Time now, const WallTime& wall) {
  std::optional<Time> due;
  // What players do after the time to resume has passed nobody will ever hear.
  for (auto& [guild_id, player] : players_) {
    auto next = player.next_due();
    if (next && *next <= now) {
      PlayerEvents events;
      player.advance(now, events);
      send(guild_id, events, wall);
      next = player.next_due();
    }
    earliest(due, next);
  }
  players_due_ = due;
  if (resume_until_ && *resume_until_ <= now) presence_ = Presence::over;
}

}  // namespace lavapp::sandbox
