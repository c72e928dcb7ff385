#include "integration/queue_soak.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <algorithm>
#include <sstream>

namespace lavapp::test {
namespace {

using namespace std::chrono_literals;

constexpr Snowflake kBot = 170939974227541168;
constexpr std::uint64_t kFirstGuild = 1'000'000;  // all of one width: an id is no part of another

RuntimeOptions on(std::shared_ptr<ManualClock> clock) {
  RuntimeOptions options;
  options.clock = std::move(clock);
  return options;
}

/// The number behind `"name":` in a text.
std::optional<std::uint64_t> number_in(const std::string& text, const std::string& name) {
  const auto at = text.find("\"" + name + "\":");
  if (at == std::string::npos) return {};
  return std::stoull(text.substr(at + name.size() + 3));
}

std::size_t bytes_in_use() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

}  // namespace

std::string SoakCount::text() const {
  std::ostringstream out;
  out << steps << " steps, " << actions << " actions, " << plays << " plays, " << failures << " failures, " << stuck << " stuck, "
      << resumes << " resumes, " << sessions_lost << " sessions lost, " << restarts << " restarts, " << kicks << " kicks, "
      << moves << " moves, " << voice_closes << " voice closes, " << voice_ends << " voice ends, " << refused
      << " refused, " << unanswered << " unanswered, " << away << " while away, " << cleanups << " cleanups, " << hung << " hung, " << slow << " slow, " << busy << " busy, "
      << half_opens << " half open, " << late << " late, " << ends_lost << " ends lost, " << autoplays << " autoplays, " << compared << " compared; bytes "
      << warm.bytes << " -> " << last.bytes << ", timers " << warm.timers << " -> " << last.timers << ", tracks "
      << warm.tracks << " -> " << last.tracks;
  return out.str();
}

QueueSoak::QueueSoak(SoakOptions options)
    : options_(options), random_(options.seed), runtime_(context_, on(clock_)), discord_(*clock_, kBot, options.seed) {
  sandbox::NodeOptions for_server;
  for_server.play_without_voice = false;
  for_server.player_update_interval = 5min;  // 1,000 players of a day in seconds
  server_ = std::make_unique<sandbox::Node>(runtime_, for_server);
  for (int i = 1; i <= 20; ++i) {
    sandbox::CatalogueTrack track;
    track.title = "Track " + std::to_string(i);
    track.length = std::chrono::minutes(4 * i);
    tracks_.push_back(server_->add_track(track));
  }
  for (auto& each : server_->catalogue()) {
    const auto& id = each.info.identifier;
    if (id == "sandbox:fail" || id == "sandbox:break" || id == "sandbox:stuck") bad_tracks_.push_back(each);
    if (id == "sandbox:short" || id == "sandbox:endless" || id == "sandbox:1") tracks_.push_back(each);
  }

  NodeOptions for_node;
  for_node.host = server_->host();
  for_node.port = server_->port();
  for_node.user_id = kBot;
  for_node.reconnect.jitter = false;
  node_ = std::make_unique<Node>(runtime_, for_node);
  listen();
  voice_ = std::make_unique<Voice>(*node_, discord_.sender());
  discord_.attach(voice_.get());
  voice_->on(Voice::joined, [this](const VoiceJoined& e) {
    auto& guild = *guild_of(e.guild_id);
    note(guild, "joined " + e.channel_id.to_string());
    guild.may_be_destroyed = false;
  });
  voice_->on(Voice::moved, [this](const VoiceMoved& e) { note(*guild_of(e.guild_id), "moved to " + e.to.to_string()); });
  voice_->on(Voice::failed, [this](const VoiceTrouble& e) {
    note(*guild_of(e.guild_id), std::string("voice failed: ") + e.error.what());
  });
  voice_->on(Voice::warning, [this](const VoiceTrouble& e) {
    note(*guild_of(e.guild_id), std::string("voice warning: ") + e.error.what());
  });
  voice_->on(Voice::left, [this](const VoiceLeft& e) {
    auto& guild = *guild_of(e.guild_id);
    count_.voice_ends += e.reason == LeaveReason::closed;
    note(guild, "left, " + std::string(to_string(e.reason)));
    guild.may_be_destroyed = true;
  });
  for (std::size_t i = 0; i < options_.guilds; ++i) make(i);
}

QueueSoak::~QueueSoak() {
  guilds_.clear();
  discord_.attach(nullptr);
  voice_.reset();
  node_.reset();
  server_.reset();
  poll_quiet();
}

void QueueSoak::make(std::size_t number) {
  QueueOptions options;
  options.max_history = 5;
  options.seed = number;
  const bool autoplay = number % 2 == 1;
  auto& guild = *guilds_.emplace_back(std::make_unique<Guild>(kFirstGuild + number, options.max_history, autoplay));
  if (autoplay) {
    options.autoplay = [this, &guild](const Optional<QueuedTrack>& last, AutoplayAnswer answer) {
      note(guild, "told: autoplay");
      ++guild.asked;
      guild.answer = std::move(answer);
      guild.last = last;
      asking_.insert(&guild);
    };
  }
  guild.queue = std::make_unique<Queue>(*node_, guild.id, options);
  guild.queue->on(Queue::track_failed, [this, &guild](const TrackFailure& e) {
    ++guild.failures;
    guild.in_a_row = e.in_a_row;
    note(guild, "told: failed, " + std::string(to_string(e.cause)) + ", " + std::to_string(e.in_a_row) + " in a row");
  });
  guild.queue->on(Queue::stopped, [this, &guild](const QueueStopped& e) {
    note(guild, "told: stopped, " + std::string(to_string(e.reason)) + (e.error ? std::string(" ") + e.error->what() : ""));
    if (e.reason == StopReason::node_failed) guild.unreachable = guild.owed = true;
    if (e.reason == StopReason::session_lost) guild.owed = true;
    if (e.reason == StopReason::cleanup) ++count_.cleanups;
    if (in_doubt()) {
      // Of two plays under way at a time the node may do the later one first: the other then takes its place.
      if (e.reason == StopReason::by_others) guild.expected.halt(), guild.owed = true;
      return;
    }
    if (e.reason == StopReason::by_others && !guild.may_be_destroyed) problem(&guild, "stopped by others, and nobody did");
    if (e.reason == StopReason::cleanup && voice_->is_connected(guild.id)) {
      problem(&guild, "its player was cleaned up, though connected");
    }
  });
}

void QueueSoak::listen() {
  node_->on(Node::ready, [this](const Ready& ready) {
    (ready.resumed ? count_.resumes : count_.sessions_lost)++;
    for (auto& guild : guilds_) {
      if (!ready.resumed && guild->expected.state == QueueState::playing) guild->expected.halt();
      note(*guild, ready.resumed ? "the session was resumed" : "a new session");
    }
  });
  node_->on(Node::state_change, [this](const StateChange& change) { node_was_away_ |= change.to != NodeState::ready; });
  const auto of_current = [this](Snowflake id, const Track& track) -> Guild* {
    auto* guild = guild_of(id);
    read_journal();  // the request is there before its events
    const auto play = number_in(track.user_data.text, "play");
    return guild && play == guild->play && guild->expected.plays.empty() ? guild : nullptr;
  };
  node_->on(Node::track_start, [this, of_current](const TrackStart& e) {
    note(*guild_of(e.guild_id), "node: start " + std::to_string(number_in(e.track.user_data.text, "n").value_or(0)));
    if (auto* guild = of_current(e.guild_id, e.track)) guild->expected.started(now());
  });
  node_->on(Node::track_exception, [of_current](const TrackFailed& e) {
    if (auto* guild = of_current(e.guild_id, e.track)) guild->expected.excepted();
  });
  node_->on(Node::track_end, [this, of_current](const TrackEnd& e) {
    note(*guild_of(e.guild_id), "node: end " + e.reason.text);
    if (auto* guild = of_current(e.guild_id, e.track)) {
      guild->expected.ended(e.reason.value, now());
    }
  });
  node_->on(Node::track_stuck, [this, of_current](const TrackStuck& e) {
    note(*guild_of(e.guild_id), "node: stuck");
    ++count_.stuck;
    if (auto* guild = of_current(e.guild_id, e.track)) {
      guild->expected.stuck(e.threshold, now());
    }
  });
  node_->on(Node::player_update, [this](const PlayerUpdate& e) {
    const auto* connected = e.state.connected ? ", connected" : "";
    note(*guild_of(e.guild_id), "node: at " + std::to_string(e.state.position.count()) + connected);
  });
  node_->on(Node::voice_closed, [this](const VoiceClosed& e) {
    note(*guild_of(e.guild_id), "node: voice closed " + std::to_string(e.code));
  });
}

void QueueSoak::note(Guild& guild, const std::string& what) {
  touched_.insert(&guild);
  const auto seconds = std::chrono::duration<double>(now().time_since_epoch()).count() - 3'600;
  guild.log.push_back(std::to_string(seconds) + " " + what);
  if (guild.log.size() > 24) guild.log.pop_front();
}

void QueueSoak::problem(Guild* guild, const std::string& what) {
  if (!problem_.empty()) return;
  problem_ = "seed " + std::to_string(options_.seed) + ", step " + std::to_string(count_.steps) + ": " + what;
  if (!guild) return;
  problem_ += "\nguild " + guild->id.to_string() + ", expected " + guild->expected.text();
  for (const auto& line : guild->log) problem_ += "\n  " + line;
}

QueueSoak::Guild* QueueSoak::guild_of(Snowflake id) { return guilds_.at(id.value() - kFirstGuild).get(); }

/// Each track of a day has its own.
int QueueSoak::number_of(const QueuedTrack& track) {
  return static_cast<int>(number_in(track.track.user_data.text, "n").value_or(0));
}

// --- time and quiet

void QueueSoak::poll_quiet() {
  for (int quiet = 0; quiet < 3; ++quiet) {
    context_.restart();
    if (context_.poll() != 0) quiet = 0;
  }
}

/// What the sandbox has been asked to play since the last look.
void QueueSoak::read_journal() {
  const auto seen = server_->requests();
  const auto players = "/sessions/" + node_->session_id() + "/players/";
  for (; read_ < seen.size(); ++read_) {
    const auto& request = seen[read_];
    const auto at = request.target.find(players);
    if (request.method != "PATCH" || at == std::string::npos) continue;
    const auto play = number_in(request.body, "play");
    if (!play) continue;
    auto& guild = *guild_of(std::stoull(request.target.substr(at + players.size())));
    const auto track = static_cast<int>(number_in(request.body, "n").value_or(0));
    note(guild, "asked to play " + std::to_string(track) + ", " + std::to_string(request.status));
    guild.play = play;
    asked_to_play(guild, track, request.status);
  }
}

/// Compares what the node was asked to play with what it should have been.
void QueueSoak::asked_to_play(Guild& guild, int track, int status) {
  const bool refused = status == 500 || status == 400;
  const bool taken = status == 200 || (status == 0 && guild.fault == Guild::unanswered);
  if (!refused && !taken) return;
  auto& expected = guild.expected.plays;
  // In doubt, of several wishes for the same track the latest is under way.
  const auto latest = std::find(expected.rbegin(), expected.rend(), track);
  const auto found = in_doubt() && latest != expected.rend() ? std::prev(latest.base())
                                                             : std::find(expected.begin(), expected.end(), track);
  if (found == expected.end()) {
    const auto late = std::find(guild.given_up.begin(), guild.given_up.end(), track);
    if (late == guild.given_up.end()) {
      if (end_was_lost(guild)) return asked_to_play(guild, track, status);
      return problem(&guild, "the node was asked to play " + std::to_string(track) + ", and should have been asked for " +
                                 (expected.empty() ? "nothing" : std::to_string(expected.front())));
    }
    guild.given_up.erase(late);
    ++count_.late;
    return;
  }
  if (found != expected.begin() && !in_doubt()) {
    return problem(&guild, "the node was asked to play " + std::to_string(track) + " before " + std::to_string(expected.front()));
  }
  give_up(guild, static_cast<std::size_t>(found - expected.begin()));
  expected.erase(expected.begin());
  ++count_.plays;
  if (refused) guild.expected.refused(now());
}

/// The first so many plays are not waited for any longer. While the node is in trouble, it may do them yet.
void QueueSoak::give_up(Guild& guild, std::size_t plays) {
  auto& expected = guild.expected.plays;
  const auto end = expected.begin() + static_cast<std::ptrdiff_t>(plays);
  if (in_doubt()) guild.given_up.insert(guild.given_up.end(), expected.begin(), end);
  expected.erase(expected.begin(), end);
}

/// The queue has gone on though nobody has heard a track end: it was told into a dead connection. That is known when the node is
/// back and asked.
bool QueueSoak::end_was_lost(Guild& guild) {
  if (!ends_may_be_lost_ || guild.expected.state != QueueState::playing || !guild.expected.plays.empty()) return false;
  note(guild, "its end was lost");
  ++count_.ends_lost;
  guild.expected.ended(TrackEndReason::finished, now());
  return true;
}

/// Looks at what has come of what should have been asked. True if there may be more to come.
bool QueueSoak::reconcile() {
  read_journal();
  server_->clear_requests();
  read_ = 0;
  bool more = !asking_.empty();
  for (auto* guild : std::exchange(asking_, {})) answer_autoplay(*guild);
  for (auto* guild : touched_) {
    auto& expected = guild->expected.plays;
    if (guild->unreachable && (expected.size() == 1 || in_doubt())) {
      if (!node_was_away_ && guild->fault == Guild::none && !in_doubt()) problem(guild, "could not play, and the node was there");
      ++count_.away;
      give_up(*guild, expected.size());
      guild->expected.halt();
      guild->unreachable = false;
    }
    if (in_doubt()) {
      // What the user has left meanwhile is not waited for.
      const std::size_t awaited = guild->expected.state == QueueState::playing ? 1 : 0;
      give_up(*guild, expected.size() - std::min(expected.size(), awaited));
      const auto state = guild->queue->state();
      if (state == QueueState::playing) guild->expected.revive(now());
      if (state == QueueState::idle || state == QueueState::loading) end_was_lost(*guild);
    }
    if (guild->expected.due_at) waiting_.insert(guild);
    more |= !expected.empty();
  }
  return more;
}

void QueueSoak::settle() {
  poll_quiet();
  if (in_doubt()) {  // some of it may come later, or never
    while (reconcile() && context_.poll() != 0) poll_quiet();
    return;
  }
  // Bytes on their way arrive in real time. The machine may be slow: only time in which nothing happens counts.
  for (int idle = 0; reconcile() || open_ > 0;) {
    if (idle == 3'000) {
      for (auto* guild : touched_) {
        if (guild->expected.plays.empty()) continue;
        problem(guild, "the node was never asked to play " + std::to_string(guild->expected.plays.front()));
      }
      problem(nullptr, std::to_string(open_) + " operations never completed");
      return;
    }
    context_.restart();
    idle = context_.run_for(1ms) == 0 ? idle + 1 : 0;
    poll_quiet();
  }
  ends_may_be_lost_ = false;
  for (auto* guild : touched_) {
    guild->unreachable = false;
    guild->fault = Guild::none;
    guild->given_up.clear();
  }
  node_was_away_ = node_->state() != NodeState::ready;
}

/// From timer to timer, as time passes where nobody looks.
void QueueSoak::go_on(Clock::duration by) {
  const auto until = now() + by;
  while (now() < until && problem_.empty()) {
    clock_->advance(std::max(std::min(clock_->next(), until) - now(), Clock::duration::zero()));
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      auto& guild = **it;
      guild.expected.time_passed(now());
      if (guild.expected.due_at) {
        ++it;
        continue;
      }
      note(guild, "a pause is over");
      it = waiting_.erase(it);
    }
    settle();
  }
}

