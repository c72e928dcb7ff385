#include "discord/shard_session.hpp"

#include <algorithm>
#include <utility>

#include "discord/close_codes.hpp"

namespace lavapp::discord {

std::string_view to_string(GatewayStatus status) noexcept {
  switch (status) {
    case GatewayStatus::idle: return "idle";
    case GatewayStatus::ready: return "ready";
    case GatewayStatus::connecting: return "connecting";
    case GatewayStatus::reconnecting: return "reconnecting";
    case GatewayStatus::disconnected: return "disconnected";
    case GatewayStatus::waiting_for_guilds: return "waiting for guilds";
    case GatewayStatus::resuming: return "resuming";
    case GatewayStatus::identifying: return "identifying";
  }
  return "unknown";
}

ShardSession::ShardSession(Options options)
    : options_(std::move(options)),
      backoff_(options_.reconnect, options_.seed),
      random_(options_.seed | 1),
      session_(options_.session) {}

/// Evenly from 0 to below 1 (splitmix64).
double ShardSession::random() {
  auto z = random_ += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

void ShardSession::change(ShardActions& out, GatewayStatus to, std::string reason, Optional<Error> error) {
  if (to == status_) return;
  GatewayStatusChange change{status_, to, std::move(reason), std::move(error)};
  status_ = to;
  out.push_back(action::TellStatus{std::move(change)});
}

// --- what the user wants

Result<ShardActions> ShardSession::connect(TimePoint) {
  if (status_ != GatewayStatus::idle && status_ != GatewayStatus::disconnected) return Error(Errc::already_connecting);
  do_not_reconnect_ = false;
  backoff_.reset();
  connect_waits_ = true;
  ShardActions out;
  change(out, GatewayStatus::connecting, "connect() was called");
  dial(out);
  return out;
}

Result<ShardActions> ShardSession::reconnect(TimePoint now) {
  if (do_not_reconnect_) return Error(Errc::not_open, "reconnecting is prevented");
  if (phase_ == Phase::off) return Error(Errc::not_open, "the shard is " + std::string(to_string(status_)));
  ShardActions out;
  if (phase_ >= Phase::dialling) out.push_back(action::Close{kKeepSession});
  forget_connection();
  change(out, GatewayStatus::reconnecting, "reconnect() was called");
  retry_at_ = now;
  phase_ = Phase::waiting;
  return out;
}

ShardActions ShardSession::close(int code, TimePoint) {
  ShardActions out;
  if (phase_ == Phase::off) return out;
  if (phase_ >= Phase::dialling) out.push_back(action::Close{code});
  forget_connection();
  phase_ = Phase::off;
  if (code == 1000 || code == 1001) session_.reset();
  change(out, GatewayStatus::disconnected, "close() was called");
  out.push_back(action::TellClosed{Error(Errc::closed)});
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{Error(Errc::closed)});
  return out;
}

ShardActions ShardSession::terminate(TimePoint) {
  ShardActions out;
  if (phase_ == Phase::off) return out;
  if (phase_ >= Phase::dialling) out.push_back(action::Cut{});
  forget_connection();
  phase_ = Phase::off;
  change(out, GatewayStatus::disconnected, "terminate() was called");
  out.push_back(action::TellClosed{Error(Errc::closed)});
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{Error(Errc::closed)});
  return out;
}

// --- what the connection tells

void ShardSession::forget_connection() noexcept {
  ++connection_;  // whatever still comes of the old one is out of date
  next_beat_.reset();
  step_until_.reset();
  identify_at_.reset();
  retry_at_.reset();
  guilds_until_.reset();
  connected_since_.reset();
  acked_ = true;
}

void ShardSession::set_session(Optional<GatewaySession> session) {
  next_session_ = std::move(session);
  if (phase_ <= Phase::waiting) take_next_session();
}

void ShardSession::take_next_session() {
  if (!next_session_) return;
  session_ = *std::exchange(next_session_, std::nullopt);
  resume_url_dead_ = last_chance_ = false;
}

void ShardSession::dial(ShardActions& out) {
  take_next_session();
  ++connection_;
  phase_ = Phase::dialling;
  out.push_back(action::Dial{connection_, dials_resume_url() ? session_->resume_url : options_.url});
}

