#include "sandbox/node_state.hpp"

#include <algorithm>
#include <cmath>

#include "core/bounded.hpp"
#include "lavapp/core/error.hpp"

namespace lavapp::sandbox {
namespace {

PlayerRules rules_of(const NodeOptions& options) {
  return {options.speed, options.play_without_voice, options.cleanup_threshold, options.stuck_threshold,
          options.player_update_interval};
}

std::vector<std::string> plugin_filters_of(const NodeOptions& options) {
  const auto built_in = NodeOptions().filters;
  std::vector<std::string> names;
  for (const auto& name : options.filters) {
    if (std::find(built_in.begin(), built_in.end(), name) == built_in.end()) names.push_back(name);
  }
  return names;
}

void earliest(std::optional<Time>& due, std::optional<Time> candidate) {
  if (candidate && (!due || *candidate < *due)) due = candidate;
}

}  // namespace

void check(const NodeOptions& options) {
  const auto need = [](bool good, const char* what) {
    if (!good) throw Exception(Error(Errc::invalid_argument, std::string("sandbox::NodeOptions::") + what));
  };
  need(std::isfinite(options.speed) && options.speed > 0, "speed must be more than 0");
  const auto good = [](auto span) { return span.count() > 0 && span <= detail::kLongest; };
  need(good(options.cleanup_threshold), "cleanup_threshold must be more than 0 ms and at most a year");
  need(good(options.stuck_threshold), "stuck_threshold must be more than 0 ms and at most a year");
  need(good(options.player_update_interval), "player_update_interval must be more than 0 ms and at most a year");
  need(good(options.stats_interval), "stats_interval must be more than 0 ms and at most a year");
  need(!options.password.empty(), "password must not be empty");
}

NodeState::NodeState(NodeOptions options, Time now, std::int64_t epoch)
    : catalogue(options.source_managers, options.search_prefixes),
      options_(std::move(options)),
      rules_(rules_of(options_)),
      plugin_filters_(plugin_filters_of(options_)),
      started_(now),
      epoch_at_(now),
      epoch_(epoch) {
  if (options_.catalogue) catalogue.add_defaults();
}

std::int64_t NodeState::wall(Time at) const {
  return epoch_ + std::chrono::duration_cast<milliseconds>(at - epoch_at_).count();
}

std::string NodeState::new_session_id() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id(16, ' ');
  for (auto& c : id) c = letters[random_() % letters.size()];
  return id;
}

std::shared_ptr<Session> NodeState::open(const std::optional<std::string>& session_id, SessionOwner owner, Time now) {
  if (session_id) {
    const auto found = sessions_.find(*session_id);
    if (found != sessions_.end() && found->second->presence() == Session::Presence::away) {
      found->second->connect(true, now, wall());
      return found->second;
    }
  }
  auto session = std::make_shared<Session>(new_session_id(), std::move(owner), rules_);
  sessions_.emplace(session->id(), session);
  session->connect(false, now, wall());
  session->send(stats_message(stats(now, true)));
  session->next_stats = now + options_.stats_interval;
  return session;
}

void NodeState::close(Session& session, Time now) {
  // After a reset, or a timeout, the session is not known here any more.
  const auto found = sessions_.find(session.id());
  if (found == sessions_.end() || found->second.get() != &session) return;
  session.disconnect(now);
  if (session.presence() == Session::Presence::over) sessions_.erase(found);
}

Session* NodeState::find(const std::string& id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second.get();
}

Session* NodeState::connected(const std::string& id) {
  auto* session = find(id);
  return session && session->presence() == Session::Presence::connected ? session : nullptr;
}

std::optional<Time> NodeState::next_due() const {
  std::optional<Time> due;
  for (const auto& [id, session] : sessions_) {
    earliest(due, session->next_due());
    earliest(due, session->next_stats);
  }
  return due;
}

void NodeState::advance(Time now) {
  for (auto due = next_due(); due && *due <= now; due = next_due()) {
    for (auto it = sessions_.begin(); it != sessions_.end();) {
      auto& session = *it->second;
      session.advance(*due, wall());
      if (session.presence() == Session::Presence::over) {
        it = sessions_.erase(it);
        continue;
      }
      if (session.next_stats <= *due) {
        session.send(stats_message(stats(*due, true)));
        session.next_stats += options_.stats_interval;
      }
      ++it;
    }
  }
}

void NodeState::reset(Time now) {
  sessions_.clear();
  has_loaded = false;
  started_ = now;
}

NodeStats NodeState::stats(Time now, bool with_frames) const {
  NodeStats stats;
  stats.uptime = std::chrono::duration_cast<milliseconds>(now - started_);
  std::int64_t players_with_frames = 0;
  // Lavalink counts frames by whole minutes of its clock, and tells of a player whose last full minute it has seen.
  const auto last_full_minute = (wall(now) / 60'000 - 1) * 60'000;
  for (const auto& [id, session] : sessions_) {
    if (session->presence() != Session::Presence::connected) continue;
    for (const auto& [guild, player] : session->players()) {
      ++stats.players;
      if (player.playing()) ++stats.playing;
      const auto since = player.playing_since();
      if (since && wall(*since) < last_full_minute) ++players_with_frames;
    }
  }
  // Averages over those players: each sends its 3,000 frames of 20 ms a minute.
  if (with_frames && players_with_frames > 0) stats.frames = FrameStats{3'000, 0, 0};
  return stats;
}

}  // namespace lavapp::sandbox