// --- agreement

std::string QueueSoak::differs(Guild& guild, bool voice_too) {
  std::string is = std::string(to_string(guild.queue->state())) + ": ";
  const auto current = guild.queue->current();
  is += (current ? std::to_string(number_of(*current)) : "-") + " |";
  for (const auto& each : guild.queue->upcoming()) is += " " + std::to_string(number_of(each));
  is += " | history";
  for (const auto& each : guild.queue->history()) is += " " + std::to_string(number_of(each));
  if (in_doubt()) return is.substr(is.find(": ") + 2) == guild.expected.lists() ? "" : "the queue is " + is;
  if (is != guild.expected.text()) return "the queue is " + is;
  if (guild.asked != guild.expected.asks) {
    return "autoplay was asked " + std::to_string(guild.asked) + " times, not " + std::to_string(guild.expected.asks);
  }
  if (guild.failures != guild.expected.failures) {
    return "the queue has told " + std::to_string(guild.failures) + " failures, not " + std::to_string(guild.expected.failures);
  }
  if (guild.failures != 0 && guild.in_a_row != guild.expected.last_in_a_row) {
    return "the last failure was told as " + std::to_string(guild.in_a_row) + " in a row, not " +
           std::to_string(guild.expected.last_in_a_row);
  }
  if (node_->state() != NodeState::ready) return {};  // nobody can know
  const auto seen = server_->player(guild.id);
  const auto player = guild.queue->player();
  std::string on_node = "-";
  if (seen && seen->track) on_node = std::to_string(number_in(seen->track->user_data.text, "n").value_or(0));
  const bool plays = guild.queue->state() == QueueState::playing;
  if (on_node != (plays ? std::to_string(number_of(*current)) : "-")) return "the node plays " + on_node + ", the queue is " + is;
  if (player.track().has_value() != plays) return "the player's track is not the queue's";
  if (!seen) return {};
  if (!guild.unsure && player.paused() != seen->paused) return "paused on one side only";
  if (!guild.unsure && player.volume() != seen->volume) return "the volume differs";
  const auto position = player.position();
  if (position.has_value() != (plays && !current->track.info.is_stream)) return "a position without a track that has one";
  // Of one that got stuck the node tells later.
  // What was told into a silent time came late, and the position is off by that until the next telling.
  const bool heard_late = now() < silent_until_ + 6min;
  if (position && !guild.unsure && !heard_late && seen->connected && current->track.info.identifier != "sandbox:stuck") {
    // The node tells a position behind the end as it was asked for.
    const auto off = *position - std::min(seen->position, current->track.info.length);
    if (std::max(off, -off) > 5ms) return "the position is off by " + std::to_string(off.count()) + " ms";
  }
  if (!voice_too) return {};
  const auto channel = discord_.channel(guild.id);
  const bool same = voice_->channel_id(guild.id).value_or(Snowflake()).value() == channel &&
                    voice_->is_connected(guild.id) == seen->connected && seen->connected == (channel != 0);
  if (same) {
    guild.voice_differs_since.reset();
  } else if (!guild.voice_differs_since) {
    guild.voice_differs_since = now();
  } else if (now() - *guild.voice_differs_since > 4min) {
    return "voice: Discord has the bot in " + std::to_string(channel) + ", Voice in " +
           voice_->channel_id(guild.id).value_or(Snowflake()).to_string() +
           (voice_->is_connected(guild.id) ? ", connected" : "") + "; the node " +
           (seen->connected ? "is connected" : "is not connected");
  }
  return {};
}