ShardActions ShardSession::opened(std::uint64_t connection, TimePoint now) {
  if (!current(connection)) return {};
  phase_ = Phase::open;
  step_until_ = now + options_.hello_timeout;
  connected_since_ = now;
  return {};
}

ShardActions ShardSession::hello(std::uint64_t connection, milliseconds heartbeat_interval, TimePoint now) {
  ShardActions out;
  if (!current(connection) || phase_ != Phase::open) return out;
  interval_ = heartbeat_interval;
  acked_ = true;
  // The first one at a random time, so that not all shards of a restarted gateway beat together.
  next_beat_ = now + std::chrono::duration_cast<Clock::duration>(interval_ * random());
  step_until_.reset();
  if (session_ && last_resume_ && now - *last_resume_ < kResumeLoop) {
    lose_session(out, Error(Errc::session_invalid, "resumed less than five seconds ago: a loop"));
  }
  if (session_) {
    phase_ = Phase::greeting;
    last_resume_ = now;
    step_until_ = now + options_.ready_timeout;
    change(out, GatewayStatus::resuming, "HELLO came, and there is a session to resume");
    out.push_back(action::SendResume{*session_});
  } else {
    identify(out, now);
  }
  return out;
}

void ShardSession::identify(ShardActions& out, TimePoint now) {
  phase_ = Phase::queued;
  change(out, GatewayStatus::identifying, "HELLO came, and there is no session");
  identify_at_ = last_identify_ ? std::max(now, *last_identify_ + kIdentifyPause) : now;
  if (const auto wait = identify_wait(now); wait.count() > 0) {  // the session was lost just now
    out.push_back(action::TellIdentifyLimit{wait});
    identify_at_ = now + wait;
  }
  if (*identify_at_ <= now) take_turn(out, now);
}

void ShardSession::take_turn(ShardActions& out, TimePoint now) {
  identify_at_.reset();
  if (!options_.takes_turns) return greet(out, now);
  out.push_back(action::AskForTurn{connection_});
}

ShardActions ShardSession::turn(std::uint64_t connection, TimePoint now) {
  ShardActions out;
  if (current(connection) && phase_ == Phase::queued) greet(out, now);
  return out;
}

ShardSession::milliseconds ShardSession::identify_wait(TimePoint now) {
  constexpr auto kDay = std::chrono::hours(24);
  while (!identifies_.empty() && identifies_.front() + kDay <= now) identifies_.pop_front();
  if (identifies_.size() < options_.identifies_per_day) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(identifies_.front() + kDay - now);
}

void ShardSession::greet(ShardActions& out, TimePoint now) {
  last_identify_ = now;
  identifies_.push_back(now);
  phase_ = Phase::greeting;
  step_until_ = now + options_.ready_timeout;
  out.push_back(action::SendIdentify{});
}

void ShardSession::event(std::uint64_t connection, std::uint64_t sequence, TimePoint now) {
  if (!current(connection)) return;
  if (session_) session_->sequence = std::max(session_->sequence, sequence);
  // The events that were missed come before RESUMED: it is on its way.
  if (phase_ == Phase::greeting && status_ == GatewayStatus::resuming) step_until_ = now + options_.ready_timeout;
}

void ShardSession::go_live(ShardActions& out, TimePoint now) {
  phase_ = Phase::live;
  step_until_.reset();
  live_since_ = now;
  last_chance_ = false;
  has_been_ready_ = true;
  out.push_back(action::OpenCommands{});
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{Result<void>{}});
}

ShardActions ShardSession::ready(std::uint64_t connection, std::string session_id, std::string resume_url,
                                 std::vector<Snowflake> guilds, TimePoint now) {
  ShardActions out;
  if (!current(connection) || phase_ != Phase::greeting) return out;
  const auto sequence = session_ ? session_->sequence : 0;
  session_ = GatewaySession{std::move(session_id), std::move(resume_url), std::max<std::uint64_t>(sequence, 1)};
  resume_url_dead_ = false;
  expected_ = std::move(guilds);
  std::sort(expected_.begin(), expected_.end());
  expected_.erase(std::unique(expected_.begin(), expected_.end()), expected_.end());
  if (expected_.empty()) {
    change(out, GatewayStatus::ready, "READY came");
    out.push_back(action::TellReady{});
    go_live(out, now);
    guilds_done(out);
  } else {
    change(out, GatewayStatus::waiting_for_guilds, "READY came, with " + std::to_string(expected_.size()) + " guilds to come");
    out.push_back(action::TellReady{});
    guilds_until_ = now + options_.guild_timeout;
    go_live(out, now);
  }
  return out;
}

