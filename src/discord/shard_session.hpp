// ShardSession: the rules of a shard: connecting, identifying, resuming, heartbeats, trying again, giving up.
//
// Pure: no socket, no clock, no thread. Each function takes what has happened and the time, and returns what to do, in
// order; timer() is to be called at next_due(). https://discord.com/developers/docs/topics/gateway#connections
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lavapp/core/clock.hpp"
#include "lavapp/core/reconnect.hpp"
#include "lavapp/core/result.hpp"
#include "lavapp/discord/gateway_options.hpp"
#include "lavapp/discord/gateway_status.hpp"

namespace lavapp::discord {

namespace action {
/// Open connection number `connection` to the gateway at `url`. opened() or lost() follows.
struct Dial {
  std::uint64_t connection;
  std::string url;
};
/// Close the open connection with this code, and forget it: nothing of it is to be told any more.
struct Close {
  int code;
};
/// Cut the connection, or end the attempt, and forget it.
struct Cut {};
struct SendHeartbeat {
  std::optional<std::uint64_t> sequence;
};
/// Ask the identify queue for a turn; turn() follows, unless the connection ends before.
struct AskForTurn {
  std::uint64_t connection;
};
struct SendIdentify {};
struct SendResume {
  GatewaySession session;
};
/// Emit `status_change`; status() has changed already.
struct TellStatus {
  GatewayStatusChange change;
};
/// Emit `ready`.
struct TellReady {};
/// Emit `session_lost`: events have been missed, or may have been; a new session comes.
struct TellSessionLost {
  Error why;
};
/// Emit `reconnecting`.
struct TellReconnecting {
  GatewayReconnecting reconnecting;
};
/// Emit `identify_limit`: the day's identifies are used up.
struct TellIdentifyLimit {
  std::chrono::milliseconds wait;
};
/// Emit `error`.
struct TellError {
  Error error;
};
/// Emit `guilds_ready`.
struct TellGuilds {
  GuildsReady guilds;
};
/// Emit `closed`; commands that wait fail with `why`.
struct TellClosed {
  Error why;
};
/// Commands may go from now on.
struct OpenCommands {};
/// Complete connect(), if it waits still.
struct CompleteConnect {
  Result<void> result;
};
}  // namespace action

using ShardAction =
    std::variant<action::Dial, action::Close, action::Cut, action::SendHeartbeat, action::AskForTurn, action::SendIdentify,
                 action::SendResume, action::TellStatus, action::TellReady, action::TellSessionLost, action::TellReconnecting,
                 action::TellIdentifyLimit, action::TellError, action::TellGuilds, action::TellClosed, action::OpenCommands,
                 action::CompleteConnect>;
using ShardActions = std::vector<ShardAction>;

class ShardSession {
 public:
  using TimePoint = Clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  struct Options {
    std::string url = {};
    Optional<GatewaySession> session = {};
    ReconnectOptions reconnect = {};
    milliseconds hello_timeout{10'000};
    milliseconds ready_timeout{60'000};
    milliseconds guild_timeout{15'000};
    std::size_t identifies_per_day = 1'000;
    /// Others identify, too: a turn is asked for before each identify.
    bool takes_turns = false;
    std::uint64_t seed = 0;
  };
  /// A resume so soon after the last one is a loop: a new session is asked for instead.
  static constexpr std::chrono::seconds kResumeLoop{5};
  /// One identify per shard key in so much time.
  static constexpr std::chrono::seconds kIdentifyPause{5};
  /// After 4008, which says that too much was sent.
  static constexpr std::chrono::seconds kCooldown{60};
  /// Of a close that keeps the session (any code but 1000 and 1001 does).
  static constexpr int kKeepSession = 4000;

  /// \throws std::invalid_argument as Backoff does.
  explicit ShardSession(Options options);

  // What the user wants. connect(): `already_connecting`. reconnect(): `not_open`, or why it must not.
  Result<ShardActions> connect(TimePoint now);
  Result<ShardActions> reconnect(TimePoint now);
  /// \param code  1000 and 1001 end the session at Discord
  ShardActions close(int code, TimePoint now);
  /// Leaves without a word.
  ShardActions terminate(TimePoint now);
  void prevent_reconnect(bool prevent) noexcept { do_not_reconnect_ = prevent; }
  /// For the next connection; the present one keeps its own.
  void set_session(Optional<GatewaySession> session);

  // What the connection tells. Of another connection than the present one it is ignored.
  ShardActions opened(std::uint64_t connection, TimePoint now);
  /// It failed to open, was closed or was lost. \param code  of the peer's Close frame; 1006 if there was none.
  ShardActions lost(std::uint64_t connection, int code, Error error, TimePoint now);
  ShardActions hello(std::uint64_t connection, milliseconds heartbeat_interval, TimePoint now);
  /// It may identify now.
  ShardActions turn(std::uint64_t connection, TimePoint now);
  /// An event with this sequence number came, whichever it is.
  void event(std::uint64_t connection, std::uint64_t sequence, TimePoint now);
  ShardActions ready(std::uint64_t connection, std::string session_id, std::string resume_url, std::vector<Snowflake> guilds,
                     TimePoint now);
  ShardActions resumed(std::uint64_t connection, TimePoint now);
  /// GUILD_CREATE, or GUILD_DELETE: it is not waited for any more.
  ShardActions guild(std::uint64_t connection, Snowflake id, TimePoint now);
  ShardActions heartbeat_wanted(std::uint64_t connection, TimePoint now);  ///< op 1
  ShardActions reconnect_wanted(std::uint64_t connection, TimePoint now);  ///< op 7
  ShardActions session_invalid(std::uint64_t connection, bool resumable, TimePoint now);  ///< op 9
  /// op 11. The round trip, if a heartbeat was waiting for it.
  std::optional<Clock::duration> acknowledged(std::uint64_t connection, TimePoint now);
  /// What came is no payload: nothing can be made of the connection, but the session lives.
  ShardActions broken(std::uint64_t connection, Error error, TimePoint now);

  ShardActions timer(TimePoint now);
  /// When timer() has something to do; nothing: never.
  std::optional<TimePoint> next_due() const;

  GatewayStatus status() const noexcept { return status_; }
  std::uint64_t connection() const noexcept { return connection_; }
  const Optional<GatewaySession>& session() const noexcept { return session_; }
  bool do_not_reconnect() const noexcept { return do_not_reconnect_; }
  bool has_been_ready() const noexcept { return has_been_ready_; }
  bool last_heartbeat_acked() const noexcept { return acked_; }
  std::optional<TimePoint> connected_since() const noexcept { return connected_since_; }
  std::optional<TimePoint> last_heartbeat() const noexcept { return last_beat_; }
  std::optional<TimePoint> last_resume() const noexcept { return last_resume_; }
  milliseconds heartbeat_interval() const noexcept { return interval_; }
  const std::vector<Snowflake>& expected_guilds() const noexcept { return expected_; }

 private:
  enum class Phase {
    off,        ///< nothing is wanted
    waiting,    ///< for the next attempt
    dialling,
    open,       ///< HELLO has not come
    queued,     ///< for the moment to identify, or its turn
    greeting,   ///< identify or resume has been sent
    live,
  };

  bool current(std::uint64_t connection) const noexcept { return connection == connection_ && phase_ >= Phase::dialling; }
  void change(ShardActions& out, GatewayStatus to, std::string reason, Optional<Error> error = {});
  void take_next_session();
  void dial(ShardActions& out);
  bool dials_resume_url() const { return session_ && !session_->resume_url.empty() && !resume_url_dead_; }
  void identify(ShardActions& out, TimePoint now);
  /// The moment to identify has come, as far as this shard knows.
  void take_turn(ShardActions& out, TimePoint now);
  void greet(ShardActions& out, TimePoint now);
  /// How long the day's identifies forbid another; 0: not at all.
  milliseconds identify_wait(TimePoint now);
  void go_live(ShardActions& out, TimePoint now);
  void guilds_done(ShardActions& out);
  void beat(ShardActions& out, TimePoint now);
  void lose_session(ShardActions& out, const Error& why);
  void leave(ShardActions& out, Error error, TimePoint now, milliseconds at_least = milliseconds(0));
  void try_again(ShardActions& out, Error error, TimePoint now, milliseconds at_least);
  void give_up(ShardActions& out, Error error);
  void forget_connection() noexcept;
  double random();

  Options options_;
  Backoff backoff_;
  std::uint64_t random_;
  GatewayStatus status_ = GatewayStatus::idle;
  Phase phase_ = Phase::off;
  std::uint64_t connection_ = 0;
  bool connect_waits_ = false;
  bool do_not_reconnect_ = false;
  bool has_been_ready_ = false;

  Optional<GatewaySession> session_;
  std::optional<Optional<GatewaySession>> next_session_;  ///< Of the next connection, if it was set.
  bool resume_url_dead_ = false;
  bool last_chance_ = false;  ///< One more resume, then a new session.

  milliseconds interval_{0};
  bool acked_ = true;
  std::optional<TimePoint> next_beat_, last_beat_;
  std::optional<TimePoint> step_until_;  ///< HELLO, READY or RESUMED must have come by then.
  std::optional<TimePoint> identify_at_, last_identify_, last_resume_;
  std::list<TimePoint> identifies_;  ///< Of the last 24 hours.
  std::optional<TimePoint> retry_at_;
  std::optional<TimePoint> connected_since_, live_since_;
  std::vector<Snowflake> expected_;  ///< Sorted.
  std::optional<TimePoint> guilds_until_;
};

}  // namespace lavapp::discord