std::string QueueSoak::compare(bool all) {
  const auto check = [&](Guild& guild) {
    ++count_.compared;
    const auto what = differs(guild, all);
    if (!what.empty()) problem(&guild, what);
  };
  if (all) {
    for (auto& guild : guilds_) check(*guild);
  } else {
    for (auto* guild : touched_) check(*guild);
  }
  if (!in_doubt()) touched_.clear();
  return problem_;
}

SoakCount::Use QueueSoak::use() const {
  SoakCount::Use use{bytes_in_use(), clock_->pending(), 0};
  for (const auto& guild : guilds_) use.tracks += guild->expected.upcoming.size() + guild->expected.history.size();
  return use;
}

std::string QueueSoak::run() {
  const auto began = now();
  std::optional<Result<Ready>> ready;
  node_->connect([&](Result<Ready> result) { ready.emplace(std::move(result)); });
  settle();
  for (int i = 0; i < 1'000 && !ready; ++i) context_.run_one_for(1ms);
  if (!ready || !*ready) return "the node did not connect";
  settle();
  auto compared = now();
  bool warm = false;
  while (now() - began < options_.length && problem_.empty()) {
    ++count_.steps;
    trouble();
    for (auto left = draw(2 * options_.actions + 1); left > 0 && problem_.empty(); --left) act();
    go_on(std::chrono::milliseconds(draw(10'000)));
    play_owed();
    const bool all = now() - compared > 5min && !in_doubt();
    if (all) compared = now();
    if (problem_.empty()) compare(all);
    if (!warm && now() - began >= options_.warm) {
      warm = true;
      count_.warm = use();
    }
  }
  count_.last = use();
  // Joins and leaves have their deadlines.
  go_on(std::max<Clock::duration>(1min, doubt_until_ - now()));
  if (problem_.empty() && joins_ > 0) problem(nullptr, std::to_string(joins_) + " joins or leaves never completed");
  for (const auto& guild : guilds_) count_.failures += guild->failures;
  return problem_;
}

}  // namespace lavapp::test