ShardActions ShardSession::resumed(std::uint64_t connection, TimePoint now) {
  ShardActions out;
  if (!current(connection) || phase_ != Phase::greeting) return out;
  resume_url_dead_ = false;
  if (expected_.empty()) {
    change(out, GatewayStatus::ready, "RESUMED came");
  } else {
    change(out, GatewayStatus::waiting_for_guilds, "RESUMED came, with " + std::to_string(expected_.size()) + " guilds to come");
    guilds_until_ = now + options_.guild_timeout;
  }
  go_live(out, now);
  return out;
}

void ShardSession::guilds_done(ShardActions& out) {
  guilds_until_.reset();
  GuildsReady told;
  told.missing = std::exchange(expected_, {});
  change(out, GatewayStatus::ready,
         told.missing.empty() ? "all guilds have come" : std::to_string(told.missing.size()) + " guilds did not come in time");
  out.push_back(action::TellGuilds{std::move(told)});
}

ShardActions ShardSession::guild(std::uint64_t connection, Snowflake id, TimePoint now) {
  ShardActions out;
  if (!current(connection)) return out;
  const auto it = std::lower_bound(expected_.begin(), expected_.end(), id);
  if (it == expected_.end() || *it != id) return out;
  expected_.erase(it);
  if (phase_ != Phase::live) return out;  // replayed before RESUMED, which looks what is left
  if (expected_.empty())
    guilds_done(out);
  else
    guilds_until_ = now + options_.guild_timeout;
  return out;
}

// --- heartbeats

void ShardSession::beat(ShardActions& out, TimePoint now) {
  last_beat_ = now;
  out.push_back(action::SendHeartbeat{session_ ? std::optional(session_->sequence) : std::nullopt});
}

ShardActions ShardSession::heartbeat_wanted(std::uint64_t connection, TimePoint now) {
  ShardActions out;
  // One out of turn: whether acks come in time is judged by the regular ones.
  if (current(connection) && phase_ >= Phase::open) {
    const bool acked = acked_;
    beat(out, now);
    acked_ = acked;
  }
  return out;
}

std::optional<Clock::duration> ShardSession::acknowledged(std::uint64_t connection, TimePoint now) {
  if (!current(connection) || !last_beat_) return {};
  acked_ = true;
  return now - *last_beat_;
}

// --- when it ends

void ShardSession::lose_session(ShardActions& out, const Error& why) {
  last_chance_ = false;
  resume_url_dead_ = false;
  if (!session_) return;
  session_.reset();
  expected_ = {};
  out.push_back(action::TellSessionLost{why});
}

/// The connection is left from our side, the session kept.
void ShardSession::leave(ShardActions& out, Error error, TimePoint now, milliseconds at_least) {
  out.push_back(phase_ == Phase::dialling ? ShardAction(action::Cut{}) : ShardAction(action::Close{kKeepSession}));
  try_again(out, std::move(error), now, at_least);
}

ShardActions ShardSession::reconnect_wanted(std::uint64_t connection, TimePoint now) {
  ShardActions out;
  if (current(connection)) leave(out, Error(Errc::reconnect_requested), now);
  return out;
}

ShardActions ShardSession::session_invalid(std::uint64_t connection, bool resumable, TimePoint now) {
  ShardActions out;
  if (!current(connection)) return out;
  Error error(Errc::session_invalid, resumable ? "op 9, resumable" : "op 9");
  if (!resumable) lose_session(out, error);
  // "A random amount of time between 1 and 5 seconds", the docs say.
  leave(out, std::move(error), now, milliseconds(resumable ? 0 : 1'000 + static_cast<int>(4'000 * random())));
  return out;
}

ShardActions ShardSession::broken(std::uint64_t connection, Error error, TimePoint now) {
  ShardActions out;
  if (current(connection)) leave(out, std::move(error), now);
  return out;
}

ShardActions ShardSession::lost(std::uint64_t connection, int code, Error error, TimePoint now) {
  ShardActions out;
  if (!current(connection)) return out;
  const auto after = after_close(code);
  // A resume address that refuses says nothing of the gateway's own.
  const bool resume_url_failed = phase_ == Phase::dialling && dials_resume_url();
  if (after == AfterClose::give_up || (is_fatal(error) && !resume_url_failed)) return give_up(out, std::move(error)), out;
  const bool was_resuming = phase_ == Phase::greeting && status_ == GatewayStatus::resuming;
  if ((phase_ == Phase::dialling || phase_ == Phase::open) && dials_resume_url()) resume_url_dead_ = true;
  if (after == AfterClose::identify || (was_resuming && last_chance_)) lose_session(out, error);
  if (after == AfterClose::resume_once && session_) last_chance_ = true;
  try_again(out, std::move(error), now, after == AfterClose::resume_later ? milliseconds(kCooldown) : milliseconds(0));
  return out;
}

void ShardSession::try_again(ShardActions& out, Error error, TimePoint now, milliseconds at_least) {
  if (live_since_) backoff_.connection_lasted(std::chrono::duration_cast<milliseconds>(now - *live_since_));
  live_since_.reset();
  forget_connection();
  if (do_not_reconnect_) {
    error.message += error.message.empty() ? "reconnecting is prevented" : "; reconnecting is prevented";
    return give_up(out, std::move(error));
  }
  const auto delay = backoff_.next(error.retry_after);
  if (!delay) return give_up(out, std::move(error));
  phase_ = Phase::waiting;
  GatewayReconnecting told;
  told.attempt = backoff_.attempts();
  told.delay = std::max(*delay, at_least);
  if (!session_) {
    if (const auto wait = identify_wait(now); wait > told.delay) {
      told.delay = wait;
      out.push_back(action::TellIdentifyLimit{wait});
    }
  }
  told.resuming = session_.has_value();
  told.reason = error;
  retry_at_ = now + told.delay;
  out.push_back(action::TellError{error});
  change(out, GatewayStatus::reconnecting, "the connection ended", error);
  out.push_back(action::TellReconnecting{std::move(told)});
}

void ShardSession::give_up(ShardActions& out, Error error) {
  forget_connection();
  phase_ = Phase::off;
  if (is_fatal(error)) do_not_reconnect_ = true;
  live_since_.reset();
  out.push_back(action::TellError{error});
  change(out, GatewayStatus::disconnected, "given up", error);
  out.push_back(action::TellClosed{error});
  if (std::exchange(connect_waits_, false)) out.push_back(action::CompleteConnect{std::move(error)});
}

// --- time

std::optional<ShardSession::TimePoint> ShardSession::next_due() const {
  std::optional<TimePoint> due;
  for (const auto& each : {next_beat_, step_until_, identify_at_, retry_at_, guilds_until_}) {
    if (each && (!due || *each < *due)) due = each;
  }
  return due;
}

ShardActions ShardSession::timer(TimePoint now) {
  ShardActions out;
  if (retry_at_ && *retry_at_ <= now) {
    retry_at_.reset();
    dial(out);
    return out;
  }
  if (step_until_ && *step_until_ <= now) {
    if (phase_ == Phase::open) {
      if (session_) resume_url_dead_ = true;
      leave(out, Error(Errc::hello_timeout), now);
    } else {
      const bool resuming = status_ == GatewayStatus::resuming;
      Error error(Errc::ready_timeout, resuming ? "RESUMED did not come" : "READY did not come");
      if (resuming && last_chance_) lose_session(out, error);
      leave(out, std::move(error), now);
    }
    return out;
  }
  if (next_beat_ && *next_beat_ <= now) {
    if (!acked_) {
      leave(out, Error(Errc::heartbeat_not_acknowledged), now);
      return out;
    }
    next_beat_ = now + interval_;
    beat(out, now);
    acked_ = false;
  }
  if (identify_at_ && *identify_at_ <= now) take_turn(out, now);
  if (guilds_until_ && *guilds_until_ <= now) guilds_done(out);
  return out;
}

}  // namespace lavapp::discord
